// What each file of a workspace says, kept by content: a file is read again only when its stamp changes, and understood again only when its text does.

import type { CompiledCatalog } from '../catalog';
import { CODE_FACTS_VERSION } from '../code/facts';
import type { FileProblem, ReadResult } from '../facts';
import type { FactsCache, FileEntry, Host } from '../host';
import type { Limits } from '../lint/configuration';
import type { RuleFailure } from '../lint/run';
import { formatClaiming } from '../artifacts/formats';
import { isRecognised, kindOfPath, readFile, type FileKind } from '../read';
import { ENGINE_VERSION } from '../version';

/** Everything besides the file's own text that its facts depend on. */
export interface ReadSettings {
  readonly catalog: CompiledCatalog;
  readonly mayHoldFacts: (text: string) => boolean;
}

export interface StoredFile extends ReadResult {
  readonly path: string;
  readonly kind: FileKind;
  /** It went through a parser (code that the prefilter lets pass). */
  readonly isParsed: boolean;
  /** Its facts came from the cache on disk. */
  readonly isCached: boolean;
  readonly failure?: RuleFailure;
}

/** Where the current text of a file comes from. */
export type TextSource = { readonly kind: 'overlay'; readonly text: string } | { readonly kind: 'disk'; readonly entry: FileEntry };

interface Kept {
  readonly key: string;
  readonly text?: string;
  readonly stamp?: string;
  readonly hash?: string;
  readonly file: StoredFile;
}

/** Lock files are long and cheap to read: they have this limit instead of `limits.file`. */
const LARGEST_LOOKED_AT = 64_000_000;

export class FileStore {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly host: Host,
    private readonly cache: FactsCache | undefined,
  ) {}

  /** Facts of one file; unchanged ones without reading it. Never throws: a fault of a reader is returned as `failure`. */
  async read(path: string, source: TextSource, settings: ReadSettings, limits: Limits): Promise<StoredFile> {
    const key = `${ENGINE_VERSION}/${CODE_FACTS_VERSION}/${settings.catalog.key}/${limits.file}/${limits.line}`;
    const known = this.kept.get(path);
    const kept = known?.key === key ? known : undefined;
    if (source.kind === 'overlay') {
      if (kept?.text === source.text) return kept.file;
      const understood = await understand(path, source.text, source.text.length, settings, limits);
      // Most edits change no fact: then the join and the rules need not run again.
      const file = kept && saysTheSame(kept.file, understood) ? kept.file : understood;
      this.kept.set(path, { key, text: source.text, file });
      return file;
    }
    if (kept?.stamp === source.entry.stamp) return kept.file;
    const fresh = await this.readFromDisk(path, source.entry, key, kept, settings, limits);
    this.kept.set(path, fresh);
    return fresh.file;
  }

  /** Drops what is kept of files that are gone. */
  keepOnly(isThere: (path: string) => boolean): void {
    for (const path of this.kept.keys()) if (!isThere(path)) this.kept.delete(path);
  }

  private async readFromDisk(path: string, entry: FileEntry, key: string, kept: Kept | undefined, settings: ReadSettings, limits: Limits): Promise<Kept> {
    const kind = kindOfPath(path) ?? 'code';
    const stored = parseStored(this.cache?.get(`${key} ${path}`));
    const unchanged = stored?.stamp === entry.stamp ? stored.value() : undefined;
    if (stored && unchanged) return { key, stamp: entry.stamp, hash: stored.hash, file: { path, kind, isCached: true, ...unchanged } };
    if (entry.size > largest(kind, limits)) return { key, stamp: entry.stamp, file: problem(path, kind, tooLarge(entry.size, limits)) };
    const read = this.host.read(entry);
    if (read.kind === 'problem') return { key, stamp: entry.stamp, file: problem(path, kind, read.because) };
    if (kept?.hash === read.hash) return { ...kept, stamp: entry.stamp };
    const same = stored?.hash === read.hash ? stored.value() : undefined;
    const file: StoredFile = same ? { path, kind, isCached: true, ...same } : await understand(path, read.text, entry.size, settings, limits);
    if (file.failure === undefined) this.cache?.set(`${key} ${path}`, storedText(entry.stamp, read.hash, file));
    return { key, stamp: entry.stamp, hash: read.hash, file };
  }
}

/** Whether two readings of a file differ in nothing. Linear in its facts. */
function saysTheSame(a: StoredFile, b: StoredFile): boolean {
  if (a.failure || b.failure || a.isParsed !== b.isParsed || a.facts.length !== b.facts.length) return false;
  return JSON.stringify([a.facts, a.problems]) === JSON.stringify([b.facts, b.problems]);
}

/** Reads a text into facts, or says why not. */
async function understand(path: string, text: string, size: number, settings: ReadSettings, limits: Limits): Promise<StoredFile> {
  const kind = kindOfPath(path) ?? 'code';
  const nothing: StoredFile = { path, kind, isParsed: false, isCached: false, facts: [], problems: [] };
  try {
    if (kind !== 'package' && size > limits.file) return kind === 'code' || isRecognised(path, text) ? problem(path, kind, tooLarge(size, limits)) : nothing;
    if (kind === 'code' && (hasLongerLine(text, limits.line) || (!settings.mayHoldFacts(text) && !formatClaiming(path)))) return nothing;
    const { facts, problems } = await readFile(path, text, settings.catalog);
    return { path, kind, isParsed: kind === 'code', isCached: false, facts, problems };
  } catch (error) {
    return { ...nothing, failure: { rule: 'engine/read', file: path, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}

/** Bytes above which a file is not even looked at. Infrastructure files beyond the limit are: only a recognised one is worth a word. */
function largest(kind: FileKind, limits: Limits): number {
  return kind === 'code' ? limits.file : Math.max(limits.file, LARGEST_LOOKED_AT);
}

function problem(path: string, kind: FileKind, because: string): StoredFile {
  const problems: FileProblem[] = [{ file: path, extent: 'not-read', because }];
  return { path, kind, isParsed: false, isCached: false, facts: [], problems };
}

function tooLarge(size: number, limits: Limits): string {
  return `${megabytes(size)} MB, the limit is ${megabytes(limits.file)} (limits.file)`;
}

function megabytes(bytes: number): string {
  const rounded = bytes < 10_000_000 ? Math.round(bytes / 10_000) / 100 : Math.round(bytes / 1_000_000);
  return String(bytes >= 100_000 && bytes < 10_000_000 ? Math.max(Math.round(bytes / 100_000) / 10, 0.1) : rounded);
}

/** Whether a line is longer than `limit`: such code is minified or generated. Linear. */
function hasLongerLine(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let start = 0;
  while (start + limit < text.length) {
    const end = text.indexOf('\n', start);
    if ((end < 0 ? text.length : end) - start > limit) return true;
    start = end + 1;
  }
  return false;
}

/** `stamp hash parsed json`: the first three are read without parsing the rest. */
function storedText(stamp: string, hash: string, file: StoredFile): string {
  return `${stamp} ${hash} ${file.isParsed ? 1 : 0} ${JSON.stringify({ facts: file.facts, problems: file.problems })}`;
}

interface StoredText {
  readonly stamp: string;
  readonly hash: string;
  /** Undefined where the line is damaged: a miss. */
  value(): (ReadResult & { readonly isParsed: boolean }) | undefined;
}

function parseStored(text: string | undefined): StoredText | undefined {
  if (text === undefined) return undefined;
  const [stamp, hash, parsed] = text.split(' ', 3);
  if (stamp === undefined || hash === undefined || parsed === undefined) return undefined;
  return {
    stamp,
    hash,
    value() {
      try {
        const result = JSON.parse(text.slice(stamp.length + hash.length + parsed.length + 3)) as ReadResult;
        return Array.isArray(result.facts) && Array.isArray(result.problems) ? { ...result, isParsed: parsed === '1' } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
