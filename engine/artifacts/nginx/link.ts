// Joins the nginx files of a workspace: includes, inheritance from http over server to location, routes with their limits, and the upstreams behind them.

import type { ModelPart } from '../../model/model';
import type { ProxyListener, ProxyRetries, ProxyRoute, Upstream } from '../../model/proxy';
import { soundsStreaming } from '../../model/proxy-hosts';
import type { FormatContext } from '../format';
import type { NginxFacts } from './facts';
import { Expander, inherited, named, parseSize, parseTime, partOf, placeOf, timeLimit, valueSetting, type Chain, type Level, type Placed } from './levels';
import { implicitUpstream, targetOf, upstreamOf, type PassTarget } from './link-upstreams';

const PASSES = ['proxy_pass', 'grpc_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass'] as const;

interface Found {
  readonly routes: Map<string, ProxyRoute>;
  readonly upstreams: Map<string, Upstream>;
  readonly listeners: Map<string, ProxyListener>;
}

interface Side {
  readonly isStream: boolean;
  readonly pools: ReadonlySet<string>;
  readonly server: string;
}

/** Routes, upstreams and servers of all nginx files. Cost: linear in the directives, times the files that include them. */
export function linkNginx(files: readonly NginxFacts[], context: FormatContext): ModelPart {
  const expander = new Expander(files);
  const roots = files.map((file) => ({ file, level: expander.level(file.directives, file.path, []) }));
  // Includes inside of blocks count too: each block is expanded once before the roots are told apart.
  for (const { level } of roots) visitBlocks(level, expander, 0);
  const found: Found = { routes: new Map(), upstreams: new Map(), listeners: new Map() };
  for (const { file, level } of roots) {
    if (expander.included.has(file.path)) continue;
    const isWhole = level.items.some(({ directive }) => directive.name === 'http' || directive.name === 'stream');
    const before = found.routes.size;
    if (isWhole) for (const block of level.items) if (block.directive.name === 'http' || block.directive.name === 'stream') walkSide([level, expander.inside(block)], block.directive.name === 'stream', found, expander, context);
    if (!isWhole) walkSide([level], false, found, expander, context);
    if (isWhole) addProcess(file.path, level, [...found.routes.values()].slice(before), found, context);
  }
  return { proxyRoutes: [...found.routes.values()], upstreams: [...found.upstreams.values()], proxyListeners: [...found.listeners.values()] };
}

function visitBlocks(level: Level, expander: Expander, depth: number): void {
  if (depth > 6) return;
  for (const item of level.items) if (item.directive.block?.some((directive) => directive.block !== undefined || directive.name === 'include') === true) visitBlocks(expander.inside(item), expander, depth + 1);
}

/** What stands in `http`, in `stream`, or in a file that one of them includes. */
function walkSide(chain: Chain, isStream: boolean, found: Found, expander: Expander, context: FormatContext): void {
  const level = chain.at(-1);
  if (!level) return;
  const blocks = named(level, 'upstream').filter(({ directive }) => directive.block);
  const pools = new Set(blocks.map(({ directive }) => directive.args[0]?.text ?? ''));
  for (const block of blocks) {
    const upstream = upstreamOf(block, expander.inside(block), context);
    if (!found.upstreams.has(upstream.id)) found.upstreams.set(upstream.id, upstream);
  }
  for (const server of named(level, 'server').filter(({ directive }) => directive.block)) {
    const inside = expander.inside(server);
    const names = named(inside, 'server_name').flatMap(({ directive }) => directive.args.map((word) => word.text));
    const before = found.routes.size;
    walkPasses([...chain, inside], server, { isStream, pools, server: names[0] ?? '_' }, found, expander, context, 0);
    if (!isStream) addServer([...chain, inside], server, names[0] ?? '_', [...found.routes.values()].slice(before), found, context, expander);
  }
  // A file of locations that some server includes.
  walkPasses(chain, undefined, { isStream, pools, server: '_' }, found, expander, context, 0);
}

function walkPasses(chain: Chain, block: Placed | undefined, side: Side, found: Found, expander: Expander, context: FormatContext, depth: number): void {
  const level = chain.at(-1);
  if (!level || depth > 10) return;
  if (block && (side.isStream || block.directive.name !== 'server')) addRoute(chain, block, passesOf(level, expander), side, found, context);
  for (const location of named(level, 'location')) walkPasses([...chain, expander.inside(location)], location, side, found, expander, context, depth + 1);
}

/** `proxy_pass` and its like, also inside of `if`. */
function passesOf(level: Level, expander: Expander): readonly Placed[] {
  const conditional = level.items.filter(({ directive }) => directive.name === 'if' || directive.name === 'limit_except').flatMap((item) => expander.inside(item).items);
  return [...level.items, ...conditional].filter(({ directive }) => PASSES.some((name) => name === directive.name));
}

function addRoute(chain: Chain, block: Placed, passes: readonly Placed[], side: Side, found: Found, context: FormatContext): void {
  const [pass] = passes;
  const [word] = pass?.directive.args ?? [];
  if (!pass || !word) return;
  const target = targetOf(word, side.pools);
  const path = side.isStream ? 'stream' : block.directive.args.map((one) => one.text).join(' ');
  const id = `nginx:${block.file}:${side.server}:${path}:${block.path.join('.')}`;
  if (found.routes.has(id)) return;
  const prefix = pass.directive.name.replace('_pass', '');
  const timeoutOption = side.isStream ? 'proxy_timeout' : `${prefix}_read_timeout`;
  found.routes.set(id, {
    ...partOf(id, path, side.isStream ? 'server' : 'location', block, context),
    timeout: timeLimit(chain, timeoutOption, side.isStream ? 600_000 : 60_000),
    connectTimeout: timeLimit(chain, `${prefix}_connect_timeout`, 60_000),
    retries: retriesOf(chain, prefix, passes[0] ?? block),
    isStreaming: prefix === 'grpc' || isStreaming(chain) || (!side.isStream && soundsStreaming(path)) || soundsStreaming(word.text),
    isLocal: false,
    isTcp: side.isStream,
    targets: target.isVariable ? [] : [target.name],
    timeoutOption,
    connectOption: `${prefix}_connect_timeout`,
  });
  for (const one of passes) addImplicit(chain, block, one, side, found, context);
}

function addImplicit(chain: Chain, block: Placed, pass: Placed, side: Side, found: Found, context: FormatContext): void {
  const [word] = pass.directive.args;
  if (!word || side.isStream) return;
  const target: PassTarget = targetOf(word, side.pools);
  if (!target.address || target.isVariable) return;
  const upstream = implicitUpstream(block, word, pass.file, { ...target, address: target.address }, chain, context);
  if (!found.upstreams.has(upstream.id)) found.upstreams.set(upstream.id, upstream);
}

/** WebSocket headers, or answers and bodies that are passed on piece by piece. */
function isStreaming(chain: Chain): boolean {
  const buffering = [inherited(chain, 'proxy_buffering'), inherited(chain, 'proxy_request_buffering')];
  if (buffering.some((one) => one !== undefined && one !== 'unknown' && one.directive.args[0]?.text === 'off')) return true;
  const header = inherited(chain, 'proxy_set_header');
  return header === 'unknown' || (header !== undefined && header.directive.args[1]?.text !== '');
}

/** Source: ngx_http_proxy_module; `error timeout`, no limit of tries or time, requests that are not idempotent are left out. */
function retriesOf(chain: Chain, prefix: string, at: Placed): ProxyRoute['retries'] {
  const on = inherited(chain, `${prefix}_next_upstream`);
  const tries = valueSetting<number | 'unlimited'>(chain, `${prefix}_next_upstream_tries`, (text) => (/^\d+$/.test(text) ? (text === '0' ? 'unlimited' : Number(text) - 1) : undefined), 'unlimited');
  const time = valueSetting<number | 'none'>(chain, `${prefix}_next_upstream_timeout`, (text) => (text === '0' ? 'none' : parseTime(text)), 'none');
  if (on === 'unknown' || tries.state === 'unknown' || tries.state === 'absent' || time.state === 'unknown') return { state: 'unknown', because: 'an include that was not read may set it' };
  const conditions = on ? on.directive.args.map((word) => word.text) : ['error', 'timeout'];
  if (conditions.includes('off')) return { state: 'absent' };
  const isEnded = time.state === 'set' && time.value !== 'none';
  const value: ProxyRetries = {
    // A limit of time ends them as well.
    attempts: tries.value === 'unlimited' && isEnded ? 1 : tries.value,
    perTryTimeoutMs: { state: 'absent' },
    on: conditions,
    repeatsWrites: conditions.includes('non_idempotent'),
    at: placeOf(on ?? at),
    attemptsOption: `${prefix}_next_upstream_tries`,
    onOption: 'non_idempotent',
  };
  return on ? { state: 'set', value, at: placeOf(on) } : { state: 'default', value, source: 'nginx' };
}

function addServer(chain: Chain, server: Placed, name: string, routes: readonly ProxyRoute[], found: Found, context: FormatContext, expander: Expander): void {
  const inside = chain.at(-1);
  if (!inside) return;
  const listens = named(inside, 'listen').map(({ directive }) => directive.args[0]?.text ?? '');
  const isPrivate = listens.length > 0 && listens.every((listen) => /^(?:127\.|localhost|unix:|\[::1\])/.test(listen));
  const locations = named(inside, 'location').map((location) => expander.inside(location));
  const limit = ['limit_req', 'limit_conn'].flatMap((option) => [inherited(chain, option), ...locations.map((level) => named(level, option)[0])]).find((one): one is Placed => one !== undefined && one !== 'unknown');
  const isOpen = chain.some((level) => level.isOpen) || locations.some((level) => level.isOpen);
  const streamed = [inherited(chain, 'proxy_request_buffering')].some((one) => one !== undefined && one !== 'unknown' && one.directive.args[0]?.text === 'off');
  const bodyLimit = valueSetting<number | 'none'>(chain, 'client_max_body_size', parseSize, 1_048_576);
  const id = `nginx:${server.file}:server:${name}:${server.path.join('.')}`;
  found.listeners.set(id, {
    ...partOf(id, name, 'server', server, context),
    isProcess: false,
    clientLimits: [],
    bodyLimit: streamed ? { state: 'unknown', because: 'bodies are passed on piece by piece' } : bodyLimit,
    bodyOption: 'client_max_body_size',
    limitsRate: limit ? { state: 'set', value: true, at: placeOf(limit) } : isOpen ? { state: 'unknown', because: 'an include that was not read may set it' } : { state: 'absent' },
    forwards: routes.length > 0 && !isPrivate,
    stop: { state: 'absent' },
    stopOption: 'worker_shutdown_timeout',
    hasStreams: routes.some((route) => route.isStreaming && route.isTcp !== true),
  });
}

/** Source: ngx_core_module, `worker_shutdown_timeout`: without it old workers wait for their last connection. */
function addProcess(file: string, level: Level, routes: readonly ProxyRoute[], found: Found, context: FormatContext): void {
  const at = level.items.find(({ directive }) => directive.name === 'worker_processes') ?? level.items.find(({ directive }) => directive.block) ?? level.items[0];
  if (!at) return;
  const stop = named(level, 'worker_shutdown_timeout').at(-1);
  const ms = stop && parseTime(stop.directive.args[0]?.text ?? '');
  const id = `nginx:${file}:process`;
  found.listeners.set(id, {
    ...partOf(id, 'nginx', 'process', at, context),
    resource: { file, format: 'nginx', document: 0, path: [] },
    isProcess: true,
    clientLimits: [],
    bodyLimit: { state: 'absent' },
    bodyOption: 'client_max_body_size',
    limitsRate: { state: 'absent' },
    forwards: routes.length > 0,
    stop: stop ? (ms === undefined ? { state: 'unknown', because: 'a variable' } : { state: 'set', value: ms, at: placeOf(stop) }) : level.isOpen ? { state: 'unknown', because: 'an include that was not read may set it' } : { state: 'absent' },
    stopOption: 'worker_shutdown_timeout',
    hasStreams: routes.some((route) => route.isStreaming && route.isTcp !== true),
  });
}
