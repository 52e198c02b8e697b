// CloudFormation and SAM against cfn-lint's own resolver of parameters, mappings, conditions and intrinsics, and SAM's merge of Globals; and cfn-lint's errors before and after our fixes.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CloudValue } from '../../engine/artifacts/cloud';
import { readCloudFormation } from '../../engine/artifacts/cloudformation/read';
import { recogniseCloudFormation } from '../../engine/artifacts/cloudformation/recognise';
import { cloudFormationResources } from '../../engine/artifacts/cloudformation/resources';
import { editsOf } from '../../engine/lint/edit';
import { applyEdits } from '../../engine/text';
import { rules } from '../../rules';
import { lintFiles } from '../lint-files';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('cfn-lint');
const TEMPLATE = /\.(?:ya?ml|json|template)$/i;

interface Truth {
  readonly path: string;
  readonly error?: string;
  readonly resources?: Readonly<Record<string, readonly { readonly path: readonly (string | number)[]; readonly values: readonly unknown[] }[]>>;
}

/** Templates of the corpus, by path. */
function templates(): Map<string, string> {
  const found = new Map<string, string>();
  for (const root of repositories()) {
    for (const path of filesBelow(root, (name) => TEMPLATE.test(name))) {
      const text = readFileSync(join(root, path), 'utf8');
      if (recogniseCloudFormation(path, text)) found.set(join(root, path), text);
    }
  }
  return found;
}

describe.skipIf(!program || repositories().length === 0)('cfn-lint (needs `npm run oracles:install cfn-lint` and HOLDFAST_CORPUS)', () => {
  it('agrees with at least 99 % of the values that we claim to know', () => {
    const texts = templates();
    const comparisons: Comparison[] = [];
    let files = 0;
    let refused = 0;
    for (const truth of truths([...texts.keys()])) {
      const text = texts.get(truth.path);
      if (text === undefined || !truth.resources) {
        refused++;
        continue;
      }
      files++;
      // Alone: what other stacks pass is no part of the truth at hand.
      const { facts } = readCloudFormation(truth.path, text);
      const ours = new Map(cloudFormationResources([facts], { hasFile: () => false, factsOf: () => [] }).map((resource) => [resource.name, resource]));
      for (const [name, leaves] of Object.entries(truth.resources)) {
        const resource = ours.get(name);
        if (!resource) continue;
        for (const { path, values } of leaves) if (path.length > 0) comparisons.push(compare(`${truth.path} ${name} ${path.join('.')}`, resource.type, resource.properties, path, values));
      }
    }
    const agreement = agree(comparisons);
    console.log(`${files} templates, ${refused} that cfn-lint refuses: ${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown: ${(agreement.share * 100).toFixed(2)} %`);
    for (const one of agreement.wrong.slice(0, 60)) console.log(`${one.where}: truth ${JSON.stringify(one.truth)?.slice(0, 200)}, ours ${JSON.stringify(one.ours).slice(0, 200)}`);
    expect(files).toBeGreaterThanOrEqual(300);
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  });

  it('finds no new error in a template that we have fixed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-cfn-'));
    try {
      const seen = new Map<string, number>();
      const pairs: { readonly before: string; readonly after: string; readonly rule: string; readonly title: string }[] = [];
      for (const [path, text] of [...templates()].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (pairs.length >= MOST_FIXES) break;
        const name = `t${pairs.length}${extname(path)}`;
        for (const finding of await lintFiles({ [name]: text }, rules)) {
          for (const fix of finding.fixes) {
            const kind = `${finding.rule} ${extname(path)}`;
            if ((seen.get(kind) ?? 0) >= MOST_OF_A_KIND) continue;
            const edits = (await editsOf(fix, (file) => (file === name ? text : undefined)))?.get(name);
            if (!edits) continue;
            seen.set(kind, (seen.get(kind) ?? 0) + 1);
            const number = pairs.length;
            const [before, after] = ['a', 'b'].map((side) => join(folder, `${number}${side}${extname(path)}`));
            if (before === undefined || after === undefined) continue;
            writeFileSync(before, text);
            writeFileSync(after, applyEdits(text, edits).text);
            pairs.push({ before, after, rule: finding.rule, title: fix.title });
          }
        }
      }
      const errors = errorsOf(pairs.flatMap(({ before, after }) => [before, after]));
      const worse = pairs.flatMap(({ before, after, rule, title }) => {
        const known = new Set(errors.get(before) ?? []);
        const made = (errors.get(after) ?? []).filter((error) => !known.has(error));
        return made.length > 0 ? [`${rule} "${title}": ${made.join('; ')}`] : [];
      });
      console.log(`${pairs.length} fixes, ${worse.length} with a new error\n${worse.slice(0, 40).join('\n')}`);
      expect(pairs.length).toBeGreaterThan(0);
      expect(worse).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const MOST_FIXES = 300;
/** Fixes of one rule in one kind of file: many templates ask for the same. */
const MOST_OF_A_KIND = 12;

function truths(paths: readonly string[]): Truth[] {
  const script = join(import.meta.dirname, 'cfn-values', 'values.py');
  const { stdout } = spawnSync(join(dirname(program ?? ''), 'python'), [script], { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30 });
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Truth);
}

/** Errors (no warnings) of each file: rule and message, without places, which a fix may move. */
function errorsOf(paths: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let from = 0; from < paths.length; from += 50) {
    const { stdout } = spawnSync(program ?? '', ['--format', 'json', '--', ...paths.slice(from, from + 50)], { encoding: 'utf8', maxBuffer: 1 << 29 });
    for (const one of JSON.parse(stdout === '' ? '[]' : stdout) as { Filename: string; Level: string; Message: string; Rule: { Id: string } }[]) {
      if (one.Level === 'Error') found.set(one.Filename, [...(found.get(one.Filename) ?? []), `${one.Rule.Id} ${one.Message.replace(/\(line \d+\)/g, '')}`]);
    }
  }
  return found;
}

type Ours = Comparison['ours'];

function compare(where: string, field: string, properties: CloudValue, path: readonly (string | number)[], values: readonly unknown[]): Comparison {
  const options = at(properties, path, 0);
  const truth = values.map(plain);
  if (options === undefined) return { where, field, truth, ours: { state: 'unknown' } };
  // Each value that we hold possible is one of those that the tool holds possible.
  const strange = options.filter((option) => !truth.some((one) => one === option));
  const ours: Ours = { state: 'known', value: strange.length === 0 ? truth : options };
  return { where, field, truth, ours };
}

/** All values that may stand at a path, as text; undefined where one of them is not known. */
function at(value: CloudValue | undefined, path: readonly (string | number)[], index: number): string[] | undefined {
  if (value === undefined) return ['absent'];
  if (value.kind === 'either') {
    const all = value.options.filter((option) => option !== undefined).map((option) => at(option, path, index));
    return all.includes(undefined) ? undefined : all.flatMap((one) => one ?? []);
  }
  const step = path[index];
  if (step === undefined) return value.kind === 'text' || value.kind === 'number' || value.kind === 'boolean' ? [plain(value.value)] : value.kind === 'map' && isKnown(value) ? [plain(JSON.stringify(jsonOf(value)))] : undefined;
  if (value.kind === 'list' && typeof step === 'number') return value.isOpen ? undefined : at(value.items[step], path, index + 1);
  if (value.kind !== 'map') return undefined;
  return value.isOpen && !(step in value.entries) ? undefined : at(value.entries[String(step)], path, index + 1);
}

function isKnown(value: CloudValue): boolean {
  if (value.kind === 'map') return Object.values(value.entries).every(isKnown);
  return value.kind === 'list' ? value.items.every(isKnown) : value.kind !== 'unknown' && value.kind !== 'either' && value.kind !== 'reference';
}

function jsonOf(value: CloudValue): unknown {
  if (value.kind === 'map') return Object.fromEntries(Object.entries(value.entries).map(([name, one]) => [name, jsonOf(one)]));
  if (value.kind === 'list') return value.items.map(jsonOf);
  return 'value' in value ? value.value : null;
}

/** Services take `true` and `"true"`, `5` and `"5"` for the same; JSON in a text is compared without its white space. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return 'absent';
  if (typeof value !== 'string' || !/^\s*\{/.test(value)) return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/^(?:True|False)$/, (word) => word.toLowerCase());
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return value;
  }
}
