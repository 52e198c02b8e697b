// Terraform against HashiCorp's HCL and cty: every value that we claim to know of a module that is deployed as it is, and the formatter on what our fixes write.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CloudResource, CloudValue } from '../../engine/artifacts/cloud';
import type { ArtifactIntent } from '../../engine/artifacts/intent';
import { parseHcl } from '../../engine/artifacts/hcl/parse';
import { readTerraform } from '../../engine/artifacts/terraform/read';
import { terraformResources } from '../../engine/artifacts/terraform/resources';
import { writeTerraform } from '../../engine/artifacts/terraform/write';
import { applyEdits } from '../../engine/text';
import { folderOf } from '../../engine/model/paths';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('terraform-values');
const NEEDS = '(needs `npm run oracles:install terraform-values` and HOLDFAST_CORPUS)';

interface Truth {
  readonly folder: string;
  readonly error?: string;
  readonly resources?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe.skipIf(!program || repositories().length === 0)(`HCL and cty ${NEEDS}`, () => {
  it('agrees with at least 99 % of the values that we claim to know, and reads every file that HCL reads', () => {
    const comparisons: Comparison[] = [];
    const unread: string[] = [];
    let files = 0;
    for (const root of repositories()) {
      const folders = groupByFolder(filesBelow(root, (path) => /\.(?:tf|tfvars)$/.test(path)));
      const names = [...folders.keys()].filter((folder) => folders.get(folder)?.some((path) => path.endsWith('.tf')));
      const truths = ask(names.map((folder) => join(root, folder)), []).map((line) => JSON.parse(line) as Truth);
      for (const [i, folder] of names.entries()) {
        const truth = truths[i];
        const texts = (folders.get(folder) ?? []).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
        if (!truth?.resources) continue;
        files += texts.length;
        unread.push(...texts.filter(({ path, text }) => path.endsWith('.tf') && parseHcl(text).errors.length > 0).map(({ path }) => `${root}/${path}`));
        const ours = new Map(terraformResources(texts.map(({ path, text }) => readTerraform(path, text).facts)).map((resource) => [`${resource.type}.${resource.name}`, resource]));
        for (const [address, values] of Object.entries(truth.resources)) {
          const resource = ours.get(address);
          if (resource) comparisons.push(...compare(`${root}/${folder} ${address}`, values, resource));
        }
      }
    }
    const agreement = agree(comparisons);
    console.log(`${files} files; ${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown: ${(agreement.share * 100).toFixed(2)} %`);
    for (const one of agreement.wrong.slice(0, 60)) console.log(`${one.where} ${one.field}: truth ${JSON.stringify(one.truth)}, ours ${JSON.stringify(one.ours)}`);
    expect(unread).toEqual([]);
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  });

  it('writes what the formatter leaves as it is, in files that were formatted before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'formatted-'));
    const cases: { readonly where: string; readonly path: string }[] = [];
    try {
      for (const root of repositories()) {
        const paths = filesBelow(root, (path) => path.endsWith('.tf'));
        const formatted = ask(paths.map((path) => join(root, path)), ['fmt']);
        for (const [i, path] of paths.entries()) {
          if (formatted[i] !== 'true') continue;
          const text = readFileSync(join(root, path), 'utf8');
          const blocks = parseHcl(text).body.blocks.filter((block) => block.type === 'resource').slice(0, 3);
          for (const block of blocks) {
            for (const intent of INTENTS) {
              const edits = writeTerraform(text, { file: path, format: 'terraform', document: 0, path: [block.type, ...block.labels.map((label) => label.text)] }, intent);
              if (!edits) continue;
              const made = join(folder, `${cases.length}.tf`);
              writeFileSync(made, applyEdits(text, edits).text);
              cases.push({ where: `${root}/${path} ${block.labels.map((label) => label.text).join('.')} ${JSON.stringify(intent)}`, path: made });
            }
          }
        }
      }
      const answers = ask(cases.map((one) => one.path), ['fmt']);
      const wrong = cases.filter((_, i) => answers[i] !== 'true');
      console.log(`${cases.length} edits, ${wrong.length} that the formatter would change\n${wrong.slice(0, 20).map((one) => one.where).join('\n')}`);
      expect(wrong.length / cases.length).toBeLessThan(0.01);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const INTENTS: readonly ArtifactIntent[] = [
  { kind: 'set-property', path: ['multi_az'], value: true },
  { kind: 'set-property', path: ['a_name_that_is_longer_than_all_the_others'], value: 'text' },
  { kind: 'set-property', path: ['deployment_circuit_breaker', 'enable'], value: true },
  { kind: 'set-property', path: ['tags', 'Owner'], value: 'platform' },
  { kind: 'remove-property', path: ['name'] },
  { kind: 'add-resource', type: 'aws_sqs_queue', name: 'beside_it', properties: { name: 'beside', redrive_policy: { $json: { maxReceiveCount: 5 } } } },
];

function ask(lines: readonly string[], argv: readonly string[]): string[] {
  const { stdout } = spawnSync(program ?? '', argv, { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 29 });
  return stdout.split('\n').filter((line) => line !== '');
}

function compare(where: string, values: Readonly<Record<string, unknown>>, resource: CloudResource): Comparison[] {
  return Object.entries(values).flatMap(([path, truth]) => {
    if (/^(?:count|for_each|provider|depends_on|source|version|lifecycle\.|provisioner\.|connection\.)/.test(path)) return [];
    const found = valueAt(resource.properties, path.split('.'));
    if (found === 'unknown') return [{ where, field: resource.type, truth, ours: { state: 'unknown' } }];
    const plain = plainOf(found);
    const wanted = typeof truth === 'string' && (found?.kind === 'map' || found?.kind === 'list') ? parsed(truth) : truth;
    return [{ where, field: resource.type, truth: sorted(withoutNull(wanted)), ours: plain === UNKNOWN ? { state: 'unknown' as const } : { state: 'known' as const, value: sorted(plain) } }];
  });
}

const UNKNOWN = Symbol('unknown');

function valueAt(value: CloudValue | undefined, path: readonly string[]): CloudValue | undefined | 'unknown' {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  if (value.kind === 'map') return step in value.entries ? valueAt(value.entries[step], rest) : value.isOpen ? 'unknown' : undefined;
  if (value.kind === 'list') return valueAt(value.items[Number(step)], rest);
  return 'unknown';
}

function plainOf(value: CloudValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'text':
    case 'number':
    case 'boolean':
      return value.value;
    case 'list': {
      const items = value.items.map(plainOf);
      return value.isOpen || items.includes(UNKNOWN) ? UNKNOWN : items;
    }
    case 'map': {
      const entries = Object.entries(value.entries).map(([key, entry]) => [key, plainOf(entry)] as const);
      return value.isOpen || entries.some(([, entry]) => entry === UNKNOWN) ? UNKNOWN : Object.fromEntries(entries);
    }
    default:
      return UNKNOWN;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// `null` in a map is the same as nothing there.
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNull);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== null).map(([key, held]) => [key, withoutNull(held)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, held]) => [key, sorted(held)]));
}

function groupByFolder(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) folders.set(folderOf(path), [...(folders.get(folderOf(path)) ?? []), path]);
  return folders;
}
