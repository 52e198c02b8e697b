// Writes what a fix asks of a HAProxy configuration: a line in the section of the resource, indented as its neighbours.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { parseHaproxy, type HaproxyLine } from './parse';

/** The smallest edits that do what is asked; undefined where the section is gone or HAProxy has no word for it. */
export function writeHaproxy(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return intent.span[1] <= text.length ? [{ span: intent.span, newText: intent.text }] : undefined;
  if (intent.kind !== 'set-directive') return undefined;
  const [kind, index] = resource.path;
  const section = typeof index === 'number' ? parseHaproxy(text).sections.filter((one) => one.kind === kind)[index] : undefined;
  if (!section) return undefined;
  const words = intent.name.split(' ');
  const own = section.lines.findLast((line) => words.every((word, i) => line.words[i]?.text === word));
  const first = own?.words[words.length];
  if (own && first) return [{ span: [first.span[0], own.span[1]], newText: intent.value }];
  const line = `${intent.name} ${intent.value}`;
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const isServer = (one: HaproxyLine): boolean => one.words[0]?.text === 'server' || one.words[0]?.text === 'server-template';
  const server = section.lines.find(isServer);
  // Parameters of servers hold for the lines below them, and limits are read best above the servers.
  if (server) return [{ span: [server.span[0], server.span[0]], newText: line + lineBreak + leadOf(text, server.span[0]) }];
  const last = section.lines.at(-1);
  if (last) {
    const end = lineEnd(text, last.span[1]);
    return [{ span: [end, end], newText: lineBreak + leadOf(text, last.span[0]) + line }];
  }
  const end = lineEnd(text, section.head[1]);
  return [{ span: [end, end], newText: `${lineBreak}${leadOf(text, section.head[0])}    ${line}` }];
}

function leadOf(text: string, at: number): string {
  const lead = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return lead.trim() === '' ? lead : '    ';
}

/** A comment behind the line stays with it. */
function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const end = feed < 0 ? text.length : feed;
  return text[end - 1] === '\r' && end - 1 >= from ? end - 1 : end;
}
