// Upstreams of nginx: the pools it names, and the addresses that stand at its routes themselves.

import { serverOfHost, splitHost } from '../../model/proxy-hosts';
import type { Upstream, UpstreamServer } from '../../model/proxy';
import type { FormatContext } from '../format';
import type { ArtifactIntent } from '../intent';
import { inherited, named, partOf, placeOf, type Chain, type Level, type Placed } from './levels';
import type { NginxWord } from './parse';

/** Defaults of `max_fails` and `fail_timeout`. Source: ngx_http_upstream_module. */
const PASSIVE = { state: 'default', value: { at: { file: '', span: [0, 0] }, failures: 1, intervalMs: 10_000 }, source: 'nginx' } as const;

/** The upstream of an `upstream` block. */
export function upstreamOf(placed: Placed, level: Level, context: FormatContext): Upstream {
  const name = placed.directive.args[0]?.text ?? '';
  const lines = named(level, 'server').filter(({ directive }) => !directive.args.some((word) => word.text === 'down'));
  const servers = lines.flatMap((line) => serverOf(line, context) ?? []);
  const off = lines.flatMap(({ file, directive }) => directive.args.filter((word) => word.text === 'max_fails=0').map((word) => ({ file, word })));
  const [firstOff] = off;
  const check = named(level, 'check')[0] ?? named(level, 'health_check')[0];
  const isOff = firstOff !== undefined && off.length === lines.length && off.every(({ file }) => file === placed.file);
  const once = servers.length > 0 && servers.every((server) => !server.standsForMany);
  return {
    ...partOf(`nginx:${placed.file}:upstream:${name}`, name, 'upstream', placed, context),
    servers,
    isOpen: level.isOpen || lines.some(({ directive }) => /[${]/.test(directive.args[0]?.text ?? '')),
    activeCheck: check ? { state: 'set', value: { at: placeOf(check) }, at: placeOf(check) } : { state: 'absent' },
    passiveCheck: isOff ? { state: 'set', value: 'off', at: { file: firstOff.file, span: firstOff.word.span } } : PASSIVE,
    passiveOption: 'max_fails',
    ...(isOff ? { passiveFix: { title: 'Set `max_fails=3`', intents: off.map(({ word }): ArtifactIntent => ({ kind: 'replace-text', span: word.span, text: 'max_fails=3' })) } } : {}),
    resolvesOnce: once ? { state: 'default', value: true, source: 'nginx' } : { state: 'set', value: false, at: placeOf(placed) },
  };
}

function serverOf({ file, directive }: Placed, context: FormatContext): UpstreamServer | undefined {
  const [address, ...rest] = directive.args;
  if (!address) return undefined;
  const { host, port } = splitHost(address.text);
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...serverOfHost(host, context),
    isBackup: rest.some((word) => word.text === 'backup'),
    standsForMany: rest.some((word) => word.text === 'resolve' || word.text.startsWith('service=')),
    at: { file, span: address.span },
  };
}

export interface PassTarget {
  readonly name: string;
  /** Names an address itself, not a pool; absent where the name is a variable. */
  readonly address?: { readonly host: string; readonly port?: number; readonly isBare: boolean };
  readonly isVariable: boolean;
}

/** Where `proxy_pass` and its like send to. */
export function targetOf(word: NginxWord, pools: ReadonlySet<string>): PassTarget {
  const match = /^(?:(?:https?|grpcs?|s?uwsgi|fastcgi|scgi):\/\/)?([^/]*)(\/.*)?$/s.exec(word.text);
  const authority = word.text.startsWith('unix:') || word.text.includes('//unix:') ? 'unix:' : (match?.[1] ?? '');
  if (/[${]/.test(authority)) return { name: authority, isVariable: true };
  if (pools.has(authority)) return { name: authority, isVariable: false };
  const { host, port } = splitHost(authority);
  if (pools.has(host)) return { name: host, isVariable: false };
  return { name: host, isVariable: false, address: { host, ...(port === undefined ? {} : { port }), isBare: match?.[2] === undefined && word.text.startsWith('http') } };
}

/** The upstream that an address at a route makes: nginx asks for its name once, at start. */
export function implicitUpstream(location: Placed, word: NginxWord, file: string, target: PassTarget & { readonly address: NonNullable<PassTarget['address']> }, chain: Chain, context: FormatContext): Upstream {
  const { host, port, isBare } = target.address;
  const server: UpstreamServer = { host, ...(port === undefined ? {} : { port }), ...serverOfHost(host, context), isBackup: false, standsForMany: false, at: { file, span: word.span } };
  const variable = `$${host.replace(/\W+/g, '_')}`;
  // Docker's own name server; another one is a person's choice.
  const intents: ArtifactIntent[] =
    server.namedBy === 'compose' && isBare && file === location.file && inherited(chain, 'resolver') === undefined
      ? [
          { kind: 'replace-text', span: word.span, text: word.text.replace(host, variable) },
          { kind: 'set-directive', name: 'resolver', value: '127.0.0.11 valid=10s' },
          { kind: 'set-directive', name: `set ${variable}`, value: host },
        ]
      : [];
  return {
    ...partOf(`nginx:${file}:address:${host}:${port ?? ''}`, host, 'proxy_pass', location, context),
    scope: file,
    at: { file, span: word.span },
    servers: [server],
    isImplicit: true,
    isOpen: false,
    activeCheck: { state: 'absent' },
    passiveCheck: PASSIVE,
    resolvesOnce: { state: 'default', value: true, source: 'nginx' },
    ...(intents.length > 0 ? { resolveFix: { title: clipTitle(`Resolve \`${host}\` anew every 10 s`), intents } } : {}),
  };
}

function clipTitle(title: string): string {
  return title.length <= 60 ? title : 'Resolve it anew every 10 s';
}
