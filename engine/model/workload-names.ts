// What a workload's own name tells where nothing else does. Only words whose sense is fixed in the field count, and only as whole parts of the name.

const WORKER = new Set(['worker', 'workers', 'consumer', 'consumers', 'queue', 'subscriber', 'processor', 'dispatcher', 'dispatch', 'scheduler', 'cron', 'beat', 'indexer', 'poller', 'watcher']);
const SINGLETON = new Set(['operator', 'controller', 'scheduler', 'beat', 'leader', 'reconciler']);
const LOAD_WORDS = new Set(['loadtest', 'loadtester', 'loadgen', 'loadgenerator', 'locust', 'k6', 'jmeter', 'gatling', 'artillery', 'stress', 'fortio', 'vegeta']);
const SIDECARS = new Set([
  'istio-proxy', 'linkerd-proxy', 'envoy', 'envoy-proxy', 'cloud-sql-proxy', 'cloudsql-proxy', 'cloudsql', 'oauth2-proxy', 'oauth-proxy', 'kube-rbac-proxy', 'fluent-bit', 'fluentd', 'filebeat',
  'vector', 'promtail', 'otel-collector', 'jaeger-agent', 'datadog-agent', 'vault-agent', 'config-reloader', 'git-sync', 'exporter', 'metrics',
]);

const BUFFERS = new Set(['alertmanager', 'compactor', 'collector', 'gateway', 'agent', 'runner', 'proxy', 'ruler', 'querier', 'exporter', 'controller', 'operator']);
const STORES = new Set(['db', 'database', 'postgres', 'postgresql', 'mysql', 'mariadb', 'mongo', 'mongodb', 'cassandra', 'cockroachdb', 'elasticsearch', 'opensearch', 'clickhouse', 'rethinkdb', 'couchdb', 'etcd', 'zookeeper', 'rabbitmq', 'kafka']);

function parts(name: string): string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/).filter((part) => part !== '');
}

/** Takes work from a queue, rather than answering requests. */
export function isWorkerName(name: string): boolean {
  return parts(name).some((part) => WORKER.has(part));
}

/** One instance works at a time by design: operators, controllers, schedulers. */
export function isSingletonName(name: string): boolean {
  return parts(name).some((part) => SINGLETON.has(part) || /(?:operator|controller)$/.test(part));
}

/** Lets requests in, whatever else its name says: `ingress-controller`. */
export function isGatewayName(name: string): boolean {
  return parts(name).some((part) => /^(?:ingress|gateway|edge|router|lb)$/.test(part));
}

/** Says of itself that it is there for tests: `redis_test`, `e2e-db`. */
export function isTestName(name: string): boolean {
  return parts(name).some((part) => part === 'test' || part === 'e2e');
}

/** Keeps work in progress, histories of its own or buffers on disk: no store of anybody else's data. */
export function isBufferName(name: string): boolean {
  return isWorkerName(name) || parts(name).some((part) => BUFFERS.has(part));
}

/** Keeps data: `orders-db`, `postgres`. Something that stands before a store (`postgres-exporter`, `db-proxy`) ends in another word. */
export function isStoreName(name: string): boolean {
  const words = parts(name);
  const last = words.at(-1) ?? '';
  return STORES.has(last) || (STORES.has(words.at(-2) ?? '') && /^(?:primary|master|main|0|\d+)$/.test(last));
}

/** Makes load on purpose: `loadgenerator`, `load-test`, `rs-load`. */
export function isLoadName(name: string): boolean {
  const words = parts(name);
  if (words.some((word) => LOAD_WORDS.has(word))) return true;
  return words.some((word, i) => word === 'load' && (i === words.length - 1 || /^(?:test|tester|gen|generator|runner|driver)$/.test(words[i + 1] ?? '')));
}

/** Helps the container beside it and serves nothing of its own. */
export function isSidecarName(name: string): boolean {
  const lower = name.toLowerCase();
  return SIDECARS.has(lower) || /[-_](?:exporter|sidecar|agent|reloader)$/.test(lower);
}

/** A port that only monitoring asks. */
export function isMonitoringPort(name: string | undefined): boolean {
  return name !== undefined && /^(?:[\w-]*metrics?|[\w-]*prom(?:etheus)?|health[\w-]*|probes?|admin|debug|jmx|pprof|profiler)$/i.test(name);
}

/** Ports that only stores and brokers answer on, and the words of what stands before one. */
const STORE_PORTS = new Set([1433, 1521, 2181, 2379, 3306, 5432, 5672, 8529, 9042, 9092, 26257, 27017]);

/** A container of this name that listens on this port is a store, not something that stands before one. */
export function isStorePort(name: string, port: number | undefined): boolean {
  return port !== undefined && STORE_PORTS.has(port) && !/prox|bounce|gateway|router|pool|balanc|adapter|exporter|rest|admin|manager|operator/i.test(name);
}
