import { describe, expect, it } from 'vitest';
import { memoryCache, memoryHost, workspaceOf } from '../../test/lint-example';
import { ENGINE_VERSION } from '../version';
import { createWorkspace, type LintResult, type WorkspaceOptions } from '../workspace';
import { version } from '../../package.json';
import { defineRule, type Rule } from '../lint/rule';
import type { Host } from '../host';
import type { Fix } from '../lint/fix';

/** Finds every call of axios, and wants it to be `done(…)`; reads nothing but facts of code. */
const everyCall: Rule = defineRule({
  id: 'fault-tolerance/every-call',
  since: '0.1.0',
  reads: 'code',
  severity: 'warning',
  fault: 'hung',
  messages: { found: 'found' },
  docs: { what: 'What.', why: 'Why.', fix: 'Fix.', not: 'Not.' },
  check({ file, report }) {
    for (const call of file.facts.calls) {
      report({
        at: { file: file.path, span: call.callee },
        message: 'found',
        subject: call.calleeText,
        fixes: [
          { title: 'Make it `done`', safety: 'safe', operations: [{ language: 'code', kind: 'replace', file: file.path, span: call.callee, text: 'done', isVerbatim: true }] },
          { title: 'Break it', safety: 'unsafe', operations: [{ language: 'code', kind: 'replace', file: file.path, span: call.callee, text: ')(', isVerbatim: true }] },
        ],
      });
    }
  },
  examples: { bad: [{ name: 'x', files: {}, expect: 'found' }], good: [], unknown: [] },
});

const CALL = "import axios from 'axios';\nexport const get = () => axios.get('http://a');\n";
const TWO_CALLS = "import axios from 'axios';\nexport const get = () => [axios.get('http://a'), axios.post('http://b')];\n";

const lint = (files: Record<string, string>, more: Partial<WorkspaceOptions> = {}): Promise<LintResult> => workspaceOf(files, { rules: [everyCall], ...more }).lint();
const places = (result: LintResult): string[] => result.findings.map((finding) => `${finding.at.file}:${finding.at.span[0]} ${finding.rule.slice(finding.rule.indexOf('/') + 1)} ${finding.severity}`);

describe('a run', () => {
  it('finds, suppresses, configures and counts', async () => {
    const result = await lint({
      'a.ts': CALL,
      'b.ts': `// holdfast-disable-file every-call -- measured\n${CALL}`,
      'c/d.ts': CALL,
      'c/holdfast.yaml': 'rules: { every-call: error }\n',
      'e/f.ts': CALL,
      'holdfast.yaml': 'ignore: [e/]\nrules: { every-cal: off }\n',
      'notes.md': 'nothing',
    });
    expect(places(result)).toEqual(['a.ts:52 every-call warning', 'c/d.ts:52 every-call error']);
    expect(result.suppressed.map(({ finding, reason }) => `${finding.at.file} ${reason}`)).toEqual(['b.ts measured']);
    expect(result.configurationProblems.map(({ message, nearest }) => `${message} ${nearest ?? ''}`)).toEqual(['there is no rule `every-cal` every-call']);
    expect(result.hasConfiguration).toBe(true);
    expect(result.statistics).toMatchObject({ files: 3, codeFiles: 3, parsedFiles: 3, seenFiles: 7, infrastructureFiles: 0 });
    expect(result.problems).toEqual([]);
  });

  it('reports on the paths that are asked for, and models everything', async () => {
    const workspace = workspaceOf({ 'a/x.ts': CALL, 'ab/x.ts': CALL, 'b.ts': CALL }, { rules: [everyCall] });
    expect(places(await workspace.lint({ paths: ['./a/', 'b.ts'] }))).toEqual(['a/x.ts:52 every-call warning', 'b.ts:52 every-call warning']);
    expect(workspace.linked?.code.files.map((file) => file.path)).toEqual(['a/x.ts', 'ab/x.ts', 'b.ts']);
  });

  it('lets the host set a severity above the configuration', async () => {
    expect(places(await lint({ 'a.ts': CALL, 'holdfast.yaml': 'rules: { every-call: off }' }, { severities: new Map([['every-call', 'info']]) }))).toEqual(['a.ts:52 every-call info']);
  });

  it('says why a file was not read', async () => {
    const files = { 'large.ts': `const a = '${'x'.repeat(3_000_000)}';\n`, 'large.json': `{"a":"${'x'.repeat(3_000_000)}"}`, 'a.ts': CALL };
    const result = await lint(files);
    expect(result.problems).toEqual([{ file: 'large.ts', extent: 'not-read', because: '3 MB, the limit is 2 (limits.file)' }]);
    expect(places(result)).toEqual(['a.ts:52 every-call warning']);
    expect((await lint({ ...files, 'holdfast.yaml': 'limits: { file: 5MB }' })).problems).toEqual([]);
  });

  it('takes code with a line above the limit for generated, without a word', async () => {
    const files = { 'a.ts': CALL, 'long.ts': `${CALL}//${'x'.repeat(300)}\n` };
    expect(places(await lint(files))).toHaveLength(2);
    const short = await lint({ ...files, 'holdfast.yaml': 'limits: { line: 200 }' });
    expect([places(short), short.problems]).toEqual([['a.ts:52 every-call warning'], []]);
  });

  it('says so when there are more files than it may read', async () => {
    const result = await lint({ 'a.ts': CALL, 'b.ts': CALL, 'c.ts': CALL, 'holdfast.json': '{ "limits": { "files": 2 } }' });
    expect(places(result)).toEqual(['a.ts:52 every-call warning', 'b.ts:52 every-call warning']);
    expect(result.problems).toEqual([{ file: '.', extent: 'in-part', because: '4 files; the first 2 by name were read (limits.files)' }]);
  });

  it('reports a rule that throws once, with the findings of all others', async () => {
    const broken: Rule = { ...everyCall, id: 'isolation/broken', reads: 'code', check: () => { throw new Error('broken'); } };
    const result = await lint({ 'a.ts': CALL, 'b.ts': CALL }, { rules: [broken, everyCall] });
    expect(result.failures.map(({ rule, file }) => `${rule} ${file ?? ''}`)).toEqual(['isolation/broken a.ts']);
    expect(result.findings).toHaveLength(2);
  });

  it('ends when it is told to, and the next run is whole', async () => {
    const workspace = workspaceOf({ 'a.ts': CALL, 'b.ts': CALL }, { rules: [everyCall] });
    const controller = new AbortController();
    const run = workspace.lint({ signal: controller.signal, onProgress: ({ phase }) => phase === 'read' && controller.abort(new Error('newer edit')) });
    await expect(run).rejects.toThrow('newer edit');
    expect((await workspace.lint()).findings).toHaveLength(2);
  });
});

describe('over time', () => {
  it('reads a file again only when it changed, and understands it again only when its text did', async () => {
    const files: Record<string, string> = { 'a.ts': CALL, 'b.ts': CALL };
    const host = memoryHost(files);
    const workspace = createWorkspace({ host, rules: [everyCall] });
    const first = await workspace.lint();
    host.reads.length = 0;
    expect(await workspace.lint()).toEqual(first);
    files['a.ts'] = TWO_CALLS;
    expect((await workspace.lint()).findings).toHaveLength(2);
    workspace.invalidate(['a.ts']);
    expect((await workspace.lint()).findings).toHaveLength(3);
    expect(host.reads).toEqual(['a.ts']);
    delete files['b.ts'];
    files['c.ts'] = CALL;
    workspace.invalidate(['b.ts', 'c.ts']);
    expect(places(await workspace.lint())).toEqual(['a.ts:53 every-call warning', 'a.ts:76 every-call warning', 'c.ts:52 every-call warning']);
  });

  it('takes an open document for the file on disk, also one without a file', async () => {
    const workspace = workspaceOf({ 'a.ts': CALL }, { rules: [everyCall] });
    workspace.setOverlay('a.ts', 'export {};\n');
    workspace.setOverlay('new.ts', CALL);
    expect(places(await workspace.lint())).toEqual(['new.ts:52 every-call warning']);
    expect(workspace.textOf('a.ts')).toBe('export {};\n');
    workspace.setOverlay('a.ts', undefined);
    workspace.setOverlay('new.ts', undefined);
    expect(places(await workspace.lint())).toEqual(['a.ts:52 every-call warning']);
  });

  it('follows a change of the configuration, in an open document too', async () => {
    const workspace = workspaceOf({ 'a.ts': CALL, 'holdfast.yaml': 'rules: { every-call: error }' }, { rules: [everyCall] });
    expect(places(await workspace.lint())).toEqual(['a.ts:52 every-call error']);
    workspace.setOverlay('holdfast.yaml', 'rules: { every-call: off }');
    expect(places(await workspace.lint())).toEqual([]);
    expect(workspace.configurationOf('a.ts').severities.get('fault-tolerance/every-call')).toBe('off');
  });

  it('gives two runs at once the same answer', async () => {
    const workspace = workspaceOf({ 'a.ts': CALL }, { rules: [everyCall] });
    const [one, two] = await Promise.all([workspace.lint(), workspace.lint()]);
    expect(one).toEqual(two);
  });
});

describe('the cache', () => {
  it('gives the same findings as no cache, and reads nothing where no stamp changed', async () => {
    const files = { 'a.ts': CALL, 'b.ts': TWO_CALLS, 'c.ts': 'export const nothing = 1;\n', 'package.json': '{"dependencies":{"axios":"^1.0.0"}}' };
    const cache = memoryCache();
    const plain = await lint(files);
    const first = await lint(files, { cache });
    const host = memoryHost(files);
    const second = await lint(files, { cache, host });
    expect(first.findings).toEqual(plain.findings);
    expect(second.findings).toEqual(plain.findings);
    expect(second.statistics.cachedFiles).toBe(4);
    expect(host.reads.filter((path) => path !== 'package.json')).toEqual([]);
  });

  it('is of no use to damaged values', async () => {
    const cache = memoryCache();
    await lint({ 'a.ts': CALL }, { cache });
    for (const [key, value] of cache.values) cache.values.set(key, value.slice(0, -5));
    expect((await lint({ 'a.ts': CALL }, { cache })).findings).toHaveLength(1);
  });
});

describe('fixing', () => {
  it('applies the first accepted fix of each finding until nothing is left, and writes nothing', async () => {
    const files = { 'a.ts': TWO_CALLS, 'b.ts': CALL };
    const workspace = workspaceOf(files, { rules: [everyCall] });
    const { findings } = await workspace.lint();
    const fixed = await workspace.fixAll(findings, (_finding, fix) => fix.safety === 'safe');
    expect(Object.fromEntries([...fixed.files].map(([file, { after }]) => [file, after]))).toEqual({
      'a.ts': "import axios from 'axios';\nexport const get = () => [done('http://a'), done('http://b')];\n",
      'b.ts': "import axios from 'axios';\nexport const get = () => done('http://a');\n",
    });
    expect([fixed.applied.length, fixed.left.length, fixed.dropped.length]).toEqual([3, 0, 0]);
    expect((await workspace.lint()).findings).toEqual(findings);
  });

  it('takes one of two fixes that would add a key at the same place, and looks again', async () => {
    const adding = (name: string, offset: (text: string) => number, text: string): Rule => defineRule({
      ...everyCall,
      id: `isolation/${name}`,
      reads: 'code',
      check({ file, report }) {
        const [call] = file.facts.calls;
        if (!call || file.facts.length !== CALL.length) return;
        const at = offset(CALL);
        report({ at: { file: file.path, span: call.callee }, message: 'found', subject: name, fixes: [{ title: `Add ${name}`, safety: 'safe', operations: [{ language: 'code', kind: 'replace', file: file.path, span: [at, at], text, isVerbatim: true }] }] });
      },
    });
    const end = (text: string): number => text.indexOf('\n');
    const workspace = workspaceOf({ 'a.ts': CALL }, { rules: [adding('before', end, ' // one'), adding('after', (text) => end(text) + 1, '// two\n')] });
    const { findings } = await workspace.lint();
    const fixed = await workspace.fixAll(findings, () => true);
    expect(fixed.applied.map(({ fix }) => fix.title)).toEqual(['Add after']);
  });

  it('keeps to the rules and files that were asked for', async () => {
    const workspace = workspaceOf({ 'a.ts': CALL, 'b.ts': CALL }, { rules: [everyCall] });
    const { findings } = await workspace.lint();
    const fixed = await workspace.fixAll(findings.slice(0, 1), () => true);
    expect([...fixed.files.keys()]).toEqual(['a.ts']);
  });

  it('drops a fix that does not help, and keeps the others', async () => {
    const useless: Rule = defineRule({
      ...everyCall,
      id: 'isolation/useless',
      reads: 'code',
      check({ file, report }) {
        if (file.path !== 'a.ts') return;
        const fix: Fix = { title: 'Add a comment', safety: 'safe', operations: [{ language: 'code', kind: 'replace', file: file.path, span: [0, 0], text: '//\n', isVerbatim: true }] };
        for (const call of file.facts.calls) report({ at: { file: file.path, span: call.callee }, message: 'found', subject: call.calleeText, fixes: [fix] });
      },
    });
    const workspace = workspaceOf({ 'a.ts': TWO_CALLS, 'b.ts': CALL, 'holdfast.yaml': 'overrides: [{ files: [a.ts], rules: { every-call: off } }]' }, { rules: [useless, everyCall] });
    const { findings } = await workspace.lint();
    const fixed = await workspace.fixAll(findings, (_finding, fix) => fix.safety === 'safe');
    expect([...fixed.files.keys()]).toEqual(['b.ts']);
    expect(fixed.files.get('b.ts')?.after).toBe("import axios from 'axios';\nexport const get = () => done('http://a');\n");
    expect(new Set(fixed.dropped.map(({ fix }) => fix.title))).toEqual(new Set(['Add a comment']));
  });

  it('drops a fix that would break the file, and names it', async () => {
    const workspace = workspaceOf({ 'a.ts': CALL }, { rules: [everyCall] });
    const { findings } = await workspace.lint();
    const fixed = await workspace.fixAll(findings, (_finding, fix) => fix.safety === 'unsafe');
    expect([fixed.files.size, fixed.applied.length, fixed.dropped.map(({ fix }) => fix.title)]).toEqual([0, 0, ['Break it']]);
  });
});

it('bears the version of the package', () => {
  expect(ENGINE_VERSION).toBe(version);
});

it('needs no optional part of a host', async () => {
  const { list, read, stat }: Host = memoryHost({ 'a.ts': CALL });
  expect((await createWorkspace({ host: { list, read, stat }, rules: [everyCall] }).lint()).findings).toHaveLength(1);
});
