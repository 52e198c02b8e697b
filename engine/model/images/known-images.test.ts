import { describe, expect, it } from 'vitest';
import { compileCatalog } from '../../catalog';
import { satisfies } from './version';
import { dataDirectories, imageEntry, imageRole, imageTools, imageVersion, isExactImage, parseImage } from './known-images';

const catalog = compileCatalog();

function entryOf(image: string) {
  const entry = imageEntry(image, catalog);
  if (!entry) throw new Error(`no entry of ${image}`);
  return entry;
}

describe('parseImage', () => {
  it('tells registry, repository, tag and digest apart', () => {
    expect(parseImage('postgres')).toEqual({ registry: '', repository: 'postgres', name: 'postgres' });
    expect(parseImage('localhost:5000/a/b:1.2')).toEqual({ registry: 'localhost:5000', repository: 'a/b', name: 'b', tag: '1.2' });
    expect(parseImage('docker.elastic.co/elasticsearch/elasticsearch:8.1.0')?.repository).toBe('elasticsearch/elasticsearch');
    expect(parseImage('x@sha256:abc')).toEqual({ registry: '', repository: 'x', name: 'x', digest: 'sha256:abc' });
    expect(parseImage('{{ .Values.image }}')).toBeUndefined();
    expect(parseImage('')).toBeUndefined();
  });
});

describe('the image catalogue', () => {
  it('names each image once', () => {
    const names = catalog.images.flatMap((entry) => entry.images);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('finds an entry by name, and by namespace before that', () => {
    expect(entryOf('postgres:16').role).toBe('database');
    expect(entryOf('registry.example.com/mirror/postgres:16')).toBe(entryOf('postgres'));
    expect(entryOf('bitnami/redis:7')).not.toBe(entryOf('redis:7'));
    expect(imageEntry('acme/console:1', catalog)).toBeUndefined();
    expect(isExactImage('postgres:16', entryOf('postgres'))).toBe(true);
    expect(isExactImage('acme/postgres:16', entryOf('postgres'))).toBe(false);
    expect(isExactImage('docker.io/library/postgres:16', entryOf('postgres'))).toBe(true);
  });

  it('knows data directories by version', () => {
    const entry = entryOf('postgres');
    expect(dataDirectories('postgres:16-alpine', entry)).toEqual(['/var/lib/postgresql/data']);
    expect(dataDirectories('postgres:18', entry)).toEqual(['/var/lib/postgresql']);
    expect(dataDirectories('postgres:latest', entry)).toEqual(['/var/lib/postgresql', '/var/lib/postgresql/data']);
  });

  it('knows tools by the variant of the tag', () => {
    expect(imageTools('node:22-alpine', entryOf('node')).lacks.has('curl')).toBe(true);
    expect(imageTools('node:22', entryOf('node')).has.has('curl')).toBe(true);
    expect(imageTools('nginx:1-alpine-slim', entryOf('nginx')).lacks.has('curl')).toBe(true);
    expect(imageTools('mongo:4.4', entryOf('mongo')).lacks.has('mongosh')).toBe(true);
  });

  it('knows tools by the version of the tag', () => {
    const lacks = (image: string): readonly string[] => [...imageTools(image, entryOf(image)).lacks];
    expect(lacks('mongo:4')).toEqual(['mongosh']);
    expect(lacks('mongo:5.0')).toEqual([]);
    expect(lacks('mongo:7')).toContain('mongo');
    expect(lacks('mongo')).toContain('mongo');
    expect(lacks('mariadb:11')).toContain('mysqladmin');
    expect(lacks('mariadb:10.11')).not.toContain('mysqladmin');
    expect(lacks('mariadb:11.8-ubi9')).toEqual([]);
    expect(lacks('quay.io/keycloak/keycloak:26.0')).toContain('curl');
    expect(lacks('quay.io/keycloak/keycloak:20.0.5')).toEqual([]);
    expect(lacks('node:8-slim')).toEqual([]);
    expect(lacks('node:22-slim')).toContain('curl');
  });

  it('knows which tags have no shell', () => {
    const hasShell = (image: string): boolean | undefined => imageTools(image, entryOf(image)).hasShell;
    expect(hasShell('nats:2.12')).toBe(false);
    expect(hasShell('nats:2.12-alpine')).toBe(true);
    expect(hasShell('quay.io/coreos/etcd:v3.5.18')).toBe(false);
    expect(hasShell('quay.io/coreos/etcd:v3.5.0')).toBeUndefined();
    expect(hasShell('prom/prometheus:v3.5.0-distroless')).toBe(false);
    expect(hasShell('prom/prometheus:v3.5.0')).toBe(true);
  });

  it('says of another image of the same name what it has, but not what it lacks', () => {
    const other = imageTools('acme/postgres:16', entryOf('acme/postgres:16'));
    expect(other.has.has('pg_isready')).toBe(true);
    expect([...other.lacks]).toEqual([]);
    expect(imageTools('acme/nats:2', entryOf('acme/nats:2')).hasShell).toBeUndefined();
    expect(imageTools('public.ecr.aws/docker/library/postgres:16', entryOf('postgres')).lacks.has('curl')).toBe(true);
  });

  it('does not take the version of an extension for that of the server', () => {
    for (const image of ['pgvector/pgvector:0.8.0-pg18', 'timescale/timescaledb:2.23.0-pg18']) {
      expect(dataDirectories(image, entryOf(image))).toEqual(['/var/lib/postgresql', '/var/lib/postgresql/data']);
    }
  });

  it('guesses a role from names only where they leave little doubt', () => {
    expect(imageRole('acme/api:1', 'api', catalog)).toBe('app');
    expect(imageRole(undefined, 'db-migrate', catalog)).toBe('job');
    expect(imageRole('acme/load-test:1', 'x', catalog)).toBe('job');
    expect(imageRole('acme/attestation:1', 'attestation', catalog)).toBe('app');
    expect(imageRole('acme/user-db:1', 'user-db', catalog)).toBe('database');
    expect(imageRole(undefined, 'etcd2', catalog)).toBe('coordinator');
    expect(imageRole(undefined, 'wait-for-db', catalog)).toBe('job');
    expect(imageRole('acme/dbx:1', 'kafka-bridge', catalog)).toBe('app');
    expect(imageRole('redis:7', 'test', catalog)).toBe('cache');
  });

  it('reads versions and ranges', () => {
    expect(imageVersion('postgres:16.3-alpine')).toEqual([16, 3, 0]);
    expect(imageVersion('postgres:alpine')).toBeUndefined();
    expect(satisfies([17, 9, 0], '>=2 <18')).toBe(true);
    expect(satisfies([18, 0, 0], '<18')).toBe(false);
    expect(satisfies([1, 0, 0], 'x')).toBe(false);
  });
});
