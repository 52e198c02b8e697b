// Recognises Traefik's static and dynamic configuration, in YAML and TOML, and reads one file into facts.

import type { FileProblem } from '../../facts';
import { parseDuration } from '../../duration';
import { parseSuppressions, type Comment } from '../../lint/parse-suppression';
import { splitHost } from '../../model/proxy-hosts';
import type { Span } from '../../text';
import type { Field } from '../field';
import type { ArtifactFacts } from '../format';
import { parseToml } from '../toml/tree';
import { commentsOf } from '../yaml/comments';
import { entries, find, get, items, numberOf, textOf } from '../yaml/look-up';
import { parseYaml, type YamlNode } from '../yaml/tree';

export interface TraefikFacts extends ArtifactFacts {
  readonly format: 'traefik';
  /** Static configuration: the key that it begins with, and the limit that holds for all services. */
  readonly start?: { readonly span: Span; readonly headerTimeout: Field<number | 'none'> };
  readonly entryPoints: readonly { readonly name: string; readonly span: Span; readonly readTimeout: Field<number | 'none'> }[];
  readonly services: readonly TraefikService[];
  readonly retries: readonly TraefikRetry[];
}

export interface TraefikService {
  readonly name: string;
  readonly span: Span;
  readonly servers: readonly { readonly host: string; readonly port?: number; readonly span: Span }[];
  readonly isOpen: boolean;
  readonly activeCheck?: Span;
  readonly passiveCheck?: Span;
}

export interface TraefikRetry {
  readonly name: string;
  readonly span: Span;
  readonly attempts: Field<number>;
  readonly interval: Field<number | 'none'>;
  readonly writes?: Span;
}

export const TRAEFIK_TOML = /\.toml$/i;

/** By content: a top level of entry points and providers, or of routers, services and middlewares. */
export function recogniseTraefik(path: string, text: string): boolean {
  if (!/\.(?:ya?ml|toml)$/i.test(path)) return false;
  if (TRAEFIK_TOML.test(path)) return /^[ \t]*\[+[ \t]*(?:entry[pP]oints|(?:http|tcp)\.(?:routers|services|middlewares))\b/m.test(text);
  if (/^apiVersion[ \t]*:/m.test(text) || /^services[ \t]*:/m.test(text)) return false;
  const isStatic = /^entry[pP]oints[ \t]*:/m.test(text) && /^(?:providers|api|certificatesResolvers|log|accessLog|serversTransport|ping|metrics|global)[ \t]*:/m.test(text);
  return isStatic || (/^http[ \t]*:/m.test(text) && /^[ \t]+(?:routers|services|middlewares|serversTransports)[ \t]*:/m.test(text) && /\b(?:rule|loadBalancer|weighted|middlewares|service|[\w]+Scheme|headers|stripPrefix|retry)[ \t]*:/.test(text));
}

/** Facts of one file; never throws. Linear in the text. */
export function readTraefik(path: string, text: string): { facts: TraefikFacts; problems: FileProblem[] } {
  const { root, comments, problems } = treeOf(path, text);
  const start = find(root, 'entryPoints') ?? find(root, 'entrypoints');
  const timeouts = get(root, 'serversTransport', 'forwardingTimeouts');
  return {
    facts: {
      kind: 'artifact',
      format: 'traefik',
      path,
      suppressions: text.includes('holdfast-') ? [...parseSuppressions(text, comments)] : [],
      ...(start?.pair ? { start: { span: find(root, 'serversTransport')?.pair?.key.span ?? start.pair.key.span, headerTimeout: limitOf(timeouts, 'responseHeaderTimeout') } } : {}),
      entryPoints: entries(start?.node).map(({ name, pair, value }) => ({ name, span: pair.key.span, readTimeout: limitOf(get(value, 'transport', 'respondingTimeouts'), 'readTimeout') })),
      services: entries(get(root, 'http', 'services')).flatMap(({ name, pair, value }) => {
        const balancer = get(value, 'loadBalancer') ?? get(value, 'loadbalancer');
        return balancer ? [serviceOf(name, pair.key.span, balancer)] : [];
      }),
      retries: entries(get(root, 'http', 'middlewares')).flatMap(({ name, value }) => {
        const retry = find(value, 'retry');
        return retry?.pair ? [retryOf(name, retry.pair.key.span, retry.node)] : [];
      }),
    },
    problems,
  };
}

function treeOf(path: string, text: string): { readonly root: YamlNode | undefined; readonly comments: readonly Comment[]; readonly problems: FileProblem[] } {
  if (TRAEFIK_TOML.test(path)) {
    const { root, comments, error } = parseToml(text);
    return { root, comments, problems: error ? [{ file: path, extent: root ? 'in-part' : 'not-read', because: error.because, span: [error.at, Math.min(text.length, error.at + 1)] }] : [] };
  }
  const parsed = parseYaml(text);
  return { root: parsed.documents[0]?.root, comments: text.includes('holdfast-') ? commentsOf(text, parsed).map((comment) => ({ span: comment.span, body: comment.text })) : [], problems: parsed.problems.map((problem): FileProblem => ({ file: path, ...problem })) };
}

/** `10s`, or a bare number of seconds; 0 switches a limit off. */
export function limitOf(node: YamlNode | undefined, key: string): Field<number | 'none'> {
  const found = find(node, key);
  if (!found) return { state: 'absent' };
  const ms = durationOf(textOf(found.node) ?? '');
  return ms === undefined ? { state: 'unknown', because: 'no duration' } : { state: 'set', value: ms === 0 ? 'none' : ms, span: found.pair?.span ?? found.node.span };
}

/** Traefik's durations: Go's, or seconds. */
export function durationOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) * 1_000 : /^[\d.a-z]+$/.test(text) ? parseDuration(text) : undefined;
}

function serviceOf(name: string, span: Span, balancer: YamlNode): TraefikService {
  const listed = items(get(balancer, 'servers'));
  const servers = listed.flatMap((server) => {
    const url = find(server, 'url');
    const text = textOf(url?.node) ?? '';
    const authority = /^[a-z0-9]+:\/\/([^/]+)/.exec(text)?.[1];
    if (!url || authority === undefined || /[{}$]/.test(authority)) return [];
    const { host, port } = splitHost(authority);
    return [{ host, ...(port === undefined ? {} : { port }), span: url.node.span }];
  });
  const active = find(balancer, 'healthCheck') ?? find(balancer, 'healthcheck');
  const passive = find(balancer, 'passiveHealthCheck');
  return {
    name,
    span,
    servers,
    isOpen: servers.length < listed.length || listed.length === 0,
    ...(active ? { activeCheck: active.pair?.key.span ?? active.node.span } : {}),
    ...(passive ? { passiveCheck: passive.pair?.key.span ?? passive.node.span } : {}),
  };
}

function retryOf(name: string, span: Span, node: YamlNode): TraefikRetry {
  const attempts = get(node, 'attempts');
  const count = numberOf(attempts);
  const writes = find(node, 'retryNonIdempotentMethod');
  return {
    name,
    span,
    attempts: attempts === undefined ? { state: 'absent' } : count === undefined ? { state: 'unknown', because: 'no number' } : { state: 'set', value: count, span: attempts.span },
    interval: limitOf(node, 'initialInterval'),
    ...(writes?.pair && textOf(writes.node) === 'true' ? { writes: writes.pair.span } : {}),
  };
}
