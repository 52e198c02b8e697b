// What the rules about retries share: the retry rows of the catalogue that hold at a call or client, and the values written there.

import type { ArgumentRef, RetryOption } from '../catalog/schema';
import type { Span } from '../engine/text';
import type { RetryFact } from '../engine/code/construct-facts';
import type { Value } from '../engine/code/values';
import type { InstalledLibrary, LinkedFile } from '../engine/code/project';
import { rowHolds } from '../engine/lint/installed';
import type { EntityResolver } from '../engine/code/project';
import { optionAt } from './limits';

/** A call or construct whose options say how often and how fast it is tried again. */
export interface RetrySite {
  readonly library: InstalledLibrary;
  readonly row: RetryOption;
  /** The options object; `undefined` kind where none is given. */
  readonly options: Value;
  readonly argument: ArgumentRef;
  readonly span: Span;
  readonly callee: Span;
  readonly calleeText: string;
  readonly function: number;
  /** Something that cannot be seen takes part: an option of it that is absent is not known. */
  readonly isOpen: boolean;
}

/** Sites of a file: calls of retry libraries, clients whose own options retry, and links of chains. Rows for reconnects are left out: they are meant to go on. Worked out once for each file. */
export function retrySites(file: LinkedFile, resolve: EntityResolver): readonly RetrySite[] {
  const known = sitesOf.get(file);
  if (known) return known;
  // A client that is made by a call is both, its own options come first, and a row may name several ways of making it.
  const rowsAt = new Map<number, Set<RetryOption>>();
  const sites = [...clientSites(file), ...callSites(file, resolve), ...chainSites(file)].filter(({ row, span }) => {
    const rows = rowsAt.get(span[0]) ?? new Set();
    rowsAt.set(span[0], rows);
    return !rows.has(row) && rows.add(row);
  });
  sitesOf.set(file, sites);
  return sites;
}

const sitesOf = new WeakMap<LinkedFile, readonly RetrySite[]>();

// `request.post(url).retry(3)`
function chainSites(file: LinkedFile): RetrySite[] {
  return file.calls.flatMap(({ fact, library, instance }) => {
    const method = fact.calleeText.slice(fact.calleeText.lastIndexOf('.') + 1);
    const row = (library.entry.retries ?? []).find(({ chain, of, versions }) => chain !== undefined && of.includes(instance === '' ? method : `${instance}.${method}`) && rowHolds(library, versions) === 'yes');
    const link = row && fact.chain.find(({ name }) => name === row.chain);
    const count = link?.arguments[0] ?? { kind: 'undefined' as const };
    return row && link ? [{ library, row, options: count, argument: 0, span: fact.span, callee: link.span, calleeText: fact.calleeText, function: fact.function, isOpen: false }] : [];
  });
}

function callSites(file: LinkedFile, resolve: EntityResolver): RetrySite[] {
  return file.facts.retries.flatMap((fact) => {
    if (fact.kind !== 'call' || !fact.entity) return [];
    const resolved = resolve(file.path, fact.entity);
    if (resolved.kind !== 'library') return [];
    return rowsOf(resolved.library, resolved.path.join('.')).map((row) => siteOf(fact, fact.arguments ?? [], row, resolved.library));
  });
}

function siteOf(fact: RetryFact, given: readonly Value[], row: RetryOption, library: InstalledLibrary): RetrySite {
  const argument = row.options ?? 0;
  const found = argumentAt(given, argument);
  return { library, row, options: found ?? { kind: 'undefined' }, argument, span: fact.span, callee: fact.mark, calleeText: fact.tries, function: fact.function, isOpen: found !== undefined && found.kind !== 'object' && found.kind !== 'undefined' };
}

function clientSites(file: LinkedFile): RetrySite[] {
  return file.clients.flatMap((client) =>
    client.construct.make.flatMap((path) => rowsOf(client.library, path)).slice(0, 2).map((row): RetrySite => ({
      library: client.library,
      row,
      options: client.options,
      argument: client.construct.options ?? row.options ?? 0,
      span: client.fact.span,
      callee: client.fact.callee,
      calleeText: client.fact.name?.text ?? client.instance,
      function: client.fact.function,
      isOpen: client.options.kind !== 'object' && client.options.kind !== 'undefined',
    })),
  );
}

function rowsOf(library: InstalledLibrary, path: string): readonly RetryOption[] {
  return (library.entry.retries ?? []).filter((row) => row.of.includes(path) && row.isReconnect !== true && row.chain === undefined && rowHolds(library, row.versions) === 'yes');
}

/** The argument that holds the options. */
export function argumentAt(given: readonly Value[], reference: ArgumentRef): Value | undefined {
  if (typeof reference === 'number') return given[reference];
  if (reference === 'first-object') return given.find(({ kind }) => kind === 'object');
  if (reference === 'last-object') return given.findLast(({ kind }) => kind === 'object');
  return given.at(-2);
}

/** Value of an option of a site; `absent` only where it is surely not written. */
export function siteOption(site: RetrySite, path: string): Value | 'absent' | 'unknown' {
  return site.isOpen ? 'unknown' : optionAt(site.options, path);
}

/** How often the site tries again after the first attempt: a number, for ever, or not known. */
export function furtherAttempts(site: RetrySite): number | 'unknown' {
  const { row } = site;
  if (row.chain !== undefined) return site.options.kind === 'number' ? site.options.value : site.options.kind === 'undefined' ? toNumber(row.default) : 'unknown';
  if (row.count === undefined) return toNumber(row.default);
  const value = siteOption(site, row.count);
  if (value === 'absent') return toNumber(row.default);
  if (value === 'unknown') return 'unknown';
  if (isInfinite(value, row)) return Infinity;
  return value.kind === 'number' ? Math.max(0, value.value - (row.isTotal === true ? 1 : 0)) : value.kind === 'boolean' ? toNumber(row.default) : 'unknown';
}

/** All attempts of a site, the first one included; undefined = not known. */
export function attemptsOf(site: RetrySite): number | undefined {
  const further = furtherAttempts(site);
  return further === 'unknown' ? undefined : further + 1;
}

/** Whether somebody has said which failures are tried again: the library itself, or one of its options. Options out of sight may say it. */
export function isSortedBy(site: RetrySite): boolean {
  const { row } = site;
  return row.isSorted === true || [...(row.sortedBy ?? []), ...(row.condition === undefined ? [] : [row.condition])].some((path) => siteOption(site, path) !== 'absent') || site.isOpen;
}

function toNumber(value: number | 'Infinity'): number {
  return value === 'Infinity' ? Infinity : value;
}

/** Whether a written value means "for ever". */
export function isInfinite(value: Value, row: RetryOption): boolean {
  const infinite = row.infinite ?? [];
  if (value.kind === 'infinity') return infinite.includes('Infinity') || infinite.includes(Infinity);
  if (value.kind === 'number' || value.kind === 'boolean' || value.kind === 'string') return infinite.includes(value.value) || (value.kind === 'number' && value.value === Infinity);
  return false;
}
