// Whether something around a call bounds it in time, once names are resolved over files.

import type { LibraryEntry } from '../../catalog/schema';
import type { CallFact, CodeFacts, Guard } from './facts';
import type { Value } from './values';
import { BOUNDING_NAME } from './bounding-name';
import { placeOf, type EntityLinker } from './link-entities';
import { optionAt } from './link-values';

/** The guard that bounds a call of a library; undefined where none does. */
export function guardOfCall(file: string, fact: CallFact, library: LibraryEntry, linker: EntityLinker, files: ReadonlyMap<string, CodeFacts>): { readonly ms?: number } | undefined {
  for (const guard of fact.guards) {
    // A link of the library's own chain is judged by its value.
    if (guard.kind === 'chain' && library.bounds?.some((bound) => bound.at.includes('chain') && bound.option.split('.')[0] === guard.method)) continue;
    const found = bounds(file, guard, linker, files);
    if (found) return found;
  }
  return undefined;
}

function bounds(file: string, guard: Guard, linker: EntityLinker, files: ReadonlyMap<string, CodeFacts>): { readonly ms?: number } | undefined {
  switch (guard.kind) {
    case 'race':
    case 'signal':
      return guard.ms === undefined ? {} : { ms: guard.ms };
    case 'chain':
      return {};
    case 'wrapper': {
      const resolved = linker.resolve(file, guard.entity);
      const place = placeOf(resolved);
      if (place) {
        const name = [...(place.instance === '' ? [] : [place.instance]), ...place.path].join('.');
        const shape = place.library.guards?.find((row) => row.call === name && row.of === guard.argument);
        if (!shape) return undefined;
        const limit = shape.limit === undefined ? undefined : limitOf(guard.arguments, shape.limit);
        if (limit?.kind === 'infinity' || (limit?.kind === 'boolean' && !limit.value)) return undefined;
        if (limit === undefined || limit.kind === 'undefined') return shape.default === undefined ? {} : shape.default === null ? undefined : { ms: shape.default };
        return limit.kind === 'number' ? { ms: limit.value * (shape.unit === 's' ? 1_000 : 1) } : {};
      }
      if (resolved.kind === 'function') {
        const summary = files.get(resolved.file)?.functions[resolved.id];
        return summary?.boundsParameters.includes(guard.argument) ? givenLimit(guard.arguments, summary.limitParameters) : undefined;
      }
      // A wrapper that cannot be seen is believed by its name.
      return guard.name !== undefined && BOUNDING_NAME.test(guard.name) ? {} : undefined;
    }
  }
}

// A number below 100 is more likely one of seconds: it is not taken for milliseconds.
function givenLimit(given: readonly Value[], parameters: readonly number[]): { readonly ms?: number } {
  const limit = parameters.length === 1 && parameters[0] !== undefined ? given[parameters[0]] : undefined;
  return limit?.kind === 'number' && limit.value >= 100 ? { ms: limit.value } : {};
}

// `1` = the argument, `1.milliseconds` = its option.
function limitOf(given: readonly Value[], where: string): Value | undefined {
  const [index, ...path] = where.split('.');
  const argument = given[Number(index)];
  if (!argument || path.length === 0) return argument;
  return argument.kind === 'number' ? argument : optionAt(argument, path.join('.'), () => []).value;
}
