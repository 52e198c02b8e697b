// Makes workloads of Nomad jobs: each group is one, its tasks are the containers. Defaults are those of Nomad's job specification (developer.hashicorp.com/nomad/docs/job-specification).

import type { FormatContext } from '../format';
import { folderOf } from '../../model/paths';
import { imageRole } from '../../model/images/known-images';
import type { Autoscaler, Evidence, ModelPart, ResourceRef, Setting, Workload } from '../../model/model';
import type { CloudMap } from '../cloud';
import { blocksOf, type HclBlock } from '../hcl/tree';
import { evaluateBody } from '../terraform/body';
import type { Context } from '../terraform/evaluate';
import { fileScope } from '../terraform/scope';
import type { NomadFacts } from './facts';
import { blocksIn, flagIn, isOpenFor, numberIn, orDefault, textIn, durationIn } from './settings';
import { taskContainer } from './task';

/** Workloads of all jobs. Linear in the facts. */
export function linkNomad(facts: readonly NomadFacts[], context: FormatContext): ModelPart {
  return { workloads: facts.flatMap((fact) => blocksOf(fact.body, 'job').flatMap((job) => jobWorkloads(fact, job, context))) };
}

function jobWorkloads(fact: NomadFacts, job: HclBlock, context: FormatContext): Workload[] {
  const scope: Context = { scope: fileScope(fact.path, fact.body), file: fact.path, names: new Map(), depth: 0 };
  const own = evaluateBody({ ...job.body, blocks: job.body.blocks.filter((block) => block.type !== 'group' && block.type !== 'task') }, scope, false);
  const name = job.labels[0]?.text ?? '';
  // A task that stands in no group is a group of its own.
  const alone = blocksOf(job.body, 'task').map((task): HclBlock => ({ ...task, body: { attributes: [], blocks: [task], span: task.span } }));
  return [...blocksOf(job.body, 'group'), ...alone].map((group) => groupWorkload(fact, { name, job: own, isBroken: job.body.isBroken === true }, group, scope, context));
}

interface Job {
  readonly name: string;
  readonly job: CloudMap;
  readonly isBroken: boolean;
}

const RESTART = 'nomad job-specification/restart, reschedule: a failed task of a service is started again, then moved, without end';

function groupWorkload(fact: NomadFacts, { name: jobName, job, isBroken }: Job, group: HclBlock, scope: Context, context: FormatContext): Workload {
  const file = fact.path;
  const properties = evaluateBody({ ...group.body, blocks: group.body.blocks.filter((block) => block.type !== 'task') }, scope, false);
  const label = group.labels[0];
  const name = label?.text ?? jobName;
  const isTaskAlone = group.type === 'task';
  const resource: ResourceRef = { file, format: 'nomad', document: 0, path: ['job', jobName, group.type, name] };
  const tasks = blocksOf(group.body, 'task').map((task) => ({ task, properties: evaluateBody(task.body, scope, false) }));
  const services = [properties, ...tasks.map((task) => task.properties)].flatMap((holder) => blocksIn(holder, 'service'));
  const ports = portsOf([properties, ...tasks.flatMap((task) => blocksIn(task.properties, 'resources'))]);
  const containers = tasks.map(({ task, properties: held }) => taskContainer({ file, resource: { ...resource, path: isTaskAlone ? resource.path : [...resource.path, 'task', task.labels[0]?.text ?? ''] }, task, properties: held, services, ports, context }));
  const main = containers.find((container) => container.kind === 'main');
  const type = textIn(job, 'type');
  const kind = type.state === 'set' ? type.value : 'service';
  const at = { file, span: label?.span ?? group.header };
  const grace = tasks.map(({ properties: held }) => orDefault(durationIn(held, 'kill_timeout'), 5_000, 'nomad job-specification/task: kill_timeout 5s')).at(tasks.length > 1 ? Math.max(0, containers.findIndex((container) => container.kind === 'main')) : 0);
  return {
    id: `nomad/${file}/${jobName}/${name}`,
    name: name === 'group' || name === 'app' ? jobName : name,
    format: 'nomad',
    kind,
    scope: `${folderOf(file)}/${jobName}`,
    at,
    block: { file, span: group.header },
    resource,
    role: main?.role ?? imageRole(undefined, name, context.catalog),
    environment: context.environmentOf(file.replace(/\.nomad(?:\.hcl)?$|\.hcl$/, '')),
    isSingleHost: false,
    isServed: services.length > 0,
    servedBy: services.map((service): Evidence => ({ at: service.entries['name']?.at ?? service.at, text: serviceText(service) })).slice(0, 3),
    isOneShot: kind === 'batch' || kind === 'sysbatch' || blocksIn(job, 'periodic').length > 0 || blocksIn(job, 'parameterized').length > 0,
    isPerNode: kind === 'system',
    isFragment: isBroken || type.state === 'unknown',
    isSingleton: false,
    isTiedToNode: holdsNode(properties, ports),
    instances: orDefault(numberIn(properties, 'count'), 1, 'nomad job-specification/group: count 1'),
    autoscalers: autoscalersOf(properties, name, file, resource),
    spread: spreadOf(job, properties),
    budgets: [],
    restart: restartOf(job, properties),
    ...restartAttempts(job, properties),
    rollout: { strategy: { state: 'unknown', because: 'Nomad rolls over one after another' }, maxUnavailable: { state: 'unknown', because: 'Nomad counts in `max_parallel`' }, maxSurge: { state: 'unknown', because: 'Nomad counts in `canary`' }, rollsBack: orDefault(merged([job, properties], 'update', (block) => flagIn(block, 'auto_revert')), false, 'nomad job-specification/update: auto_revert false') },
    gracePeriodMs: grace ?? { state: 'absent' },
    stopSignal: textIn(tasks[0]?.properties, 'kill_signal'),
    dependencies: [],
    containers,
    labels: {},
    words: { instances: 'count', stopPeriod: 'kill_timeout' },
  };
}

function serviceText(service: CloudMap): string {
  const name = textIn(service, 'name');
  return name.state === 'set' ? `served as ${name.value}` : 'served as a service';
}

export interface NomadPort {
  readonly name: string;
  readonly isStatic: boolean;
  readonly number?: number;
  readonly at: CloudMap['at'];
}

// `port "http" { to = 8080 }`: labels of blocks are no properties, so the order of the blocks names them.
function portsOf(holders: readonly CloudMap[]): readonly NomadPort[] {
  return holders.flatMap((holder) => blocksIn(holder, 'network')).flatMap((network) =>
    blocksIn(network, 'port').map((port): NomadPort => {
      const inside = numberIn(port, 'to');
      const outside = numberIn(port, 'static');
      const number = inside.state === 'set' ? inside.value : outside.state === 'set' ? outside.value : undefined;
      return { name: '', isStatic: outside.state !== 'absent', ...(number === undefined ? {} : { number }), at: port.at };
    }),
  );
}

/** A fixed port or a volume of the host: two of them cannot share a machine. */
function holdsNode(group: CloudMap, ports: readonly NomadPort[]): boolean {
  const volumes = blocksIn(group, 'volume').some((volume) => {
    const type = textIn(volume, 'type');
    return type.state === 'set' && type.value === 'host';
  });
  return volumes || ports.some((port) => port.isStatic);
}

function spreadOf(job: CloudMap, group: CloudMap): Workload['spread'] {
  const zone = [job, group].flatMap((holder) => blocksIn(holder, 'spread'))[0];
  if (zone) return { state: 'set', value: 'zone', at: zone.at };
  const apart = [job, group].flatMap((holder) => blocksIn(holder, 'constraint')).find((block) => {
    const operator = textIn(block, 'operator');
    return (operator.state === 'set' && operator.value === 'distinct_hosts') || block.entries['distinct_hosts'] !== undefined;
  });
  return apart ? { state: 'set', value: 'host', at: apart.at } : { state: 'unknown', because: 'Nomad places instances of a group apart where it can' };
}

/** The value of the last holder that sets it: a group wins over its job. */
function merged<T>(holders: readonly CloudMap[], block: string, read: (block: CloudMap) => Setting<T>): Setting<T> {
  let found: Setting<T> = { state: 'absent' };
  for (const holder of holders) {
    if (isOpenFor(holder, block)) return { state: 'unknown', because: `\`${block}\` is not known as a whole` };
    for (const one of blocksIn(holder, block)) {
      const own = read(one);
      if (own.state !== 'absent') found = own;
    }
  }
  return found;
}

// Whoever gives up on one machine is moved to another; only both together end it.
function restartOf(job: CloudMap, group: CloudMap): Workload['restart'] {
  const { attempts, isEnding } = endOf(job, group);
  if (!isEnding || attempts.state !== 'set') return { state: 'default', value: 'always', source: RESTART };
  return { state: 'set', value: attempts.value === 0 ? 'no' : 'on-failure', at: attempts.at };
}

function restartAttempts(job: CloudMap, group: CloudMap): { restartAttempts?: number } {
  const { attempts, isEnding } = endOf(job, group);
  return isEnding && attempts.state === 'set' && attempts.value > 0 ? { restartAttempts: attempts.value } : {};
}

function endOf(job: CloudMap, group: CloudMap): { readonly attempts: Setting<number>; readonly isEnding: boolean } {
  const moves = merged([job, group], 'reschedule', (block) => numberIn(block, 'attempts'));
  const unlimited = merged([job, group], 'reschedule', (block) => flagIn(block, 'unlimited'));
  const mode = merged([job, group], 'restart', (block) => textIn(block, 'mode'));
  const isEnding = moves.state === 'set' && moves.value === 0 && unlimited.state === 'set' && !unlimited.value && (mode.state === 'absent' || (mode.state === 'set' && mode.value === 'fail'));
  return { attempts: merged([job, group], 'restart', (block) => numberIn(block, 'attempts')), isEnding };
}

function autoscalersOf(group: CloudMap, name: string, file: string, resource: ResourceRef): Autoscaler[] {
  return blocksIn(group, 'scaling').map((block) => {
    const enabled = flagIn(block, 'enabled');
    const least = numberIn(block, 'min');
    return {
      name,
      kind: 'scaling',
      at: block.at,
      block: block.at,
      resource: { ...resource, file },
      min: least.state === 'absent' ? { state: 'unknown', because: 'it begins at the count' } : least,
      max: numberIn(block, 'max'),
      utilisation: [],
      ...(enabled.state === 'set' && !enabled.value ? { isAssumed: true } : {}),
    };
  });
}
