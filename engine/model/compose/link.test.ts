import { describe, expect, it } from 'vitest';
import { readCompose } from '../../artifacts/compose/read';
import { readDockerfile } from '../../artifacts/dockerfile/read';
import { compileCatalog } from '../../catalog';
import { environmentOf } from '../environment';
import { linkSystem } from '../link';
import type { SystemModel, Workload } from '../model';
import { joinPath } from '../paths';

const catalog = compileCatalog();

function model(files: Readonly<Record<string, string>>): SystemModel {
  const facts = Object.entries(files).map(([path, text]) => (/dockerfile/i.test(path) ? readDockerfile(path, text).facts : readCompose(path, text).facts));
  return linkSystem(facts, { files: [], packages: [] }, catalog);
}

function workload(files: Readonly<Record<string, string>>, name = 'web', file?: string): Workload {
  const found = model(files).workloads.find((candidate) => candidate.name === name && (file === undefined || candidate.at.file === file));
  if (!found) throw new Error(`no workload ${name}`);
  return found;
}

const BASE = 'services:\n  web:\n    image: a\n';

describe('layers', () => {
  it('puts an override over its base and leaves what it changes unknown in the base', () => {
    const files = { 'compose.yaml': BASE, 'compose.override.yaml': 'services:\n  web:\n    restart: always\n    ports: ["80:80"]\n' };
    expect(workload(files, 'web', 'compose.yaml').restart.state).toBe('unknown');
    expect(workload(files, 'web', 'compose.yaml').isServed).toBe(true);
    const over = workload(files, 'web', 'compose.override.yaml');
    expect(over.isFragment).toBe(true);
    expect(over.restart).toMatchObject({ state: 'set', value: 'always' });
    expect(over.scope).toBe('compose.override.yaml');
  });

  it('takes a suffix file with partial services as a layer, and a complete one as a system of its own', () => {
    const partial = { 'docker-compose.yml': 'services:\n  web:\n    image: a\n    restart: always\n', 'docker-compose.prod.yml': 'services:\n  web:\n    environment: { A: b }\n' };
    expect(workload(partial, 'web', 'docker-compose.prod.yml')).toMatchObject({ isFragment: true, restart: { value: 'always' } });
    const complete = { 'docker-compose.yml': partial['docker-compose.yml'], 'docker-compose.alt.yml': BASE };
    expect(workload(complete, 'web', 'docker-compose.alt.yml')).toMatchObject({ isFragment: false, restart: { state: 'default', value: 'no' } });
    expect(workload(complete, 'web', 'docker-compose.yml').restart.state).toBe('set');
  });

  it('takes no edge from an overlay', () => {
    const files = { 'compose.yaml': 'services:\n  web:\n    image: a\n    depends_on: [db, x]\n', 'compose.override.yaml': 'services:\n  web:\n    depends_on:\n      db: { condition: service_healthy }\n      y:\n' };
    expect(workload(files, 'web', 'compose.yaml').dependencies.map((edge) => edge.on)).toEqual(['x']);
  });

  it('lets no development file decide what is deployed', () => {
    const files = { 'docker-compose.yml': BASE, 'docker-compose.dev.yml': 'services:\n  web:\n    restart: always\n' };
    expect(workload(files, 'web', 'docker-compose.yml').restart).toMatchObject({ state: 'default', value: 'no' });
  });

  it('follows extends over files and ends on circles', () => {
    const files = { 'a/compose.yaml': 'services:\n  web:\n    extends: { file: ../base.yaml, service: app }\n', 'base.yaml': 'services:\n  app:\n    image: x\n    stop_grace_period: 1m\n    extends: app2\n  app2:\n    image: y\n    restart: always\n' };
    expect(workload(files)).toMatchObject({ isFragment: false, restart: { value: 'always', at: { file: 'base.yaml' } }, gracePeriodMs: { value: 60_000 } });
    expect(workload({ 'compose.yaml': 'services:\n  web:\n    image: a\n    extends: b\n  b:\n    extends: web\n' }).restart.state).toBe('unknown');
    expect(workload({ 'compose.yaml': 'services:\n  web:\n    image: a\n    extends: { file: gone.yaml, service: b }\n' }).restart.state).toBe('unknown');
  });

  it('joins included files into one scope', () => {
    const files = { 'compose.yaml': 'include: [db/compose.yaml]\nservices:\n  web:\n    image: a\n    environment: { DB: "postgres://db:5432" }\n', 'db/compose.yaml': 'services:\n  db:\n    image: postgres:16\n' };
    expect(workload(files, 'db')).toMatchObject({ isServed: true, scope: 'compose.yaml' });
  });
});

describe('workloads of Compose', () => {
  it('knows who is served, by port or by name', () => {
    const text = 'services:\n  web:\n    image: a\n    environment: ["URL=http://api:3000/x", "DB_HOST=db", "OTHER=http://webapi/"]\n    ports: ["80:80"]\n  api:\n    image: b\n  db:\n    image: postgres\n  webapi2:\n    image: c\n  worker:\n    image: d\n    ports: ["9:9"]\n';
    const served = model({ 'compose.yaml': text }).workloads.filter((one) => one.isServed).map((one) => one.name);
    expect(served).toEqual(['web', 'api', 'db']);
    expect(workload({ 'compose.yaml': text }).hosts?.map((host) => host.name)).toEqual(['api', 'db']);
  });

  it('knows what runs once', () => {
    const text = 'services:\n  web:\n    image: a\n    depends_on:\n      setup-db: { condition: service_completed_successfully }\n  setup-db:\n    image: b\n  tool:\n    image: c\n    profiles: [x]\n  seed:\n    image: d\n  run:\n    image: e\n    command: npx prisma migrate deploy\n  start:\n    image: e\n    command: sh -c "npx prisma migrate deploy && node server.js"\n  noop:\n    image: f\n    command: ["true"]\n';
    expect(model({ 'compose.yaml': text }).workloads.filter((one) => one.isOneShot).map((one) => one.name)).toEqual(['setup-db', 'tool', 'seed', 'run', 'noop']);
  });

  it('takes restart policies of both kinds, with the defaults of Compose and of a swarm', () => {
    const restart = (lines: string): unknown => workload({ 'compose.yaml': `services:\n  web:\n    image: a\n${lines}` }).restart;
    expect(restart('    restart: on-failure:3\n')).toMatchObject({ value: 'on-failure' });
    expect(restart('    restart: no\n')).toMatchObject({ state: 'set', value: 'no' });
    expect(restart('    restart: always\n    deploy: { restart_policy: { condition: none } }\n')).toMatchObject({ value: 'no' });
    expect(restart('    deploy: { restart_policy: { delay: 5s } }\n')).toMatchObject({ value: 'always' });
    expect(restart('    deploy: { replicas: 2 }\n')).toMatchObject({ state: 'default', value: 'no' });
    expect(restart('    deploy: { mode: global }\n')).toMatchObject({ state: 'default', value: 'always' });
  });

  it('joins a service with its Dockerfile, stage and tools', () => {
    const files = {
      'compose.yaml': 'services:\n  web:\n    build: { context: ./web, target: run }\n',
      'web/Dockerfile': 'FROM node:22-alpine AS base\nHEALTHCHECK CMD node h.js\nRUN apk add curl\nFROM base AS run\nENTRYPOINT ["tini", "--"]\nCMD ["node", "x"]\nFROM base AS other\n',
    };
    const [container] = workload(files).containers;
    expect(container?.build).toMatchObject({ file: 'web/Dockerfile', base: { value: 'node:22-alpine' }, usedBy: ['compose/compose.yaml/web'], baseShell: 'busybox', hasInit: true });
    expect(container).toMatchObject({ hasInit: true, healthCheck: { state: 'set' } });
    expect(container?.tools?.has).toEqual(expect.arrayContaining(['curl', 'node', 'wget']));
    expect(container?.tools?.lacks).toEqual(['bash']);
  });

  it('tells the health check of an image from none', () => {
    const check = (lines: string): string | undefined => workload({ 'compose.yaml': `services:\n  web:\n${lines}` }).containers[0]?.healthCheck.state;
    expect(check('    image: postgres:16\n')).toBe('absent');
    expect(check('    image: kong:3\n')).toBe('unknown');
    expect(check('    build: .\n')).toBe('unknown');
    expect(check('    image: postgres:16\n    healthcheck: { interval: 5s }\n')).toBe('absent');
  });

  it('takes a development stage or a reloading command as development', () => {
    const environment = (lines: string): string => workload({ 'compose.yaml': `services:\n  web:\n${lines}` }).environment;
    expect(environment('    build: { context: ., target: dev-envs }\n')).toBe('development');
    expect(environment('    image: a\n    command: npm run dev\n')).toBe('development');
    expect(environment('    image: a\n    command: npm start\n')).toBe('unknown');
    expect(workload({ 'compose.yaml': 'services:\n  web_test:\n    image: a\n' }, 'web_test').environment).toBe('test');
  });
});

describe('environmentOf', () => {
  it('takes words of a platform for production only where nothing else tells', () => {
    expect(['docker-stack.yml', 'dev/docker-stack.yml', 'tests_e2e/swarm/web.yml', '_archived/web.yaml'].map(environmentOf)).toEqual(['production', 'development', 'test', 'development']);
  });

  it('reads whole words of path and name', () => {
    expect(['docker-compose.dev.yml', 'local/compose.yaml', 'examples/a.yaml', 'e2e/compose.yml', 'compose.prod.yaml', 'dev/compose.prod.yaml', 'latest/compose.yaml', 'devices/compose.yaml'].map(environmentOf)).toEqual([
      'development', 'development', 'development', 'test', 'production', 'production', 'unknown', 'unknown',
    ]);
  });
});

describe('joinPath', () => {
  it('stays inside the workspace', () => {
    expect(joinPath('a/b', '../c/./d')).toBe('a/c/d');
    expect(joinPath('', '.')).toBe('');
    expect(joinPath('a', '../..')).toBeUndefined();
    expect(joinPath('a', '/etc')).toBeUndefined();
  });
});
