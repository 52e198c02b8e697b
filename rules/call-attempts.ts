// How often the library itself sends one call: by its default, by an option of the call or client, or by a library that retries for that client.

import type { CodeProject, LinkedClient, LinkedFile, OutboundCall } from '../engine/code/project';
import type { Value } from '../engine/code/values';
import type { Span } from '../engine/text';
import { attemptsOf, retrySites, siteOption, type RetrySite } from './retry-options';
import type { EntityResolver } from '../engine/code/project';
import { isWrite } from './write-calls';

/** Attempts of one call by its own library; `site` says whose option or default it is. */
export interface CallAttempts {
  readonly site: RetrySite;
  readonly attempts: number;
  /** The number is written there: it is no default. */
  readonly isWritten: boolean;
  readonly file: LinkedFile;
}

const byClient = new WeakMap<CodeProject, ReadonlyMap<string, { readonly file: LinkedFile; readonly site: RetrySite }>>();

/** What repeats a call below its caller; undefined where nothing does or it is not known. */
export function callAttempts(file: LinkedFile, call: OutboundCall, code: CodeProject, resolve: EntityResolver): CallAttempts | undefined {
  const own = retrySites(file, resolve).find(({ span }) => sameSpan(span, call.fact.span));
  const around = call.client ? clientSites(code, resolve).get(keyOf(call.client)) : undefined;
  const found = own && own.row.count !== undefined && siteOption(own, own.row.count) === 'absent' && around ? around : own ? { file, site: own } : around;
  if (!found) return undefined;
  const { site } = found;
  const attempts = attemptsOf(site);
  if (attempts === undefined || attempts < 2 || !Number.isFinite(attempts) || (isWrite(call) && !repeatsWrites(site))) return undefined;
  return { site, attempts, file: found.file, isWritten: site.row.count !== undefined && siteOption(site, site.row.count) !== 'absent' };
}

// Sites by the client whose calls they repeat, of all files. Worked out once for a project.
function clientSites(code: CodeProject, resolve: EntityResolver): ReadonlyMap<string, { readonly file: LinkedFile; readonly site: RetrySite }> {
  const known = byClient.get(code);
  if (known) return known;
  const found = new Map<string, { readonly file: LinkedFile; readonly site: RetrySite }>();
  byClient.set(code, found);
  for (const file of code.files) {
    for (const site of retrySites(file, resolve)) {
      const client = clientOf(file, site);
      if (client) found.set(keyOf(client), { file, site });
    }
  }
  return found;
}

/** The client whose options a site is, or that the retrying library is given. */
function clientOf(file: LinkedFile, site: RetrySite): LinkedClient | undefined {
  const given: Value | undefined = site.row.client === undefined ? undefined : file.facts.retries.find(({ span }) => sameSpan(span, site.span))?.arguments?.[site.row.client];
  if (given?.kind === 'client') return file.clients.find(({ fact }) => fact.id === given.client);
  return file.clients.find(({ fact }) => sameSpan(fact.span, site.span));
}

function keyOf({ file, fact }: LinkedClient): string {
  return `${file}\0${fact.id}`;
}

function sameSpan(a: Span, b: Span): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

// SDKs repeat every call; clients of HTTP leave out writes unless they are told otherwise.
function repeatsWrites({ row, library }: RetrySite): boolean {
  return row.writes === undefined ? library.entry.role !== 'http' : row.writes === 'always' || library.entry.role === 'sdk';
}
