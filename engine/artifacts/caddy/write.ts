// Writes what a fix asks of a Caddyfile: an option of a reverse proxy, in its block or in a new one, indented by tabs as `caddy fmt` does.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { parseCaddyfile, type CaddyLine } from './parse';

const OF_TRANSPORT = new Set(['response_header_timeout', 'dial_timeout', 'read_timeout', 'write_timeout']);

/** The smallest edits that do what is asked; undefined where the directive is gone or Caddy has no word for it. */
export function writeCaddy(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return intent.span[1] <= text.length ? [{ span: intent.span, newText: intent.text }] : undefined;
  if (intent.kind !== 'set-directive') return undefined;
  const { lines } = parseCaddyfile(text);
  const [kind, index] = resource.path;
  const target = kind === 'global' ? lines.find((line) => line.words.length === 0) : typeof index === 'number' ? directives(lines, String(kind)).sort((a, b) => a.head[0] - b.head[0])[index] : undefined;
  if (!target) return undefined;
  const line = `${intent.name} ${intent.value}`;
  if (!OF_TRANSPORT.has(intent.name)) return setIn(text, target, intent.name, intent.value, [line]);
  const transport = target.block?.findLast((one) => one.words[0]?.text === 'transport');
  if (transport) return transport.words[1]?.text === 'http' ? setIn(text, transport, intent.name, intent.value, [line]) : undefined;
  return setIn(text, target, 'transport', undefined, ['transport http {', `\t${line}`, '}']);
}

function directives(lines: readonly CaddyLine[], name: string): CaddyLine[] {
  return lines.flatMap((line) => [...(line.words[0]?.text === name ? [line] : []), ...directives(line.block ?? [], name)]);
}

function setIn(text: string, target: CaddyLine, name: string, value: string | undefined, added: readonly string[]): TextEdit[] | undefined {
  const own = target.block?.findLast((one) => one.words[0]?.text === name);
  const first = own?.words[1];
  if (own && first && value !== undefined) return [{ span: [first.span[0], own.head[1]], newText: value }];
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const lead = leadOf(text, target.head[0]);
  const last = target.block?.at(-1);
  const unit = unitOf(text, target, lead);
  const deeper = last ? leadOf(text, last.head[0]) : lead + unit;
  const body = added.map((line) => lineBreak + deeper + line.replace(/^\t/, unit)).join('');
  if (target.block && target.inner) {
    const at = last ? endOfLine(text, last.span[1]) : target.inner[0];
    return [{ span: [at, at], newText: body }];
  }
  return [{ span: [target.head[1], target.head[1]], newText: ` {${body}${lineBreak}${lead}}` }];
}

/** What a level is indented by: tabs, unless the file uses spaces. */
function unitOf(text: string, target: CaddyLine, lead: string): string {
  if (lead.includes('\t')) return '\t';
  const inside = target.block?.[0];
  const step = inside ? leadOf(text, inside.head[0]).slice(lead.length) : /^( +)\S/m.exec(text)?.[1];
  return step === undefined || step === '' || /^\t/m.test(text) ? '\t' : step;
}

function leadOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))?.[0] ?? '';
}

/** A comment behind the line stays with it. */
function endOfLine(text: string, from: number): number {
  return from + (/^[ \t]*#[^\r\n]*/.exec(text.slice(from, from + 2_000))?.[0].length ?? 0);
}
