// A fix is a promise: a check that can never succeed is not offered.

import { describe, expect, it } from 'vitest';
import { lintFiles } from '../test/lint-files';
import { requireContainerHealthCheck } from './monitoring/require-container-health-check';
import { requireReadinessProbe } from './monitoring/require-readiness-probe';
import type { Operation } from '../engine/lint/fix';

/** The test that the fix would write for a service with these lines; undefined where none is offered. */
async function checkOf(...lines: readonly string[]): Promise<string | undefined> {
  const compose = `services:\n  api:\n    image: shop/api:1\n    depends_on: [it]\n  it:\n${lines.map((line) => `    ${line}\n`).join('')}`;
  const findings = await lintFiles({ 'compose.yaml': compose }, [requireContainerHealthCheck]);
  const found = findings.filter((finding) => finding.message.includes('`it`'));
  expect(found).toHaveLength(1);
  const fix = found[0]?.fixes[0];
  const [operation] = fix?.operations ?? [];
  return fix?.safety === 'safe' && isHealthCheck(operation) ? operation.intent.test.join(' ') : undefined;
}

function isHealthCheck(operation: Operation | undefined): operation is Operation & { language: 'artifact'; intent: { kind: 'set-health-check'; test: readonly string[] } } {
  return operation?.language === 'artifact' && operation.intent.kind === 'set-health-check';
}

describe('the health check of a known image', () => {
  it('asks the port that the service declares', async () => {
    expect(await checkOf('image: nginx:1.27', 'ports: ["80:80"]')).toBe('CMD curl -f http://127.0.0.1/');
    expect(await checkOf('image: nginx:1.27', 'ports: ["9000:8080"]')).toBe('CMD curl -f http://127.0.0.1:8080/');
    expect(await checkOf('image: nginx:1.27', 'expose: ["8081"]')).toBe('CMD curl -f http://127.0.0.1:8081/');
    expect(await checkOf('image: nginxinc/nginx-unprivileged:1.27', 'ports: ["80:8080"]')).toBe('CMD curl -f http://127.0.0.1:8080/');
  });

  it('is not offered where nothing tells which of several ports answers', async () => {
    expect(await checkOf('image: nginx:1.27', 'ports: ["8080:8080", "8081:8081"]')).toBeUndefined();
    expect(await checkOf('image: nginx:1.27', 'ports: ["443:443"]')).toBeUndefined();
    expect(await checkOf('image: postgres:16', 'ports: ["5433:5433"]')).toBeUndefined();
  });

  it('is not offered where a configuration file is mounted over that of the image', async () => {
    expect(await checkOf('image: nginx:1.27', 'ports: ["8080:8080"]', 'volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]')).toBeUndefined();
    expect(await checkOf('image: nginx:1.27', 'ports: ["80:80"]', 'volumes: ["./conf.d:/etc/nginx/conf.d"]')).toBeUndefined();
    expect(await checkOf('image: redis:7', 'volumes: ["./redis.conf:/usr/local/etc/redis/redis.conf"]')).toBeUndefined();
  });

  it('is offered where mounts hold data, pages or scripts of the first start, or the answer does not depend on settings', async () => {
    expect(await checkOf('image: nginx:1.27', 'ports: ["80:80"]', 'volumes: ["./html:/usr/share/nginx/html"]')).toBeDefined();
    expect(await checkOf('image: postgres:16', 'volumes: ["./init.sql:/docker-entrypoint-initdb.d/init.sql", "db:/var/lib/postgresql/data"]')).toBeDefined();
    expect(await checkOf('image: rabbitmq:3', 'volumes: ["./rabbitmq.conf:/etc/rabbitmq/rabbitmq.conf"]')).toBeDefined();
    expect(await checkOf('image: prom/prometheus:v2.53.0', 'command: ["--config.file=/etc/prometheus/prometheus.yml"]', 'volumes: ["./prometheus.yml:/etc/prometheus/prometheus.yml"]')).toBeDefined();
  });

  it('knows the start commands that change the answer', async () => {
    expect(await checkOf('image: redis:7', 'command: redis-server --requirepass secret')).toBeUndefined();
    expect(await checkOf('image: redis:7', 'command: ["sh", "-c", "redis-server --requirepass $$SECRET"]')).toBeUndefined();
    expect(await checkOf('image: redis:7', 'command: redis-server --port 6380')).toBeUndefined();
    expect(await checkOf('image: redis:7', 'command: redis-server /etc/redis.conf')).toBeUndefined();
    expect(await checkOf('image: redis:7', 'command: redis-server --appendonly yes --save ""')).toBe('CMD-SHELL redis-cli ping | grep -q PONG');
    expect(await checkOf('image: postgres:16', 'command: postgres -c max_connections=200')).toBeDefined();
    expect(await checkOf('image: postgres:16', 'command: postgres -c port=5433')).toBeUndefined();
    expect(await checkOf('image: postgres:16', 'command: ["-p", "5433"]')).toBeUndefined();
    expect(await checkOf('image: mongo:7', 'command: mongod --replSet rs0 --bind_ip_all')).toBeDefined();
    expect(await checkOf('image: prom/prometheus:v2.53.0', 'command: ["--web.listen-address=:9091"]')).toBeUndefined();
    expect(await checkOf('image: redis:7', 'entrypoint: /start.sh')).toBeUndefined();
  });

  it('needs no password that may not be set', async () => {
    expect(await checkOf('image: mysql:8.4', 'environment: { MYSQL_RANDOM_ROOT_PASSWORD: "1" }')).toBe('CMD mysqladmin ping -h 127.0.0.1 --silent');
    expect(await checkOf('image: bitnami/redis:7.2', 'environment: { REDIS_PASSWORD: secret }')).toBeUndefined();
  });

  it('knows what must be switched on first', async () => {
    expect(await checkOf('image: traefik:v3', 'ports: ["80:80"]')).toBeUndefined();
    expect(await checkOf('image: traefik:v3', 'ports: ["80:80"]', 'command: ["--ping=true", "--providers.docker=true"]')).toBe('CMD traefik healthcheck --ping');
    expect(await checkOf('image: elasticsearch:8.14.0')).toBeUndefined();
    expect(await checkOf('image: elasticsearch:8.14.0', 'environment: ["xpack.security.enabled=false"]')).toBeDefined();
    expect(await checkOf('image: elasticsearch:7.17.0')).toBeDefined();
    expect(await checkOf('image: influxdb:1.8')).toBeUndefined();
  });

  it('is not taken over by another image of the same name', async () => {
    expect(await checkOf('image: acme/nginx:1', 'ports: ["80:80"]')).toBeUndefined();
  });
});

describe('the probe of a known image', () => {
  it('asks the declared port by itself where a configuration file may have changed the rest', async () => {
    const manifest = (mounts: string): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: redis }\nspec:\n  selector: { matchLabels: { app: redis } }\n  template:\n    metadata: { labels: { app: redis } }\n    spec:\n      containers:\n        - name: redis\n          image: redis:7\n          ports: [{ containerPort: 6379 }]\n${mounts}---\napiVersion: v1\nkind: Service\nmetadata: { name: redis }\nspec: { selector: { app: redis }, ports: [{ port: 6379 }] }\n`;
    const titles = async (text: string): Promise<readonly string[]> => (await lintFiles({ 'k8s/redis.yaml': text }, [requireReadinessProbe])).flatMap((finding) => finding.fixes.map((fix) => fix.title));
    expect(await titles(manifest(''))).toEqual(['Add a readiness probe with `sh`']);
    const mounted = '          volumeMounts: [{ name: settings, mountPath: /usr/local/etc/redis/redis.conf, subPath: redis.conf }]\n      volumes: [{ name: settings, configMap: { name: redis } }]\n';
    expect(await titles(manifest(mounted))).toEqual(['Add a readiness probe on port 6379']);
  });
});
