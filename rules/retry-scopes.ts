// What a retry runs again, followed over the functions of the project that it calls: the outbound calls, further retries, and whether a repeat is known to do no harm.

import type { RetryFact } from '../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../engine/code/project';
import type { Entity } from '../engine/code/values';
import type { Span } from '../engine/text';
import { fileAt } from './code-places';
import { attemptsOf, retrySites, type RetrySite } from './retry-options';

/** A piece of code that runs once for each attempt. */
interface Stretch {
  readonly file: LinkedFile;
  readonly span: Span;
  /** Calls of project functions that lead here from the retry: 0 = its own text. */
  readonly depth: number;
}

const MAX_STRETCHES = 40;

/** The text that a retry runs again, and the functions that it calls, at most `depth` calls away. */
export function stretchesOf(file: LinkedFile, fact: RetryFact, code: CodeProject, resolve: EntityResolver, depth: number): readonly Stretch[] {
  const found: Stretch[] = fact.tried ? [{ file, span: fact.tried, depth: 0 }] : [];
  const seen = new Set<string>();
  let open = (fact.targets ?? []).map((entity) => ({ file, entity }));
  // A retried function that is only named is itself what runs again.
  const first = fact.tried ? 1 : 0;
  for (let at = first; at <= depth && open.length > 0; at++) {
    const next: { file: LinkedFile; entity: Entity }[] = [];
    for (const { file: from, entity } of open) {
      const resolved = resolve(from.path, entity);
      if (resolved.kind !== 'function' || seen.has(`${resolved.file}\0${resolved.id}`) || found.length >= MAX_STRETCHES) continue;
      seen.add(`${resolved.file}\0${resolved.id}`);
      const target = fileAt(code, resolved.file);
      const called = target?.facts.functions[resolved.id];
      if (!target || !called || isAround(called.span, fact, file, target)) continue;
      found.push({ file: target, span: called.span, depth: at });
      for (const further of called.calls) next.push({ file: target, entity: further });
    }
    open = next;
  }
  return found;
}

// A function that holds the retry itself: recursion, which runs nothing new.
function isAround(span: Span, fact: RetryFact, file: LinkedFile, target: LinkedFile): boolean {
  return file === target && span[0] <= fact.span[0] && fact.span[1] <= span[1];
}

/** Outbound calls of a stretch. */
export function callsIn({ file, span }: Stretch): readonly OutboundCall[] {
  return file.calls.filter(({ fact }) => isInside(fact.span, span));
}

/** Whether the text of a stretch names a key or a write that can be repeated without harm. */
export function namesIdempotency({ file, span }: Stretch): boolean {
  return (file.facts.idempotency ?? []).some((at) => at >= span[0] && at < span[1]);
}

export function isInside(inner: Span, outer: Span): boolean {
  return inner[0] >= outer[0] && inner[1] <= outer[1];
}

/** Something that runs a piece of code several times: a loop, a recursion, or a call of a library that retries. */
export interface Retry {
  readonly file: LinkedFile;
  readonly fact: RetryFact;
  /** The library's options, where it is a call of one. */
  readonly site: RetrySite | undefined;
  /** All attempts, the first one included; undefined = not known. */
  readonly attempts: number | undefined;
}

/** Retries of a file whose repeated code is in sight. Conflicts, polls and reconnects are left out: they are no answer to a failed call. */
export function retriesOf(file: LinkedFile, code: CodeProject, resolve: EntityResolver): readonly Retry[] {
  const known = retriesByFile.get(file);
  if (known) return known;
  const found = findRetries(file, code, resolve);
  retriesByFile.set(file, found);
  return found;
}

const retriesByFile = new WeakMap<LinkedFile, readonly Retry[]>();

function findRetries(file: LinkedFile, code: CodeProject, resolve: EntityResolver): readonly Retry[] {
  const sites = new Map<number, RetrySite>();
  for (const site of retrySites(file, resolve)) if (!sites.has(site.span[0]) || attemptsOf(site) === Infinity) sites.set(site.span[0], site);
  return file.facts.retries.flatMap((fact): Retry[] => {
    if (!isRetry(fact) || (!fact.tried && !fact.targets)) return [];
    const site = fact.kind === 'call' ? sites.get(fact.span[0]) : undefined;
    const retry = fact.kind !== 'call' ? { file, fact, site, attempts: fact.attempts } : site ? { file, fact, site, attempts: attemptsOf(site) } : helperRetry(file, fact, code, resolve);
    return !retry || (retry.attempts !== undefined && retry.attempts < 2) ? [] : [retry];
  });
}

function isRetry(fact: RetryFact): boolean {
  return fact.kind !== 'respawn' && (fact.purpose === 'retry' || (fact.purpose === 'reconnect' && fact.triesParameter !== undefined)) && fact.isConflict !== true;
}

// A call of a function of the project that runs what it is given in a loop of its own: `withRetries(() => charge())`.
function helperRetry(file: LinkedFile, fact: RetryFact, code: CodeProject, resolve: EntityResolver): Retry | undefined {
  const resolved = fact.entity ? resolve(file.path, fact.entity) : undefined;
  const target = resolved?.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  const inner = resolved?.kind === 'function' ? target?.facts.retries.find((one) => isRetry(one) && one.kind !== 'call' && one.triesParameter?.function === resolved.id) : undefined;
  const given = inner?.triesParameter && fact.arguments?.[inner.triesParameter.index];
  if (!inner || !given || given.kind === 'object') return undefined;
  return { file, fact: { ...fact, isSorted: fact.isSorted === true || inner.isSorted === true || (fact.arguments?.length ?? 0) > 2 }, site: undefined, attempts: inner.attempts };
}

/** `5 times`, or words for a number that is not known. */
export function timesText({ attempts }: Pick<Retry, 'attempts'>): string {
  return attempts === undefined ? 'again and again' : attempts === Infinity ? 'for ever' : `${attempts} times`;
}
