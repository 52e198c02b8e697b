// Containers on one machine share its memory and its CPU. Without a limit the fault of one is the outage of all.

import type { Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import type { Budgets } from '../../engine/lint/configuration';
import type { Container, Workload } from '../../engine/model/model';
import { containerLabel, intend, isDeployed, isOnKubernetes, isSubject, keepsData, settled, severityFor, subjectOf } from '../../engine/model/questions';
import { parseQuantity } from '../../engine/model/quantities';
import { repairs } from '../cloud-fixes';
import { documents, manifest } from '../example-manifests';
import { resource, stack } from '../example-templates';

const RESOURCES = '          resources:\n            requests:\n              cpu: 100m\n            limits:\n              memory: 512Mi';

export const boundResources = defineRule({
  id: 'isolation/bound-resources',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    memory: 'A leak in `{container}` can take the memory of every {neighbour}: it has no memory limit.',
    cpu: 'A busy node leaves `{container}` almost no CPU: it has no CPU request.',
    unit: { text: '`{container}` cannot start: its memory limit `{value}` is {meaning}.', severity: 'error' },
  },
  docs: {
    what: 'Reports a container without a memory limit or without a CPU request, and a memory limit written in bytes, or in thousandths of one, by mistake.',
    why: 'A leak then ends with the kernel choosing a victim on the machine, often another one; without a CPU request a container gets what is left over.',
    fix: 'Set a memory limit above what the container uses at its busiest, and request the CPU that it needs.',
    not: 'Init containers, jobs, load generators and development files; a missing CPU limit (throttling does more harm); limits that a template, an overlay or a LimitRange sets.',
  },
  check({ system, budgets, report }) {
    for (const workload of system.workloads) {
      if (!isSubject(workload) && !isExporter(workload)) continue;
      for (const container of workload.containers) {
        if (container.kind === 'init') continue;
        const found = judge(workload, container);
        // A developer's own machine is not asked for a limit; one that is wrong is still said.
        if (!found || (found !== 'unit' && !isDeployed(workload))) continue;
        const value = settled(container.memoryLimit) ?? '';
        report({
          at: found === 'unit' && container.memoryLimit.state === 'set' ? container.memoryLimit.at : container.at,
          message: found,
          data: { container: containerLabel(workload, container), neighbour: workload.cloud ? 'task on its host' : isOnKubernetes(workload) ? 'pod on its node' : 'container on its host', value, meaning: value.endsWith('m') ? 'less than one byte, `m` means a thousandth' : `${value} bytes, it names no unit` },
          fixes: fixesOf(workload, container, found, budgets(container.at.file)),
          subject: subjectOf(workload, container),
          severity: isExporter(workload) ? 'advice' : severityFor(workload, found === 'unit' ? 'error' : 'warning'),
        });
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'a container on a shared machine of the cloud',
        files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'LaunchType: EC2', 'TaskDefinition: !Ref Task'), resource('Task', 'AWS::ECS::TaskDefinition', 'ContainerDefinitions:', '  - «Name: app', '    Image: shop/orders:1»')) },
        expect: 'memory',
      },
      {
        name: 'no resources at all',
        files: { 'k8s/worker.yaml': manifest('worker', { container: '          args: [run]' }).replace('- name: app', '- name: «app»') },
        expect: 'memory',
        fixed: { 'k8s/worker.yaml': manifest('worker', { container: `${RESOURCES}\n          args: [run]` }) },
      },
      {
        name: 'a CPU request, no memory limit',
        files: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            requests:\n              cpu: 100m' }).replace('- name: app', '- name: «app»') },
        expect: 'memory',
        fixed: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            requests:\n              cpu: 100m\n            limits:\n              memory: 512Mi' }) },
      },
      {
        name: 'a memory limit, no CPU request',
        files: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            limits: { memory: 512Mi }' }).replace('- name: app', '- name: «app»') },
        expect: 'cpu',
        fixed: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            limits: { memory: 512Mi }\n            requests:\n              cpu: 100m' }) },
      },
      {
        name: 'an empty block of resources',
        files: { 'k8s/orders.yaml': manifest('orders', { container: '          resources: {}' }).replace('- name: app', '- name: «app»') },
        expect: 'memory',
        fixed: { 'k8s/orders.yaml': manifest('orders', { container: '          resources: { requests: { cpu: 100m }, limits: { memory: 512Mi } }' }) },
      },
      {
        name: 'the unit of another platform',
        files: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            requests:\n              cpu: 100m\n            limits:\n              «memory: 512m»' }) },
        expect: 'unit',
        fixed: { 'k8s/orders.yaml': manifest('orders', { container: RESOURCES }) },
      },
      {
        name: 'a limit in bytes',
        files: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            requests:\n              cpu: 100m\n            limits:\n              «memory: 512»' }) },
        expect: 'unit',
        fixed: { 'k8s/orders.yaml': manifest('orders', { container: RESOURCES }) },
      },
      {
        name: 'a sidecar beside a bounded container',
        files: { 'k8s/orders.yaml': manifest('orders', { container: `${RESOURCES}\n        - name: «log-agent»\n          image: shop/log-agent:1` }) },
        expect: 'memory',
      },
      { name: 'an agent on every machine, as advice', files: { 'compose.yaml': 'services:\n  «metrics»:\n    image: prom/node-exporter:v1.8.2\n' }, expect: 'memory' },
      { name: 'a Compose service', files: { 'compose.yaml': 'services:\n  «orders»:\n    image: shop/orders:1\n' }, expect: 'memory' },
    ],
    good: [
      { name: 'a task of the cloud with a limit of its own', files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'LaunchType: FARGATE', 'TaskDefinition: !Ref Task'), resource('Task', 'AWS::ECS::TaskDefinition', "Memory: '512'", 'ContainerDefinitions:', '  - Name: app', '    Image: shop/orders:1')) } },
      { name: 'a Compose file for development', files: { 'compose.dev.yaml': 'services:\n  web:\n    build: .\n    ports: ["3000:3000"]\n' } },
      { name: 'limit and request', files: { 'k8s/orders.yaml': manifest('orders', { container: RESOURCES }) } },
      { name: 'limits alone: requests follow them', files: { 'k8s/orders.yaml': manifest('orders', { container: '          resources:\n            limits:\n              cpu: "1"\n              memory: 512Mi' }) } },
      { name: 'an init container', files: { 'k8s/orders.yaml': manifest('orders', { pod: '      initContainers:\n        - name: wait\n          image: busybox:1.36', container: RESOURCES }) } },
      { name: 'a load generator', files: { 'k8s/load.yaml': manifest('load-test') } },
      { name: 'a Compose service with a limit', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    deploy:\n      resources:\n        limits:\n          memory: 512M\n' } },
      { name: 'a default of the namespace', files: { 'k8s/orders.yaml': documents(manifest('orders'), 'apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: defaults\nspec:\n  limits: []\n') } },
    ],
    unknown: [
      { name: 'resources come from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { container: '          resources:\n            {{- toYaml .Values.resources | nindent 12 }}' }) } },
      { name: 'resources stand under a template condition', files: { 'chart/templates/orders.yaml': manifest('orders', { container: '          {{- with .Values.resources }}\n          resources: {{ toYaml . | nindent 12 }}\n          {{- end }}' }) } },
      { name: 'the limit is a template value', files: { 'chart/templates/orders.yaml': manifest('orders', { container: '          resources:\n            requests:\n              cpu: 100m\n            limits:\n              memory: {{ .Values.memory }}' }) } },
    ],
  },
});

function judge(workload: Workload, container: Container): 'memory' | 'cpu' | 'unit' | undefined {
  const { memoryLimit, cpuRequest, cpuLimit } = container;
  if (memoryLimit.state === 'absent') return 'memory';
  if (isOnKubernetes(workload) && memoryLimit.state === 'set' && isTiny(memoryLimit.value)) return 'unit';
  // A limit without a request is also the request.
  if (isOnKubernetes(workload) && cpuRequest.state === 'absent' && cpuLimit.state === 'absent') return 'cpu';
  return undefined;
}

/** An agent beside the system: its loss stops nobody, its leak does. */
function isExporter(workload: Workload): boolean {
  return workload.role === 'exporter' && !workload.isOneShot && !workload.isFragment;
}

/** A number that was meant in megabytes: no process starts in less. */
function isTiny(memory: string): boolean {
  const bytes = parseQuantity(memory);
  return /^\d{1,5}m?$/.test(memory) && bytes !== undefined && bytes > 0 && bytes < 100_000;
}

/** What a data store needs is decided by its data, not by a default. */
function fixesOf(workload: Workload, container: Container, found: 'memory' | 'cpu' | 'unit', { memory, cpu }: Budgets): readonly Fix[] {
  if (found === 'cpu') return [{ title: `Request ${cpu} of CPU`, safety: 'unsafe', operations: [intend(container.resource, { kind: 'set-cpu-request', cpu })] }];
  if (keepsData(workload) && found === 'memory') return [];
  if (container.cloud) return repairs(container.cloud, 'memory', 'unsafe', 'Limit memory to 512 MiB');
  const value = found === 'unit' ? `${(settled(container.memoryLimit) ?? memory).replace(/m$/, '')}Mi` : memory;
  const lacksCpu = isOnKubernetes(workload) && container.cpuRequest.state === 'absent' && container.cpuLimit.state === 'absent';
  return [{
    title: lacksCpu ? `Limit memory to ${value}, request ${cpu} of CPU` : `Limit memory to ${value}`,
    safety: 'unsafe',
    operations: [intend(container.resource, { kind: 'set-memory-limit', memory: value, ...(lacksCpu ? { cpuRequest: cpu } : {}) })],
  }];
}
