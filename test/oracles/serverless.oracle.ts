// serverless.yml against the framework's own resolver of variables: what it makes of functions and resources is the truth for ours.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CloudValue } from '../../engine/artifacts/cloud';
import { readCloudFormation } from '../../engine/artifacts/cloudformation/read';
import { recogniseCloudFormation } from '../../engine/artifacts/cloudformation/recognise';
import { readServerless } from '../../engine/artifacts/serverless/read';
import { partOf } from '../../engine/artifacts/serverless/recognise';
import { serverlessResources } from '../../engine/artifacts/serverless/resources';
import { stageOf } from '../../engine/artifacts/serverless/stage';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('serverless');

interface Truth {
  readonly path: string;
  readonly error?: string;
  readonly provider?: Json;
  readonly functions?: Readonly<Record<string, Json>>;
  readonly resources?: Readonly<Record<string, Json>>;
}

type Json = Readonly<Record<string, unknown>>;

describe.skipIf(!program || repositories().length === 0)('Serverless Framework (needs `npm run oracles:install serverless` and HOLDFAST_CORPUS)', () => {
  it('agrees with at least 99 % of the values that we claim to know', () => {
    const comparisons: Comparison[] = [];
    let files = 0;
    let refused = 0;
    for (const root of repositories()) {
      const texts = new Map(filesBelow(root, (path) => /\.(?:ya?ml|json)$/i.test(path)).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
      const services = [...texts].flatMap(([path, text]) => (partOf(path, text) === undefined ? [] : [readServerless(path, text).facts]));
      if (services.length === 0) continue;
      const templates = [...texts].flatMap(([path, text]) => (partOf(path, text) === undefined && recogniseCloudFormation(path, text) ? [readCloudFormation(path, text).facts] : []));
      const ours = serverlessResources(services, { hasFile: () => false, factsOf: (format) => (format === 'cloudformation' ? templates : services) });
      const asked = services.filter(({ holds }) => holds === 'service');
      for (const [i, truth] of truths(asked.map((facts) => ({ path: join(root, facts.path), stage: stageOf(facts.root) }))).entries()) {
        const own = ours.filter(({ scope }) => scope === asked[i]?.path);
        if (truth.error !== undefined) refused++;
        else files++;
        for (const [name, value] of Object.entries(truth.functions ?? {})) {
          const made = own.find((resource) => resource.dialect === 'serverless' && resource.name === name);
          if (!made || value === null) continue;
          for (const key of ['timeout', 'memorySize', 'runtime']) comparisons.push(...compare(`${truth.path} ${name}`, key, value[key] ?? truth.provider?.[key], made.properties.entries[key]));
          for (const [key, one] of Object.entries(value)) if (!['timeout', 'memorySize', 'runtime', 'environment', 'tags', 'vpc', 'layers'].includes(key)) comparisons.push(...compare(`${truth.path} ${name}`, key, one, made.properties.entries[key]));
          comparisons.push(...compare(`${truth.path} ${name}`, 'environment', variables(truth.provider?.['environment'], value['environment']), made.properties.entries['environment']));
        }
        for (const [name, value] of Object.entries(truth.resources ?? {})) {
          const made = own.find((resource) => resource.dialect === 'cloudformation' && resource.name === name);
          if (made && typeof value === 'object') comparisons.push(...compare(`${truth.path} ${name}`, 'properties', value['Properties'] ?? {}, made.properties));
        }
      }
    }
    const agreement = agree(comparisons);
    console.log(`${files} services, ${refused} that the framework refuses: ${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown: ${(agreement.share * 100).toFixed(2)} %`);
    for (const one of agreement.wrong.slice(0, 60)) console.log(`${one.where} ${one.field}: truth ${JSON.stringify(one.truth)?.slice(0, 200)}, ours ${JSON.stringify(one.ours).slice(0, 200)}`);
    expect(files).toBeGreaterThan(0);
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  });
});

function truths(queries: readonly { readonly path: string; readonly stage: string }[]): Truth[] {
  const script = join(import.meta.dirname, 'serverless-values', 'values.cjs');
  const installed = dirname(dirname(dirname(program ?? '')));
  const { stdout } = spawnSync(process.execPath, [script, installed], { input: queries.map((query) => JSON.stringify(query)).join('\n'), encoding: 'utf8', maxBuffer: 1 << 29 });
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Truth);
}

/** Variables of provider and function together; undefined where there are none. */
function variables(...parts: readonly unknown[]): unknown {
  const maps = parts.filter((part) => typeof part === 'object' && part !== null);
  return maps.length === 0 ? undefined : Object.assign({}, ...maps);
}

/** Every scalar of the truth against ours at the same place; intrinsic functions and what the framework leaves open are left out. */
function compare(where: string, field: string, truth: unknown, ours: CloudValue | undefined): Comparison[] {
  if (typeof truth === 'string' && truth.includes('${')) return [];
  if (truth === undefined || truth === null) return ours === undefined || ours.kind === 'map' ? [] : [{ where, field, truth: undefined, ours: ours.kind === 'unknown' ? { state: 'unknown' } : { state: 'known', value: ours.kind } }];
  if (ours === undefined || ours.kind === 'unknown' || ours.kind === 'either' || ours.kind === 'reference') return [{ where, field, truth, ours: ours === undefined ? { state: 'known', value: undefined } : { state: 'unknown' } }];
  // JSON in a text is given as the value that it encodes.
  if (typeof truth === 'string' && ours.kind === 'map') return compare(where, field, JSON.parse(truth), ours);
  if (Array.isArray(truth)) return ours.kind === 'list' ? truth.flatMap((item, i) => compare(where, `${field}.${i}`, item, ours.items[i])) : [];
  if (typeof truth === 'object') {
    const keys = Object.keys(truth);
    if (keys.some((key) => key === 'Ref' || key.startsWith('Fn::'))) return [];
    return ours.kind === 'map' ? keys.flatMap((key) => compare(where, `${field}.${key}`, (truth as Json)[key], ours.entries[key])) : [];
  }
  return [{ where, field, truth: typeof truth === 'string' ? truth : JSON.stringify(truth), ours: 'value' in ours ? { state: 'known', value: String(ours.value) } : { state: 'known', value: ours.kind } }];
}
