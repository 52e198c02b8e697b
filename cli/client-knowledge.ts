// What the catalogue knows of one client library, in short: what bounds it, how often it tries again, what ends the process, how it is closed, what a fix can set.

import semver from 'semver';
import type { Bound, LibraryEntry, LibraryRole, Phase, RetryOption } from '../catalog/schema';
import type { InstalledLibrary } from '../engine/code/project';
import { holds } from '../engine/code/versions';
import { formatDuration } from '../engine/duration';
import { limitText } from './rule-knowledge';

export interface ClientKnowledge {
  /** What bounds the wait for an answer: `` `timeout`: no limit ``; for a library whose default changed, one for each range. */
  readonly answer: string;
  /** What bounds the wait for a connection, from a pool or of the network. */
  readonly connection: string;
  readonly retries: string;
  /** Whether an `error` event that nobody listens to ends the process. */
  readonly errorEvent: string;
  readonly close: string;
  /** Options that fixes can write. */
  readonly fix: string;
}

/** What calls other programs; servers, schedulers and helpers are no clients. */
const CLIENT_ROLES: ReadonlySet<LibraryRole> = new Set(['http', 'rpc', 'socket', 'process', 'smtp', 'sql', 'document', 'cache', 'search', 'object-store', 'queue', 'broker', 'cloud', 'sdk']);
const ANSWER: readonly Phase[] = ['headers', 'total'];
const CONNECTION: readonly Phase[] = ['queue', 'connect'];
/** What a limit does when it is reached, where it does not end the wait. */
const ENFORCES: Readonly<Record<NonNullable<Bound['enforces']>, string>> = { rejects: '', warns: ', only warns', emits: ', only emits an event', 'queue-only': ', only while it is queued' };

/** Whether an entry is a client: something that waits for another program. */
export function isClient(entry: LibraryEntry): boolean {
  return CLIENT_ROLES.has(entry.role);
}

/** The short form of an entry; with an installed library only what holds for its version. Options and names are in backticks. */
export function clientKnowledge(entry: LibraryEntry, installed?: InstalledLibrary): ClientKnowledge {
  const isOfVersion = ({ versions }: { readonly versions?: string }): boolean => installed === undefined || holds(versions, installed) !== 'no';
  const bounds = (entry.bounds ?? []).filter(isOfVersion);
  const signals = (entry.signals ?? []).filter(isOfVersion);
  const answer = boundsText(bounds, ANSWER);
  return {
    answer: joined([...(answer === '' ? [] : [answer]), ...(signals.length > 0 && bounds.every(({ versions }) => versions !== undefined) ? [`by ${codes(signals.map(({ option }) => option))}`] : [])]) || 'not known',
    connection: boundsText(bounds.filter(({ phases }) => !phases.some((phase) => ANSWER.includes(phase))), CONNECTION),
    retries: joined((entry.retries ?? []).filter(isOfVersion).map(retryText)),
    errorEvent: errorText(entry),
    close: codes((entry.close ?? []).map(({ method }) => `${method}()`)),
    fix: codes([...bounds, ...signals].filter(({ fix }) => fix !== undefined).map(({ option }) => option)),
  };
}

/** The row that says most, and the others of its option: where there is a fix, what it sets; else the default that holds. */
function boundsText(bounds: readonly Bound[], phases: readonly Phase[]): string {
  const rows = bounds.filter((bound) => bound.phases.some((phase) => phases.includes(phase)));
  const sound = rows.filter(({ enforces }) => enforces === undefined);
  const first = sound.find(({ fix }) => fix !== undefined) ?? sound.find((bound) => bound.default !== null) ?? sound[0] ?? rows[0];
  if (!first) return '';
  // A default of the library below holds where the option is not set.
  const below = first.default === null ? rows.find((bound) => bound.owner !== undefined && bound.default !== null) : undefined;
  const chosen = rows.filter((bound) => bound.option === first.option);
  // Another option in other versions: `connect_timeout` up to 3, `socket.connectTimeout` after.
  for (const bound of sound) if (bound.option !== first.option && chosen.every((other) => isApart(bound.versions, other.versions))) chosen.push(bound);
  return joined([...chosen, ...(below ? [below] : [])].map(boundText));
}

function isApart(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && semver.validRange(a) !== null && semver.validRange(b) !== null && !semver.intersects(a, b);
}

function boundText(bound: Bound): string {
  const limit = limitText(bound.default, bound.unit);
  const name = bound.option === '' ? (bound.default === null ? 'there is no option' : 'fixed') : `\`${bound.option}\`${bound.owner === undefined ? '' : ` of ${bound.owner}`}`;
  const conditions = joined([bound.versions ?? [], bound.when ? `${bound.when.option} ${bound.when.is.join(', ')}` : []].flat(), ', ');
  return `${name}: ${limit}${bound.enforces === undefined ? '' : ENFORCES[bound.enforces]}${conditions === '' ? '' : ` (${conditions})`}`;
}

function retryText({ default: times, delay, jitter, isReconnect, versions }: RetryOption): string {
  const number = times === 'Infinity' ? 'for ever' : `${times} more`;
  const wait = times === 0 ? '' : delay.kind === 'none' ? ', no delay' : `${delay.ms === undefined ? '' : `, ${formatDuration(delay.ms)}`}${delay.kind === 'exponential' ? ' and longer each time' : ''}${jitter.default ? ', jitter' : ''}`;
  return `${isReconnect === true ? 'reconnects ' : ''}${number}${wait}${versions === undefined ? '' : ` (${versions})`}`;
}

function errorText({ errorEvents = [] }: LibraryEntry): string {
  const crashing = errorEvents.filter(({ crashes }) => crashes).map(({ on, versions }) => `\`${on}\`${versions === undefined ? '' : ` (${versions})`}`);
  if (crashing.length > 0) return `ends the process: ${joined(crashing, ', ')}`;
  return errorEvents.length > 0 ? 'harmless' : '';
}

function codes(names: readonly string[]): string {
  return joined(names.filter((name) => name !== '').map((name) => `\`${name}\``), ', ');
}

function joined(texts: readonly string[], separator = '; '): string {
  return [...new Set(texts)].join(separator);
}
