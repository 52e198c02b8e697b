// One instance is no instance while it is being moved, updated or restarted: what it serves is gone for that time.

import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import { activeAutoscalers, intend, isRequestServer, isWanted, settled, severityFor, subjectOf } from '../../engine/model/questions';
import type { Autoscaler, SystemModel, Workload } from '../../engine/model/model';
import { isSoft, propertyOf, repairs } from '../cloud-fixes';
import { autoscaler, budget, documents, manifest, service, spread } from '../example-manifests';
import { nomadJob } from '../example-jobs';
import { resource, served, stack } from '../example-templates';

export const requireReplicas = defineRule({
  id: 'redundancy/require-replicas',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    single: '`{workload}` is gone while its only instance restarts or moves: `{property}` is {count}.',
    minimum: '`{workload}` shrinks to one instance and is gone while that restarts or moves: {minimum}.',
    zero: '`{workload}` shrinks to no instance, and the next request waits for a start: {minimum}.',
  },
  docs: {
    what: 'Reports a workload that answers requests with only one instance, and an autoscaler that may leave only one.',
    why: 'A node drain, a rollout, an eviction or a crash takes the only instance away. Until the next one is ready, nobody answers.',
    fix: 'Run two instances or more, or raise the minimum of the autoscaler.',
    not: 'Data stores and caches (a second copy is no second member), workers that nobody calls, jobs, operators with leader election, one of several workloads behind the same Service, and a count that a template or overlay decides.',
  },
  check({ system, budgets, report }) {
    const seen = new Set<string>();
    for (const workload of system.workloads.filter((candidate) => needsTwo(candidate, system))) {
      const { instances } = budgets(workload.at.file);
      const related = workload.servedBy.slice(0, 2);
      // One that a chart leaves switched off scales nothing yet: both counts matter.
      for (const scaler of workload.autoscalers.filter((candidate) => !candidate.isAssumed || (candidate.isOff && candidate.target))) {
        const least = settled(scaler.min);
        const key = `${scaler.resource.file} ${scaler.resource.document} ${scaler.resource.path.join('/')}`;
        if (least === undefined || least > 1 || seen.has(key)) continue;
        seen.add(key);
        report({
          at: scaler.min.state === 'set' ? scaler.min.at : scaler.at,
          message: least === 0 ? 'zero' : 'minimum',
          data: { workload: workload.name, minimum: minimumOf(scaler, least) },
          related: [{ at: workload.at, text: `scaled by ${scaler.kind} ${scaler.name}` }, ...related],
          fixes: keepAtLeast(scaler, instances),
          subject: subjectOf(workload),
          severity: severityFor(workload, scaler.isOff ? 'info' : 'warning'),
        });
      }
      if (activeAutoscalers(workload).some((scaler) => !mayBeLeftOut(scaler, workload))) continue;
      if (settled(workload.instances) !== 1) continue;
      report({
        at: workload.instances.state === 'set' ? workload.instances.at : workload.at,
        message: 'single',
        data: { workload: workload.name, property: workload.cloud ? (propertyOf(workload.cloud, 'instances') ?? 'count') : (workload.words?.instances ?? 'replicas'), count: workload.instances.state === 'set' ? '1' : '1 by default' },
        ...(workload.servedBy[0] ? { label: workload.servedBy[0].text.slice(0, 40) } : {}),
        related,
        fixes: fixesOf(workload, instances),
        subject: subjectOf(workload),
        severity: severityFor(workload, isSoft(workload.instances) ? 'advice' : workload.isTiedToNode ? 'info' : 'warning'),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a group of a Nomad job that is a service',
        files: { 'shop.nomad': nomadJob('count = «1»', 'kill_timeout = "30s"') },
        expect: 'single',
        fixed: { 'shop.nomad': nomadJob('count = 2', 'kill_timeout = "30s"') },
      },
      {
        name: 'one task behind a target group',
        files: { 'stack.yaml': served('DesiredCount: «1»') },
        expect: 'single',
        fixed: { 'stack.yaml': served('DesiredCount: 2') },
      },
      { name: 'one task by default', files: { 'stack.yaml': served('Cluster: main').replace('  Orders:', '  «Orders»:') }, expect: 'single' },
      { name: 'a group of one machine behind a balancer', files: { 'stack.yaml': stack(resource('Web', 'AWS::AutoScaling::AutoScalingGroup', "MinSize: «'1'»", "MaxSize: '4'", 'HealthCheckType: ELB', 'TargetGroupARNs: [!Ref Targets]'), resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Port: 80', 'Protocol: HTTP')) }, expect: 'minimum' },
      {
        name: 'a served Deployment that says nothing about its count',
        files: { 'k8s/orders.yaml': documents(manifest('«orders»', { pod: spread('orders') }), service('orders'), budget('orders')) },
        expect: 'single',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 2', pod: spread('orders') }), service('orders'), budget('orders')) },
      },
      {
        name: 'one written instance behind an Ingress in another file',
        files: {
          'k8s/orders.yaml': documents(manifest('orders', { spec: '  «replicas: 1»  # for now', pod: spread('orders') }), service('orders'), budget('orders')),
          'k8s/ingress.yaml': 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: edge\nspec:\n  defaultBackend:\n    service:\n      name: orders\n      port:\n        number: 80\n',
        },
        expect: 'single',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 2  # for now', pod: spread('orders') }), service('orders'), budget('orders')) },
      },
      {
        name: 'an autoscaler that may leave one instance',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { pod: spread('orders') }), service('orders'), budget('orders')), 'k8s/scaling/orders.yaml': autoscaler('orders', '  «minReplicas: 1»\n') },
        expect: 'minimum',
        fixed: { 'k8s/scaling/orders.yaml': autoscaler('orders', '  minReplicas: 2\n') },
      },
      {
        name: 'an autoscaler of another folder keeps no more than the written one',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  «replicas: 1»', pod: spread('orders') }), service('orders'), budget('orders')), 'k8s/scaling/orders.yaml': autoscaler('orders', '  «minReplicas: 1»\n') },
        expect: ['single', 'minimum'],
      },
      {
        name: 'a web service of Render',
        files: { 'render.yaml': 'services:\n  - type: web\n    «name: orders»\n    runtime: node\n    plan: standard\n    healthCheckPath: /readyz\n' },
        expect: 'single',
        fixed: { 'render.yaml': 'services:\n  - type: web\n    name: orders\n    runtime: node\n    plan: standard\n    healthCheckPath: /readyz\n    numInstances: 2\n' },
      },
      {
        name: 'one web dyno of Heroku',
        files: { 'app.json': '{\n  "formation": {\n    "web": { «"quantity": 1», "size": "standard-1x" },\n    "worker": { "quantity": 1 }\n  }\n}\n' },
        expect: 'single',
        fixed: { 'app.json': '{\n  "formation": {\n    "web": { "quantity": 2, "size": "standard-1x" },\n    "worker": { "quantity": 1 }\n  }\n}\n' },
      },
      {
        name: 'an autoscaler whose maximum leaves no room above two',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { pod: spread('orders') }), service('orders'), budget('orders')), 'k8s/scaling/orders.yaml': autoscaler('orders', '  «minReplicas: 1»\n', 'orders', '  maxReplicas: 2\n') },
        expect: 'minimum',
        fixed: { 'k8s/scaling/orders.yaml': autoscaler('orders', '  minReplicas: 2\n', 'orders', '  maxReplicas: 4\n') },
      },
      {
        name: 'a scaling target whose maximum leaves no room above two',
        files: { 'stack.yaml': served('DesiredCount: 2') + resource('Scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', 'MinCapacity: «1»', 'MaxCapacity: 2', 'ResourceId: !Sub service/main/${Orders.Name}', 'ScalableDimension: ecs:service:DesiredCount', 'ServiceNamespace: ecs') },
        expect: 'minimum',
        fixed: { 'stack.yaml': served('DesiredCount: 2') + resource('Scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', 'MinCapacity: 2', 'MaxCapacity: 4', 'ResourceId: !Sub service/main/${Orders.Name}', 'ScalableDimension: ecs:service:DesiredCount', 'ServiceNamespace: ecs') },
      },
      {
        name: 'an autoscaler without a minimum',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { pod: spread('orders') }), service('orders'), budget('orders'), autoscaler('orders', '', '«orders-scaler»')) },
        expect: 'minimum',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { pod: spread('orders') }), service('orders'), budget('orders'), autoscaler('orders', '  minReplicas: 2\n', 'orders-scaler')) },
      },
      {
        name: 'scaled to nothing when it is quiet',
        files: {
          'k8s/orders.yaml': documents(manifest('orders'), service('orders')),
          'k8s/keda.yaml': 'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: orders\nspec:\n  scaleTargetRef:\n    name: orders\n  «minReplicaCount: 0»\n  triggers: []\n',
        },
        expect: 'zero',
      },
      {
        name: 'a count that the values of a chart set, behind a switch that is on',
        files: chart('replicaCount: 1  # raise it\nautoscaling:\n  enabled: false\n', documents(manifest('orders', { spec: '  {{- if not .Values.autoscaling.enabled }}\n  «replicas: {{ .Values.replicaCount }}»\n  {{- end }}', pod: spread('orders') }), service('orders'), budget('orders'))),
        expect: 'single',
        fixed: { 'shop/values.yaml': 'replicaCount: 2  # raise it\nautoscaling:\n  enabled: false\n' },
      },
      {
        name: 'an autoscaler that a chart leaves switched off, with one instance when it is on',
        files: chart('replicas: 3\nscaling: {enabled: false, min: 1}\n', documents(manifest('orders', { spec: '  replicas: {{ .Values.replicas }}', pod: spread('orders') }), service('orders'), budget('orders')), `{{- if .Values.scaling.enabled }}\n${autoscaler('orders', '  «minReplicas: {{ .Values.scaling.min }}»\n')}{{- end }}\n`),
        expect: 'minimum',
      },
      {
        name: 'an item of a List in JSON',
        files: { 'k8s/all.json': jsonList('«"replicas": 1»') },
        expect: 'single',
      },
    ],
    good: [
      { name: 'one of several versions behind a mesh', files: { 'mesh/orders-next.yaml': documents(manifest('orders-next', { pod: spread('orders') }), service('orders-next'), 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: orders\nspec:\n  host: orders\n  subsets:\n    - name: stable\n      labels: { app: orders }\n    - name: next\n      labels: { app: orders-next }\n') } },
      { name: 'two of the same image under numbers', files: { 'k8s/orders.yaml': documents(manifest('orders-1', { pod: spread('orders') }), service('orders-1'), manifest('orders-2', { pod: spread('orders') }), service('orders-2')).replace('shop/orders-2:', 'shop/orders-1:') } },
      { name: 'there for tests', files: { 'tests/e2e/orders.yaml': documents(manifest('orders', { pod: spread('orders') }), service('orders')) } },
      { name: 'two allocations of a Nomad group', files: { 'shop.nomad': nomadJob('count = 2', 'kill_timeout = "30s"') } },
      { name: 'two tasks of a service of the cloud', files: { 'stack.yaml': served('DesiredCount: 2') } },
      { name: 'an autoscaler of the cloud keeps two', files: { 'stack.yaml': served('DesiredCount: 1') + resource('Scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', 'MinCapacity: 2', 'MaxCapacity: 8', 'ResourceId: !Sub service/main/${Orders.Name}', 'ScalableDimension: ecs:service:DesiredCount', 'ServiceNamespace: ecs') } },
      { name: 'a service that nothing balances', files: { 'stack.yaml': stack(resource('Worker', 'AWS::ECS::Service', 'DesiredCount: 1', 'Cluster: main')) } },
      { name: 'two instances', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 2' }), service('orders')) } },
      { name: 'an autoscaler in another file keeps two', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders')), 'k8s/hpa.yaml': autoscaler('orders', '  minReplicas: 2\n') } },
      { name: 'a data store: another copy of it is no member', files: { 'k8s/db.yaml': documents(manifest('postgres', { image: 'postgres:16' }), service('postgres')) } },
      { name: 'a worker that nobody calls', files: { 'k8s/mailer.yaml': manifest('mailer', { container: '          args: [run]' }) } },
      { name: 'a job', files: { 'k8s/job.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: report\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: report\n          image: shop/report:1\n          ports:\n            - containerPort: 80\n' } },
      { name: 'switched off', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 0' }), service('orders')) } },
      { name: 'a canary beside the workload that takes most requests', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), service('orders')), 'k8s/canary.yaml': manifest('orders-canary', { app: 'orders' }) } },
      { name: 'values of a chart that ask for more', files: chart('replicaCount: 3\n', documents(manifest('orders', { spec: '  replicas: {{ .Values.replicaCount | default 1 }}' }), service('orders'))) },
      {
        name: 'values for production that ask for more than those of the chart',
        files: { ...chart('replicaCount: 1\n', documents(manifest('orders', { spec: '  replicas: {{ .Values.replicaCount }}' }), service('orders'))), 'shop/values-production.yaml': 'replicaCount: 3\n' },
      },
      { name: 'one host has one instance', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    ports: ["80:3000"]\n' } },
    ],
    unknown: [
      { name: 'a count of a Nomad group that whoever runs the job decides', files: { 'shop.nomad': `variable "n" {}\n\n${nomadJob('count = var.n', 'kill_timeout = "30s"')}` } },
      { name: 'the count of a service of the cloud is a parameter', files: { 'stack.yaml': `Parameters:\n  Count:\n    Type: Number\n${served('DesiredCount: !Ref Count')}` } },
      { name: 'the count comes from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: {{ .Values.replicas }}' }) } },
      { name: 'a part of the values is computed by a chart that is not there', files: chart('replicaCount: 1\n', manifest('orders', { spec: '  replicas: {{ include "common.replicas" . }}' })) },
      { name: 'the count stands under a template condition', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  {{- if not .Values.autoscaling }}\n  replicas: 1\n  {{- end }}' }) } },
      {
        name: 'an overlay sets the count',
        files: {
          'base/orders.yaml': documents(manifest('orders'), service('orders')),
          'base/kustomization.yaml': 'resources:\n  - orders.yaml\n',
          'overlays/live/kustomization.yaml': 'resources:\n  - ../../base\nreplicas:\n  - name: orders\n    count: 3\n',
        },
      },
      { name: 'a patch is no workload of its own', files: { 'patches/orders.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          ports:\n            - containerPort: 3000\n' } },
    ],
  },
});

function chart(values: string, orders: string, scaling?: string): Record<string, string> {
  return { 'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', 'shop/values.yaml': values, 'shop/templates/orders.yaml': orders, ...(scaling === undefined ? {} : { 'shop/templates/hpa.yaml': scaling }) };
}

function needsTwo(workload: Workload, system: SystemModel): boolean {
  if (!isWanted(workload) || !workload.isServed || workload.isSingleHost || workload.isPerNode || workload.isSingleton || workload.isVariant || !isRequestServer(workload.role) || workload.kind === 'Pod' || hasTwin(workload, system)) return false;
  if (workload.kind === 'StatefulSet' && workload.containers.some((container) => container.mounts.some((mount) => mount.kind === 'claim'))) return false;
  // Requests go on through another workload behind the same Service.
  const peers = system.routes.filter((route) => route.targets.length > 1 && route.targets.includes(workload.id)).flatMap((route) => route.targets);
  return peers.length === 0 || !system.workloads.some((other) => other.name !== workload.name && !other.isOneShot && peers.includes(other.id));
}

/** The same image under another number (`web-1`, `web-2`): together they are the instances. */
function hasTwin(workload: Workload, system: SystemModel): boolean {
  const stem = workload.name.replace(/[-_.]?\d+$/, '');
  const image = settled(workload.containers[0]?.image ?? { state: 'absent' });
  if (stem === workload.name || image === undefined) return false;
  return system.workloads.some((other) => other.scope === workload.scope && other.name !== workload.name && other.name.replace(/[-_.]?\d+$/, '') === stem && settled(other.containers[0]?.image ?? { state: 'absent' }) === image);
}

/** An autoscaler of another folder that keeps no more than one instance itself: with or without it, the written one is all. */
function mayBeLeftOut(scaler: Autoscaler, workload: Workload): boolean {
  const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1);
  return scaler.isAssumed !== true && workload.instances.state === 'set' && (settled(scaler.min) ?? 2) <= 1 && folderOf(scaler.at.file) !== folderOf(workload.at.file);
}

/** Raises the minimum, and with it a maximum that would leave no room above it. */
function keepAtLeast(scaler: Autoscaler, instances: number): readonly Fix[] {
  const most = settled(scaler.max);
  const raised = most !== undefined && most <= instances ? instances * 2 : undefined;
  const title = raised === undefined ? `Keep at least ${instances} instances` : `Scale from ${instances} to ${raised} instances`;
  const { cloud } = scaler;
  if (!cloud) {
    const operations = [intend(scaler.resource, { kind: 'set-autoscaler-min', count: instances }), ...(raised === undefined ? [] : [intend(scaler.resource, { kind: 'set-autoscaler-max', count: raised })])];
    return [{ title, safety: 'unsafe', operations }];
  }
  const [lower] = repairs(cloud, cloud.repairs['min'] ? 'min' : 'scalerMin', 'unsafe', title, instances);
  const [upper] = raised === undefined ? [] : repairs(cloud, cloud.repairs['max'] ? 'max' : 'scalerMax', 'unsafe', title, raised);
  if (!lower) return [];
  return [raised !== undefined && !upper ? { ...lower, title: `Keep at least ${instances} instances` } : { ...lower, operations: [...lower.operations, ...(upper?.operations ?? [])] }];
}

function minimumOf(scaler: Autoscaler, least: number): string {
  if (scaler.cloud) return `\`${propertyOf(scaler.cloud, scaler.cloud.repairs['min'] ? 'min' : 'scalerMin') ?? 'minimum'}\` is ${least}${scaler.min.state === 'set' ? '' : ' by default'}`;
  const key = scaler.kind === 'ScaledObject' ? 'minReplicaCount' : 'minReplicas';
  return `\`${key}\` is ${least}${scaler.min.state === 'set' ? '' : ' by default'}`;
}

/** A volume or port that one node holds comes first; two instances of it would only wait for each other. */
function fixesOf(workload: Workload, count: number): readonly Fix[] {
  // The overlay that sets the count is the one to change.
  const isElsewhere = workload.resource.format === 'kubernetes' && workload.instances.state === 'set' && workload.instances.at.file !== workload.resource.file;
  if (workload.isTiedToNode || isElsewhere) return [];
  if (workload.cloud) return repairs(workload.cloud, 'instances', 'unsafe', `Run ${count} instances`, count);
  return [{ title: `Run ${count} instances`, safety: 'unsafe', operations: [intend(workload.resource, { kind: 'set-instances', count })] }];
}

function jsonList(count: string): string {
  const pod = '{"metadata":{"labels":{"app":"orders"}},"spec":{"containers":[{"name":"app","image":"shop/orders:1","ports":[{"containerPort":3000}]}]}}';
  return `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"orders"},"spec":{${count},"selector":{"matchLabels":{"app":"orders"}},"template":${pod}}}]}\n`;
}
