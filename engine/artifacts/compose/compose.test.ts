import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../../text';
import type { ResourceRef } from '../../model/model';
import type { ArtifactIntent } from '../intent';
import type { ComposeService } from './facts';
import { splitCommand } from '../words';
import { interpolate, UNKNOWN } from './interpolate';
import { readCompose, recogniseCompose } from './read';
import { writeCompose } from './write';

function serviceOf(text: string, name = 'web'): ComposeService {
  const service = readCompose('compose.yaml', text).facts.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

function write(text: string, intent: ArtifactIntent, name = 'web'): string | undefined {
  const resource: ResourceRef = { file: 'compose.yaml', format: 'compose', document: 0, path: ['services', name] };
  const edits = writeCompose(text, resource, intent);
  if (!edits) return undefined;
  const result = applyEdits(text, edits);
  expect(result.left).toEqual([]);
  return result.text;
}

function written(text: string, intent: ArtifactIntent, name = 'web'): unknown {
  return parse(write(text, intent, name) ?? '', { merge: true });
}

describe('recogniseCompose', () => {
  it('takes files by name', () => {
    for (const path of ['compose.yaml', 'a/docker-compose.yml', 'docker-compose.prod.yml', 'compose-dev.yaml', 'docker-stack.yml']) {
      expect(recogniseCompose(path, 'services:\n  web:\n    ports: []\n'), path).toBe(true);
    }
    expect(recogniseCompose('compose.yaml', 'hello: world\n')).toBe(false);
    expect(recogniseCompose('docker-compose.tpl', 'services:\n  web:\n    image: a\n')).toBe(false);
  });

  it('takes files by content', () => {
    expect(recogniseCompose('base.yml', '# base\nservices:\n\n  # one\n  web:\n    image: a\n')).toBe(true);
    expect(recogniseCompose('base.yml', 'services:\n  web:\n    build: .\n')).toBe(true);
  });

  it('leaves others with a services key alone', () => {
    const others = [
      'services:\n  _defaults:\n    autowire: true\n  App\\Mailer:\n    class: X\n    image: y\n',
      'services:\n  - name: api\n    image: x\n',
      '_format_version: "3"\nservices:\n  api:\n    image: x\n',
      'apiVersion: v1\nkind: ConfigMap\nservices:\n  web:\n    image: a\n',
      'jobs:\n  test:\n    services:\n      db:\n        image: postgres\n',
      'services:\n  web:\n    url: http://x\nother:\n  image: y\n',
      'services: []\nimage: x\n',
    ];
    for (const text of others) expect(recogniseCompose('config/services.yml', text), text).toBe(false);
  });
});

describe('readCompose', () => {
  it('sees through anchors, merge keys and fragments', () => {
    const text = 'x-base: &base\n  image: a:1\n  restart: always\n  environment: &env\n    A: "1"\nservices:\n  web:\n    <<: *base\n    environment:\n      <<: *env\n      B: two\n  same: *base\n';
    const web = serviceOf(text);
    expect(web.restart).toMatchObject({ state: 'set', value: 'always' });
    expect(Object.keys(web.environment).sort()).toEqual(['A', 'B']);
    expect(serviceOf(text, 'same').image).toMatchObject({ value: 'a:1' });
  });

  it('takes defaults of variables and leaves others unknown', () => {
    const web = serviceOf('services:\n  web:\n    image: "postgres:${TAG}"\n    restart: ${POLICY:-always}\n    stop_grace_period: ${GRACE-1m30s}\n    mem_limit: $LIMIT\n');
    expect(web.image.state).toBe('unknown');
    expect(web.imageName).toBe('postgres');
    expect(web.restart).toMatchObject({ value: 'always' });
    expect(web.stopGracePeriodMs).toMatchObject({ value: 90_000 });
    expect(web.memoryLimit.state).toBe('unknown');
  });

  it('reads both forms of dependencies, environment, volumes, ports and health checks', () => {
    const short = serviceOf('services:\n  web:\n    image: a\n    depends_on: [db, "cache"]\n    environment: [A=1, B, "C=x=y"]\n    volumes: [data:/data:ro, ./x:/y, /anonymous, "C:\\\\dir:/win", "${D:-/srv}/a:/b"]\n    ports: ["80:8080", 3000, "127.0.0.1:9:90/udp", "5-6:5-6"]\n    tmpfs: /tmp\n    healthcheck: { test: "curl -f x || exit 1", interval: 1m30s }\n');
    expect(short.dependsOn.map((edge) => [edge.service, edge.condition, edge.isShortForm])).toEqual([['db', 'service_started', true], ['cache', 'service_started', true]]);
    expect(Object.entries(short.environment).map(([name, field]) => [name, field.state === 'set' ? field.value : field.state])).toEqual([['A', '1'], ['B', 'unknown'], ['C', 'x=y']]);
    expect(short.mounts.map((mount) => [mount.kind, mount.source, mount.target])).toEqual([
      ['named', 'data', '/data'], ['host', './x', '/y'], ['anonymous', undefined, '/anonymous'], ['host', 'C:\\dir', '/win'], ['host', '/srv/a', '/b'], ['memory', undefined, '/tmp'],
    ]);
    expect(short.ports.map((port) => [port.published, port.target])).toEqual([[80, 8080], [undefined, 3000], [9, 90], [undefined, undefined]]);
    expect(short.healthCheck).toMatchObject({ value: { test: { form: 'shell', command: 'curl -f x || exit 1' }, intervalMs: { value: 90_000 } } });

    const long = serviceOf('services:\n  web:\n    image: a\n    depends_on:\n      db: { condition: service_healthy, required: false }\n      x:\n    volumes:\n      - { type: volume, source: data, target: /data, read_only: true }\n      - { type: tmpfs, target: /t }\n    ports:\n      - { target: 80, published: "8080" }\n    healthcheck:\n      test: [CMD, a, "b c"]\n');
    expect(long.dependsOn.map((edge) => [edge.service, edge.condition, edge.isRequired])).toEqual([['db', 'service_healthy', false], ['x', 'service_started', true]]);
    expect(long.mounts.map((mount) => [mount.kind, mount.target, mount.isReadOnly])).toEqual([['named', '/data', true], ['memory', '/t', false]]);
    expect(long.ports[0]).toMatchObject({ target: 80, published: 8080 });
    expect(long.healthCheck).toMatchObject({ value: { test: { form: 'argv', argv: ['a', 'b c'] } } });
  });

  it('knows a check that is off from one that is malformed', () => {
    const off = (check: string): unknown => serviceOf(`services:\n  web:\n    image: a\n    healthcheck: ${check}\n`).healthCheck;
    expect(off('{ disable: true }')).toMatchObject({ value: { isDisabled: true } });
    expect(off('{ test: ["NONE"] }')).toMatchObject({ value: { isDisabled: true } });
    expect(off('{ test: ["curl", "-f"] }')).toMatchObject({ value: { test: { form: 'malformed' } } });
    expect(off('{ test: $CHECK }')).toMatchObject({ value: { test: { form: 'unknown' } } });
  });

  it('marks the place of each value', () => {
    const text = 'services:\n  web:\n    image: a # c\n    restart: "no"\n    depends_on:\n      - db\n';
    const web = serviceOf(text);
    const marked = [web.nameSpan, web.restart.state === 'set' ? web.restart.span : web.nameSpan, web.dependsOn[0]?.span ?? web.nameSpan];
    expect(marked.map((span) => text.slice(...span))).toEqual(['web', 'restart: "no"', 'db']);
  });

  it('says what a syntax error cut off', () => {
    const { facts, problems } = readCompose('compose.yaml', 'services:\n  a:\n    image: x\n  b:\n    image: y\n   c: [\n');
    expect(facts.isComplete).toBe(false);
    expect(facts.services.map((service) => [service.name, service.isCut])).toEqual([['a', false], ['b', true]]);
    expect(problems[0]).toMatchObject({ file: 'compose.yaml', extent: 'in-part' });
  });

  it('hears suppressions in comments only', () => {
    const text = 'services:\n  # holdfast-disable-next-line require-restart -- by hand\n  web:\n    image: a\n    command: "# holdfast-disable-next-line require-restart -- no"\n';
    expect(readCompose('compose.yaml', text).facts.suppressions.map((suppression) => suppression.reason)).toEqual(['by hand']);
  });

  it('never throws', () => {
    const text = 'x-a: &a\n  image: a\nservices:\n  web:\n    <<: *a\n    depends_on: [b, {c: d}]\n    volumes: [[1], {a: b}, ":", "::"]\n    ports: [{}, [], ":"]\n    healthcheck: [x]\n    deploy: {resources: 1, restart_policy: [1]}\n    environment: [=, {a: 1}]\n    build: [x]\n    command: [[x]]\n  n: 1\n  m:\ninclude: [1, {path: [a, ~]}]\nvolumes: [x]\n';
    for (let i = 0; i <= text.length; i += 7) expect(() => readCompose('compose.yaml', text.slice(0, i))).not.toThrow();
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++) expect(() => readCompose('compose.yaml', lines.toSpliced(i, 1).join('\n'))).not.toThrow();
    for (const broken of ['\0', 'services:\n\tweb:\n', 'services: [', 'services: &a [*a]', `services:\n${'  '.repeat(3)}`, 'services:\n  ? [a]\n  : b\n']) expect(() => readCompose('compose.yaml', broken)).not.toThrow();
  });
});

describe('interpolate', () => {
  it('knows the forms of Compose', () => {
    expect(interpolate('a$$b ${X:-d} ${Y-e} ${Z:-${W:-f}} $V ${U:?no} ${T:+alt}')).toBe(`a$b d e f ${UNKNOWN} ${UNKNOWN} ${UNKNOWN}`);
    expect(interpolate('${open')).toBe(UNKNOWN);
    expect(interpolate('100% $ x')).toBe('100% $ x');
  });

  it('splits words as a shell does', () => {
    expect(splitCommand(`node  "a b" 'c "d"' e\\ f ""`)).toEqual(['node', 'a b', 'c "d"', 'e f', '']);
  });
});

describe('writeCompose', () => {
  const base = '# top\nservices:\n  web:\n    image: a # pinned\n    ports:\n      - "80:80"\n\n  db:\n    image: postgres\n';

  it('puts a restart policy behind the image', () => {
    expect(write(base, { kind: 'set-restart', policy: 'unless-stopped' })).toBe(base.replace('pinned\n', 'pinned\n    restart: unless-stopped\n'));
    const policy = 'services:\n  web:\n    image: a\n    deploy:\n      restart_policy:\n        condition: none\n';
    expect(write(policy, { kind: 'set-restart', policy: 'always' })).toBe(policy.replace('none', 'any'));
  });

  it('writes a memory limit in the style of the file', () => {
    expect(written(base, { kind: 'set-memory-limit', memory: '512Mi' })).toMatchObject({ services: { web: { deploy: { resources: { limits: { memory: '512M' } } } } } });
    expect(written(base.replace('    image: postgres', '    image: postgres\n    mem_limit: 1g'), { kind: 'set-memory-limit', memory: '512Mi' })).toMatchObject({ services: { web: { mem_limit: '512M' } } });
    expect(written('services:\n  web:\n    image: a\n    deploy:\n      replicas: 2\n', { kind: 'set-memory-limit', memory: '1Gi' })).toMatchObject({ services: { web: { deploy: { replicas: 2, resources: { limits: { memory: '1G' } } } } } });
    expect(written('services:\n  web:\n    image: a\n    deploy:\n      resources:\n', { kind: 'set-memory-limit', memory: '1Gi' })).toMatchObject({ services: { web: { deploy: { resources: { limits: { memory: '1G' } } } } } });
  });

  it('sets counts, grace periods and commands', () => {
    expect(written(base, { kind: 'set-instances', count: 2 })).toMatchObject({ services: { web: { deploy: { replicas: 2 } } } });
    expect(written('services:\n  web:\n    image: a\n    deploy: {replicas: 1}\n', { kind: 'set-instances', count: 2 })).toMatchObject({ services: { web: { deploy: { replicas: 2 } } } });
    expect(written('services:\n  web:\n    image: a\n    deploy: {replicas: 1}\n', { kind: 'remove-instances' })).toEqual({ services: { web: { image: 'a' } } });
    expect(written(base, { kind: 'set-stop-grace-period', seconds: 60 })).toMatchObject({ services: { web: { stop_grace_period: '60s' } } });
    expect(written('services:\n  web:\n    image: a\n    command: npm start\n', { kind: 'set-command', instruction: 'CMD', argv: ['node', 'x'] })).toEqual({ services: { web: { image: 'a', command: ['node', 'x'] } } });
  });

  it('replaces the test of a check in any form', () => {
    const intent: ArtifactIntent = { kind: 'set-health-check', test: ['CMD', 'true'] };
    for (const test of ['curl x', '["CMD", "a"]', '\n        - CMD\n        - a', '\n      - CMD\n      - a']) {
      const text = `services:\n  web:\n    image: a\n    healthcheck:\n      test: ${test.replace(/^ /, '')}\n      interval: 5s\n`.replace('test: \n', 'test:\n');
      expect(written(text, intent), text).toEqual({ services: { web: { image: 'a', healthcheck: { test: ['CMD', 'true'], interval: '5s' } } } });
    }
  });

  it('adds a volume and declares it', () => {
    const intent: ArtifactIntent = { kind: 'add-volume', volume: 'web-data', target: '/data' };
    expect(written(base, intent)).toMatchObject({ services: { web: { volumes: ['web-data:/data'] } }, volumes: { 'web-data': null } });
    expect(written(`${base}volumes:\n`, intent)).toMatchObject({ volumes: { 'web-data': null } });
    expect(written(`${base}volumes: {}\n`, intent)).toMatchObject({ volumes: { 'web-data': null } });
    expect(write(`${base}volumes:\n  web-data:\n`, intent)?.match(/web-data/g)).toHaveLength(2);
  });

  it('moves a mount and nothing else', () => {
    const text = 'services:\n  web:\n    volumes:\n      - a:/database\n      - "b:/data:ro" # keep\n';
    expect(write(text, { kind: 'set-mount-target', from: '/data', to: '/var/x' })).toBe(text.replace('b:/data:', 'b:/var/x:'));
    expect(write('services:\n  web:\n    volumes:\n      - {source: a, target: /data}\n', { kind: 'set-mount-target', from: '/data', to: '/x' })).toContain('target: /x}');
  });

  it('declines what it has no word or no place for', () => {
    expect(write(base, { kind: 'set-cpu-request', cpu: '1' })).toBeUndefined();
    expect(write(base, { kind: 'set-restart', policy: 'always' }, 'gone')).toBeUndefined();
    expect(write('services:\n  web: *x\n', { kind: 'set-restart', policy: 'always' })).toBeUndefined();
  });
});
