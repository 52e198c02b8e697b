// Recognises Caddyfiles and reads one into facts: its sites with their reverse proxies, snippets put in their place.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import { parseDuration } from '../../duration';
import { soundsStreaming, splitHost } from '../../model/proxy-hosts';
import type { Span } from '../../text';
import type { Field } from '../field';
import type { ArtifactFacts } from '../format';
import { parseCaddyfile, type CaddyLine, type CaddyWord } from './parse';

export interface CaddyFacts extends ArtifactFacts {
  readonly format: 'caddy';
  readonly proxies: readonly CaddyProxy[];
  /** `grace_period` of the global options; absent where there are none. */
  readonly global?: { readonly span: Span; readonly grace: Field<number | 'none'> };
}

export interface CaddyProxy {
  readonly site: string;
  /** From `reverse_proxy` to its last word. */
  readonly span: Span;
  /** Start of the directive, for the writer. */
  readonly offset: number;
  /** Place among the `reverse_proxy` lines of the file. */
  readonly index: number;
  readonly upstreams: readonly { readonly host: string; readonly port?: number; readonly span: Span }[];
  readonly isOpen: boolean;
  readonly headerTimeout: Field<number | 'none'>;
  readonly dialTimeout: Field<number | 'none'>;
  readonly activeCheck?: Span;
  readonly passiveCheck?: Span;
  readonly retryFor: Field<number | 'none'>;
  readonly retries: Field<number>;
  readonly retryInterval: Field<number | 'none'>;
  readonly isStreaming: boolean;
  /** A part comes from another file: what is absent means nothing. */
  readonly isPartial: boolean;
}

export const CADDY_PATH = /(?:^|\/)[\w.-]*Caddyfile(?:\.[\w.-]+)?$|\.(?:caddyfile|caddy)$/i;

/** A Caddyfile by its name; templates of other languages are not read. */
export function recogniseCaddy(path: string, text: string): boolean {
  return CADDY_PATH.test(path) && !/\.(?:md|json|go|ts|js|py|sh)$/i.test(path) && !/\{\{|\{%/.test(text);
}

/** Facts of one file; never throws. Linear in the text. */
export function readCaddy(path: string, text: string): { facts: CaddyFacts; problems: FileProblem[] } {
  const parsed = parseCaddyfile(text);
  const [error] = parsed.errors;
  const snippets = new Map(parsed.lines.flatMap((line) => {
    const name = /^\((.+)\)$/.exec(line.words[0]?.text ?? '')?.[1];
    return name !== undefined && line.block ? [[name, line.block] as const] : [];
  }));
  const global = parsed.lines[0]?.words.length === 0 ? parsed.lines[0] : undefined;
  const found: CaddyProxy[] = [];
  // A file of one site may go without braces: its first line names the site.
  const isBare = parsed.lines.filter((line) => line !== global && !line.words[0]?.text.startsWith('(')).every((line) => line.block === undefined || /^[a-z_]+$/.test(line.words[0]?.text ?? ''));
  if (isBare) collect(parsed.lines, 'site', snippets, found, 0);
  else {
    for (const line of parsed.lines) if (line.block && line !== global && !line.words[0]?.text.startsWith('(')) collect(line.block, line.words[0]?.text.replace(/,$/, '') ?? 'site', snippets, found, 0);
    for (const [name, block] of snippets) collect(block, name, new Map(), found, 0);
  }
  const grace = global?.block?.find((line) => line.words[0]?.text === 'grace_period');
  const unique = found.filter((proxy, i) => found.findIndex((other) => other.offset === proxy.offset) === i).sort((a, b) => a.offset - b.offset);
  return {
    facts: {
      kind: 'artifact',
      format: 'caddy',
      path,
      suppressions: text.includes('holdfast-') ? [...parseSuppressions(text, parsed.comments)] : [],
      proxies: unique.map((proxy, index) => ({ ...proxy, index })),
      ...(global ? { global: { span: global.head, grace: durationOf(grace) } } : {}),
    },
    problems: error ? [{ file: path, extent: 'in-part', because: error.because, span: error.span }] : [],
  };
}

type Snippets = ReadonlyMap<string, readonly CaddyLine[]>;

function collect(lines: readonly CaddyLine[], site: string, snippets: Snippets, found: CaddyProxy[], depth: number): void {
  if (depth > 10) return;
  for (const line of lines) {
    const name = line.words[0]?.text;
    if (name === 'reverse_proxy') found.push(proxyOf(line, site, lines, snippets));
    else if (line.block) collect(line.block, matcherPath(line, lines) || site, snippets, found, depth + 1);
  }
}

/** Paths of a handler, written there or in the matcher that it names. */
function matcherPath(line: CaddyLine, siblings: readonly CaddyLine[]): string {
  const matcher = line.words[1]?.text ?? '';
  if (matcher.startsWith('/')) return matcher;
  if (!matcher.startsWith('@')) return '';
  const named = siblings.find((other) => other.words[0]?.text === matcher);
  return [...(named?.words ?? []), ...(named?.block ?? []).flatMap((one) => one.words)].map((word) => word.text).join(' ');
}

function proxyOf(line: CaddyLine, site: string, siblings: readonly CaddyLine[], snippets: Snippets): CaddyProxy {
  const options = (line.block ?? []).flatMap((option) => {
    const snippet = option.words[0]?.text === 'import' ? snippets.get(option.words[1]?.text ?? '') : undefined;
    return snippet ?? [option];
  });
  const isMatcher = (word: CaddyWord | undefined): boolean => word !== undefined && (/^[/@]/.test(word.text) || word.text === '*');
  const addresses = [...line.words.slice(isMatcher(line.words[1]) ? 2 : 1), ...options.filter((option) => option.words[0]?.text === 'to').flatMap((option) => option.words.slice(1))];
  const option = (...names: readonly string[]): CaddyLine | undefined => options.findLast((one) => names.includes(one.words[0]?.text ?? ''));
  const transport = option('transport');
  const inside = (name: string): CaddyLine | undefined => transport?.block?.findLast((one) => one.words[0]?.text === name);
  const isPartial = options.some((one) => one.words[0]?.text === 'import') || (transport?.block ?? []).some((one) => one.words[0]?.text === 'import') || (transport !== undefined && transport.words[1]?.text !== 'http');
  const isUnbuffered = options.some((one) => one.words[0]?.text === 'flush_interval' && one.words[1]?.text === '-1') || option('stream_timeout', 'stream_close_delay') !== undefined;
  const health = option('health_uri', 'health_path', 'health_port');
  const passive = option('fail_duration');
  return {
    site,
    span: line.head,
    offset: line.head[0],
    index: 0,
    upstreams: addresses.flatMap((word) => upstreamOf(word)),
    isOpen: option('dynamic') !== undefined || addresses.some((word) => /[{}$]/.test(word.text)) || isPartial,
    headerTimeout: firstSet(durationOf(inside('response_header_timeout')), durationOf(inside('read_timeout'))),
    dialTimeout: durationOf(inside('dial_timeout')),
    ...(health ? { activeCheck: health.head } : {}),
    ...(passive && durationOf(passive).state === 'set' ? { passiveCheck: passive.head } : {}),
    retryFor: durationOf(option('lb_try_duration')),
    retries: countOf(option('lb_retries')),
    retryInterval: durationOf(option('lb_try_interval')),
    isStreaming: isUnbuffered || addresses.some((word) => /^h2c:/.test(word.text)) || soundsStreaming(`${site} ${matcherPath(line, siblings)}`),
    isPartial,
  };
}

function firstSet(first: Field<number | 'none'>, second: Field<number | 'none'>): Field<number | 'none'> {
  return first.state === 'absent' ? second : first;
}

function upstreamOf(word: CaddyWord): CaddyProxy['upstreams'] {
  if (/[{}$]/.test(word.text)) return [];
  const address = word.text.replace(/^(?:https?|h2c):\/\//, '').replace(/^unix\/(?:\/|[^/]*\/)/, 'unix:/').replace(/^unix\//, 'unix:/').replace(/\/.*$/, (path) => (word.text.startsWith('unix') ? path : ''));
  const { host, port } = splitHost(address);
  // `:8080` is this machine.
  return [{ host: host === '' ? 'localhost' : host, ...(port === undefined ? {} : { port }), span: word.span }];
}

/** A duration of one word; 0 switches a limit off. */
function durationOf(line: CaddyLine | undefined): Field<number | 'none'> {
  if (!line) return { state: 'absent' };
  const text = line.words[1]?.text ?? '';
  const ms = text === '0' ? 0 : /^[\d.a-zµ]+$/.test(text) && /[a-z]$/.test(text) ? parseDuration(text) : undefined;
  if (ms === undefined) return { state: 'unknown', because: 'no duration' };
  return { state: 'set', value: ms === 0 ? 'none' : ms, span: line.head };
}

function countOf(line: CaddyLine | undefined): Field<number> {
  if (!line) return { state: 'absent' };
  const count = Number(line.words[1]?.text);
  return Number.isInteger(count) ? { state: 'set', value: count, span: line.head } : { state: 'unknown', because: 'no number' };
}
