// Helm charts against Helm itself: what `helm template` makes of a chart is the truth for every field that a rule reads.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RELEASE_NAME, RELEASE_NAMESPACE } from '../../engine/artifacts/helm/built-ins';
import { chartsOf, type Chart } from '../../engine/artifacts/helm/charts';
import type { HelmFacts } from '../../engine/artifacts/helm/facts';
import { renderTemplates } from '../../engine/artifacts/helm/join';
import { readHelm, recogniseHelm } from '../../engine/artifacts/helm/read';
import type { KubernetesFacts, KubernetesObject } from '../../engine/artifacts/kubernetes/facts';
import { readKubernetes, recogniseKubernetes } from '../../engine/artifacts/kubernetes/read';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('helm');

/** Kinds whose fields rules read. */
const ASKED = new Set<KubernetesObject['type']>(['workload', 'service', 'ingress', 'autoscaler', 'budget', 'claim']);
/** Places, and what an object is known by. */
const NOT_COMPARED = new Set(['document', 'path', 'isNameKnown', 'source', 'isConditional', 'isOff', 'isComputed', 'fromValues', 'annotations', 'podAnnotations', 'namespace', 'block', 'index', 'leaves']);

describe.skipIf(!program || repositories().length === 0)('helm (needs `npm run oracles:install helm` and HOLDFAST_CORPUS)', () => {
  it('agrees with at least 99 % of the values that we claim to know', () => {
    const comparisons: Comparison[] = [];
    const refused: string[] = [];
    const counts = { charts: 0, files: 0, without: 0, milliseconds: 0 };
    for (const root of repositories()) {
      const { manifests, helm } = factsBelow(root);
      const charts = chartsOf(helm, manifests).filter((chart) => !chart.facts.isLibrary && chart.templates.length > 0);
      if (charts.length === 0) continue;
      const start = performance.now();
      const rendered = new Map(renderTemplates(manifests, helm).map((file) => [file.path, file]));
      counts.milliseconds += performance.now() - start;
      for (const chart of charts) {
        const truth = renderedByHelm(root, chart);
        if (typeof truth === 'string') {
          refused.push(`${root}/${chart.folder}: ${truth}`);
          continue;
        }
        counts.charts++;
        const ours = filesOf(chart).map((file) => rendered.get(file.path) ?? file);
        counts.files += ours.length;
        counts.without += ours.filter((file) => file.template !== undefined && manifests.includes(file) && /\.ya?ml$/.test(file.path) && file.objects.some((object) => object.type !== 'other')).length;
        comparisons.push(...compareObjects(`${root}/${chart.folder}`, truth, ours.flatMap((file) => file.objects).filter((object) => ASKED.has(object.type))));
      }
    }
    const agreement = agree(comparisons);
    console.log(`${counts.charts} charts, ${counts.files} templates (${counts.without} not rendered) in ${Math.round(counts.milliseconds)} ms, ${refused.length} charts refused\n${agreement.table}\n${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown: ${(agreement.share * 100).toFixed(2)} %`);
    for (const one of agreement.wrong.slice(0, Number(process.env['SHOW_WRONG'] ?? 40))) console.log(`wrong ${one.where} ${one.field}: truth ${JSON.stringify(one.truth)?.slice(0, 200)}, ours ${JSON.stringify(one.ours).slice(0, 200)}`);
    for (const line of refused.slice(0, Number(process.env['SHOW_REFUSED'] ?? 10))) console.log(`refused ${line}`);
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  });
});

function factsBelow(root: string): { manifests: KubernetesFacts[]; helm: HelmFacts[] } {
  const manifests: KubernetesFacts[] = [];
  const helm: HelmFacts[] = [];
  for (const path of filesBelow(root, (name) => /\.(?:ya?ml|tpl)$/i.test(name))) {
    const text = readFileSync(join(root, path), 'utf8');
    if (recogniseHelm(path)) helm.push(readHelm(path, text).facts);
    else if (recogniseKubernetes(path, text)) manifests.push(readKubernetes(path, text).facts);
  }
  return { manifests, helm };
}

function filesOf(chart: Chart): KubernetesFacts[] {
  return [...chart.templates, ...chart.children.flatMap(filesOf)];
}

/** Objects of a chart as Helm renders it; a text says why it does not. Dependencies that are not vendored are left out, as they are for us. */
function renderedByHelm(root: string, chart: Chart): KubernetesObject[] | string {
  const scratch = mkdtempSync(join(tmpdir(), 'chart-'));
  try {
    const folder = join(scratch, 'chart');
    cpSync(join(root, chart.folder), folder, { recursive: true });
    const missing = chart.facts.dependencies.filter((dependency) => !chart.children.some((child) => child.facts.name === dependency.name));
    if (missing.length > 0) dropDependencies(folder, chart, new Set(missing.map((dependency) => dependency.name)));
    const values = chart.production ? ['-f', join(root, chart.production.path)] : [];
    const built = spawnSync(program ?? '', ['template', RELEASE_NAME, folder, '--namespace', RELEASE_NAMESPACE, '--kube-version', '1.34.0', ...values], { encoding: 'utf8', timeout: 60_000, maxBuffer: 100_000_000 });
    if (built.status !== 0) return built.stderr.split('\n').find((line) => line.startsWith('Error'))?.slice(0, 200) ?? 'failed';
    // As we name it: without the release, and after the chart where there is nothing else.
    const named = built.stdout.replaceAll(`${RELEASE_NAME}-`, '').replace(/(["' ])release-name(?=["'\s])/g, `$1${chart.facts.name}`);
    return readKubernetes('truth.yaml', named).facts.objects.filter((object) => ASKED.has(object.type));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function dropDependencies(folder: string, chart: Chart, missing: ReadonlySet<string>): void {
  const path = join(folder, 'Chart.yaml');
  const text = readFileSync(path, 'utf8');
  const kept = chart.facts.dependencies.filter((dependency) => !missing.has(dependency.name));
  const lines = kept.map((one) => `  - name: ${one.name}\n    version: "*"\n    repository: ""\n${one.alias === undefined ? '' : `    alias: ${one.alias}\n`}${one.conditions.length > 0 ? `    condition: ${one.conditions.join(',')}\n` : ''}`);
  const without = text.replace(/^dependencies:[^\n]*\n(?:[ \t#-][^\n]*\n?|\n)*/m, '');
  writeFileSync(path, `${without}\n${lines.length > 0 ? `dependencies:\n${lines.join('')}` : ''}`);
  rmSync(join(folder, 'Chart.lock'), { force: true });
}

function compareObjects(where: string, truth: readonly KubernetesObject[], ours: readonly KubernetesObject[]): Comparison[] {
  const found: Comparison[] = [];
  const left = ours.filter((object) => object.isOff !== true);
  const isOpen = left.some((object) => object.isConditional || object.name.includes('{{'));
  for (const wanted of truth) {
    const at = left.findIndex((object) => object.kind === wanted.kind && object.name === wanted.name);
    const own = left[at];
    if (!own) {
      found.push({ where, field: 'object', truth: `${wanted.kind}/${wanted.name}`, ours: isOpen ? { state: 'unknown' } : { state: 'known', value: undefined } });
      continue;
    }
    left.splice(at, 1);
    for (const [field, value] of Object.entries(wanted)) {
      if (own.type === 'workload' && ((/^(?:volumes|claimTemplates|hasOpenVolumes)$/.test(field) && own.hasOpenVolumes) || (/^(?:containers|hasOpenContainers)$/.test(field) && own.hasOpenContainers))) found.push({ where, field, truth: undefined, ours: { state: 'unknown' } });
      else if (!NOT_COMPARED.has(field) && !/span/i.test(field)) compareValues(`${where} ${wanted.kind}/${wanted.name}`, field, value, Reflect.get(own, field), found);
    }
  }
  for (const object of left) {
    found.push({ where, field: 'object', truth: undefined, ours: object.isConditional || object.name.includes('{{') ? { state: 'unknown' } : { state: 'known', value: `${object.kind}/${object.name}` } });
  }
  return found;
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Leaf by leaf; what hangs on something unknown is unknown. */
function compareValues(where: string, field: string, truth: unknown, ours: unknown, found: Comparison[]): void {
  const add = (state: Comparison['ours']): void => {
    found.push({ where, field: field.replace(/\.\d+/g, ''), truth: bare(truth), ours: state });
  };
  if (isUnknown(ours)) return add({ state: 'unknown' });
  if (isObject(truth) && isObject(ours)) {
    if (ours['isOpen'] === true) return add({ state: 'unknown' });
    if (truth['state'] === 'set' && ours['state'] === 'set') return compareValues(where, field, truth['value'], ours['value'], found);
    if (truth['state'] !== undefined) return add({ state: 'known', value: bare(ours) });
    const open = /^hasOpen/;
    for (const key of new Set([...Object.keys(truth), ...Object.keys(ours)])) {
      if (NOT_COMPARED.has(key) || /span/i.test(key) || open.test(key)) continue;
      const isOpen = ours[`hasOpen${key.slice(0, 1).toUpperCase()}${key.slice(1)}`] === true;
      if (isOpen) found.push({ where, field: `${field}.${key}`, truth: undefined, ours: { state: 'unknown' } });
      else compareValues(where, `${field}.${key}`, truth[key], ours[key], found);
    }
    return;
  }
  if (Array.isArray(truth) && Array.isArray(ours) && truth.length === ours.length) {
    truth.forEach((item: unknown, i) => compareValues(where, `${field}.${i}`, item, ours[i], found));
    if (truth.length === 0) add({ state: 'known', value: [] });
    return;
  }
  add({ state: 'known', value: bare(ours) });
}

function isUnknown(value: unknown): boolean {
  return (typeof value === 'string' && (value.includes('{{') || value.includes('\uE000'))) || (isObject(value) && (value['state'] === 'unknown' || value['kind'] === 'unknown'));
}

/** A value without places, its keys in order. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/span/i.test(key) && !NOT_COMPARED.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, bare(one)]));
}
