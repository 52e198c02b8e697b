// What one bound of the catalogue comes to for one call or client: not given, given, switched off, or out of sight.

import type { Bound, SignalOption } from '../../catalog/schema';
import { parseDuration } from '../duration';
import type { Location } from '../text';
import type { CallFact } from './facts';
import type { Entity, Value } from './values';
import { optionAt, type Found } from './link-values';

/** Options as one place gives them, with the file in which they stand. */
export interface OptionPlace {
  readonly file: string;
  readonly value: Value;
  readonly argumentsOfClient: (client: number) => readonly Value[];
  /** The callee of a client's construct: `new https.Agent`. */
  readonly entityOfClient: (client: number) => Entity | undefined;
}

export interface BoundSources {
  /** Options of the call itself; undefined for a client. */
  readonly call: OptionPlace | undefined;
  /** Options of the client; undefined = it is made out of sight. */
  readonly construct: OptionPlace | undefined;
  /** What is set for the whole library at start. */
  readonly defaults: OptionPlace | undefined;
  readonly chain: CallFact['chain'];
  readonly target: Value | undefined;
  /** Where a finding stands when the value has no place of its own. */
  readonly at: Location;
}

export type BoundState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'set'; readonly ms: number | undefined; readonly value: Value; readonly at: Location; readonly from: 'call' | 'construct' | 'defaults' }
  | { readonly kind: 'off'; readonly value: Value; readonly at: Location };

const ABSENT: BoundState = { kind: 'absent' };
const UNKNOWN: BoundState = { kind: 'unknown' };

/** The state of a bound: the call's own value wins over the chain's, the client's and the library-wide one; `undefined` passes on to the next. */
export function stateOfBound(bound: Bound, sources: BoundSources): BoundState {
  let result: BoundState = ABSENT;
  for (const state of statesOf(bound, sources)) {
    if (state.kind === 'unknown') result = UNKNOWN;
    else if (state.kind !== 'absent') return result.kind === 'unknown' && state.kind === 'set' ? state : result.kind === 'unknown' ? UNKNOWN : state;
  }
  return result;
}

function* statesOf(bound: Bound, sources: BoundSources): Generator<BoundState> {
  if (bound.at.includes('call') && sources.call) yield inOptions(bound, bound.option, sources.call, sources.at, 'call');
  if (bound.at.includes('chain') || bound.at.includes('method')) yield inChain(bound, sources);
  if (bound.at.includes('url')) yield inAddress(bound, sources);
  if (bound.at.includes('construct')) yield sources.construct ? inOptions(bound, bound.option, sources.construct, sources.at, 'construct') : UNKNOWN;
  if (bound.at.includes('defaults') && sources.defaults) yield inOptions(bound, bound.option, sources.defaults, sources.at, 'defaults');
}

function inOptions(bound: Bound, path: string, place: OptionPlace, fallback: Location, from: 'call' | 'construct' | 'defaults'): BoundState {
  const found = optionAt(place.value, path, place.argumentsOfClient);
  return classify(bound, found.value, found.entry !== undefined || found.value.kind === 'choice', locationOf(place, found, fallback), from);
}

/** Where a found option stands. */
export function locationOf(place: OptionPlace, found: Found, fallback: Location): Location {
  const span = found.entry?.span ?? found.value.span;
  return span ? { file: place.file, span } : fallback;
}

function classify(bound: Bound, value: Value, isWritten: boolean, at: Location, from: 'call' | 'construct' | 'defaults'): BoundState {
  const set = (ms: number | undefined): BoundState => ({ kind: 'set', ms, value, at, from });
  switch (value.kind) {
    case 'undefined':
      return ABSENT;
    case 'number':
      if (bound.off?.includes(value.value)) return { kind: 'off', value, at };
      return set(bound.unit === 's' ? value.value * 1_000 : value.value);
    case 'infinity':
      return { kind: 'off', value, at };
    case 'null':
      return bound.off?.includes(null) ? { kind: 'off', value, at } : ABSENT;
    case 'boolean':
      if (bound.off?.includes(value.value)) return { kind: 'off', value, at };
      return value.value ? set(undefined) : ABSENT;
    case 'string': {
      if (bound.off?.includes(value.value)) return { kind: 'off', value, at };
      const isBare = /^[\d_]+(\.\d+)?$/.test(value.value.trim());
      if (isBare && bound.off?.includes(Number(value.value))) return { kind: 'off', value, at };
      const ms = parseDuration(value.value);
      return set(ms === undefined ? undefined : isBare && bound.unit === 's' ? ms * 1_000 : ms);
    }
    case 'object':
      // A number is asked for: its own keys are other rows of the catalogue.
      return value.isOpen && value.entries.length === 0 ? UNKNOWN : ABSENT;
    case 'environment': {
      const fallback = value.fallback ? classify(bound, value.fallback, true, at, from) : undefined;
      return set(fallback?.kind === 'set' ? fallback.ms : undefined);
    }
    case 'parameter': {
      const fallback = value.fallback ? classify(bound, value.fallback, true, at, from) : undefined;
      return set(fallback?.kind === 'set' ? fallback.ms : undefined);
    }
    case 'choice':
      return ofChoice(value.options.map((option) => classify(bound, option, true, at, from)), value, at);
    case 'unknown':
      return isWritten ? set(undefined) : UNKNOWN;
    default:
      return set(undefined);
  }
}

// One of several: they must agree.
function ofChoice(states: readonly BoundState[], value: Value, at: Location): BoundState {
  if (states.every((state) => state.kind === 'off')) return { kind: 'off', value, at };
  if (states.every((state) => state.kind === 'absent')) return ABSENT;
  const sets = states.filter((state) => state.kind === 'set');
  if (sets.length !== states.length) return UNKNOWN;
  const known = sets.flatMap((state) => (state.kind === 'set' && state.ms !== undefined ? [state.ms] : []));
  const first = sets[0];
  return first?.kind === 'set' ? { ...first, ms: known.length === sets.length ? Math.max(...known) : undefined, value, at } : UNKNOWN;
}

// `.timeout(5000)`, `.timeout({ deadline: 5000 })` as `timeout.deadline`, `request.setTimeout(5000)`
function inChain(bound: Bound, sources: BoundSources): BoundState {
  const [method, ...rest] = bound.option.split('.');
  for (const link of sources.chain) {
    if (link.name !== method) continue;
    const first = link.arguments[0];
    const at: Location = { file: sources.at.file, span: link.span };
    if (!first) return { kind: 'set', ms: undefined, value: { kind: 'unknown' }, at, from: 'call' };
    const found = rest.length === 0 ? { value: first } : optionAt(first.kind === 'number' ? { kind: 'object', entries: [], isOpen: false } : first, rest.join('.'), () => []);
    const state = classify(bound, found.value, true, at, 'call');
    if (state.kind !== 'absent') return state;
  }
  return ABSENT;
}

// `mongodb://host/db?socketTimeoutMS=5000`
function inAddress(bound: Bound, sources: BoundSources): BoundState {
  const text = addressText(sources.target, 0);
  const match = text === undefined ? undefined : text.split(/[?&]/).find((part) => part.startsWith(`${bound.option}=`));
  if (match === undefined) return ABSENT;
  const number = Number(match.slice(bound.option.length + 1).split('#')[0]);
  return classify(bound, Number.isFinite(number) ? { kind: 'number', value: number } : { kind: 'unknown' }, true, sources.at, 'construct');
}

function addressText(value: Value | undefined, depth: number): string | undefined {
  if (!value || depth > 4) return undefined;
  if (value.kind === 'string') return value.value;
  if (value.kind === 'environment') return addressText(value.fallback, depth + 1);
  if (value.kind === 'template') return value.parts.map((part) => (typeof part === 'string' ? part : (addressText(part, depth + 1) ?? ''))).join('');
  return undefined;
}

export type SignalState = { readonly kind: 'absent' | 'unknown' } | { readonly kind: 'bounded'; readonly ms?: number };

/** Whether a signal is handed over that ends the call. One from elsewhere counts: its owner decides when. */
export function stateOfSignal(option: SignalOption, sources: BoundSources): SignalState {
  let result: SignalState = { kind: 'absent' };
  if (option.at.includes('construct') && !sources.construct) result = { kind: 'unknown' };
  for (const place of [option.at.includes('call') ? sources.call : undefined, option.at.includes('construct') ? sources.construct : undefined]) {
    if (!place) continue;
    const state = signalIn(optionAt(place.value, option.option, place.argumentsOfClient));
    if (state.kind === 'bounded') return state;
    if (state.kind === 'unknown') result = state;
  }
  if (option.at.includes('chain')) {
    const link = sources.chain.find((candidate) => candidate.name === option.option);
    if (link) return signalIn({ value: link.arguments[0] ?? { kind: 'unknown' }, entry: { key: option.option, value: { kind: 'unknown' } } });
  }
  return result;
}

function signalIn(found: Found): SignalState {
  const { value } = found;
  switch (value.kind) {
    case 'undefined':
    case 'null':
      return { kind: 'absent' };
    case 'signal':
      return value.limit === 'none' ? { kind: 'absent' } : { kind: 'bounded', ...(value.ms === undefined ? {} : { ms: value.ms }) };
    case 'unknown':
      return found.entry ? { kind: 'bounded' } : { kind: 'unknown' };
    case 'choice':
      if (value.options.every((option) => signalIn({ value: option }).kind === 'absent')) return { kind: 'absent' };
      return value.options.some((option) => option.kind === 'undefined' || option.kind === 'null') ? { kind: 'unknown' } : { kind: 'bounded' };
    default:
      return { kind: 'bounded' };
  }
}
