// Alarms, networks and APIs: who is told, and what all traffic goes through.

import type { CloudAlarm, CloudApi, CloudNetwork, CloudThing } from './things';
import type { CloudView } from './fields';
import type { CloudIndex } from './resource-index';
import type { Setting } from '../model';

/** Alarms with whom they tell and what they watch. */
export function alarmsOf(index: CloudIndex): CloudAlarm[] {
  return index.ofKind('alarm').map((view) => {
    const users = index.mentionedBy(view.id).filter((type) => !/dashboard/i.test(type));
    const actions = index.named(view, 'actions');
    const scales = actions.ids.length > 0 && !actions.isOpen && actions.ids.every((id) => isScaling(id, index));
    return {
      ...index.thing(view),
      metric: index.word(view, 'metric'),
      tells: index.flag(view, 'tells'),
      isEnabled: index.flag(view, 'enabled'),
      missingData: index.word(view, 'missing'),
      comparison: index.word(view, 'comparison'),
      isUsed: users.length > 0,
      onlyScales: scales,
      watches: view.resource.mentions,
    };
  });
}

function isScaling(id: string, index: CloudIndex): boolean {
  return /autoscaling.*policy|scaling_?policy|::ScalingPolicy/i.test(index.typeOf(id) ?? '');
}

/** Networks whose private subnets go out through NAT gateways; gateways and routes that are written one by one make one network for each scope. */
export function networksOf(index: CloudIndex): CloudNetwork[] {
  const written = index.ofKind('network').map((view): CloudNetwork => ({ ...index.thing(view), singleNat: singleOf(view, index), zones: index.amount(view, 'zones') }));
  const byScope = new Map<string, CloudView[]>();
  for (const view of index.ofKind('nat-gateway')) byScope.set(view.resource.scope, [...(byScope.get(view.resource.scope) ?? []), view]);
  for (const views of byScope.values()) {
    const [only, ...others] = views;
    if (!only || others.length > 0 || !isOne(only.resource.copies) || only.resource.isConditional) continue;
    const regional = index.flag(only, 'regional');
    const zones = privateZones(only, index);
    if (zones > 1 && regional.state === 'default') written.push({ ...index.thing(only), singleNat: { state: 'set', value: true, at: only.at }, zones: { state: 'set', value: zones, at: only.at } });
  }
  return written;
}

function singleOf(view: CloudView, index: CloudIndex): Setting<boolean> {
  const nat = index.flag(view, 'nat');
  if (nat.state === 'unknown' || ((nat.state === 'default' || nat.state === 'set') && !nat.value)) return nat.state === 'unknown' ? nat : { state: 'absent' };
  return index.flag(view, 'singleNat');
}

function isOne(copies: Setting<number>): boolean {
  return (copies.state === 'set' || copies.state === 'default') && copies.value === 1;
}

/** Subnets whose route table leads through the gateway, each counted as many times as there are copies of it. */
function privateZones(gateway: CloudView, index: CloudIndex): number {
  const routes = index.naming(gateway.id, 'route', 'nat');
  const tables = new Set(routes.flatMap((route) => [...index.named(route, 'table').ids]));
  const subnets = index.ofKind('attachment').filter((one) => index.named(one, 'table').ids.some((id) => tables.has(id)));
  const zones = new Set<string>();
  let several = 0;
  for (const one of subnets) {
    const { copies } = one.resource;
    if ((copies.state === 'set' || copies.state === 'default') && copies.value > 1) several += copies.value;
    for (const id of index.named(one, 'subnet').ids) {
      const subnet = index.view(id);
      const zone = subnet ? index.word(subnet, 'zone') : undefined;
      zones.add(zone?.state === 'set' ? zone.value : id);
    }
  }
  return Math.max(zones.size, several);
}

/** Stages of APIs. */
export function apisOf(index: CloudIndex): CloudApi[] {
  return index.ofKind('api-stage').map((view) => ({ ...index.thing(view), throttle: index.flag(view, 'throttle') }));
}

/** Plain things of a kind. */
export function thingsOf(index: CloudIndex, kind: 'backup-plan'): CloudThing[] {
  return index.ofKind(kind).map((view) => index.thing(view));
}
