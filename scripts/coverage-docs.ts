// docs/coverage.md: every library that the catalogue knows and what is known of it, with where that was read.

import type { Catalog, LibraryEntry } from '../catalog/schema';
import { clientKnowledge, isClient } from '../cli/client-knowledge';
import { nameOf } from '../cli/rule-knowledge';
import { cell, table } from './markdown-table';

/** docs/coverage.md. */
export function coveragePage({ libraries }: Catalog): string {
  const clients = libraries.filter(isClient).sort(byName);
  const others = libraries.filter((entry) => !isClient(entry)).sort(byName);
  return `${[
    '# Coverage',
    '<!-- Made by `npm run generate` from the catalogue. -->',
    `What Holdfast knows of libraries: ${clients.length} clients, and ${others.length} servers, schedulers and helpers. How to describe one that is missing: [clients.md](clients.md). A version in parentheses is the range in which a row holds; *not known* means that nothing is said of it, and the rules are silent.`,
    '## Clients',
    '*answer*: what ends the wait for an answer, and its default. *connection*: the same for a connection, from a pool or of the network. *error event*: whether one that nobody hears ends the process. *fix*: options that a fix can write.',
    table(['library', 'role', 'answer', 'connection', 'tries again', 'error event', 'close', 'fix'], clients.map(clientRow)),
    '## Servers, schedulers and helpers',
    table(['library', 'role', 'what is known'], others.map((entry) => [namesOf(entry), entry.role, partsOf(entry)])),
    '## Sources',
    'Read in the package itself, or measured against a server that takes connections and never answers.',
    table(['library', 'source'], [...clients, ...others].map((entry) => [nameOf(entry), entry.sources.map(cell).join('<br>')])),
  ].join('\n\n')}\n`;
}

function clientRow(entry: LibraryEntry): string[] {
  const { answer, connection, retries, errorEvent, close, fix } = clientKnowledge(entry);
  return [namesOf(entry), entry.role, answer, connection, retries, errorEvent, close, fix].map(cell);
}

/** What of an entry that is no client the rules ask for. */
function partsOf(entry: LibraryEntry): string {
  const parts: (readonly [boolean, string])[] = [
    [has(entry.servers), 'listening, routes and rejected handlers'],
    [entry.servers?.some(({ drains }) => drains === true) === true || provides(entry, 'drain'), 'drains by itself'],
    [provides(entry, 'health'), 'health routes'],
    [provides(entry, 'async-errors') || has(entry.wrappers), 'catches rejections of handlers'],
    [has(entry.bodies), 'size of a body'],
    [has(entry.consumers), 'consumers'],
    [has(entry.slots) || has(entry.decorators), 'callbacks and what becomes of their promises'],
    [has(entry.retries), 'attempts, delay and jitter'],
    [has(entry.guards), 'limits what it is given in time'],
    [has(entry.limiters), 'limits how many run at once'],
    [has(entry.blocking), 'calls that block the thread'],
    [has(entry.errorEvents), 'unheard `error` events'],
    [has(entry.streams), 'streams'],
  ];
  return parts.flatMap(([isThere, text]) => (isThere ? [text] : [])).join(', ');
}

function has(rows: readonly unknown[] | undefined): boolean {
  return rows !== undefined && rows.length > 0;
}

function provides(entry: LibraryEntry, what: 'drain' | 'health' | 'async-errors'): boolean {
  return entry.provides?.some((row) => row.what === what) === true;
}

function namesOf(entry: LibraryEntry): string {
  return [nameOf(entry), ...(entry.aliases ?? []).filter((alias) => !alias.startsWith(`${entry.package}/`) && entry.package !== `node:${alias}`).map((alias) => `\`${alias}\``)].join(', ');
}

function byName(a: LibraryEntry, b: LibraryEntry): number {
  const [first, second] = [nameOf(a), nameOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
