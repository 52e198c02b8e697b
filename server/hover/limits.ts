// The limits of a call or client as a table: what is waited for, for how long, and who says so.

import { satisfies } from 'semver';
import type { Bound, Phase } from '../../catalog/schema';
import type { LinkedClient, OutboundCall, InstalledLibrary, Verdict } from '../../engine/code/project';
import type { ObjectEntry, Value } from '../../engine/code/values';
import { formatDuration } from '../../engine/duration';
import type { Location } from '../../engine/text';
import { limitTable, type HoverText, type LimitRow } from './text';

type PlaceText = (at: Location) => string;

/** Most rows beside the worst case: the whole hover stays within eight lines. */
const ROW_LIMIT = 3;

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  queue: 'Wait for a connection',
  connect: 'Connecting',
  headers: 'Wait for the answer',
  bodyIdle: 'Gap between two pieces',
  total: 'Wait for the result',
};

export function describeCall(call: OutboundCall, placeText: PlaceText): HoverText {
  const target = call.target && targetText(call.target);
  const bounds = boundsOf(call.library, call.instance, call.shape.names, ['call', 'construct', 'defaults', 'chain', 'method']);
  const places: OptionSource[] = [{ file: call.file, options: call.options }, ...(call.client ? [{ file: call.client.file, options: call.client.options }] : [])];
  const rows = limitRows(bounds, places, call.library, placeText);
  return limitTable(
    call.fact.callee,
    call.fact.calleeText,
    target === undefined ? '' : ` -> \`${target}\``,
    [...rows, worstCase(call.verdict, placeText)],
    routeText(call),
  );
}

export function describeClient(client: LinkedClient, placeText: PlaceText): HoverText {
  const bounds = boundsOf(client.library, client.instance, undefined, ['construct', 'defaults']);
  const rows = limitRows(bounds, [{ file: client.file, options: client.options }], client.library, placeText);
  const name = client.fact.name?.text ?? client.instance;
  const used = client.calls.length === 0 ? '' : ` · ${client.calls.length} ${client.calls.length === 1 ? 'call' : 'calls'}`;
  const span = client.fact.name?.span ?? client.fact.callee;
  return limitTable(span, name, ` · ${client.library.title} \`${client.instance}\`${used}`, rows.length > 0 ? rows : [worstCase(client.verdict, placeText)]);
}

interface OptionSource {
  readonly file: string;
  readonly options: Value;
}

/** Bounds that apply to this instance, call and version, the most telling first, one for each option. */
function boundsOf(library: InstalledLibrary, instance: string, calls: readonly string[] | undefined, at: readonly Bound['at'][number][]): Bound[] {
  const applies = (bound: Bound): boolean =>
    (bound.on === undefined || bound.on.includes(instance)) &&
    (bound.calls === undefined || calls === undefined || bound.calls.some((name) => calls.includes(name))) &&
    bound.at.some((place) => at.includes(place)) &&
    (bound.when === undefined || bound.when.otherwise === true) &&
    (bound.versions === undefined || holdsFor(library, bound.versions));
  const seen = new Set<string>();
  return (library.entry.bounds ?? []).filter((bound) => {
    if (!applies(bound) || seen.has(bound.option)) return false;
    seen.add(bound.option);
    return true;
  });
}

function holdsFor(library: InstalledLibrary, range: string): boolean {
  const version = library.version ?? library.range;
  return version === undefined || satisfies(version, range, { includePrerelease: true });
}

function limitRows(bounds: readonly Bound[], sources: readonly OptionSource[], library: InstalledLibrary, placeText: PlaceText): LimitRow[] {
  return bounds.slice(0, ROW_LIMIT).map((bound) => limitRow(bound, sources, library, placeText));
}

function limitRow(bound: Bound, sources: readonly OptionSource[], library: InstalledLibrary, placeText: PlaceText): LimitRow {
  const what = PHASE_WORDS[bound.phases.includes('total') ? 'total' : (bound.phases[0] ?? 'total')];
  let isHidden = false;
  for (const { file, options } of sources) {
    const found = lookUp(options, bound.option.split('.'));
    if (found === 'hidden') isHidden = true;
    if (found === undefined || found === 'hidden') continue;
    const at = found.span ? placeText({ file, span: found.span }) : undefined;
    return { what, ...limitText(found.value, bound), from: `\`${bound.option}\`${at === undefined ? '' : `, ${at}`}` };
  }
  if (isHidden) return { what, limit: 'not known', isOpen: false, from: `\`${bound.option}\` can come from elsewhere` };
  const version = library.version === undefined ? library.title : `${library.title} ${library.version}`;
  const limit = bound.default === null ? 'no limit' : formatDuration(bound.default * (bound.unit === 's' ? 1_000 : 1));
  const isOff = bound.default !== null && (bound.off ?? []).includes(bound.default);
  return { what, limit: isOff ? 'no limit' : limit, isOpen: isOff || bound.default === null, from: `${version} default, \`${bound.option}\`` };
}

/** The entry at a dotted path: absent, or hidden where a spread or an unknown value may hold it. */
function lookUp(value: Value, path: readonly string[]): ObjectEntry | 'hidden' | undefined {
  if (value.kind === 'undefined') return undefined;
  if (value.kind !== 'object') return 'hidden';
  const [first, ...rest] = path;
  const entry = value.entries.findLast((one) => one.key === first);
  if (!entry) return value.isOpen ? 'hidden' : undefined;
  return rest.length === 0 ? entry : lookUp(entry.value, rest);
}

function limitText(value: Value, bound: Bound): Pick<LimitRow, 'limit' | 'isOpen'> {
  const off = bound.off ?? [];
  switch (value.kind) {
    case 'number':
      if (off.includes(value.value)) return { limit: 'no limit', isOpen: true };
      return { limit: formatDuration(value.value * (bound.unit === 's' ? 1_000 : 1)), isOpen: false };
    case 'infinity':
      return { limit: 'no limit', isOpen: true };
    case 'boolean':
      return off.includes(value.value) ? { limit: 'no limit', isOpen: true } : { limit: 'not known', isOpen: false };
    case 'environment':
      return value.fallback?.kind === 'number'
        ? { limit: `${formatDuration(value.fallback.value * (bound.unit === 's' ? 1_000 : 1))}, or \`${value.name}\``, isOpen: false }
        : { limit: `\`${value.name}\`, not known`, isOpen: false };
    default:
      return { limit: 'not known', isOpen: false };
  }
}

function worstCase(verdict: Verdict, placeText: PlaceText): LimitRow {
  const row = (limit: string, isOpen: boolean, from: string): LimitRow => ({ what: 'Worst case', limit, isOpen, from });
  switch (verdict.kind) {
    case 'unbounded':
      return row('no limit', true, '');
    case 'weak':
      return row(formatDuration(verdict.ms), false, `default, \`${verdict.bound.option}\``);
    case 'phase-only':
      return row('no limit', true, `\`${verdict.bound.option}\` ends with the headers`);
    case 'bounded':
      return row(verdict.ms === undefined ? 'limited' : formatDuration(verdict.ms), false, BOUNDED_BY[verdict.by]);
    case 'ineffective':
      return row('no limit', true, `${placeText(verdict.at)}: it has no effect`);
    case 'disabled':
      return verdict.ms === undefined ? row('no limit', true, `${placeText(verdict.at)}: switched off`) : row(formatDuration(verdict.ms), false, placeText(verdict.at));
    case 'unknown':
      return row('not known', false, verdict.because);
  }
}

const BOUNDED_BY = { default: 'its default', option: 'its option', signal: 'its signal', guard: 'what is around it', global: 'a setting for the whole process' } as const;

function routeText(call: OutboundCall): string | undefined {
  return call.route === undefined ? undefined : `Runs in \`${call.route}\`.`;
}

function targetText(target: Value): string | undefined {
  switch (target.kind) {
    case 'string':
      return target.value.length > 0 && target.value.length <= 60 ? target.value.replaceAll('`', '') : undefined;
    case 'environment':
      return target.name;
    default:
      return undefined;
  }
}
