// The method names at which the constructs look at all: made once from the catalogue, so that most calls of a file cost one look-up.

import type { ConsumerShape } from '../../../catalog/schema';
import type { CompiledCatalog } from '../../catalog';

export interface ConstructNames {
  /** Methods and functions that take a callback which the catalogue speaks of. */
  readonly callbacks: ReadonlySet<string>;
  readonly listen: ReadonlySet<string>;
  readonly blocking: ReadonlySet<string>;
  readonly retries: ReadonlySet<string>;
  readonly limiters: ReadonlySet<string>;
  readonly acks: ReadonlySet<string>;
  readonly decorators: ReadonlySet<string>;
  /** Methods that a consumer's class has because of what it extends: `process` of `WorkerHost`. */
  readonly inherited: ReadonlySet<string>;
  /** Consumers whose handler a method of an instance takes, by that method. */
  readonly consumers: ReadonlyMap<string, readonly ConsumerShape[]>;
  readonly messaging: ReadonlySet<string>;
  readonly takes: ReadonlySet<string>;
  readonly bodies: ReadonlySet<string>;
  readonly cacheReads: ReadonlySet<string>;
  readonly cacheWrites: ReadonlySet<string>;
}

const made = new WeakMap<CompiledCatalog, ConstructNames>();

/** Names of one catalogue. `''` in a set means that a default export is called by any name. */
export function constructNames(catalog: CompiledCatalog): ConstructNames {
  const known = made.get(catalog);
  if (known) return known;
  const callbacks = new Set<string>();
  const listen = new Set<string>();
  const blocking = new Set<string>();
  const retries = new Set<string>();
  const limiters = new Set<string>();
  const acks = new Set<string>();
  const decorators = new Set<string>();
  const bodies = new Set<string>();
  const cacheReads = new Set<string>();
  const cacheWrites = new Set<string>();
  const inherited = new Set<string>();
  const consumers = new Map<string, ConsumerShape[]>();
  const messaging = new Set<string>();
  const takes = new Set<string>();
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  for (const entry of catalog.libraries) {
    for (const server of entry.servers ?? []) {
      for (const name of [...(server.routes ?? []), ...(server.routeObjects ?? []), ...(server.routeTables ?? [])]) callbacks.add(name);
      for (const name of server.listen) listen.add(name);
    }
    for (const slot of entry.slots ?? []) for (const name of slot.names) callbacks.add(last(name));
    for (const consumer of entry.consumers ?? []) {
      for (const name of consumer.names) callbacks.add(last(name));
      for (const name of consumer.ack?.methods ?? []) acks.add(name);
      if (consumer.on === '') for (const name of consumer.names) if (name.includes('.')) inherited.add(last(name));
      if (consumer.on !== '') for (const name of consumer.names) consumers.set(name, [...(consumers.get(name) ?? []), consumer]);
    }
    for (const row of entry.messaging ?? []) for (const path of row.of) messaging.add(last(path));
    for (const row of entry.takes ?? []) for (const name of row.names) takes.add(name);
    for (const call of entry.blocking ?? []) blocking.add(last(call.path));
    for (const retry of entry.retries ?? []) for (const path of retry.of) retries.add(last(path));
    for (const limiter of entry.limiters ?? []) limiters.add(last(limiter.call));
    for (const body of entry.bodies ?? []) for (const path of body.of) bodies.add(last(path));
    for (const cache of entry.caches ?? []) {
      for (const name of cache.read) cacheReads.add(last(name));
      for (const name of cache.write) cacheWrites.add(last(name));
    }
    for (const decorator of entry.decorators ?? []) for (const name of decorator.names) decorators.add(name);
  }
  const names = { callbacks, listen, blocking, retries, limiters, acks, decorators, bodies, cacheReads, cacheWrites, inherited, consumers, messaging, takes };
  made.set(catalog, names);
  return names;
}
