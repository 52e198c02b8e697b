// Target groups, balancers and DNS records: whether a dead target is noticed, and whether a leaving one may finish.

import type { CloudBalancer, CloudInstanceGroup, CloudPlacement, CloudRecord, CloudTargetGroup } from './things';
import { foundOf, type CloudView } from './fields';
import type { CloudIndex } from './resource-index';
import type { Evidence, Setting } from '../model';

/** Every target group, backend service or balancer rule. */
export function targetGroupsOf(index: CloudIndex): CloudTargetGroup[] {
  return index.ofKind('target-group').map((view) => ({
    ...index.thing(view),
    protocol: index.word(view, 'protocol'),
    check: index.flag(view, 'check'),
    checkProtocol: index.word(view, 'checkProtocol'),
    matcher: index.word(view, 'matcher'),
    intervalSeconds: index.amount(view, 'interval'),
    timeoutSeconds: index.amount(view, 'timeout'),
    unhealthyCount: index.amount(view, 'unhealthy'),
    drainSeconds: index.amount(view, 'drain'),
    targetType: index.word(view, 'targetType'),
  }));
}

/** Every load balancer, classic ones included. */
export function balancersOf(index: CloudIndex): CloudBalancer[] {
  return index.ofKind('load-balancer', 'classic-load-balancer').map((view) => ({
    ...index.thing(view),
    isClassic: view.concept.entry.kind === 'classic-load-balancer',
    drain: index.flag(view, 'drainEnabled'),
    check: index.flag(view, 'check'),
  }));
}

/** Items of a list that is written out. */
function countOf(view: CloudView, field: string): Setting<number> {
  const [first, ...others] = foundOf(view, field);
  if (first === undefined || first === 'absent') return { state: 'absent' };
  if (first === 'unknown' || others.length > 0 || first.value.kind !== 'list' || first.value.isOpen || first.value.items.some((item) => item.kind === 'unknown' || item.kind === 'either')) return { state: 'unknown', because: 'the list cannot be known' };
  return { state: 'set', value: first.value.items.length, at: first.value.at };
}

/** DNS records. */
export function recordsOf(index: CloudIndex): CloudRecord[] {
  return index.ofKind('dns-record').map((view) => {
    const policy = index.flag(view, 'policy');
    const alias = index.flag(view, 'alias');
    return {
      ...index.thing(view),
      type: index.word(view, 'type'),
      policy: policy.state === 'set' ? { state: 'set', value: 'policy', at: policy.at } : policy.state === 'unknown' ? policy : { state: 'absent' },
      isPrimary: index.flag(view, 'primary'),
      healthCheck: index.flag(view, 'healthCheck'),
      isAlias: alias.state === 'set' && alias.value,
      evaluatesHealth: index.flag(view, 'evaluates'),
    };
  });
}

/** Where groups, services, balancers and file systems stand. */
export function placementsOf(index: CloudIndex): CloudPlacement[] {
  return index.ofKind('instance-group', 'container-service', 'load-balancer', 'classic-load-balancer', 'file-system').map((view) => {
    const most = index.amount(view, 'max');
    const count = index.amount(view, 'instances');
    const isOne = (setting: Setting<number>): boolean => (setting.state === 'set' || setting.state === 'default') && setting.value <= 1;
    return { ...index.thing(view), subnets: countOf(view, 'subnets'), oneZone: index.flag(view, 'oneZone'), isSeveral: !isOne(most) && !isOne(count) };
  });
}

/** Groups of machines with what balances them. */
export function instanceGroupsOf(index: CloudIndex): CloudInstanceGroup[] {
  return index.ofKind('instance-group').map((view) => {
    const named = index.named(view, 'targetGroups');
    const attached = index.naming(view.id, 'attachment', 'group').flatMap((attachment) => [...index.named(attachment, 'targetGroups').ids]);
    const evidence = [...named.ids, ...attached].flatMap((id): Evidence[] => {
      const group = index.view(id);
      return group ? [{ at: group.at, text: `behind ${group.concept.entry.title} ${index.thing(group).name}` }] : [];
    });
    const attachments = index.naming(view.id, 'attachment', 'group');
    const balanced = index.flag(view, 'balanced');
    const isBalanced = attachments.length > 0 || ((balanced.state === 'set') && balanced.value);
    return {
      ...index.thing(view),
      healthCheckType: index.word(view, 'healthCheckType'),
      balancers: isBalanced ? { state: 'default', value: 1, source: 'its balancer' } : balanced.state === 'unknown' ? balanced : { state: 'absent' },
      balancerEvidence: evidence,
    };
  });
}
