// The longest that one call can take in all: the limit of one attempt, the attempts of its library and of the retries around it, and the waits between them.

import type { Bound } from '../catalog/schema';
import { attemptBudget } from '../engine/code/attempt-budget';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../engine/code/project';
import type { Value } from '../engine/code/values';
import { formatDuration, numberText } from '../engine/duration';
import type { Fix } from '../engine/lint/fix';
import { rowHolds } from '../engine/lint/installed';
import type { Location } from '../engine/text';
import { placeIn } from './code-places';
import { callAttempts, type CallAttempts } from './call-attempts';
import { clip, millisecondsOf, optionAt } from './limits';
import { siteOption } from './retry-options';
import type { Retry } from './retry-scopes';

interface CallBudget {
  readonly attempts: number;
  readonly limitMs: number;
  /** Never more than it can be: waits that are not known count for nothing. */
  readonly totalMs: number;
  /** A limit or a number of attempts is written: not all of it are defaults. */
  readonly isWritten: boolean;
  /** Where limit and attempts stand. */
  readonly places: readonly { readonly at: Location; readonly text: string }[];
  /** The fix that writes another limit of one attempt; none where the limit is not written as an option. */
  limitFix(ms: number): readonly Fix[];
}

/** What one call can take, with the retries around it; undefined where the limit or a number of attempts is not known. */
export function callBudget(file: LinkedFile, call: OutboundCall, around: readonly Retry[], code: CodeProject, resolve: EntityResolver): CallBudget | undefined {
  const limit = ownLimit(call);
  if (!limit || around.some(({ attempts }) => attempts === undefined || attempts === Infinity)) return undefined;
  const own = callAttempts(file, call, code, resolve);
  const counted = own && !sharesLimit(own) ? own : undefined;
  const attempts = around.reduce((product, retry) => product * (retry.attempts ?? 1), counted?.attempts ?? 1);
  const totalMs = attemptBudget(attempts, limit.ms, counted && around.length === 0 ? counted.site.row.delay : { kind: 'none' });
  if (!Number.isFinite(totalMs)) return undefined;
  const written = limit.at ? [{ at: limit.at, text: `${formatDuration(limit.ms)} an attempt` }] : [];
  const repeated = [...around.map((retry) => ({ at: placeIn(retry.file, retry.fact.mark), text: `${retry.attempts ?? 1} attempts` })), ...(counted ? [{ at: placeIn(counted.file, counted.site.callee), text: `${counted.attempts} attempts` }] : [])];
  return {
    attempts, totalMs, limitMs: limit.ms,
    isWritten: limit.at !== undefined || counted?.isWritten === true || around.length > 0,
    places: [...written, ...repeated],
    limitFix: (ms) => limitFix(call, limit, ms),
  };
}

interface OwnLimit {
  readonly ms: number;
  readonly bound: Bound;
  readonly from: 'call' | 'construct' | 'default';
  readonly at?: Location;
}

// The limit of a whole attempt, or of the wait for its answer: of the call, else of the client, else the library's own.
function ownLimit(call: OutboundCall): OwnLimit | undefined {
  const { library, instance, fact, client } = call;
  const method = fact.calleeText.slice(fact.calleeText.lastIndexOf('.') + 1);
  const rows = (library.entry.bounds ?? []).filter((bound) => (bound.phases.includes('total') || bound.phases.includes('headers')) && (bound.on === undefined || bound.on.includes(instance)) && (bound.calls === undefined || bound.calls.includes(method)) && bound.enforces === undefined && rowHolds(library, bound.versions) === 'yes');
  let fallback: OwnLimit | undefined;
  for (const bound of rows) {
    for (const [from, options, file] of [['call', call.options, call.file], ['construct', client?.options, client?.file]] as const) {
      const value: Value | 'absent' | 'unknown' = options && bound.at.includes(from) ? optionAt(options, bound.option) : 'absent';
      if (value === 'absent') continue;
      const ms = typeof value === 'object' ? millisecondsOf(value, bound) : undefined;
      if (ms === undefined || !Number.isFinite(ms) || ms <= 0) return undefined;
      return { ms, bound, from, ...(typeof value === 'object' && value.span && file !== undefined ? { at: { file, span: value.span } } : {}) };
    }
    // A client out of sight may have any limit, and one of another kind another default.
    if (bound.default !== null && bound.when === undefined && (client !== undefined || instance === '')) fallback ??= { ms: bound.default * (bound.unit === 's' ? 1_000 : 1), bound, from: 'default' };
  }
  return fallback;
}

function sharesLimit({ site }: CallAttempts): boolean {
  const { sharesLimitUnless } = site.row;
  if (sharesLimitUnless === undefined) return false;
  const value = siteOption(site, sharesLimitUnless);
  return !(typeof value === 'object' && value.kind === 'boolean' && value.value);
}

function limitFix(call: OutboundCall, { bound, from }: OwnLimit, ms: number): readonly Fix[] {
  const { client } = call;
  const place =
    from === 'call' && call.shape.options !== undefined ? { file: call.file, call: call.fact.span, argument: call.shape.options } : from === 'construct' && client?.construct.options !== undefined ? { file: client.file, call: client.fact.span, argument: client.construct.options } : undefined;
  if (!place || ms < 100) return [];
  const value = numberText(bound.unit === 's' ? Math.max(1, Math.floor(ms / 1_000)) : ms);
  return [{ title: clip(`Limit each attempt to ${formatDuration(ms)} with \`${bound.option}\``, 60), safety: 'unsafe', operations: [{ language: 'code', kind: 'set-option', ...place, path: bound.option, value }] }];
}
