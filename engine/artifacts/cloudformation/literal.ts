// Spells a value of a fix as templates do: references in the form that the file uses, `!GetAtt Queue.Arn` or `{ "Fn::GetAtt": ["Queue", "Arn"] }`.

import type { CloudLiteral, CloudReferenceLiteral } from '../cloud';
import { list, map, type NewNode } from '../yaml/render';

/** How a file writes intrinsic functions. */
export interface Spelling {
  readonly isShort: boolean;
  /** Logical id of what a reference names. */
  readonly logicalId: (type: string, name: string) => string;
}

/** Whether a file writes `!Ref` or the long form: as it does already, else short where it is YAML. */
export function writesShort(text: string, isJson: boolean): boolean {
  if (isJson) return false;
  return /[:-][ \t]+!(?:Ref|GetAtt|Sub|If|Join)\b/.test(text) || !/^[ \t-]*["']?(?:Fn::\w+|Ref)["']?[ \t]*:/m.test(text);
}

/** The node of a literal; undefined where the format has no word for it (JSON text with references inside). */
export function nodeOf(literal: CloudLiteral, spelling: Spelling): NewNode | undefined {
  if (typeof literal !== 'object') return literal;
  if (isList(literal)) {
    const items = literal.map((item) => nodeOf(item, spelling));
    return items.every((item) => item !== undefined) ? list(items) : undefined;
  }
  if (isReference(literal)) return referenceNode(literal, spelling);
  if (isJsonText(literal)) return isPlain(literal.$json) ? JSON.stringify(literal.$json) : undefined;
  const entries: (readonly [string, NewNode])[] = [];
  for (const [name, child] of Object.entries(literal)) {
    const node = nodeOf(child, spelling);
    if (node === undefined) return undefined;
    entries.push([name, node]);
  }
  return { kind: 'map', entries };
}

/** Names of resources that the same fix adds. */
const NEW = /^new:/;

function referenceNode({ $reference: { type, name, attribute } }: CloudReferenceLiteral, { isShort, logicalId }: Spelling): NewNode {
  const id = logicalId(type, name.replace(NEW, ''));
  if (attribute === undefined || attribute === 'Ref') return isShort ? { kind: 'raw', text: `!Ref ${id}` } : map({ Ref: id });
  return isShort ? { kind: 'raw', text: `!GetAtt ${id}.${attribute}` } : map({ 'Fn::GetAtt': { kind: 'list', style: 'flow', items: [id, attribute] } });
}

function isList(literal: CloudLiteral): literal is readonly CloudLiteral[] {
  return Array.isArray(literal);
}

function isReference(literal: object): literal is CloudReferenceLiteral {
  return '$reference' in literal;
}

function isJsonText(literal: object): literal is { readonly $json: CloudLiteral } {
  return '$json' in literal;
}

function isPlain(literal: CloudLiteral): boolean {
  if (typeof literal !== 'object') return true;
  return !isReference(literal) && Object.values(literal).every((child: CloudLiteral) => isPlain(child));
}
