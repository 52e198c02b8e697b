// Recognises Envoy configuration (bootstrap files and resources of xDS) and reads one file into facts.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import { soundsStreaming } from '../../model/proxy-hosts';
import { commentsOf } from '../yaml/comments';
import { booleanOf, entries, find, get, items, numberOf, textOf } from '../yaml/look-up';
import { parseYaml, type YamlNode } from '../yaml/tree';
import type { EnvoyCluster, EnvoyFacts, EnvoyManager, EnvoyRetry, EnvoyRoute, LimitField, Path } from './facts';

const TOP = /^["']?(?:static_resources|dynamic_resources)["']?[ \t]*:|^[ \t{]*"(?:static_resources|dynamic_resources)"[ \t]*:/m;
const TYPE = /["']?@type["']?[ \t]*:[ \t]*["']?type\.googleapis\.com\/envoy\./;

/** A file of Envoy by its text; objects of Kubernetes and templates are left to others. */
export function recogniseEnvoy(path: string, text: string): boolean {
  if (!/\.(?:ya?ml|json)$/i.test(path) || (!TOP.test(text) && !TYPE.test(text))) return false;
  if (/\{\{|\{%/.test(text) || (/^apiVersion[ \t]*:/m.test(text) && /^kind[ \t]*:/m.test(text))) return false;
  return TOP.test(text) || /^["']?(?:resources|name|"@type"|filter_chains|virtual_hosts)["']?[ \t]*:/m.test(text) || /^\s*\{/.test(text);
}

interface Draft {
  readonly routes: EnvoyRoute[];
  readonly clusters: EnvoyCluster[];
  readonly managers: EnvoyManager[];
  readonly used: string[];
}

/** Facts of one file; never throws. Linear in the text. */
export function readEnvoy(path: string, text: string): { facts: EnvoyFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const draft: Draft = { routes: [], clusters: [], managers: [], used: [] };
  for (const document of parsed.documents) if (document.root) walk(document.root, [], document.index, { allowsUpgrade: false, idle: { state: 'absent' } }, draft, { left: 20_000 });
  const suppressions = text.includes('holdfast-') ? [...parseSuppressions(text, commentsOf(text, parsed).map((comment) => ({ span: comment.span, body: comment.text })))] : [];
  return { facts: { kind: 'artifact', format: 'envoy', path, suppressions, ...draft }, problems: parsed.problems.map((problem): FileProblem => ({ file: path, ...problem })) };
}

interface Around {
  readonly allowsUpgrade: boolean;
  readonly idle: LimitField;
}

/** Looks for what it knows in the whole tree: listeners nest filters, and filters nest routes. `budget` bounds hostile files. */
function walk(node: YamlNode | undefined, path: Path, document: number, around: Around, draft: Draft, budget: { left: number }): void {
  if (!node || budget.left-- <= 0 || path.length > 60) return;
  if (node.kind === 'sequence') return items(node).forEach((item, i) => walk(item, [...path, i], document, around, draft, budget));
  if (node.kind !== 'map') return;
  const type = textOf(get(node, '@type')) ?? '';
  let inner = around;
  if (/\.HttpConnectionManager$/.test(type)) {
    draft.managers.push(managerOf(node, path, document));
    inner = { allowsUpgrade: items(get(node, 'upgrade_configs')).length > 0, idle: limitOf(node, 'stream_idle_timeout') };
  }
  if (isCluster(node, type, path)) draft.clusters.push(clusterOf(node, path, document));
  if (get(node, 'virtual_hosts')?.kind === 'sequence') {
    items(get(node, 'virtual_hosts')).forEach((host, h) => {
      items(get(host, 'routes')).forEach((route, r) => {
        const made = routeOf(route, get(host, 'retry_policy') ?? get(node, 'retry_policy'), [...path, 'virtual_hosts', h, 'routes', r], document, inner);
        if (made) draft.routes.push(made);
      });
    });
  }
  const target = textOf(get(node, 'cluster'));
  if (target !== undefined && path.at(-1) !== 'node') draft.used.push(target);
  for (const { name, value } of entries(node)) if (name !== 'virtual_hosts') walk(value, [...path, name], document, inner, draft, budget);
}

function isCluster(node: YamlNode, type: string, path: Path): boolean {
  return /\.cluster\.v3\.Cluster$|\.api\.v2\.Cluster$/.test(type) || (path.at(-2) === 'clusters' && typeof path.at(-1) === 'number' && get(node, 'name') !== undefined && (get(node, 'load_assignment') ?? get(node, 'type') ?? get(node, 'connect_timeout') ?? get(node, 'hosts')) !== undefined);
}

/** `0.25s`, `{ seconds: 1 }`; 0 switches a limit off. */
function limitOf(node: YamlNode | undefined, key: string): LimitField {
  const found = find(node, key);
  if (!found) return { state: 'absent' };
  const span = found.pair?.span ?? found.node.span;
  const seconds = found.node.kind === 'map' ? (numberOf(get(found.node, 'seconds')) ?? 0) + (numberOf(get(found.node, 'nanos')) ?? 0) / 1e9 : secondsOf(textOf(found.node) ?? '');
  if (seconds === undefined) return { state: 'unknown', because: 'no duration' };
  return { state: 'set', value: seconds === 0 ? 'none' : Math.round(seconds * 1_000), span };
}

function secondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  return match ? Number(match[1]) * ({ ms: 0.001, s: 1, m: 60, h: 3_600 }[match[2] ?? 's'] ?? 1) : undefined;
}

function managerOf(node: YamlNode, path: Path, document: number): EnvoyManager {
  const filter = items(get(node, 'http_filters')).find((item) => /ratelimit|rate_limit/.test(textOf(get(item, 'name')) ?? '') || /ratelimit/i.test(textOf(get(item, 'typed_config', '@type')) ?? ''));
  return {
    name: textOf(get(node, 'stat_prefix')) ?? 'listener',
    document,
    path,
    span: find(node, 'stat_prefix')?.pair?.span ?? find(node, '@type')?.pair?.span ?? node.span,
    headersTimeout: limitOf(node, 'request_headers_timeout'),
    streamIdle: limitOf(node, 'stream_idle_timeout'),
    ...(filter ? { limitsRate: filter.span } : {}),
  };
}

function routeOf(node: YamlNode, hostRetry: YamlNode | undefined, path: Path, document: number, around: Around): EnvoyRoute | undefined {
  const match = find(node, 'match');
  const action = get(node, 'route');
  if (!match?.pair) return undefined;
  const name = ['path', 'prefix', 'path_separated_prefix', 'regex'].map((key) => textOf(get(match.node, key))).find((text) => text !== undefined) ?? textOf(get(match.node, 'safe_regex', 'regex')) ?? '/';
  const clusters = [textOf(get(action, 'cluster')), ...items(get(action, 'weighted_clusters', 'clusters')).map((item) => textOf(get(item, 'name')))].filter((text) => text !== undefined);
  const retry = get(action, 'retry_policy') ?? hostRetry;
  const methods = items(get(match.node, 'headers')).filter((header) => textOf(get(header, 'name')) === ':method').map((header) => textOf(get(header, 'string_match', 'exact')) ?? textOf(get(header, 'exact_match')) ?? '');
  const isLong = get(match.node, 'grpc') !== undefined || get(action, 'upgrade_configs') !== undefined || get(action, 'idle_timeout') !== undefined || get(action, 'max_stream_duration') !== undefined || around.allowsUpgrade;
  return {
    name,
    document,
    path: [...path, 'route'],
    span: match.pair.key.span,
    clusters,
    timeout: limitOf(action, 'timeout'),
    idle: around.idle,
    ...(retry ? { retry: retryOf(retry) } : {}),
    isStreaming: isLong || soundsStreaming(name) || clusters.some((cluster) => soundsStreaming(cluster)),
    isLocal: action === undefined,
    isWrite: methods.length > 0 && methods.every((method) => /^(?:POST|PATCH)$/.test(method)),
  };
}

function retryOf(node: YamlNode): EnvoyRetry {
  const count = get(node, 'num_retries');
  const attempts = numberOf(count?.kind === 'map' ? get(count, 'value') : count);
  return {
    span: node.span,
    on: (textOf(get(node, 'retry_on')) ?? '').split(',').map((word) => word.trim()).filter((word) => word !== ''),
    attempts: count === undefined ? { state: 'absent' } : attempts === undefined ? { state: 'unknown', because: 'no number' } : { state: 'set', value: attempts, span: count.span },
    perTry: limitOf(node, 'per_try_timeout'),
  };
}

function clusterOf(node: YamlNode, path: Path, document: number): EnvoyCluster {
  const assigned = items(get(node, 'load_assignment', 'endpoints')).flatMap((locality) => items(get(locality, 'lb_endpoints')));
  const old = items(get(node, 'hosts'));
  const addresses = [...assigned.map((endpoint) => get(endpoint, 'endpoint', 'address')), ...old];
  const endpoints = addresses.flatMap((address) => {
    const socket = get(address, 'socket_address');
    const host = textOf(get(socket, 'address')) ?? (get(address, 'pipe') ? `unix:${textOf(get(address, 'pipe', 'path')) ?? ''}` : undefined);
    const port = numberOf(get(socket, 'port_value'));
    return host === undefined || /[${]/.test(host) || !address ? [] : [{ host, ...(port === undefined ? {} : { port }), span: address.span }];
  });
  const options = get(node, 'typed_extension_protocol_options');
  const health = get(node, 'health_checks');
  const outlier = find(node, 'outlier_detection');
  return {
    name: textOf(get(node, 'name')) ?? '',
    document,
    path,
    span: find(node, 'name')?.node.span ?? node.span,
    type: textOf(get(node, 'type')) ?? (get(node, 'cluster_type') ? 'CUSTOM' : undefined),
    connectTimeout: limitOf(node, 'connect_timeout'),
    endpoints,
    isOpen: endpoints.length < addresses.length || addresses.length === 0 || get(node, 'eds_cluster_config') !== undefined || get(node, 'cluster_type') !== undefined || booleanOf(get(node, 'ignore_health_on_host_removal')) === true,
    ...(health && items(health).length > 0 ? { healthCheck: health.span } : {}),
    ...(outlier ? { outlierDetection: outlier.node.span } : {}),
    isHttp2: get(node, 'http2_protocol_options') !== undefined || entries(options).some(({ value }) => get(value, 'explicit_http_config', 'http2_protocol_options') !== undefined),
  };
}
