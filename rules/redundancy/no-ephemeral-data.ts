// A data store without a volume starts empty when its container is made anew: an update of the image is then a loss of all data.

import { defineRule } from '../../engine/lint/rule';
import type { Severity } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import { dataDirectories, isExactImage, parseImage } from '../../engine/model/images/known-images';
import type { Container, Mount, SystemModel, Workload } from '../../engine/model/model';
import { intend, isDeployed, severityFor, subjectOf } from '../../engine/model/questions';
import { holdsData, isCopy } from '../../engine/model/stores';

export const noEphemeralData = defineRule({
  id: 'redundancy/no-ephemeral-data',
  since: '0.1.0',
  severity: 'error',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    wrong: { text: 'A new container starts with an empty {store}: `{image}` writes to `{path}`, the volume is at `{other}`.', severity: 'error' },
    absent: 'A new container starts with an empty {store}: `{image}` writes to `{path}`, which no volume holds.',
    bare: 'A new container starts with an empty {store}: no volume holds the data of `{workload}`.',
    memory: '{when} starts with an empty {store}: `{path}` is {kind}, which ends with it.',
    node: { text: '`{workload}` finds its data on one node only: `{path}` is a `hostPath`.', severity: 'warning' },
    unpinned: { text: 'On another machine `{workload}` starts with an empty {store}: volume `{volume}` is local, and no placement keeps the service where it is.', severity: 'warning' },
    shared: { text: '`{workload}` and `{other}` write to the same files: both mount volume `{volume}` as their data.', severity: 'error' },
  },
  docs: {
    what: 'Reports a data store that writes to the container layer, to memory, to an `emptyDir`, to a volume at a path that its image does not use, or to the volume of another one.',
    why: 'Containers are replaced: at each change of image, configuration or node. What they wrote outside of a volume is gone then.',
    fix: 'Mount a named volume or a claim at the directory that the image writes to.',
    not: 'Caches, unless they are told to keep their data or hold carts or sessions; applications, unless what their users make is known to lie in a folder of the image; copies of another store; jobs and tools; files for development and tests; an image whose data directory is not known; a directory that a variable or option moves.',
    references: ['https://about.gitlab.com/blog/postmortem-of-database-outage-of-january-31/'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      const isHeld = holdsData(workload, system);
      if (workload.isFragment || workload.isOneShot || !(isHeld || workload.role === 'cache') || isCopy(workload)) continue;
      const container = workload.containers.find((candidate) => candidate.kind === 'main');
      const state = container && stateOf(workload, container);
      if (!container || !state || (isAbsence(state.message) && (!isDeployed(workload) || mayBeProvisioned(workload, container)))) continue;
      // Whoever gives a cache a volume wants it kept: one in the wrong place keeps nothing.
      if (!isHeld && state.message !== 'wrong') continue;
      report({
        ...state,
        data: { ...state.data, workload: workload.name, store: nounOf(workload) },
        related: state.at === workload.at ? workload.servedBy.slice(0, 1) : [{ at: workload.at, text: `${workload.role} ${workload.name}` }],
        subject: subjectOf(workload),
        severity: severityFor(workload, state.severity),
      });
    }
    for (const pair of sharedVolumes(system)) report(pair);
  },
  examples: {
    bad: [
      { name: 'uploads of an application', files: { 'compose.yaml': 'services:\n  «blog»:\n    image: wordpress:6.5\n    ports: ["80:80"]\n' }, expect: 'absent', fixed: { 'compose.yaml': 'services:\n  blog:\n    image: wordpress:6.5\n    ports: ["80:80"]\n    volumes:\n      - blog-data:/var/www/html\n\nvolumes:\n  blog-data:\n' } },
      { name: 'the only store of the carts', files: { 'compose.yaml': 'services:\n  cart:\n    image: shop/cart:1\n    depends_on: [redis]\n  «redis»:\n    image: redis:7\n' }, expect: 'absent' },
      { name: 'dashboards in a local volume of a swarm', files: { 'stack.yml': 'services:\n  «grafana»:\n    image: grafana/grafana:11.1.0\n    volumes: [boards:/var/lib/grafana]\n  web:\n    image: shop/web:1\n    deploy:\n      update_config: { order: start-first }\nvolumes:\n  boards:\n' }, expect: 'unpinned' },
      { name: 'a local volume in a swarm, no placement', files: { 'stack.yml': 'services:\n  «db»:\n    image: postgres:16\n    volumes: [db:/var/lib/postgresql/data]\n    deploy:\n      update_config: { order: stop-first }\nvolumes:\n  db:\n' }, expect: 'unpinned' },
      {
        name: 'the volume is not where the image writes',
        files: { 'compose.yaml': 'services:\n  postgres:\n    image: postgres:16\n    volumes:\n      - «pgdata:/data» # kept\nvolumes:\n  pgdata:\n' },
        expect: 'wrong',
        fixed: { 'compose.yaml': 'services:\n  postgres:\n    image: postgres:16\n    volumes:\n      - pgdata:/var/lib/postgresql/data # kept\nvolumes:\n  pgdata:\n' },
      },
      {
        name: 'the directory moved with version 18',
        files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:18-alpine\n    volumes: ["«db:/var/lib/postgresql/data»"]\nvolumes:\n  db: {}\n'.replace('"«', '«"').replace('»"', '"»') },
        expect: 'wrong',
        fixed: { 'compose.yaml': 'services:\n  db:\n    image: postgres:18-alpine\n    volumes: ["db:/var/lib/postgresql"]\nvolumes:\n  db: {}\n' },
      },
      {
        name: 'no volume at all',
        files: { 'compose.yaml': 'services:\n  «mongo»:\n    image: mongo:7\n    ports: ["27017:27017"]\n' },
        expect: 'absent',
        fixed: { 'compose.yaml': 'services:\n  mongo:\n    image: mongo:7\n    ports: ["27017:27017"]\n    volumes:\n      - mongo-data:/data/db\n\nvolumes:\n  mongo-data:\n' },
      },
      {
        name: 'only configuration is mounted into a broker',
        files: { 'compose.yaml': 'services:\n  «rabbitmq»:\n    image: rabbitmq:3\n    volumes:\n      - ./rabbitmq.conf:/etc/rabbitmq/rabbitmq.conf:ro\nvolumes:\n  other:\n' },
        expect: 'absent',
        fixed: { 'compose.yaml': 'services:\n  rabbitmq:\n    image: rabbitmq:3\n    volumes:\n      - ./rabbitmq.conf:/etc/rabbitmq/rabbitmq.conf:ro\n      - rabbitmq-data:/var/lib/rabbitmq\nvolumes:\n  other:\n  rabbitmq-data:\n' },
      },
      { name: 'a cache whose volume is not where it writes', files: { 'compose.yaml': 'services:\n  redis:\n    image: redis:7\n    volumes:\n      - «cache:/var/lib/redis»\nvolumes:\n  cache:\n' }, expect: 'wrong', fixed: { 'compose.yaml': 'services:\n  redis:\n    image: redis:7\n    volumes:\n      - cache:/data\nvolumes:\n  cache:\n' } },
      { name: 'data in memory', files: { 'compose.yaml': 'services:\n  db:\n    image: mysql:8\n    tmpfs:\n      - «/var/lib/mysql»\n' }, expect: 'memory' },
      { name: 'a store whose directory is set elsewhere, and nothing is mounted', files: { 'compose.yaml': 'services:\n  «etcd»:\n    image: quay.io/coreos/etcd:v3.5.0\n    command: etcd --data-dir /etcd\n' }, expect: 'bare' },
      { name: 'a cache that is told to keep its data', files: { 'compose.yaml': 'services:\n  «redis»:\n    image: redis:7\n    command: redis-server --appendonly yes\n' }, expect: 'absent' },
      { name: 'an emptyDir', files: { 'k8s/db.yaml': statefulSet('postgres:16', '«mountPath: /var/lib/postgresql/data»', 'emptyDir: {}') }, expect: 'memory' },
      { name: 'a StatefulSet without a claim', files: { 'k8s/db.yaml': statefulSet('postgres:16', undefined, undefined, '«db»') }, expect: 'absent' },
      { name: 'a directory of one node', files: { 'k8s/db.yaml': statefulSet('postgres:16', '«mountPath: /var/lib/postgresql/data»', 'hostPath: { path: /data }') }, expect: 'node' },
      {
        name: 'two databases on one volume',
        files: { 'compose.yaml': 'services:\n  a:\n    image: postgres:16\n    volumes: [«data:/var/lib/postgresql/data»]\n  b:\n    image: postgres:15\n    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n' },
        expect: 'shared',
      },
    ],
    good: [
      { name: 'dashboards that nobody means to keep', files: { 'compose.yaml': 'services:\n  grafana:\n    image: grafana/grafana:11.1.0\n    ports: ["3000:3000"]\n' } },
      { name: 'a stack that keeps a store where its volume is', files: { 'stack.yml': 'services:\n  db:\n    image: postgres:16\n    volumes: [db:/var/lib/postgresql/data]\n    deploy:\n      placement:\n        constraints: [node.labels.db == true]\nvolumes:\n  db:\n' } },
      { name: 'a stack whose volume every machine reaches', files: { 'stack.yml': 'services:\n  db:\n    image: postgres:16\n    volumes: [db:/var/lib/postgresql/data]\n    deploy:\n      update_config: { order: stop-first }\nvolumes:\n  db:\n    driver: rexray/ebs\n' } },
      { name: 'a cache beside the database that keeps the carts', files: { 'compose.yaml': 'services:\n  cart:\n    image: shop/cart:1\n    depends_on: [redis, postgres]\n  redis:\n    image: redis:7\n  postgres:\n    image: postgres:16\n    volumes: [db:/var/lib/postgresql/data]\nvolumes:\n  db:\n' } },
      { name: 'a named volume where the image writes', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - pgdata:/var/lib/postgresql/data\nvolumes:\n  pgdata:\n' } },
      { name: 'a directory of the host', files: { 'compose.yaml': 'services:\n  db:\n    image: mysql:8\n    volumes:\n      - type: bind\n        source: ./data\n        target: /var/lib/mysql\n' } },
      { name: 'a volume at a parent directory', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    volumes: [pg:/var/lib/postgresql]\nvolumes:\n  pg:\n' } },
      { name: 'a copy of the store beside it', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    volumes: [pg:/var/lib/postgresql/data]\n  db-replica:\n    image: postgres:16\nvolumes:\n  pg:\n' } },
      { name: 'a cache', files: { 'compose.yaml': 'services:\n  redis:\n    image: redis:7\n  memcached:\n    image: memcached\n' } },
      { name: 'a claim template', files: { 'k8s/db.yaml': statefulSet('postgres:16', 'mountPath: /var/lib/postgresql/data', 'persistentVolumeClaim: { claimName: data }') } },
    ],
    unknown: [
      { name: 'a variable moves the directory', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    environment: { PGDATA: /data/pg }\n    volumes: [pg:/data]\nvolumes:\n  pg:\n' } },
      { name: 'the target is a variable', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    volumes: ["pg:${TARGET}"]\n' } },
      { name: 'an image of that name by somebody else', files: { 'compose.yaml': 'services:\n  db:\n    image: acme/postgres:16\n    volumes: [pg:/acme]\nvolumes:\n  pg:\n' } },
      { name: 'a version that is not known may write to either directory', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres\n    volumes: [pg:/var/lib/postgresql/data]\nvolumes:\n  pg:\n' } },
    ],
  },
});

interface State {
  readonly at: Workload['at'];
  readonly message: 'wrong' | 'absent' | 'bare' | 'memory' | 'node' | 'unpinned';
  readonly data: Readonly<Record<string, string>>;
  readonly fixes: readonly Fix[];
  readonly severity: Severity;
}

/** Nothing is mounted: of a file for development nobody asks that. */
function isAbsence(message: State['message']): boolean {
  return message === 'absent' || message === 'bare' || message === 'memory';
}

/** Dashboards are often made anew from files at each start: only a volume says that somebody means to keep them. */
function mayBeProvisioned(workload: Workload, container: Container): boolean {
  return workload.role === 'monitoring' && container.knownImage?.keepsUserData === true;
}

function nounOf(workload: Workload): string {
  switch (workload.role) {
    case 'broker':
    case 'queue':
      return 'queue';
    case 'cache':
      return 'cache';
    case 'search':
      return 'index';
    case 'object-store':
    case 'coordinator':
      return 'store';
    case 'monitoring':
      return 'history';
    case 'app':
      return 'folder';
    default:
      return 'database';
  }
}

function stateOf(workload: Workload, container: Container): State | undefined {
  const image = container.image.state === 'set' ? container.image.value : undefined;
  const known = container.knownImage;
  const lasting = container.mounts.filter((mount) => mount.kind === 'named' || mount.kind === 'claim');
  const severity: Severity = workload.role === 'database' ? 'error' : 'warning';
  const isMoved = known === undefined || (known.dataMovedBy ?? []).some((mover) => mentions(container, mover));
  const directories = known && image !== undefined && !isMoved ? dataDirectories(image, known) : [];
  const [path] = directories;
  if (path === undefined || image === undefined || known === undefined) {
    // Where it writes is not known; with nothing mounted that lasts, it lasts nowhere.
    const mayLast = container.hasOpenMounts === true || container.mounts.some((mount) => mount.kind !== 'config' && mount.kind !== 'memory' && mount.kind !== 'empty' && !isConfiguration(mount));
    return mayLast ? undefined : { at: workload.at, message: 'bare', data: {}, fixes: [], severity };
  }
  const mount = covering(container.mounts, directories);
  if (mount) return mountState(workload, mount, severity) ?? unpinned(workload, mount);
  if (container.hasOpenMounts === true || container.mounts.some((other) => directories.some((directory) => isBelow(other.target, directory)) && !(known.data ?? []).some((rule) => rule.path === other.target))) return undefined;
  const shown = shortImage(image);
  const misplaced = lasting.find((other) => (known.data ?? []).some((rule) => rule.path === other.target)) ?? lasting[0];
  if (misplaced) {
    if (!isExactImage(image, known) || container.hasOpenEnvironment || directories.length > 1) return undefined;
    const fix: Fix = { title: `Mount \`${misplaced.source ?? 'the volume'}\` where it writes`.slice(0, 60), safety: 'by-hand', operations: [intend(container.resource, { kind: 'set-mount-target', from: misplaced.target, to: path })] };
    return { at: misplaced.at, message: 'wrong', data: { image: shown, path, other: misplaced.target }, fixes: workload.format === 'compose' && misplaced.at.file === container.resource.file ? [fix] : [], severity };
  }
  // An image that is not quite the known one may write elsewhere.
  if (!isExactImage(image, known)) return container.mounts.length > 0 ? undefined : { at: workload.at, message: 'bare', data: {}, fixes: [], severity };
  const volume = `${workload.name}-data`;
  const fix: Fix = { title: `Keep it in volume \`${volume}\``.slice(0, 60), safety: 'by-hand', operations: [intend(container.resource, { kind: 'add-volume', volume, target: path })] };
  return { at: workload.at, message: 'absent', data: { image: shown, path }, fixes: workload.format === 'compose' && directories.length === 1 ? [fix] : [], severity };
}

/** Name and tag, without registry and digest, so that the message stays a sentence. */
function shortImage(image: string): string {
  const reference = parseImage(image);
  const short = reference ? reference.name + (reference.tag === undefined ? '' : `:${reference.tag}`) : image;
  return short.length > 40 ? `${short.slice(0, 39)}…` : short;
}

function mountState(workload: Workload, mount: Mount, severity: Severity): State | undefined {
  const common = { at: mount.at, fixes: [], severity };
  if (mount.kind === 'memory') return { ...common, message: 'memory', data: { when: 'Each restart', path: mount.target, kind: 'a `tmpfs`' } };
  if (mount.kind === 'empty') return { ...common, message: 'memory', data: { when: 'A new pod', path: mount.target, kind: 'an `emptyDir`' } };
  if (mount.kind === 'host' && workload.format === 'kubernetes') return { ...common, message: 'node', data: { path: mount.target }, severity: 'warning' };
  return undefined;
}

/** Swarm moves a task to any node that fits; a local volume does not follow. */
function unpinned(workload: Workload, mount: Mount): State | undefined {
  if (workload.isPinned !== false || mount.kind !== 'named' || mount.isShared !== false) return undefined;
  return { at: workload.at, message: 'unpinned', data: { volume: mount.source ?? '' }, fixes: [], severity: 'warning' };
}

/** The mount that holds one of the directories: at it or above it. */
function covering(mounts: readonly Mount[], directories: readonly string[]): Mount | undefined {
  return [...mounts].sort((a, b) => b.target.length - a.target.length).find((mount) => mount.kind !== 'config' && mount.kind !== 'anonymous' && directories.some((directory) => mount.target === directory || isBelow(directory, mount.target)));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Files that people mount to set something up: no place for data. */
function isConfiguration(mount: Mount): boolean {
  return mount.kind === 'config' || /(?:^|\/)(?:etc|conf|config|docker-entrypoint-initdb\.d|init|initdb|scripts?|certs?|ssl)(?:\/|$)|\.\w{1,8}$/.test(mount.target);
}

function mentions(container: Container, mover: string): boolean {
  if (mover in container.environment) return true;
  const command = container.command.state === 'set' ? container.command.value : [];
  return command.some((word) => word === mover || word.startsWith(`${mover}=`) || word.includes(` ${mover}`)) || container.command.state === 'unknown';
}

interface SharedReport {
  readonly at: Workload['at'];
  readonly message: 'shared';
  readonly data: Readonly<Record<string, string>>;
  readonly related: readonly { readonly at: Workload['at']; readonly text: string }[];
  readonly subject: string;
  readonly severity: Severity;
}

/** Databases of one scope that have the same named volume as their data. */
function sharedVolumes(system: SystemModel): SharedReport[] {
  const owners = new Map<string, { workload: Workload; mount: Mount }>();
  const found: SharedReport[] = [];
  for (const workload of system.workloads) {
    const [container] = workload.containers;
    const image = container?.image.state === 'set' ? container.image.value : undefined;
    if (workload.format !== 'compose' || workload.isFragment || workload.isOneShot || workload.role !== 'database' || !container?.knownImage || image === undefined) continue;
    const mount = covering(container.mounts, dataDirectories(image, container.knownImage));
    if (mount?.kind !== 'named' || mount.source === undefined) continue;
    const key = `${workload.at.file}\0${mount.source}`;
    const other = owners.get(key);
    if (!other) {
      owners.set(key, { workload, mount });
      continue;
    }
    found.push({
      at: other.mount.at,
      message: 'shared',
      data: { workload: other.workload.name, other: workload.name, volume: mount.source },
      related: [{ at: mount.at, text: `also data of ${workload.name}` }],
      subject: `${subjectOf(other.workload)}/volume/${mount.source}`,
      severity: severityFor(workload, 'error'),
    });
  }
  return found;
}

function statefulSet(image: string, mount?: string, volume?: string, name = 'db'): string {
  const lines = ['apiVersion: apps/v1', 'kind: StatefulSet', 'metadata:', `  name: ${name}`, 'spec:', '  serviceName: db', '  selector:', '    matchLabels: { app: db }', '  template:', '    metadata:', '      labels: { app: db }', '    spec:', '      containers:', '        - name: db', `          image: ${image}`];
  if (mount !== undefined) lines.push('          volumeMounts:', '            - name: data', `              ${mount}`, '      volumes:', '        - name: data', `          ${volume ?? ''}`);
  return `${lines.join('\n')}\n`;
}
