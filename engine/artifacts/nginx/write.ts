// Writes what a fix asks of an nginx configuration: a directive in the block of the resource, in the style of its neighbours.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { parseNginx, type NginxDirective } from './parse';

/** The smallest edits that do what is asked; undefined where the block is gone or nginx has no word for it. */
export function writeNginx(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return intent.span[1] <= text.length ? [{ span: intent.span, newText: intent.text }] : undefined;
  if (intent.kind !== 'set-directive') return undefined;
  const { directives } = parseNginx(text);
  const block = blockAt(directives, resource.path);
  if (!block) return undefined;
  const words = intent.name.split(' ');
  const own = block.list.findLast((directive) => directive.name === words[0] && words.slice(1).every((word, i) => directive.args[i]?.text === word) && !directive.block);
  if (own) {
    const first = own.args[words.length - 1];
    return first ? [{ span: [first.span[0], own.head[1]], newText: intent.value }] : undefined;
  }
  const edit = insertion(text, block.list, block.owner, `${intent.name} ${intent.value};`);
  return edit && [edit];
}

function blockAt(directives: readonly NginxDirective[], path: ResourceRef['path']): { readonly list: readonly NginxDirective[]; readonly owner: NginxDirective | undefined } | undefined {
  let list = directives;
  let owner: NginxDirective | undefined;
  for (let i = 0; i + 1 < path.length; i += 2) {
    const index = path[i + 1];
    owner = typeof index === 'number' ? list.filter((directive) => directive.name === path[i])[index] : undefined;
    if (!owner?.block) return undefined;
    list = owner.block;
  }
  return { list, owner };
}

/** Behind the last plain directive; a block without any gets its first one. */
function insertion(text: string, list: readonly NginxDirective[], owner: NginxDirective | undefined, line: string): TextEdit | undefined {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const firstBlock = list.findIndex((directive) => directive.block !== undefined);
  const plain = list.filter((directive, i) => directive.block === undefined && (firstBlock < 0 || i < firstBlock));
  const last = plain.at(-1) ?? list.findLast((directive) => directive.block === undefined);
  if (last) {
    const lead = leadOf(text, last.span[0]);
    if (lead === undefined) return { span: [last.span[1], last.span[1]], newText: ` ${line}` };
    const end = endWithComment(text, last.span[1]);
    return { span: [end, end], newText: lineBreak + lead + line };
  }
  const next = list[0];
  if (!owner) return next ? { span: [next.span[0], next.span[0]], newText: line + lineBreak } : undefined;
  if (!owner.inner) return undefined;
  const [start] = owner.inner;
  const indent = next ? (leadOf(text, next.span[0]) ?? '') : `${leadOf(text, owner.span[0]) ?? ''}${/^\t/m.test(text) ? '\t' : '    '}`;
  return { span: [start, start], newText: `${lineBreak}${indent}${line}` };
}

/** White space in front of a directive; undefined where something else stands on its line. */
function leadOf(text: string, at: number): string | undefined {
  const lead = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return lead.trim() === '' ? lead : undefined;
}

/** A comment behind the directive stays with it. Another directive on the line is passed over only by inserting before it. */
function endWithComment(text: string, from: number): number {
  const rest = /^[ \t]*#[^\r\n]*/.exec(text.slice(from, from + 2_000));
  return rest ? from + rest[0].length : from;
}
