// Kustomize against kustomize itself: what `kustomize build` makes of an overlay is the truth for every field that a rule reads.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubernetesFacts, KubernetesObject } from '../../engine/artifacts/kubernetes/facts';
import { readKubernetes, recogniseKubernetes } from '../../engine/artifacts/kubernetes/read';
import { renderKustomizations } from '../../engine/artifacts/kubernetes/rendering/render';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('kustomize');

/** Kinds whose fields rules read. */
const ASKED = new Set<KubernetesObject['type']>(['workload', 'service', 'ingress', 'autoscaler', 'budget', 'claim']);
/** Places, and what an object is known by. */
const NOT_COMPARED = new Set(['document', 'path', 'name', 'isNameKnown', 'source', 'kind', 'group', 'type']);

describe.skipIf(!program || repositories().length === 0)('kustomize (needs `npm run oracles:install kustomize` and HOLDFAST_CORPUS)', () => {
  it('agrees with at least 99 % of the values that we claim to know', () => {
    const comparisons: Comparison[] = [];
    const files = new Set<string>();
    const refused: string[] = [];
    let overlays = 0;
    let missing = 0;
    let complete = 0;
    for (const root of repositories()) {
      const facts = filesBelow(root, (path) => /\.(?:ya?ml|json)$|(?:^|\/)kustomization$/i.test(path)).flatMap((path): KubernetesFacts[] => {
        const text = readFileSync(join(root, path), 'utf8');
        return recogniseKubernetes(path, text) ? [readKubernetes(path, text).facts] : [];
      });
      for (const overlay of renderKustomizations(facts).overlays) {
        const built = spawnSync(program ?? '', ['build', '--load-restrictor', 'LoadRestrictionsNone', join(root, overlay.folder)], { encoding: 'utf8', timeout: 20_000, maxBuffer: 100_000_000 });
        if (built.status !== 0) {
          refused.push(`${overlay.folder}: ${built.stderr.split('\n')[0]?.slice(0, 160)}`);
          continue;
        }
        overlays++;
        if (overlay.isComplete) complete++;
        const truth = readKubernetes('truth.yaml', built.stdout).facts.objects.filter((object) => ASKED.has(object.type));
        const ours = overlay.objects.filter(({ object }) => ASKED.has(object.type));
        for (const one of ours) files.add(`${root}/${one.facts.path}`);
        for (const wanted of truth) {
          const found = ours.find(({ object }) => object.kind === wanted.kind && object.name === wanted.name && object.namespace === wanted.namespace);
          if (found) comparisons.push(...compare(`${overlay.folder} ${wanted.kind}/${wanted.name}`, wanted, found.object, found.isOpaque));
          else missing++;
          if (!found && overlay.isComplete) comparisons.push({ where: overlay.folder, field: 'object', truth: `${wanted.kind}/${wanted.name}`, ours: { state: 'known', value: undefined } });
        }
        for (const { object } of ours) {
          const isThere = truth.some((wanted) => wanted.kind === object.kind && wanted.name === object.name && wanted.namespace === object.namespace);
          comparisons.push({ where: `${overlay.folder} ${object.kind}/${object.name} ${object.namespace ?? ''}`, field: 'object', truth: isThere, ours: { state: 'known', value: true } });
        }
      }
    }
    const agreement = agree(comparisons);
    console.log(`${overlays} overlays of ${files.size} files (${complete} complete, ${missing} objects made elsewhere), ${refused.length} refused\n${agreement.table}\n${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown`);
    for (const one of agreement.wrong.slice(0, 40)) console.log(`wrong ${one.where} ${one.field}: ${difference(one.truth, one.ours.state === 'known' ? one.ours.value : undefined)}`);
    for (const line of refused.slice(0, 10)) console.log(`refused ${line}`);
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  }, 600_000);
});

function compare(where: string, wanted: KubernetesObject, found: KubernetesObject, isOpaque: boolean): Comparison[] {
  const truth = Object.entries(wanted).filter(([field]) => !NOT_COMPARED.has(field) && !/spans?$/i.test(field));
  return truth.map(([field, value]) => ({
    where, field, truth: bare(value),
    ours: isOpaque ? { state: 'unknown' } : { state: 'known', value: bare((found as unknown as Record<string, unknown>)[field]) },
  }));
}

/** A value without places, its keys in order. */
function bare(value: unknown): unknown {
  // Variables are asked by their names, never by their order.
  if (Array.isArray(value)) return isVariables(value) ? value.map(bare).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/span/i.test(key) && !['block', 'index'].includes(key)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, bare(one)]));
}

function isVariables(value: readonly unknown[]): boolean {
  return value.every((one) => typeof one === 'object' && one !== null && 'kind' in one && 'name' in one && ['value', 'reference', 'unknown'].includes(String(one.kind)));
}

/** Where two values part, for the list of what is wrong. */
function difference(truth: unknown, ours: unknown): string {
  const [a, b] = [truth, ours].map((value) => JSON.stringify(value) ?? 'nothing');
  if (a === undefined || b === undefined) return '';
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `${a.slice(Math.max(0, at - 60), at + 120)} | ours ${b.slice(Math.max(0, at - 20), at + 120)}`;
}
