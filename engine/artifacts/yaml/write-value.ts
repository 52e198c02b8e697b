// Sets or removes what stands at a path of a YAML or JSON file, for every format whose fixes need nothing more than that.

import type { TextEdit } from '../../text';
import type { CloudLiteral } from '../cloud';
import type { ArtifactIntent } from '../intent';
import { fillEmpty, insertEntry, removeEntry, replaceValue, replaceWithFlow, styleOf, type Where } from './edit';
import { parseAgain } from './parse-again';
import { flowText, type NewNode } from './render';
import type { YamlDocument, YamlNode } from './tree';

/** Where a key goes among its siblings, as people write the format. */
export type Placement = Readonly<Record<string, Where>>;

/** Edits for `set-value`, `remove-value` and `replace-text`; undefined for other intents, and where an alias or another kind of value stands in the way. */
export function writeValue(text: string, documentIndex: number, intent: ArtifactIntent, placement: Placement = {}): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
  return writeInDocument(text, parseAgain(text).documents[documentIndex], intent, placement);
}

/** The same in a document that is read already; its places are those of `text`. */
export function writeInDocument(text: string, document: YamlDocument | undefined, intent: ArtifactIntent, placement: Placement = {}): TextEdit[] | undefined {
  if ((intent.kind !== 'set-value' && intent.kind !== 'remove-value') || !document?.root) return undefined;
  const value = intent.kind === 'set-value' ? toNode(intent.value) : undefined;
  const edit = intent.kind === 'remove-value' ? removeNode(text, document.root, intent.path) : value === undefined ? undefined : setNode(text, document, document.root, intent.path, value, placement);
  return edit && [edit];
}

/** Sets what stands at a path below a node and makes the maps on the way. Undefined where an alias or another kind of value stands in the way. */
export function setNode(text: string, document: YamlDocument, root: YamlNode, path: readonly (string | number)[], value: NewNode, placement: Placement = {}): TextEdit | undefined {
  let at: YamlNode = root;
  for (const [i, step] of path.entries()) {
    if (typeof step === 'number') {
      const item: YamlNode | undefined = at.kind === 'sequence' ? at.items[step] : undefined;
      if (!item || i === path.length - 1) return undefined;
      at = item;
      continue;
    }
    if (at.kind !== 'map') return undefined;
    const rest = path.slice(i + 1);
    const own = at.index.get(step);
    if (!own) return insertEntry(text, document, at, step, nest(rest, value), placement[step] ?? {});
    if (rest.length === 0) return typeof value === 'object' && value !== null ? replaceWithFlow(text, own, flowText(value, styleOf(text, document))) : value === null ? undefined : replaceValue(own, value);
    const [next] = rest;
    if (own.value.kind === 'scalar' && typeof next === 'string') return fillEmpty(text, document, own, next, nest(rest.slice(1), value));
    at = own.value;
  }
  return undefined;
}

/** Removes the entry at a path below a node. Undefined where there is none, or where it is the only one of its map. */
export function removeNode(text: string, root: YamlNode, path: readonly (string | number)[]): TextEdit | undefined {
  let at: YamlNode | undefined = root;
  for (const step of path.slice(0, -1)) at = typeof step === 'number' ? (at?.kind === 'sequence' ? at.items[step] : undefined) : at?.kind === 'map' ? at.index.get(step)?.value : undefined;
  const last = path.at(-1);
  return at?.kind === 'map' && typeof last === 'string' ? removeEntry(text, at, last) : undefined;
}

function nest(path: readonly (string | number)[], value: NewNode): NewNode {
  return path.reduceRight<NewNode>((inner, name) => ({ kind: 'map', entries: [[String(name), inner]] }), value);
}

/** Plain values only: a file of this kind has no word for references. */
function toNode(literal: CloudLiteral): NewNode | undefined {
  if (typeof literal !== 'object') return literal;
  if (isList(literal)) {
    const items = literal.map(toNode);
    return items.every((item) => item !== undefined) ? { kind: 'list', style: 'block', items } : undefined;
  }
  const entries: (readonly [string, NewNode])[] = [];
  for (const [name, child] of Object.entries(literal) as readonly (readonly [string, CloudLiteral])[]) {
    const node = name.startsWith('$') ? undefined : toNode(child);
    if (node === undefined) return undefined;
    entries.push([name, node]);
  }
  return { kind: 'map', entries };
}

function isList(literal: CloudLiteral): literal is readonly CloudLiteral[] {
  return Array.isArray(literal);
}
