// In which contexts each function runs: the direct ones, and those reached from them by at most three calls, also over files.

import type { Context } from './construct-facts';
import type { CodeFacts } from './facts';
import type { Entity } from './values';
import type { ResolvedEntity } from './project';

const MAX_CALLS = 3;

export interface Contexts {
  /** Contexts of a function; module level (-1) is `startup`. */
  of(file: string, id: number): ReadonlySet<Context>;
  /** `POST /orders` where the function is, or runs inside, that route's handler. */
  routeOf(file: string, id: number): string | undefined;
}

const NOTHING: ReadonlySet<Context> = new Set();
const STARTUP: ReadonlySet<Context> = new Set<Context>(['startup']);

/** Spreads contexts breadth first along calls and into inner functions. Linear in the calls for each of the contexts. */
export function linkContexts(files: readonly CodeFacts[], resolve: (file: string, entity: Entity) => ResolvedEntity): Contexts {
  const found = new Map<string, Map<Context, number>>();
  const routes = new Map<string, string>();
  const factsOf = new Map(files.map((file) => [file.path, file]));
  const inner = new Map<string, number[]>();
  const queue: { readonly file: string; readonly id: number; readonly context: Context; readonly depth: number; readonly route: string | undefined }[] = [];

  for (const file of files) {
    for (const fact of file.functions) {
      const parent = `${file.path}\0${fact.parent}`;
      inner.set(parent, [...(inner.get(parent) ?? []), fact.id]);
      for (const context of fact.contexts) queue.push({ file: file.path, id: fact.id, context, depth: 0, route: fact.route });
    }
    for (const { target, context, route } of file.asyncSlots) {
      const callee = target && context ? resolve(file.path, target) : undefined;
      if (context && callee?.kind === 'function') queue.push({ file: callee.file, id: callee.id, context, depth: 0, route });
    }
    for (const { entity, handler } of file.consumers) {
      if (handler >= 0 && isConsumed(resolve(file.path, entity))) queue.push({ file: file.path, id: handler, context: 'consumer', depth: 0, route: undefined });
    }
    for (const entity of file.moduleCalls ?? []) {
      const callee = resolve(file.path, entity);
      if (callee.kind === 'function') queue.push({ file: callee.file, id: callee.id, context: 'startup', depth: 0, route: undefined });
    }
  }
  for (let at = 0; at < queue.length; at++) {
    const step = queue[at];
    if (!step) break;
    const key = `${step.file}\0${step.id}`;
    const own = found.get(key) ?? new Map<Context, number>();
    const before = own.get(step.context);
    if (before !== undefined && before <= step.depth) continue;
    own.set(step.context, step.depth);
    found.set(key, own);
    if (step.route !== undefined && !routes.has(key)) routes.set(key, step.route);
    const fact = factsOf.get(step.file)?.functions[step.id];
    if (!fact) continue;
    // An inner function runs where the outer one does, unless it is registered for something of its own.
    for (const child of inner.get(key) ?? []) {
      const isOwn = (factsOf.get(step.file)?.functions[child]?.contexts.length ?? 0) > 0;
      if (!isOwn) queue.push({ ...step, id: child });
    }
    if (step.depth >= MAX_CALLS) continue;
    for (const entity of fact.calls) {
      const callee = resolve(step.file, entity);
      // Each class behind an interface runs where the interface is called.
      const callees = callee.kind === 'function' ? [callee] : callee.kind === 'functions' ? callee.all : [];
      for (const { file, id } of callees) queue.push({ file, id, context: step.context, depth: step.depth + 1, route: step.route });
    }
  }

  return {
    of(file, id) {
      if (id < 0) return STARTUP;
      const contexts = found.get(`${file}\0${id}`);
      return contexts ? new Set([...contexts.keys()].sort()) : NOTHING;
    },
    routeOf: (file, id) => routes.get(`${file}\0${id}`),
  };
}

// A handler that a queue of another file takes.
function isConsumed(resolved: ResolvedEntity): boolean {
  if (resolved.kind !== 'client' && resolved.kind !== 'instance') return false;
  const { library, instance } = resolved.kind === 'client' ? { library: resolved.client.library, instance: resolved.client.instance } : resolved;
  const name = resolved.path.join('.');
  return library.entry.consumers?.some((row) => row.on === instance && row.names.includes(name)) ?? false;
}
