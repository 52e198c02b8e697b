// Reads how long routes of meshes and gateways wait, and what a mesh does about failing targets: VirtualService, HTTPRoute, GRPCRoute, Ingress with the annotations of ingress-nginx, DestinationRule.

import { entries, find, items, textOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import type { Field, ObjectHeader, PoolObject, RouteFact } from './facts';
import { ask, isOpen, itemsAt, labelsAt, nodeAt, numberField, sourceText, textField, type Source } from './fields';

const ABSENT = { state: 'absent' } as const;

/** Routes of an object, in the order in which they are written. */
export function readRoutes(source: Source, node: YamlNode, header: ObjectHeader): RouteFact[] {
  const spec = nodeAt(source, node, 'spec');
  switch (header.kind) {
    case 'VirtualService':
      return itemsAt(source, spec, 'http').map((rule, i) => virtualRoute(source, rule, [...header.path, 'spec', 'http', i]));
    case 'HTTPRoute':
      return itemsAt(source, spec, 'rules').map((rule, i) => gatewayRoute(source, rule, [...header.path, 'spec', 'rules', i]));
    case 'Ingress':
      return readIngress(source, node, header);
    default:
      return [];
  }
}

function virtualRoute(source: Source, rule: YamlNode, path: readonly (string | number)[]): RouteFact {
  const retries = ask(source, rule, 'retries');
  const uris = items(find(rule, 'match')?.node).flatMap((match) => entries(find(match, 'uri')?.node).flatMap(({ value }) => textOf(value) ?? []));
  const upgrades = items(find(rule, 'match')?.node).some((match) => find(match, 'headers', 'upgrade') !== undefined || find(match, 'headers', 'Upgrade') !== undefined);
  return {
    path,
    span: rule.span,
    timeout: textField(source, rule, 'timeout'),
    attempts: numberField(source, rule, 'retries', 'attempts'),
    perTry: textField(source, rule, 'retries', 'perTryTimeout'),
    retryOn: textField(source, rule, 'retries', 'retryOn'),
    retriesAt: retries.kind === 'node' ? retries.keySpan : undefined,
    isLocal: find(rule, 'redirect') !== undefined || find(rule, 'directResponse') !== undefined || find(rule, 'delegate') !== undefined,
    upgrades,
    paths: uris,
    targets: items(find(rule, 'route')?.node).flatMap((route) => sourceText(source, find(route, 'destination', 'host')?.node) ?? []),
    hasOpenKeys: isOpen(source, rule),
  };
}

function gatewayRoute(source: Source, rule: YamlNode, path: readonly (string | number)[]): RouteFact {
  const filters = items(find(rule, 'filters')?.node).map((filter) => textOf(find(filter, 'type')?.node));
  const request = textField(source, rule, 'timeouts', 'request');
  return {
    path,
    span: rule.span,
    timeout: request.state === 'absent' ? textField(source, rule, 'timeouts', 'backendRequest') : request,
    attempts: numberField(source, rule, 'retry', 'attempts'),
    perTry: textField(source, rule, 'timeouts', 'backendRequest'),
    retryOn: ABSENT,
    retriesAt: undefined,
    isLocal: filters.includes('RequestRedirect') || items(find(rule, 'backendRefs')?.node).length === 0,
    upgrades: items(find(rule, 'matches')?.node).some((match) => items(find(match, 'headers')?.node).some((header) => /^upgrade$/i.test(textOf(find(header, 'name')?.node) ?? ''))),
    paths: items(find(rule, 'matches')?.node).flatMap((match) => textOf(find(match, 'path', 'value')?.node) ?? []),
    targets: items(find(rule, 'backendRefs')?.node).flatMap((backend) => sourceText(source, find(backend, 'name')?.node) ?? []),
    hasOpenKeys: isOpen(source, rule),
  };
}

const NGINX = 'nginx.ingress.kubernetes.io/';

/** Numbers of seconds without a unit, as ingress-nginx takes them. */
function seconds(field: Field<string>): Field<string> {
  if (field.state !== 'set') return field;
  return /^\d+$/.test(field.value) ? { ...field, value: `${field.value}s` } : field;
}

/** One route for all paths: the annotations hold for the whole object. Without any of them nothing is said, since other controllers may serve it. */
function readIngress(source: Source, node: YamlNode, header: ObjectHeader): RouteFact[] {
  const annotations = nodeAt(source, node, 'metadata', 'annotations');
  if (!Object.keys(header.annotations.entries).some((name) => name.startsWith(`${NGINX}proxy-`))) return [];
  const read = (name: string): Field<string> => textField(source, annotations, `${NGINX}${name}`);
  const rules = itemsAt(source, nodeAt(source, node, 'spec'), 'rules').flatMap((rule) => [...items(find(rule, 'http', 'paths')?.node)]);
  const tries = read('proxy-next-upstream-tries');
  const [read_, send] = [seconds(read('proxy-read-timeout')), seconds(read('proxy-send-timeout'))];
  return [{
    path: [...header.path],
    span: header.span,
    timeout: read_.state === 'absent' ? send : read_,
    connect: seconds(read('proxy-connect-timeout')),
    attempts: tries.state === 'set' ? { ...tries, value: Number(tries.value) } : tries,
    perTry: ABSENT,
    retryOn: read('proxy-next-upstream'),
    retriesAt: tries.state === 'set' ? tries.span : undefined,
    isLocal: rules.length === 0,
    upgrades: Object.keys(header.annotations.entries).some((name) => /websocket|upstream-hash-by|backend-protocol|proxy-body-size|proxy-request-buffering/.test(name)),
    paths: rules.flatMap((rule) => textOf(find(rule, 'path')?.node) ?? []),
    targets: rules.flatMap((rule) => sourceText(source, find(rule, 'backend', 'service', 'name')?.node) ?? []),
    hasOpenKeys: header.annotations.isOpen,
  }];
}

/** What a mesh does about targets that fail. */
export function readPool(source: Source, node: YamlNode, header: ObjectHeader): PoolObject {
  const spec = nodeAt(source, node, 'spec');
  const policy = nodeAt(source, node, 'spec', 'trafficPolicy');
  const outlier = ask(source, node, 'spec', 'trafficPolicy', 'outlierDetection');
  const isPerPort = items(find(policy, 'portLevelSettings')?.node).length > 0 || itemsAt(source, spec, 'subsets').some((subset) => find(subset, 'trafficPolicy') !== undefined);
  const host = sourceText(source, nodeAt(source, node, 'spec', 'host'));
  return {
    ...header,
    type: 'pool',
    host: host ?? '',
    subsets: itemsAt(source, spec, 'subsets').map((subset) => labelsAt(source, subset, 'labels')),
    outlier: outlier.kind === 'node' ? { state: 'set', value: true, span: outlier.keySpan } : outlier.kind === 'unknown' || isPerPort ? { state: 'unknown', because: 'it is set for a part' } : ABSENT,
    failures: numberField(source, node, 'spec', 'trafficPolicy', 'outlierDetection', 'consecutive5xxErrors'),
  };
}
