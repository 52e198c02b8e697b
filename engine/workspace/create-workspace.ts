// The workspace of every host: lists, reads what changed, links, runs the rules and applies suppressions.

import { compileCatalog, type CompiledCatalog } from '../catalog';
import { compilePrefilter } from '../code/prefilter';
import type { FileFacts, FileProblem } from '../facts';
import type { FileEntry } from '../host';
import { link, type LinkedWorkspace } from '../link';
import { isConfigurationFile } from '../lint/configuration-files';
import { DEFAULT_CONFIGURATIONS, loadConfigurations, type Configurations } from '../lint/configurations';
import { editsOf } from '../lint/edit';
import type { Finding } from '../lint/finding';
import { runRules, severityOf, type RuleFailure, type RunResult } from '../lint/run';
import { applySuppressions } from '../lint/suppress';
import type { Suppression } from '../lint/suppression';
import { withSuppressionRule } from '../lint/suppression-rule';
import { kindOfPath } from '../read';
import type { LintOptions, LintResult, Workspace, WorkspaceOptions } from '../workspace';
import { FileStore, type ReadSettings, type StoredFile, type TextSource } from './file-store';
import { fixAll } from './fix-all';
import { statisticsOf } from './statistics';
import { withTypes } from './with-types';
import { withWritableFixes } from './writable-fixes';

/** Characters that are read before other work of the process gets its turn. */
const SLICE = 5_000;

/** Texts that stand in for files: open documents, or the result of fixes that are not written yet. */
export type Overlays = ReadonlyMap<string, string>;

interface Listing {
  readonly entries: ReadonlyMap<string, FileEntry>;
  readonly problems: readonly FileProblem[];
  readonly seen: number;
}

/** A workspace over a host. Nothing is read before the first `lint`. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { host } = options;
  const rules = withSuppressionRule(options.rules);
  const store = new FileStore(host, options.cache);
  const overlays = new Map<string, string>();
  const clock = options.clock ?? (() => 0);
  let listing: Listing | undefined;
  let configurations: Configurations = DEFAULT_CONFIGURATIONS;
  let settings: ReadSettings | undefined;
  let linked: LinkedWorkspace | undefined;
  let linkedFrom: { readonly files: readonly StoredFile[]; readonly catalog: CompiledCatalog } | undefined;
  let beyondLimit: readonly FileProblem[] = [];
  let ranOn: { readonly linked: LinkedWorkspace; readonly configurations: Configurations; readonly result: RunResult } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const workspace: Workspace = {
    setOverlay(path, text) {
      if (text === undefined) overlays.delete(path);
      else overlays.set(path, text);
    },
    invalidate(paths) {
      if (paths.length === 0) listing = undefined;
      else for (const path of paths) refresh(path);
    },
    lint: (lintOptions = {}) => alone(() => analyse(overlays, lintOptions)),
    textOf: (path) => overlays.get(path) ?? diskText(path),
    configurationOf: (path) => configurations.of(path),
    get clients() {
      return configurations.clients;
    },
    get linked() {
      return linked;
    },
    edits: (fix) => editsOf(fix, workspace.textOf),
    fixAll: (findings, accepts, signal) =>
      alone(async () => {
        const openTexts = new Map(overlays);
        const kept = linked;
        const result = await fixAll(findings, accepts, {
          textOf: (path) => openTexts.get(path) ?? diskText(path),
          lint: async (texts) => (await analyse(new Map([...openTexts, ...texts]), signal ? { signal } : {})).findings,
          ...(signal ? { signal } : {}),
        });
        // The texts that were tried are not those of the workspace.
        linked = kept;
        linkedFrom = undefined;
        return result;
      }),
  };
  return workspace;

  /** One analysis at a time: a later call waits for the earlier one, which an aborted signal ends soon. */
  function alone<T>(task: () => Promise<T>): Promise<T> {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  }

  function diskText(path: string): string | undefined {
    const entry = listing?.entries.get(path) ?? host.stat(path);
    if (!entry) return undefined;
    const read = host.read(entry);
    return read.kind === 'text' ? read.text : undefined;
  }

  /** Looks at one path again; a new one needs a new listing, since only that knows whether it is ignored. */
  function refresh(path: string): void {
    if (!listing) return;
    const entry = host.stat(path);
    const isKnown = listing.entries.has(path);
    if (/(^|\/)\.(git|holdfast)ignore$/.test(path) || (!isKnown && entry && isOfInterest(path)) || [...listing.entries.keys()].some((known) => known.startsWith(`${path}/`))) {
      listing = undefined;
      return;
    }
    if (!isKnown) return;
    const entries = new Map(listing.entries);
    if (entry) entries.set(path, entry);
    else entries.delete(path);
    listing = { ...listing, entries };
  }

  async function analyse(texts: Overlays, lintOptions: LintOptions): Promise<LintResult> {
    const { signal, onProgress } = lintOptions;
    const timings: Record<string, number> = {};
    const timed = async <T>(phase: string, task: () => T | Promise<T>): Promise<T> => {
      signal?.throwIfAborted();
      const start = clock();
      const result = await task();
      timings[phase] = (timings[phase] ?? 0) + clock() - start;
      return result;
    };
    onProgress?.({ phase: 'list', done: 0, total: 0 });
    const listed = await timed('list', () => listFiles(signal));
    await timed('configuration', () => loadConfiguration(listed, texts));
    const untyped = await timed('read', () => readAll(listed, texts, lintOptions));
    onProgress?.({ phase: 'link', done: 0, total: 1 });
    const { catalog } = readSettings();
    const bound = await timed('link', () => linkAll(untyped, catalog));
    const ask = options.types;
    const typed = ask && (await timed('types', () => withTypes(untyped, bound, { catalog, ask, textOf: (path) => texts.get(path) ?? diskText(path), signal })));
    const before = typed && typed.calls.size > 0 ? await timed('rules', () => runAll(bound).findings) : undefined;
    const current = typed?.files ?? untyped;
    const joined = before ? await timed('link', () => linkAll(current, catalog)) : bound;
    onProgress?.({ phase: 'rules', done: 0, total: rules.length });
    const ran = await timed('rules', () => runAll(joined));
    for (const [rule, ms] of ran.timings) timings[rule] = ms;
    const failures: RuleFailure[] = [...current.flatMap((file) => file.failure ?? []), ...ran.failures];
    const filtered = await timed('suppressions', () => suppress(ran.findings, current, failures, texts));
    const repairable = await timed('fixes', () => withWritableFixes(filtered.findings, (path) => texts.get(path) ?? diskText(path)));
    const isWanted = wanted(lintOptions.paths ?? []);
    const ofFiles = current.flatMap((file) => file.problems);
    // Options that cannot be read were said already by who reads the file.
    const ofTypes = (typed?.problems ?? []).filter(({ file }) => !ofFiles.some((problem) => problem.file === file));
    const problems = [...listed.problems, ...beyondLimit, ...ofFiles, ...ofTypes];
    const findings = repairable.filter((finding) => isWanted(finding.at.file));
    return {
      findings,
      suppressed: filtered.suppressed.filter(({ finding }) => isWanted(finding.at.file)),
      problems: problems.filter((problem) => problem.file === '.' || isWanted(problem.file)).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
      configurationProblems: configurations.problems,
      failures,
      statistics: statisticsOf(current, joined, listed.seen, timings, isWanted),
      ...(typed ? { types: { calls: [...typed.calls].reduce((sum, [path, calls]) => sum + (isWanted(path) ? calls : 0), 0), withoutPackages: typed.withoutPackages, findings: before ? newFindings(findings, before) : new Set<string>() } } : {}),
      hasConfiguration: configurations.isPresent,
    };
  }

  async function listFiles(signal: AbortSignal | undefined): Promise<Listing> {
    if (listing) return listing;
    let seen = 0;
    const found = await host.list([], (path) => (seen++, isOfInterest(path)), signal);
    const entries = new Map(found.files.map((entry) => [entry.path, entry]));
    listing = { entries, seen, problems: found.problems.map(({ path, because }) => ({ file: path, extent: 'not-read', because })) };
    return listing;
  }

  async function loadConfiguration(listed: Listing, texts: Overlays): Promise<void> {
    const loaded = await loadConfigurations({
      files: [...listed.entries.keys(), ...[...texts.keys()].filter((path) => !listed.entries.has(path))],
      above: host.above ?? [],
      read: (path) => texts.get(path) ?? diskText(path),
      stampOf: (path) => (texts.has(path) ? `text:${texts.get(path) ?? ''}` : (listed.entries.get(path) ?? host.stat(path))?.stamp),
      rules,
      severities: options.severities ?? new Map(),
      ...(options.configurationFile === undefined ? {} : { only: options.configurationFile }),
      previous: configurations,
    });
    if (loaded === configurations) return;
    configurations = loaded;
    settings = undefined;
  }

  function readSettings(): ReadSettings {
    if (settings) return settings;
    const catalog = compileCatalog(configurations.clients);
    settings = { catalog, mayHoldFacts: options.usesPrefilter === false ? () => true : compilePrefilter(catalog) };
    return settings;
  }

  async function readAll(listed: Listing, texts: Overlays, { signal, onProgress }: LintOptions): Promise<StoredFile[]> {
    const all = sourcesOf(listed, texts);
    const most = configurations.of('').limits.files;
    const sources = all.slice(0, most);
    beyondLimit = all.length > most ? [{ file: '.', extent: 'in-part', because: `${all.length} files; the first ${most} by name were read (limits.files)` }] : [];
    const read: StoredFile[] = [];
    let slice = 0;
    for (const [path, source] of sources) {
      signal?.throwIfAborted();
      const file = await store.read(path, source, readSettings(), configurations.of(path).limits);
      read.push(file);
      slice += file.isParsed || file.kind !== 'code' ? (source.kind === 'disk' ? source.entry.size : source.text.length) : 2_000;
      if (slice > SLICE) {
        slice = 0;
        onProgress?.({ phase: 'read', done: read.length, total: sources.length });
        await host.pause?.();
      }
    }
    onProgress?.({ phase: 'read', done: sources.length, total: sources.length });
    store.keepOnly((path) => listed.entries.has(path) || texts.has(path));
    options.cache?.flush();
    return read;
  }

  /** Files to read, in order of their paths: the listing, with open texts in place of the disk's, and open documents that have no file yet. */
  function sourcesOf(listed: Listing, texts: Overlays): (readonly [string, TextSource])[] {
    const sources: (readonly [string, TextSource])[] = [];
    for (const [path, entry] of listed.entries) {
      if (kindOfPath(path) === undefined || configurations.ignores(path)) continue;
      const text = texts.get(path);
      sources.push([path, text === undefined ? { kind: 'disk', entry } : { kind: 'overlay', text }]);
    }
    for (const [path, text] of texts) {
      if (!listed.entries.has(path) && isOfInterest(path) && kindOfPath(path) !== undefined && !configurations.ignores(path) && !host.stat(path)) sources.push([path, { kind: 'overlay', text }]);
    }
    return sources.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  }

  /** Runs the rules, or gives what they found on the same join and configuration. */
  function runAll(joined: LinkedWorkspace): RunResult {
    if (ranOn?.linked !== joined || ranOn.configurations !== configurations) ranOn = { linked: joined, configurations, result: runRules(joined, rules, configurations.of, options.clock) };
    return ranOn.result;
  }

  function linkAll(files: readonly StoredFile[], catalog: CompiledCatalog): LinkedWorkspace {
    const isSame = linkedFrom?.catalog === catalog && linkedFrom.files.length === files.length && files.every((file, index) => file === linkedFrom?.files[index]);
    if (!linked || !isSame) {
      linked = link(files.flatMap((file): readonly FileFacts[] => file.facts), catalog);
      linkedFrom = { files, catalog };
    }
    return linked;
  }

  function suppress(findings: LintResult['findings'], files: readonly StoredFile[], failures: readonly RuleFailure[], texts: Overlays): ReturnType<typeof applySuppressions> {
    const suppressions = new Map<string, readonly Suppression[]>();
    const incomplete = new Set<string>();
    for (const file of files) {
      const own = file.facts.flatMap((facts): readonly Suppression[] => ('suppressions' in facts ? facts.suppressions : []));
      if (own.length > 0) suppressions.set(file.path, own);
      if (file.problems.length > 0 || file.facts.some((facts) => facts.kind === 'code' && facts.hasErrors)) incomplete.add(file.path);
    }
    const failed = new Set(failures.map((failure) => failure.rule));
    const byId = new Map(rules.map((rule) => [rule.id as string, rule]));
    return applySuppressions({
      findings,
      suppressions,
      rules,
      configurationOf: configurations.of,
      textOf: (path) => texts.get(path) ?? diskText(path),
      couldSpeak(id, path) {
        if (incomplete.has(path) || failed.has(id)) return false;
        const rule = byId.get(id);
        return rule === undefined || severityOf(rule, rule.severity, configurations.of(path)) !== 'off';
      },
      today: options.today,
      peerRules: readSettings().catalog.peerRules,
    });
  }
}

function isOfInterest(path: string): boolean {
  return (kindOfPath(path) !== undefined && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/i.test(path)) || isConfigurationFile(path);
}

/** Fingerprints of findings that stand at no place where the same was found before. */
function newFindings(findings: readonly Finding[], before: readonly Finding[]): ReadonlySet<string> {
  const key = ({ rule, messageId, at }: Finding): string => `${rule} ${messageId} ${at.file} ${at.span.join(' ')}`;
  const known = new Set(before.map(key));
  return new Set(findings.filter((finding) => !known.has(key(finding))).map(({ fingerprint }) => fingerprint));
}

/** Whether a file lies in one of the folders or is one of the files; all when none is named. */
function wanted(paths: readonly string[]): (file: string) => boolean {
  const plain = paths.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  if (plain.length === 0 || plain.some((path) => path === '' || path === '.')) return () => true;
  return (file) => plain.some((path) => file === path || file.startsWith(`${path}/`));
}
