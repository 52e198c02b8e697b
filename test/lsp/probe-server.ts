// A server over an engine of a few lines, for the tests of the protocol alone: what it finds can be read off the text, and it can be made to fail or to be slow.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createNodeHost } from '../../engine/node/host';
import { kindOfPath } from '../../engine/read';
import { applyEdits, type Span, type TextEdit } from '../../engine/text';
import type { Finding } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import type { LintOptions, LintResult, Workspace, WorkspaceOptions } from '../../engine/workspace';
import { hash6 } from '../../engine/hash';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS } from '../../engine/lint/configuration';
import { serve } from '../../server/server';

/** Words of the probe: a call without a limit, a service without a restart, and texts that make the engine misbehave. */
const PATTERNS = [
  {
    pattern: /axios\.get(?=\(url\))/g,
    rule: 'fault-tolerance/require-timeout',
    message: '`axios.get` can wait for ever: axios sets no `timeout` by default.',
    safety: 'unsafe',
    title: 'Limit to 5 s with `timeout`',
    insert: ', { timeout: 5_000 }',
    offset: '(url'.length,
  },
  {
    pattern: /(?<=^ {2})\w+(?=:\n {4}image: \S+\n(?! {4}restart))/gm,
    rule: 'fault-tolerance/require-restart',
    message: 'When this ends it stays down: Compose restarts nothing by default.',
    safety: 'safe',
    title: 'Restart with `unless-stopped`',
    insert: '\n    restart: unless-stopped',
    offset: ':'.length,
  },
  {
    pattern: /advice-here/g,
    rule: 'failover/require-fallback',
    message: 'This read has no fallback.',
    safety: 'by-hand',
    title: 'Add a fallback',
    insert: '!',
    offset: 0,
  },
] as const;

function createWorkspace({ host, configurationFile }: WorkspaceOptions): Workspace {
  const overlays = new Map<string, string>();
  let crashes = 0;
  const textOf = (path: string): string | undefined => {
    const overlay = overlays.get(path);
    if (overlay !== undefined) return overlay;
    const entry = host.stat(path);
    const read = entry && host.read(entry);
    return read?.kind === 'text' ? read.text : undefined;
  };
  const lint = async ({ signal, onProgress }: LintOptions = {}): Promise<LintResult> => {
    const { files } = await host.list([], (path) => kindOfPath(path) !== undefined, signal);
    const paths = [...new Set([...files.map(({ path }) => path), ...overlays.keys()])].sort();
    const findings: Finding[] = [];
    const failures: LintResult['failures'][number][] = [];
    for (const [index, path] of paths.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'read', done: index, total: paths.length });
      const text = textOf(path) ?? '';
      if (text.includes('THROW-IN-RULE')) failures.push({ rule: 'impact/cascade', file: path, error: `Error: broken rule` });
      if (text.includes('THROW-IN-ENGINE') && crashes++ === 0) throw new Error('broken engine');
      for (let pause = 0; pause < (text.match(/SLOW/g)?.length ?? 0); pause++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        signal?.throwIfAborted();
      }
      findings.push(...findIn(path, text));
    }
    const statistics = {
      files: paths.length,
      seenFiles: paths.length,
      codeFiles: paths.length,
      infrastructureFiles: 0,
      parsedFiles: 0,
      cachedFiles: 0,
      workloads: 0,
      stores: 0,
      unknownValues: 0,
      timings: {},
    };
    return { findings, suppressed: [], problems: [], configurationProblems: [], failures, statistics, hasConfiguration: configurationFile !== undefined };
  };
  return {
    setOverlay: (path, text) => void (text === undefined ? overlays.delete(path) : overlays.set(path, text)),
    invalidate: () => undefined,
    lint,
    textOf,
    clients: [],
    configurationOf: () => ({ preset: 'recommended', severities: new Map(), options: new Map(), budgets: DEFAULT_BUDGETS, limits: DEFAULT_LIMITS, clients: [] }),
    linked: undefined,
    edits: (fix) => Promise.resolve(editsOf(fix)),
    fixAll(findings, accepts) {
      const byFile = new Map<string, TextEdit[]>();
      const applied = findings.flatMap((finding) =>
        finding.fixes
          .slice(0, 1)
          .filter((fix) => accepts(finding, fix))
          .map((fix) => ({ finding, fix })),
      );
      for (const { fix } of applied) for (const [file, edits] of editsOf(fix)) byFile.set(file, [...(byFile.get(file) ?? []), ...edits]);
      const files = new Map([...byFile].map(([file, edits]) => [file, { before: textOf(file) ?? '', after: applyEdits(textOf(file) ?? '', edits).text }]));
      return Promise.resolve({ files, applied, left: [], dropped: [] });
    },
  };
}

function findIn(path: string, text: string): Finding[] {
  return PATTERNS.flatMap(({ pattern, rule, message, safety, title, insert, offset }) =>
    [...text.matchAll(pattern)].map((match, index): Finding => {
      const span: Span = [match.index, match.index + match[0].length];
      const fix: Fix = { title, safety, operations: [{ language: 'code', file: path, kind: 'replace', span: [span[1] + offset, span[1] + offset], text: insert }] };
      return {
        rule,
        messageId: 'missing',
        severity: safety === 'by-hand' ? 'advice' : 'warning',
        message,
        label: 'probe',
        at: { file: path, span },
        related: [],
        more: [],
        moreNoun: 'calls',
        fixes: [fix],
        subject: `${rule}${index}`,
        fingerprint: hash6(`${rule}${path}${index}`),
      };
    }),
  );
}

function editsOf(fix: Fix): ReadonlyMap<string, readonly TextEdit[]> {
  const edits = new Map<string, TextEdit[]>();
  for (const operation of fix.operations) {
    if (operation.language !== 'code' || operation.kind !== 'replace') continue;
    const at = operation.text.indexOf('5_000');
    const placeholders: Span[] = at < 0 ? [] : [[at, at + 5]];
    edits.set(operation.file, [...(edits.get(operation.file) ?? []), { span: operation.span, newText: operation.text, placeholders }]);
  }
  return edits;
}

serve(createConnection(ProposedFeatures.all), {
  rules: [],
  createHost: createNodeHost,
  createWorkspace,
  pagesFolder: '/nowhere',
  version: '0.0.0',
  today: () => '2026-01-01',
});
