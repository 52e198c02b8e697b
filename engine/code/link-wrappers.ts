// Calls of project functions that take the limit as a parameter: whoever leaves it out waits without one, and that is where the finding belongs.

import type { CallFact, CodeFacts, Value } from './facts';
import type { Contexts } from './link-contexts';
import type { EntityLinker } from './link-entities';
import type { OutboundCall } from './project';

/** Outbound calls that stand for such calls of one file. */
export function wrapperCalls(file: CodeFacts, linker: EntityLinker, calls: ReadonlyMap<string, readonly OutboundCall[]>, contexts: Contexts): OutboundCall[] {
  const found: OutboundCall[] = [];
  for (const fact of file.calls) {
    const resolved = linker.resolve(file.path, fact.entity);
    if (resolved.kind !== 'function') continue;
    for (const inside of calls.get(resolved.file) ?? []) {
      if (inside.fact.function !== resolved.id || inside.verdict.kind !== 'bounded' || inside.verdict.by !== 'option') continue;
      const missing = missingLimit(inside, resolved.id, fact);
      if (!missing) continue;
      const bound = inside.library.entry.bounds?.find((row) => row.option === missing && (!row.on || row.on.includes(inside.instance)));
      if (!bound || bound.default !== null) continue;
      found.push({
        ...inside, file: file.path, fact,
        verdict: { kind: 'unbounded', bound, phases: bound.phases },
        contexts: contexts.of(file.path, fact.function), route: contexts.routeOf(file.path, fact.function),
      });
    }
  }
  return found;
}

// The option whose value is a parameter that the call leaves out.
function missingLimit(inside: OutboundCall, id: number, call: CallFact): string | undefined {
  if (inside.options.kind !== 'object') return undefined;
  for (const entry of inside.options.entries) {
    const value: Value = entry.value;
    if (value.kind !== 'parameter' || value.function !== id || value.fallback || value.path.length > 0) continue;
    const given = call.arguments[value.index];
    const isLimit = inside.library.entry.bounds?.some((row) => row.option === entry.key) ?? false;
    if (isLimit && (given === undefined || given.kind === 'undefined') && !call.arguments.some((argument) => argument.kind === 'unknown' && argument.because === 'spread')) return entry.key;
  }
  return undefined;
}
