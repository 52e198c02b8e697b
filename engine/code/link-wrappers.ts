// Calls of project functions that leave the limit to their callers: whoever leaves it out waits without one, and that is where the finding belongs.

import { parameterFunctions, substitute } from './substitute';
import type { CallFact, CodeFacts } from './facts';
import type { Value } from './values';
import type { Contexts } from './link-contexts';
import type { EntityLinker } from './link-entities';
import type { Location } from '../text';
import type { OutboundCall, Verdict } from './project';

/** Wrappers inside wrappers that are followed. */
const MAX_LEVELS = 2;
const MAX_CALLS_OF_FUNCTION = 4;

export interface WrapperSources {
  readonly files: readonly CodeFacts[];
  readonly linker: EntityLinker;
  readonly calls: ReadonlyMap<string, readonly OutboundCall[]>;
  readonly contexts: Contexts;
  /** Puts constants of other files into a value of a file. */
  value(file: string, given: Value): Value;
  /** Judges the call inside a wrapper with what a caller gives. */
  judge(inside: OutboundCall, given: readonly Value[], caller: { readonly file: string; readonly fact: CallFact }): Verdict;
}

/** A library's call inside a project function, made of what the function is given. */
interface Inside {
  readonly call: OutboundCall;
  readonly arguments: readonly Value[];
}

export interface WrapperCalls {
  /** Outbound calls that stand for calls of wrappers, by file. */
  readonly atCallers: ReadonlyMap<string, readonly OutboundCall[]>;
  /** Calls inside wrappers that have no limit of their own to take and get none from any caller. */
  readonly atWrappers: ReadonlyMap<OutboundCall, { readonly verdict: Verdict; readonly callers: readonly Location[] }>;
}

/** Finds them. Linear in the calls for each level. */
export function wrapperCalls(sources: WrapperSources): WrapperCalls {
  const found: OutboundCall[] = [];
  const callers = new Map<OutboundCall, { all: number; readonly open: OutboundCall[] }>();
  let wrappers = new Map<string, Inside[]>();
  for (const [path, calls] of sources.calls) {
    for (const call of calls) {
      if (leavesToCallers(call.verdict)) enter(wrappers, sources, path, { call, arguments: call.fact.arguments }, call.fact.function);
    }
  }
  const seen = new Set<CallFact>();
  for (let level = 0; level < MAX_LEVELS && wrappers.size > 0; level++) {
    const outer = new Map<string, Inside[]>();
    for (const file of sources.files) {
      for (const fact of file.calls) {
        const resolved = sources.linker.resolve(file.path, fact.entity);
        const insides = resolved.kind === 'function' ? wrappers.get(`${resolved.file}\0${resolved.id}`) : undefined;
        if (!insides || resolved.kind !== 'function' || seen.has(fact) || isWithin(file, fact.function, resolved.file, resolved.id)) continue;
        const given = givenBy(file, fact, sources);
        for (const inside of insides) {
          const put = inside.arguments.map((argument) => substitute(argument, resolved.id, given));
          const verdict = sources.judge(inside.call, put.map(withoutCaller), { file: file.path, fact });
          const seenOf = callers.get(inside.call) ?? { all: 0, open: [] };
          callers.set(inside.call, seenOf);
          seenOf.all++;
          if (verdict.kind === 'unbounded' || verdict.kind === 'weak') {
            seen.add(fact);
            seenOf.open.push(callOfWrapper(file, fact, inside, resolved.id, verdict, sources.contexts));
            break;
          }
          enter(outer, sources, file.path, { call: inside.call, arguments: put }, fact.function);
        }
      }
    }
    wrappers = outer;
  }
  const atWrappers = new Map<OutboundCall, { verdict: Verdict; callers: readonly Location[] }>();
  for (const [call, { all, open }] of callers) {
    // Who hands everything on and gets a limit from nobody is the place to set one.
    const first = open[0];
    if (first && open.length === all && open.every(({ through }) => through?.argument === undefined)) atWrappers.set(call, { verdict: first.verdict, callers: open.map(({ file, fact }) => ({ file, span: fact.callee })) });
    else found.push(...open.filter(({ verdict }) => !isOnlyEvent(verdict)));
  }
  const atCallers = new Map<string, OutboundCall[]>();
  for (const call of found) push(atCallers, call.file, call);
  return { atCallers, atWrappers };
}

// A limit that only emits an event helps no caller.
function isOnlyEvent(verdict: Verdict): boolean {
  return verdict.kind === 'unbounded' && verdict.bound?.enforces === 'emits';
}

// What stands in the way is only what the caller may give.
function leavesToCallers(verdict: Verdict): boolean {
  return verdict.kind === 'unknown' || (verdict.kind === 'bounded' && (verdict.by === 'option' || verdict.by === 'signal'));
}

// Under each function around the call whose parameters it is made of.
function enter(wrappers: Map<string, Inside[]>, sources: WrapperSources, path: string, inside: Inside, from: number): void {
  const ids = new Set<number>();
  for (const argument of inside.arguments) parameterFunctions(argument, ids);
  const file = ids.size > 0 ? sources.calls.has(path) && fileOf(sources, path) : undefined;
  if (!file) return;
  for (const id of ids) if (isWithin(file, from, path, id)) push(wrappers, `${path}\0${id}`, inside, MAX_CALLS_OF_FUNCTION);
}

const byPath = new WeakMap<readonly CodeFacts[], ReadonlyMap<string, CodeFacts>>();

function fileOf(sources: WrapperSources, path: string): CodeFacts | undefined {
  let known = byPath.get(sources.files);
  if (!known) byPath.set(sources.files, (known = new Map(sources.files.map((file) => [file.path, file]))));
  return known.get(path);
}

function isWithin(file: CodeFacts, from: number, path: string, id: number): boolean {
  if (file.path !== path) return false;
  for (let at = from, hops = 0; at >= 0 && hops < 50; at = file.functions[at]?.parent ?? -1, hops++) if (at === id) return true;
  return false;
}

// The arguments of a call; after a spread nothing is known of them.
function givenBy(file: CodeFacts, fact: CallFact, sources: WrapperSources): (index: number) => Value {
  const spread = fact.arguments.findIndex((argument) => argument.kind === 'unknown' && argument.because === 'spread');
  const values = fact.arguments.map((argument) => sources.value(file.path, argument));
  return (index) => (spread >= 0 && index >= spread ? { kind: 'unknown' } : (values[index] ?? { kind: 'undefined' }));
}

// A parameter of the caller has no meaning among the names of the wrapper's file.
function withoutCaller(value: Value): Value {
  return value.kind === 'parameter' ? { kind: 'unknown' } : value;
}

function callOfWrapper(file: CodeFacts, fact: CallFact, { call }: Inside, id: number, verdict: Verdict, contexts: Contexts): OutboundCall {
  return {
    ...call, file: file.path, fact, client: undefined, verdict, options: { kind: 'unknown' },
    contexts: contexts.of(file.path, fact.function),
    route: contexts.routeOf(file.path, fact.function),
    target: undefined,
    through: limitOf(call, id, verdict),
  };
}

// What the wrapper takes as the limit: an argument, or a member of one (`timeout` of its options).
function limitOf(call: OutboundCall, id: number, verdict: Verdict): NonNullable<OutboundCall['through']> {
  const option = verdict.kind === 'unbounded' || verdict.kind === 'weak' ? verdict.bound?.option : undefined;
  for (const argument of call.fact.arguments) {
    if (argument.kind !== 'object') continue;
    for (const { key, value } of argument.entries) {
      const limits = key === option ? [value] : value.kind === 'choice' ? value.options : [value];
      for (const limit of limits) {
        const given = key === option ? limit : limit.kind === 'signal' ? limit.delay : undefined;
        if (given?.kind === 'parameter' && given.function === id) return { argument: given.index, ...(given.path.length > 0 ? { path: given.path.join('.') } : {}) };
      }
    }
  }
  return {};
}

function push<T>(map: Map<string, T[]>, key: string, value: T, most = Number.POSITIVE_INFINITY): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (list.length < most) list.push(value);
}
