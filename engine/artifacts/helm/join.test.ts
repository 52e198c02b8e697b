import { describe, expect, it } from 'vitest';
import type { KubernetesFacts, KubernetesObject, WorkloadObject } from '../kubernetes/facts';
import { readKubernetes, recogniseKubernetes } from '../kubernetes/read';
import type { HelmFacts } from './facts';
import { renderTemplates } from './join';
import { readHelm, recogniseHelm } from './read';

function read(files: Readonly<Record<string, string>>): { manifests: KubernetesFacts[]; helm: HelmFacts[] } {
  const manifests: KubernetesFacts[] = [];
  const helm: HelmFacts[] = [];
  for (const [path, text] of Object.entries(files)) {
    if (recogniseHelm(path)) helm.push(readHelm(path, text).facts);
    else if (recogniseKubernetes(path, text)) manifests.push(readKubernetes(path, text).facts);
  }
  return { manifests, helm };
}

function objectsOf(files: Readonly<Record<string, string>>): readonly KubernetesObject[] {
  const { manifests, helm } = read(files);
  return renderTemplates(manifests, helm).flatMap((file) => file.objects);
}

function workload(files: Readonly<Record<string, string>>): WorkloadObject {
  const found = objectsOf(files).find((object) => object.type === 'workload');
  if (found?.type !== 'workload') throw new Error('no workload');
  return found;
}

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const template = [
  '{{- $root := . }}', 'apiVersion: apps/v1', 'kind: Deployment', 'metadata:', '  name: {{ .Release.Name }}-{{ .Values.name }}', 'spec:', '  replicas: {{ .Values.replicas | int }}', '  template:', '    spec:',
  '      containers:', '        - name: app', '          image: "{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}"', '          resources:', '            {{- toYaml .Values.resources | nindent 12 }}', '',
].join('\n');
const values = 'name: orders\nreplicas: 2\nimage:\n  name: shop/orders\n  tag: "1.10"\nresources:\n  requests:\n    cpu: 100m\n';
const files = { 'c/Chart.yaml': CHART, 'c/values.yaml': values, 'c/templates/orders.yaml': template };

describe('rendered templates', () => {
  it('say what the values say, at the places of the template', () => {
    const { name, replicas, containers, kindSpan, nameSpan, span } = workload(files);
    expect(name).toBe('orders');
    expect(replicas).toMatchObject({ state: 'set', value: 2 });
    expect(replicas.state === 'set' && template.slice(...replicas.span)).toBe('replicas: {{ .Values.replicas | int }}');
    expect(template.slice(...kindSpan)).toBe('kind: Deployment');
    expect(template.slice(...nameSpan)).toBe('{{ .Release.Name }}-{{ .Values.name }}');
    expect(template.slice(...span)).toBe(template.slice(template.indexOf('apiVersion'), -1));
    const [container] = containers;
    expect(container?.image).toMatchObject({ value: 'shop/orders:1.10' });
    expect(container?.cpuRequest).toMatchObject({ value: '100m' });
    expect(container?.cpuRequest.state === 'set' && template.slice(...container.cpuRequest.span)).toBe('{{- toYaml .Values.resources | nindent 12 }}');
    expect(container && template.slice(...container.block)).toBe('name: app');
  });

  it('tell where a value is set', () => {
    const { fromValues, containers } = workload(files);
    expect(fromValues).toContainEqual({ path: ['spec', 'replicas'], file: 'c/values.yaml', at: ['replicas'] });
    expect(containers[0]?.fromValues).toEqual([{ path: ['resources'], file: 'c/values.yaml', at: ['resources'] }]);
    expect(containers[0]?.path).toEqual(['spec', 'template', 'spec', 'containers', 0]);
  });

  it('tell where a key can be set that empty values leave out', () => {
    const optional = `${template.slice(0, template.indexOf('          resources:'))}          {{- with .Values.resources }}\n          resources:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n          {{- if .Values.web.livenessProbe }}\n          livenessProbe: {{ toYaml .Values.web.livenessProbe | nindent 12 }}\n          {{- end }}\n          {{- if .Values.other }}\n          lifecycle:\n            {{- toYaml .Values.lifecycle | nindent 12 }}\n          {{- end }}\n        - name: side\n          image: b\n      {{- with .Values.affinity }}\n      affinity:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n`;
    const containers = workload({ ...files, 'c/templates/orders.yaml': optional, 'c/values.yaml': values.replace(/resources:[^]*/, 'resources: {}\nweb: {}\n') }).containers;
    expect(containers.map(({ fromValues }) => fromValues)).toEqual([
      [{ path: ['resources'], file: 'c/values.yaml', at: ['resources'], isEmpty: true }, { path: ['livenessProbe'], file: 'c/values.yaml', at: ['web', 'livenessProbe'], isEmpty: true }],
      undefined,
    ]);
  });

  it('take values for production over those of the chart, and leave those of tests alone', () => {
    const layered = { ...files, 'c/values-production.yaml': 'replicas: 5\nimage: {tag: "2"}\n', 'c/ci/default-values.yaml': 'replicas: 9\n', 'c/values-dev.yaml': 'replicas: 7\n' };
    expect(workload(layered).replicas).toMatchObject({ value: 5 });
    expect(workload(layered).containers[0]?.image).toMatchObject({ value: 'shop/orders:2' });
    expect(workload(layered).fromValues).toContainEqual({ path: ['spec', 'replicas'], file: 'c/values-production.yaml', at: ['replicas'] });
  });

  it('give charts inside a chart the values that their parent passes on', () => {
    const nested = {
      'p/Chart.yaml': `${CHART}dependencies:\n  - name: child\n    version: 1.0.0\n    alias: one\n    condition: one.enabled\n  - name: far\n    version: 1.0.0\n    repository: https://example.com\n`,
      'p/values.yaml': 'global: {region: eu}\none: {replicas: 4}\n',
      'p/charts/child/Chart.yaml': 'apiVersion: v2\nname: child\nversion: 1.0.0\n',
      'p/charts/child/values.yaml': 'replicas: 1\nname: kid\nimage: {name: a, tag: b}\nresources: {}\nglobal: {region: us}\n',
      'p/charts/child/templates/orders.yaml': template.replace('  template:', '  revisionHistoryLimit: {{ eq .Values.global.region "eu" | ternary 3 4 }}\n  template:'),
    };
    expect(workload(nested)).toMatchObject({ name: 'kid', replicas: { value: 4 }, revisionHistoryLimit: { value: 3 } });
    expect(workload(nested).fromValues).toContainEqual({ path: ['spec', 'replicas'], file: 'p/values.yaml', at: ['one', 'replicas'] });
    expect(workload({ ...nested, 'p/values.yaml': 'one: {enabled: false}\n' })).toMatchObject({ isOff: true, isConditional: true });
  });

  it('use named templates of library charts beside them or inside', () => {
    const body = '{{- define "lib.count" -}}\n{{ .Values.replicas | mul 2 }}\n{{- end }}\n';
    const caller = template.replace('{{ .Values.replicas | int }}', '{{ include "lib.count" . }}');
    const library = { 'lib/Chart.yaml': 'apiVersion: v2\nname: lib\ntype: library\nversion: 1.0.0\n', 'lib/templates/_count.tpl': body };
    const beside = { ...library, ...files, 'c/templates/orders.yaml': caller, 'c/Chart.yaml': `${CHART}dependencies:\n  - name: lib\n    version: 1.0.0\n    repository: file://../lib\n` };
    expect(workload(beside).replicas).toMatchObject({ value: 4 });
    expect(workload({ ...files, 'c/templates/orders.yaml': caller }).replicas).toMatchObject({ state: 'unknown' });
  });

  it('leave out what is off where its other choice is on, and keep what is only off', () => {
    const choice = `{{- if .Values.stateful }}\n${template.replace('kind: Deployment', 'kind: StatefulSet')}{{- else }}\n${template}{{- end }}\n`;
    expect(objectsOf({ ...files, 'c/templates/orders.yaml': choice }).map(({ kind, isOff }) => [kind, isOff])).toEqual([['Deployment', undefined]]);
    const optional = `{{- if .Values.stateful }}\n${template}{{- end }}\n`;
    expect(objectsOf({ ...files, 'c/templates/orders.yaml': optional }).map(({ kind, isOff, isConditional }) => [kind, isOff, isConditional])).toEqual([['Deployment', true, true]]);
  });

  it('keep what was read without values where there are none, or the template is broken', () => {
    const { 'c/Chart.yaml': _, ...without } = files;
    expect(workload(without).replicas).toMatchObject({ state: 'unknown' });
    expect(workload({ ...files, 'c/templates/orders.yaml': `${template}{{ if }}\n` }).replicas).toMatchObject({ state: 'unknown' });
    expect(workload({ ...files, 'c/values.yaml': 'a: [\n' }).replicas).toMatchObject({ state: 'unknown' });
  });

  it('are made once as long as nothing changes', () => {
    const { manifests, helm } = read(files);
    const first = renderTemplates(manifests, helm);
    expect(renderTemplates(manifests, helm)[0]).toBe(first[0]);
    const changed = helm.map((facts) => (facts.part === 'values' ? readHelm(facts.path, values.replace('replicas: 2', 'replicas: 3')).facts : facts));
    expect(renderTemplates(manifests, changed).flatMap((file) => file.objects)[0]).toMatchObject({ replicas: { value: 3 } });
  });
});
