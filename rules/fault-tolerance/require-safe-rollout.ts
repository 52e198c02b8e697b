// A rollout is the most frequent failure there is: it stops instances on purpose. Whether anyone notices depends on how many at once, and on the way back.

import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { deploysOf, isPreview } from '../../engine/model/ci-steps';
import { parseImage } from '../../engine/model/images/known-images';
import type { Mount, Workload } from '../../engine/model/model';
import { intend, isOnKubernetes, isRequestServer, isSubject, keepsData, leastInstances, settled, severityFor, subjectOf } from '../../engine/model/questions';
import { propertyOf, repairs } from '../cloud-fixes';
import type { CloudThing } from '../../engine/model/cloud/things';
import { documents, manifest, service, spread } from '../example-manifests';
import { resource, stack } from '../example-templates';

const CLAIM_VOLUME = '      volumes:\n        - name: data\n          persistentVolumeClaim:\n            claimName: files';
const MOUNT = '          volumeMounts:\n            - name: data\n              mountPath: /data';

function claim(modes: string): string {
  return `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: files\nspec:\n  accessModes: ${modes}\n`;
}

function pipeline(steps: string): string {
  return `on: push\nconcurrency: cd\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    timeout-minutes: 10\n    steps:\n${steps}`;
}

type Messages = 'recreate' | 'allDown' | 'volume' | 'noRollback' | 'onDelete' | 'noBreaker' | 'noneHealthy' | 'unwatched' | 'unpinned' | 'partition';

const OPTIONS = { anyVersion: { type: 'boolean', default: false, describe: 'Also reports images without a version of workloads that keep no data.' } } as const;

export const requireSafeRollout = defineRule<Messages, typeof OPTIONS>({
  id: 'fault-tolerance/require-safe-rollout',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  options: OPTIONS,
  messages: {
    recreate: 'Each rollout stops all of `{workload}`: `strategy` is `Recreate`.',
    allDown: 'Each rollout stops all of `{workload}`: `maxUnavailable` is {amount}.',
    volume: 'A rollout of `{workload}` can hang: its new instance waits for volume `{volume}`, which one node holds until the old one ends.',
    noRollback: 'A broken version of `{workload}` cannot be rolled back: no older revision is kept.',
    unwatched: { text: '`{tool}` ends before the new version runs: one that never starts looks like a finished deploy.', severity: 'info' },
    noBreaker: 'A broken version of `{workload}` is started again and again: no deployment circuit breaker takes it back.',
    noneHealthy: 'Each rollout can stop all of `{workload}`: `{property}` is 0.',
    unpinned: 'A restart can start another version of `{workload}`, with no way back: `{image}` names none.',
    partition: { text: 'Instances of `{workload}` below number {count} keep the old version: `partition` is {count}.', severity: 'info' },
    onDelete: { text: 'A new version of `{workload}` runs only where someone deletes an instance: its update strategy is `OnDelete`.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a rollout that stops every instance at once, that cannot finish because of a volume, that keeps no version to go back to, or that a pipeline does not wait for, and an image without a version.',
    why: 'With all instances down each deploy is an outage, and a version that does not start makes it a long one.',
    fix: 'Roll instances over one after another; give a volume that one node holds to a StatefulSet, or stop the old instance first.',
    not: 'Images of what keeps no data, unless the option asks; the default strategy, data stores and caches of one instance, workloads tied to a port or a volume of one node, one instance on each node, leader-elected ones.',
  },
  check({ system, options, report }) {
    for (const workload of system.workloads) {
      if (!isSubject(workload)) continue;
      const found = atOnce(workload) ?? volumeHeld(workload) ?? onDelete(workload);
      if (found) report(found);
      if (workload.cloud) cloudFindings(workload, workload.cloud).forEach(report);
      const { rollsBack, partition } = workload.rollout;
      const floating = isOnKubernetes(workload) ? unpinned(workload, options(workload.at.file).anyVersion) : undefined;
      if (floating) report(floating);
      if (partition?.state === 'set' && partition.value > 0) report({ ...finding(workload, partition.at, 'partition', { count: partition.value }, []), severity: severityFor(workload, 'info') });
      if (isOnKubernetes(workload) && rollsBack.state === 'set' && !rollsBack.value) report(finding(workload, rollsBack.at, 'noRollback', {}, []));
    }
    for (const job of system.jobs) {
      if (job.environment === 'test' || job.environment === 'development' || isPreview(job) || job.triggers.every((trigger) => trigger === 'pull_request')) continue;
      const deploy = job.steps.flatMap((step) => deploysOf(step, job)).find((candidate) => candidate.waits === false);
      if (!deploy) continue;
      const { input } = deploy;
      const wait: readonly Fix[] = input ? [{ title: 'Wait until the service is stable', safety: 'unsafe', operations: [intend(input.resource, { kind: 'set-value', path: [...input.resource.path, 'with', input.name], value: true })] }] : [];
      // What is applied may be no workload at all.
      report({ at: deploy.at, message: 'unwatched', data: { tool: deploy.tool }, label: `no ${deploy.wait ?? 'wait'}`.slice(0, 40), fixes: wait, subject: `job/${job.name}`, severity: /apply|replace/.test(deploy.tool) ? 'advice' : 'info' });
    }
  },
  examples: {
    bad: [
      {
        name: 'a container service without a circuit breaker',
        files: { 'stack.yaml': stack(resource('«Orders»', 'AWS::ECS::Service', 'DesiredCount: 2', 'ServiceConnectConfiguration: { Enabled: true }')) },
        expect: 'noBreaker',
        fixed: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DesiredCount: 2', 'ServiceConnectConfiguration: { Enabled: true }', 'DeploymentConfiguration:', '  DeploymentCircuitBreaker:', '    Enable: true', '    Rollback: true')) },
      },
      {
        name: 'a container service in Terraform',
        files: { 'main.tf': 'resource "aws_ecs_service" «"orders"» {\n  name          = "orders"\n  desired_count = 2\n}\n' },
        expect: 'noBreaker',
        fixed: { 'main.tf': 'resource "aws_ecs_service" "orders" {\n  name          = "orders"\n  desired_count = 2\n\n  deployment_circuit_breaker {\n    enable   = true\n    rollback = true\n  }\n}\n' },
      },
      {
        name: 'a container service of a pattern of the CDK',
        files: { 'lib/shop.ts': "import { Stack } from 'aws-cdk-lib';\nimport * as patterns from 'aws-cdk-lib/aws-ecs-patterns';\nexport class Shop extends Stack {\n  readonly web = «new patterns.ApplicationLoadBalancedFargateService»(this, 'Web', {\n    desiredCount: 2,\n  });\n}\n" },
        expect: 'noBreaker',
        fixed: { 'lib/shop.ts': "import { Stack } from 'aws-cdk-lib';\nimport * as patterns from 'aws-cdk-lib/aws-ecs-patterns';\nexport class Shop extends Stack {\n  readonly web = new patterns.ApplicationLoadBalancedFargateService(this, 'Web', {\n    desiredCount: 2,\n    circuitBreaker: { enable: true, rollback: true },\n  });\n}\n" },
      },
      {
        name: 'a circuit breaker that stops and does not go back',
        files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DesiredCount: 2', 'DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: «false» } }')) },
        expect: 'noBreaker',
        fixed: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DesiredCount: 2', 'DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }')) },
      },
      { name: 'all tasks may stop at once', files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DesiredCount: 2', 'ServiceConnectConfiguration: { Enabled: true }', 'DeploymentConfiguration: { MinimumHealthyPercent: «0», DeploymentCircuitBreaker: { Enable: true, Rollback: true } }')) }, expect: 'noneHealthy' },
      {
        name: 'all instances are replaced at once',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 1\n  strategy:\n    «type: Recreate»' }), service('orders')) },
        expect: 'recreate',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 1\n  strategy:\n    type: RollingUpdate' }), service('orders')) },
      },
      {
        name: 'all may be unavailable',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3\n  strategy:\n    rollingUpdate:\n      «maxUnavailable: 100%»', pod: spread('orders') }), service('orders')) },
        expect: 'allDown',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 0\n      maxSurge: 1\n    type: RollingUpdate', pod: spread('orders') }), service('orders')) },
      },
      {
        name: 'as many may be unavailable as there are',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 2\n  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      «maxUnavailable: 2»\n      maxSurge: 0' }), service('orders')) },
        expect: 'allDown',
      },
      {
        name: 'a Deployment with a volume that one node holds',
        files: { 'k8s/files.yaml': documents(manifest('files', { pod: CLAIM_VOLUME, container: '          volumeMounts:\n            - name: data\n              «mountPath: /data»' }), claim('[ReadWriteOnce]')) },
        expect: 'volume',
        fixed: { 'k8s/files.yaml': documents(manifest('files', { spec: '  strategy:\n    type: Recreate', pod: CLAIM_VOLUME, container: '          volumeMounts:\n            - name: data\n              mountPath: /data' }), claim('[ReadWriteOnce]')) },
      },
      { name: 'a pipeline that does not wait for its new version', files: { '.github/workflows/cd.yml': pipeline('      - run: «helm upgrade --install orders ./chart»\n') }, expect: 'unwatched' },
      {
        name: 'an action that does not wait',
        files: { '.github/workflows/cd.yml': pipeline('      - «uses: aws-actions/amazon-ecs-deploy-task-definition@v2»\n        with:\n          service: orders\n') },
        expect: 'unwatched',
        fixed: { '.github/workflows/cd.yml': pipeline('      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          service: orders\n          wait-for-service-stability: true\n') },
      },
      { name: 'no revision is kept', files: { 'k8s/orders.yaml': manifest('orders', { spec: '  «revisionHistoryLimit: 0»' }) }, expect: 'noRollback' },
      { name: 'new versions wait for someone', files: { 'k8s/orders.yaml': documents(manifest('orders', { kind: 'StatefulSet', spec: '  serviceName: orders\n  updateStrategy:\n    «type: OnDelete»' }), service('orders')) }, expect: 'onDelete' },
      { name: 'a database without a version', files: { 'k8s/db.yaml': manifest('db', { kind: 'StatefulSet', image: 'postgres' }).replace('image: postgres', '«image: postgres»') }, expect: 'unpinned' },
      { name: 'a server of the latest version, where all are asked', options: { anyVersion: true }, files: { 'k8s/orders.yaml': manifest('orders', { image: 'shop/orders:latest' }).replace('image: shop/orders:latest', '«image: shop/orders:latest»') }, expect: 'unpinned' },
      { name: 'half of the members stay behind', files: { 'k8s/orders.yaml': manifest('orders', { kind: 'StatefulSet', spec: '  replicas: 4\n  updateStrategy:\n    rollingUpdate:\n      «partition: 2»' }) }, expect: 'partition' },
    ],
    good: [
      { name: 'an overlay names the version', files: { 'base/db.yaml': manifest('db', { kind: 'StatefulSet', image: 'postgres' }), 'base/kustomization.yaml': 'resources: [db.yaml]\n', 'live/kustomization.yaml': 'resources: [../base]\nimages:\n  - name: postgres\n    newTag: "16.4"\n' } },
      { name: 'a digest', files: { 'k8s/db.yaml': manifest('db', { kind: 'StatefulSet', image: 'postgres@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }) } },
      { name: 'one instance stops anyway', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 1\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 1' }), service('orders')) } },
      { name: 'a circuit breaker that goes back', files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }')) } },
      { name: 'another controller deploys it', files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DeploymentController: { Type: CODE_DEPLOY }')) } },
      { name: 'alarms take it back', files: { 'stack.yaml': stack(resource('Orders', 'AWS::ECS::Service', 'DeploymentConfiguration: { Alarms: { AlarmNames: [errors], Enable: true, Rollback: true } }')) } },
      { name: 'a deploy that waits', files: { '.github/workflows/cd.yml': pipeline('      - run: |\n          kubectl set image deployment/orders app=shop/orders:${{ github.sha }}\n          kubectl rollout status deployment/orders --timeout=5m\n      - run: helm upgrade orders ./chart --atomic\n') } },
      { name: 'a cluster for tests', files: { '.github/workflows/ci.yml': pipeline('      - uses: helm/kind-action@v1\n      - run: helm upgrade --install orders ./chart\n') } },
      { name: 'the default strategy', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), service('orders')) } },
      { name: 'one after another', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3\n  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxUnavailable: 1\n      maxSurge: 1' }), service('orders')) } },
      { name: 'a volume that only one may hold is handed over', files: { 'k8s/files.yaml': documents(manifest('files', { spec: '  strategy:\n    type: Recreate', pod: CLAIM_VOLUME, container: MOUNT }), claim('[ReadWriteOnce]')) } },
      { name: 'a volume that many may hold', files: { 'k8s/files.yaml': documents(manifest('files', { pod: CLAIM_VOLUME, container: MOUNT }), claim('[ReadWriteMany]')) } },
      { name: 'a cache of one instance', files: { 'k8s/redis.yaml': documents(manifest('redis', { spec: '  strategy:\n    type: Recreate', image: 'redis:7' }), service('redis')) } },
    ],
    unknown: [
      { name: 'the circuit breaker is a parameter', files: { 'stack.yaml': `Parameters:\n  Breaker:\n    Type: String\n${stack(resource('Orders', 'AWS::ECS::Service', 'DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: !Ref Breaker, Rollback: true } }'))}` } },
      { name: 'an input decides whether the deploy waits', files: { '.github/workflows/cd.yml': pipeline('      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          service: orders\n          wait-for-service-stability: ${{ inputs.wait }}\n') } },
      { name: 'the strategy comes from template values', files: { 'chart/templates/orders.yaml': documents(manifest('orders', { spec: '  strategy:\n    {{- toYaml .Values.strategy | nindent 4 }}' }), service('orders')) } },
      { name: 'the version is a template value', files: { 'chart/templates/db.yaml': manifest('db', { kind: 'StatefulSet', image: 'postgres:{{ .Values.version }}' }) } },
      { name: 'the claim is made elsewhere', files: { 'k8s/files.yaml': manifest('files', { pod: CLAIM_VOLUME, container: MOUNT }) } },
      { name: 'a share of a count that cannot be known', files: { 'chart/templates/orders.yaml': documents(manifest('orders', { spec: '  replicas: {{ .Values.replicas }}\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 2' }), service('orders')) } },
    ],
  },
});

/** A container service keeps trying to start what does not start, unless it is told to go back. */
function cloudFindings(workload: Workload, thing: CloudThing): Report<Messages>[] {
  const { rollsBack, minHealthyPercent } = workload.rollout;
  const severity = severityFor(workload, workload.isServed ? 'warning' : 'info');
  const found: Report<Messages>[] = [];
  if (workload.isPerNode) return found;
  if (settled(rollsBack) === false) found.push({ ...finding(workload, rollsBack.state === 'set' ? rollsBack.at : workload.at, 'noBreaker', {}, repairs(thing, 'breaker', 'unsafe', 'Roll back with a deployment circuit breaker')), severity });
  if (minHealthyPercent?.state === 'set' && minHealthyPercent.value === 0 && workload.isServed) found.push({ ...finding(workload, minHealthyPercent.at, 'noneHealthy', { property: propertyOf(thing, 'minHealthy') ?? 'minimum' }, repairs(thing, 'minHealthy', 'unsafe')), severity });
  return found;
}

function finding(workload: Workload, at: Workload['at'], message: Messages, data: Readonly<Record<string, string | number>>, fixes: readonly Fix[]): Report<Messages> {
  return { at, message, data: { workload: workload.name, ...data }, fixes, related: workload.servedBy.slice(0, 1), subject: subjectOf(workload), ...(message === 'onDelete' ? {} : { severity: severityFor(workload, 'warning') }) };
}

function atOnce(workload: Workload): Report<Messages> | undefined {
  const { strategy, maxUnavailable } = workload.rollout;
  if (!workload.isServed || !isRequestServer(workload.role) || workload.isTiedToNode || workload.isSingleton || workload.isPerNode) return undefined;
  if (strategy.state === 'set' && strategy.value === 'recreate') {
    return finding(workload, strategy.at, 'recreate', {}, [{ title: 'Replace by `RollingUpdate`', safety: 'unsafe', operations: [intend(workload.resource, { kind: 'set-rollout', strategy: 'rolling' })] }]);
  }
  if (settled(strategy) !== 'rolling' || maxUnavailable.state !== 'set') return undefined;
  const count = leastInstances(workload);
  const all = typeof maxUnavailable.value === 'number' ? count !== undefined && count > 0 && maxUnavailable.value >= count : maxUnavailable.value === '100%';
  // A single instance stops at each rollout whatever its strategy says: that is a finding of its own.
  if (count === 1) return undefined;
  if (!all) return undefined;
  const amount = typeof maxUnavailable.value === 'number' ? `${maxUnavailable.value} of ${count ?? ''}` : maxUnavailable.value;
  return finding(workload, maxUnavailable.at, 'allDown', { amount }, [{ title: 'Replace one instance at a time', safety: 'unsafe', operations: [intend(workload.resource, { kind: 'set-rollout', strategy: 'rolling', maxUnavailable: 0, maxSurge: 1 })] }]);
}

/** The new instance may be placed on another node, where the volume cannot follow before the old instance is gone. */
function volumeHeld(workload: Workload): Report<Messages> | undefined {
  if (workload.kind !== 'Deployment' || settled(workload.rollout.strategy) !== 'rolling' || settled(workload.rollout.maxSurge) === 0) return undefined;
  const held = workload.containers.flatMap((container) => container.mounts).find(isHeldByOneNode);
  if (!held) return undefined;
  const fixes: readonly Fix[] = settled(workload.instances) === 1 ? [{ title: 'Stop the old instance first with `Recreate`', safety: 'unsafe', operations: [intend(workload.resource, { kind: 'set-rollout', strategy: 'recreate' })] }] : [];
  return finding(workload, held.at, 'volume', { volume: held.source ?? held.target }, fixes);
}

function isHeldByOneNode(mount: Mount): boolean {
  return mount.kind === 'claim' && mount.accessModes !== undefined && mount.accessModes.length > 0 && mount.accessModes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
}

/** A store whose version changes by itself may find files that it cannot read; another image only surprises. */
function unpinned(workload: Workload, isAsked: boolean): Report<Messages> | undefined {
  const container = workload.containers.find((candidate) => candidate.kind === 'main' && candidate.image.state === 'set' && candidate.hasOpenTag !== true);
  const image = container?.image.state === 'set' ? container.image : undefined;
  const reference = image && parseImage(image.value);
  if (!image || !reference || reference.digest !== undefined || (reference.tag !== undefined && reference.tag !== 'latest')) return undefined;
  const isStore = keepsData(workload) && container?.knownImage !== undefined;
  if (!isStore && !isAsked) return undefined;
  return { ...finding(workload, image.at, 'unpinned', { image: image.value.slice(-60) }, []), severity: severityFor(workload, isStore ? 'warning' : 'advice') };
}

function onDelete(workload: Workload): Report<Messages> | undefined {
  const { strategy } = workload.rollout;
  return strategy.state === 'set' && strategy.value === 'on-delete' ? finding(workload, strategy.at, 'onDelete', {}, []) : undefined;
}
