// Operations files against their own tools: workflows against actionlint, alert rules against Prometheus' parsers, units against systemd. What the tool accepts is read, and what a fix has changed is still accepted.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recogniseWorkflow } from '../../engine/artifacts/github-actions/read';
import { recognisePrometheus } from '../../engine/artifacts/prometheus/read';
import { recogniseSystemd } from '../../engine/artifacts/systemd/read';
import { editsOf } from '../../engine/lint/edit';
import type { AlertRule } from '../../engine/model/alerts';
import type { Setting } from '../../engine/model/model';
import { applyEdits } from '../../engine/text';
import { rules } from '../../rules/index';
import { linkFiles, lintFiles } from '../lint-files';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

/** Files of the corpus that a format takes, with their text; at most so many, evenly drawn. */
function corpus(wanted: (path: string, text: string) => boolean, most: number): { readonly path: string; readonly name: string; readonly text: string }[] {
  const all = repositories().flatMap((root) => filesBelow(root, (path) => /\.(?:ya?ml|rules|service)$/.test(path) && wanted(path, readFileSync(join(root, path), 'utf8'))).map((name) => ({ path: join(root, name), name, text: readFileSync(join(root, name), 'utf8') })));
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % step === 0);
}

/** The text after every fix of every rule that its findings offer first. */
async function fixed(name: string, text: string): Promise<string> {
  let result = text;
  for (const finding of await lintFiles({ [name]: text }, rules)) {
    const [fix] = finding.fixes;
    const edits = fix && (await editsOf(fix, (file) => (file === name ? text : undefined)));
    const own = edits?.get(name);
    if (own && result === text) result = applyEdits(text, own).text;
    else if (own) result = await again(name, result, finding.subject);
  }
  return result;
}

/** Applies the first fix of the finding with this subject to a text that has changed since. */
async function again(name: string, text: string, subject: string): Promise<string> {
  const finding = (await lintFiles({ [name]: text }, rules)).find((candidate) => candidate.subject === subject && candidate.fixes.length > 0);
  const [fix] = finding?.fixes ?? [];
  const edits = fix && (await editsOf(fix, (file) => (file === name ? text : undefined)));
  return applyEdits(text, edits?.get(name) ?? []).text;
}

const actionlint = toolPath('actionlint');

describe.skipIf(!actionlint || repositories().length === 0)('actionlint (needs `npm run oracles:install actionlint` and HOLDFAST_CORPUS)', () => {
  /** Kinds of complaints that a workflow's own text can cause, one for each. */
  function complaints(text: string): string[] {
    const { stdout } = spawnSync(actionlint ?? '', ['-shellcheck=', '-pyflakes=', '-format', '{{json .}}', '-'], { input: text, encoding: 'utf8' });
    return (JSON.parse(stdout === '' ? '[]' : stdout) as readonly { readonly kind: string; readonly message: string }[]).map(({ kind, message }) => `${kind}: ${message}`).sort();
  }

  it('accepts each workflow after the fixes as it did before, and we read every job of it', async () => {
    const files = corpus(recogniseWorkflow, 150);
    const worse: string[] = [];
    let changed = 0;
    for (const { path, name, text } of files) {
      const before = complaints(text);
      if (before.some((complaint) => complaint.startsWith('syntax-check'))) continue;
      const after = await fixed(name, text);
      if (after !== text) changed++;
      const added = after === text ? [] : complaints(after).filter((complaint) => !before.includes(complaint));
      if (added.length > 0) worse.push(`${path}: ${added.join('; ')}`);
      const { system } = await linkFiles({ [name]: text });
      if (system.jobs.length === 0) worse.push(`${path}: no job read`);
    }
    console.log(`${files.length} workflows, ${changed} changed by fixes, ${worse.length} worse`);
    expect(worse).toEqual([]);
  }, 600_000);
});

const prometheusRules = toolPath('prometheus-rules');

interface AlertTruth {
  readonly group: string;
  readonly name: string;
  readonly forMs: number;
  readonly rangeMs: number;
  readonly metrics: readonly string[];
  readonly functions: readonly string[];
}

describe.skipIf(!prometheusRules || repositories().length === 0)('Prometheus (needs `npm run oracles:install prometheus-rules` and HOLDFAST_CORPUS)', () => {
  function ask(paths: readonly string[]): { readonly alerts?: readonly AlertTruth[]; readonly error?: string }[] {
    const { stdout } = spawnSync(prometheusRules ?? '', { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 });
    return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { readonly alerts?: readonly AlertTruth[]; readonly error?: string });
  }

  it('agrees with at least 99 % of what we claim to know of alerts, and takes every fixed file', async () => {
    const files = corpus((path, text) => recognisePrometheus(path, text) && /^groups:/m.test(text), 400);
    const answers = ask(files.map((file) => file.path));
    const comparisons: Comparison[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-rules-'));
    const rewritten: string[] = [];
    for (const [i, { path, name, text }] of files.entries()) {
      const truths = answers[i]?.error === undefined || answers[i]?.error === '' ? answers[i]?.alerts : undefined;
      if (!truths) continue;
      const { system } = await linkFiles({ [name]: text });
      comparisons.push({ where: path, field: 'alerts', truth: truths.length, ours: { state: 'known', value: system.alertRules.length } });
      for (const [k, truth] of truths.entries()) {
        const ours = system.alertRules[k];
        if (ours) comparisons.push(...compare(`${path} ${truth.name}`, truth, ours));
      }
      const after = await fixed(name, text);
      if (after === text) continue;
      rewritten.push(join(folder, `${rewritten.length}.yml`));
      writeFileSync(rewritten.at(-1) ?? '', after);
    }
    const refused = ask(rewritten).filter((answer) => answer.error !== undefined && answer.error !== '');
    rmSync(folder, { recursive: true, force: true });
    const agreement = agree(comparisons);
    console.log(`${files.length} files\n${agreement.table}\n${(agreement.share * 100).toFixed(2)} %; ${rewritten.length} changed by fixes, ${refused.length} refused`);
    for (const one of agreement.wrong.slice(0, 20)) console.log(`${one.where} ${one.field}: truth ${JSON.stringify(one.truth)}, ours ${JSON.stringify(one.ours)}`);
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
    expect(refused).toEqual([]);
  }, 600_000);

  function compare(where: string, truth: AlertTruth, ours: AlertRule): Comparison[] {
    const known = <T>(setting: Setting<T>, value: (of: T) => unknown): Comparison['ours'] => (setting.state === 'set' || setting.state === 'default' ? { state: 'known', value: value(setting.value) } : { state: 'unknown' });
    return [
      { where, field: 'name', truth: truth.name, ours: { state: 'known', value: ours.name } },
      { where, field: 'for', truth: truth.forMs, ours: known(ours.waitMs, (ms) => ms) },
      { where, field: 'metrics', truth: truth.metrics, ours: known(ours.expression, ({ metrics }) => [...metrics].sort()) },
      { where, field: 'functions', truth: truth.functions, ours: known(ours.expression, ({ functions }) => [...functions].sort()) },
      { where, field: 'window', truth: truth.rangeMs, ours: known(ours.expression, ({ rangeMs = 0 }) => rangeMs) },
    ];
  }
});

const systemd = toolPath('systemd-analyze');

describe.skipIf(!systemd || repositories().length === 0)('systemd (needs `systemd-analyze` and HOLDFAST_CORPUS)', () => {
  /** What systemd ignores or cannot parse in a unit; programs that are not installed here are no fault of it. */
  function complaints(name: string, text: string): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-units-'));
    const path = join(folder, basename(name));
    writeFileSync(path, text);
    const { stderr } = spawnSync(systemd ?? '', ['verify', '--man=no', path], { encoding: 'utf8' });
    rmSync(folder, { recursive: true, force: true });
    return stderr.split('\n').filter((line) => line.includes(path) && /Unknown|Failed to parse|Invalid|ignoring/i.test(line)).map((line) => line.replaceAll(path, '').replace(/:\d+/g, '')).sort();
  }

  it('ignores nothing that a fix has written', async () => {
    const files = corpus(recogniseSystemd, 120).filter((file) => file.path.endsWith('.service'));
    const worse: string[] = [];
    let changed = 0;
    for (const { path, name, text } of files) {
      const after = await fixed(name, text);
      if (after === text) continue;
      changed++;
      const before = complaints(name, text);
      const added = complaints(name, after).filter((complaint) => !before.includes(complaint));
      if (added.length > 0) worse.push(`${path}: ${added.join('; ')}`);
    }
    console.log(`${files.length} units, ${changed} changed by fixes, ${worse.length} worse`);
    expect(worse).toEqual([]);
  }, 600_000);
});
