// Writes what a fix asks of a resource of a template: small edits in the file's own style, on its current text.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { insertEntry, replaceScalar, styleOf } from '../yaml/edit';
import { get, textOf } from '../yaml/look-up';
import { parseAgain } from '../yaml/parse-again';
import { flowText, type NewMap, type NewNode } from '../yaml/render';
import { lineEnd, type YamlDocument, type YamlMap, type YamlNode, type YamlPair } from '../yaml/tree';
import { removeNode, setNode, writeValue } from '../yaml/write-value';
import { nodeOf, writesShort, type Spelling } from './literal';

/** Where properties of a resource stand, and how its file writes. */
export interface ResourcePlace {
  readonly text: string;
  readonly document: YamlDocument;
  /** The map of the resource. */
  readonly node: YamlMap;
  /** Key that holds its properties; absent where they stand in the resource itself. */
  readonly properties?: 'Properties';
  readonly spelling: Spelling;
}

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeCloudFormation(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  const document = parseAgain(text).documents[resource.document];
  if (!document) return undefined;
  const place = placeOf(text, document, resource.path, 'Properties');
  if (intent.kind === 'set-property') return place && one(setProperty(place, intent.path, intent.value));
  if (intent.kind === 'remove-property') return place && one(removeProperty(place, intent.path));
  if (intent.kind === 'add-resource') return one(addBeside(text, document, resource.path, intent));
  return writeValue(text, resource.document, intent);
}

function one(edit: TextEdit | undefined): TextEdit[] | undefined {
  return edit && [edit];
}

/** The place of a resource at a path of a document; undefined where it is gone or an alias. */
export function placeOf(text: string, document: YamlDocument, path: readonly (string | number)[], properties?: 'Properties', logicalId: Spelling['logicalId'] = (_type, name) => name): ResourcePlace | undefined {
  const node = get(document.root, ...path);
  if (node?.kind !== 'map') return undefined;
  const spelling = { isShort: writesShort(text, styleOf(text, document).isJson), logicalId };
  return { text, document, node, spelling, ...(properties ? { properties } : {}) };
}

/** Sets a property; one that is a parameter's default is changed there, where nothing else uses it. */
export function setProperty(place: ResourcePlace, path: readonly (string | number)[], literal: Parameters<typeof nodeOf>[0]): TextEdit | undefined {
  const { text, document, node: resource } = place;
  const value = nodeOf(literal, place.spelling);
  if (value === undefined) return undefined;
  const whole = wholePath(place, path);
  const found = walk(resource, whole);
  if (found.intrinsic) return found.isLast ? replaceIntrinsic(place, found.intrinsic, value) : undefined;
  // An empty resource is completed behind its type.
  return setNode(text, document, resource, whole, value, { Properties: { after: ['Type', 'Condition', 'DependsOn', 'Metadata'] } });
}

/** Removes a property, with the map that held it alone. */
export function removeProperty(place: ResourcePlace, path: readonly (string | number)[]): TextEdit | undefined {
  for (let whole = wholePath(place, path); whole.length > 0; whole = whole.slice(0, -1)) {
    const edit = removeNode(place.text, place.node, whole);
    if (edit) return edit;
    const holder = get(place.node, ...whole.slice(0, -1));
    if (holder?.kind !== 'map' || holder.pairs.length !== 1 || whole.length === 1) return undefined;
  }
  return undefined;
}

/** `@UpdatePolicy` stands beside the properties. */
function wholePath(place: ResourcePlace, path: readonly (string | number)[]): readonly (string | number)[] {
  const [first, ...rest] = path;
  if (typeof first === 'string' && first.startsWith('@')) return [first.slice(1), ...rest];
  return place.properties ? [place.properties, ...path] : path;
}

/** The first intrinsic function on a path, if one stands in the way. */
function walk(from: YamlNode, path: readonly (string | number)[]): { readonly intrinsic?: YamlPair; readonly isLast: boolean } {
  let node: YamlNode | undefined = from;
  for (const [i, step] of path.entries()) {
    const pair: YamlPair | undefined = typeof step === 'string' && node?.kind === 'map' ? node.index.get(step) : undefined;
    if (pair && isIntrinsic(pair.value)) return { intrinsic: pair, isLast: i === path.length - 1 };
    node = typeof step === 'number' ? (node?.kind === 'sequence' ? node.items[step] : undefined) : pair?.value;
  }
  return { isLast: true };
}

function isIntrinsic(node: YamlNode): boolean {
  if (node.kind === 'alias') return false;
  if (node.tag !== undefined && !node.tag.startsWith('!!')) return true;
  return node.kind === 'map' && node.pairs.length === 1 && /^(?:Ref|Fn::\w+)$/.test(node.pairs[0]?.name ?? '');
}

/** Replaces a reference to a parameter: its default where that is its only use, else the reference itself. What is chosen or put together stays as it is. */
function replaceIntrinsic(place: ResourcePlace, pair: YamlPair, value: NewNode): TextEdit | undefined {
  const { value: node } = pair;
  const parameter = node.kind === 'scalar' && node.tag === '!Ref' ? node.text : node.kind === 'map' ? textOf(get(node, 'Ref')) : undefined;
  if (parameter === undefined || node.kind === 'alias') return undefined;
  const fallback = get(place.document.root, 'Parameters', parameter, 'Default');
  const allowed = get(place.document.root, 'Parameters', parameter, 'AllowedValues');
  const isAllowed = allowed?.kind !== 'sequence' || allowed.items.some((item) => typeof value !== 'object' && textOf(item) === String(value));
  if (fallback?.kind === 'scalar' && value !== null && typeof value !== 'object' && isAllowed && usesOf(place.text, parameter) === 1) return replaceScalar(fallback, value);
  return { span: [node.start, node.span[1]], newText: flowText(value, styleOf(place.text, place.document)) };
}

/** How often a parameter is named beside its own declaration. */
function usesOf(text: string, parameter: string): number {
  let count = 0;
  for (const match of text.matchAll(/[A-Za-z][A-Za-z0-9]*/g)) if (match[0] === parameter) count++;
  return count - 1;
}

type NewResource = Extract<ArtifactIntent, { kind: 'add-resource' }>;

/** Puts a resource behind the one at `path`, in the same section; undefined where the name is taken. */
export function addBeside(text: string, document: YamlDocument, path: readonly (string | number)[], intent: NewResource, logicalId?: Spelling['logicalId']): TextEdit | undefined {
  const section = get(document.root, ...path.slice(0, -1));
  const neighbour = path.at(-1);
  const place = placeOf(text, document, path, 'Properties', logicalId);
  const resource = place && resourceNode(intent, place.spelling);
  if (section?.kind !== 'map' || typeof neighbour !== 'string' || !resource) return undefined;
  const edit = insertEntry(text, document, section, intent.name, resource, { after: [neighbour] });
  return edit && separated(text, document, section, edit);
}

/** The map of a new resource: `Type`, what stands beside its properties, `Properties`. */
export function resourceNode(intent: NewResource, spelling: Spelling): NewMap | undefined {
  const entries: (readonly [string, NewNode])[] = [['Type', intent.type]];
  const properties: (readonly [string, NewNode])[] = [];
  for (const [name, literal] of Object.entries(intent.properties)) {
    const node = nodeOf(literal, spelling);
    if (node === undefined) return undefined;
    if (name.startsWith('@')) entries.push([name.slice(1), node]);
    else properties.push([name, node]);
  }
  if (properties.length > 0) entries.push(['Properties', { kind: 'map', entries: properties }]);
  return { kind: 'map', entries };
}

/** A blank line in front of a new entry, where the entries of its map are separated so. */
export function separated(text: string, document: YamlDocument, section: YamlMap, edit: TextEdit): TextEdit {
  const { lineBreak } = styleOf(text, document);
  const isSeparated = section.pairs.some((pair, i) => {
    const previous = section.pairs[i - 1];
    return previous !== undefined && /\n[ \t]*\r?\n/.test(text.slice(lineEnd(text, previous.span[1]), pair.key.start));
  });
  if (!isSeparated) return edit;
  const comma = edit.newText.startsWith(',') ? ',' : '';
  return { ...edit, newText: comma + lineBreak + edit.newText.slice(comma.length) };
}

