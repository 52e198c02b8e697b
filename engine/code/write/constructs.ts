// Says what a fix wants of a construct (CDK, Pulumi, cdktf) as operations on its code: options of its call, imports of what they need, and statements for resources that are added.

import type { CloudLiteral, CloudReferenceLiteral } from '../../artifacts/cloud';
import type { ArtifactOperation, CodeOperation } from '../../lint/fix';
import { unstrip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { documentOf, isCallOrNew, nodeAt, unwrapped, type Document } from './document';
import { expressionOf, namesIn, type ModuleName } from './module-names';

type Call = TypeScript.CallExpression | TypeScript.NewExpression;

interface Writing {
  readonly document: Document;
  readonly file: string;
  readonly format: string;
  readonly names: readonly ModuleName[];
  readonly operations: CodeOperation[];
  /** Variables of resources that the same fix adds, by type and name. */
  readonly added: Map<string, string>;
  /** Names that constructs get which had none, by id. */
  readonly bound: Map<string, string>;
}

const MAX_DEPTH = 8;

/** Operations on the code of one file that do what a fix wants of its constructs; undefined where a place is gone or there is no word for it. Linear in the text. */
export function constructOperations(file: string, text: string, wanted: readonly ArtifactOperation[]): CodeOperation[] | undefined {
  const document = documentOf(file, text);
  const format = wanted[0]?.resource.format;
  if (!document || format === undefined) return undefined;
  const writing: Writing = { document, file, format, names: namesIn(document), operations: [], added: new Map(), bound: new Map() };
  for (const { intent } of wanted) if (intent.kind === 'add-resource') writing.added.set(`${intent.type} ${intent.name}`, freshName(document, variableName(intent.name)));
  for (const operation of wanted) if (!write(writing, operation)) return undefined;
  return writing.operations;
}

function write(writing: Writing, { resource, intent }: ArtifactOperation): boolean {
  const [start, end, argument] = resource.path;
  if (typeof start !== 'number' || typeof end !== 'number') return false;
  const call = nodeAt(writing.document, [start, end], isCallOrNew);
  if (!call) return false;
  const place = typeof argument === 'number' ? argument : optionsIn(call);
  switch (intent.kind) {
    case 'set-property':
      return setProperty(writing, call, place, intent.path, intent.value);
    case 'remove-property':
      return removeProperty(writing, call, place, intent.path);
    case 'add-resource':
      return addResource(writing, call, intent.type, intent.name, intent.properties);
    default:
      return false;
  }
}

// An object of a library has its options last.
function optionsIn(call: Call): number {
  const given = call.arguments ?? [];
  const last = given.findLastIndex((argument) => ts.isObjectLiteralExpression(unwrapped(argument)));
  return last >= 0 ? last : given.length;
}

function setProperty(writing: Writing, call: Call, argument: number, path: readonly (string | number)[], value: CloudLiteral): boolean {
  const keys = path.map((part) => (typeof part === 'string' ? spelled(writing, part) : undefined));
  const text = literalText(writing, value, 0);
  // An item of a list has no place in options that may be merged.
  if (text === undefined || keys.length === 0 || keys.some((key) => key === undefined || !/^[\w$-]+$/.test(key))) return false;
  writing.operations.push({ language: 'code', file: writing.file, kind: 'set-option', call: spanOf(writing, call), argument, path: keys.join('.'), value: text });
  return true;
}

function removeProperty(writing: Writing, call: Call, argument: number, path: readonly (string | number)[]): boolean {
  let at: TypeScript.Expression | undefined = call.arguments?.[argument];
  let property: TypeScript.ObjectLiteralElementLike | undefined;
  for (const part of path) {
    const literal = at && unwrapped(at);
    if (typeof part === 'number') {
      at = literal && ts.isArrayLiteralExpression(literal) ? literal.elements[part] : undefined;
      continue;
    }
    if (!literal || !ts.isObjectLiteralExpression(literal)) return false;
    property = literal.properties.findLast((candidate) => candidate.name?.getText(writing.document.source).replace(/^['"]|['"]$/g, '') === spelled(writing, part));
    at = property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  }
  if (!property) return false;
  writing.operations.push({ language: 'code', file: writing.file, kind: 'remove-property', property: spanOf(writing, property) });
  return true;
}

// A new construct stands before the one that it belongs to where that one is to name it, else behind it.
function addResource(writing: Writing, call: Call, type: string, name: string, properties: { readonly [key: string]: CloudLiteral }): boolean {
  const made = classOfType(writing, type);
  const own = idOf(call);
  const binds = own !== undefined && keptName(writing.document, call) === undefined ? { id: own, name: freshName(writing.document, variableName(own)) } : undefined;
  if (binds) writing.bound.set(binds.id, binds.name);
  const scope = writing.format === 'pulumi' ? undefined : scopeOf(writing, call);
  const object = literalText(writing, properties, 0);
  const variable = writing.added.get(`${type} ${name}`);
  if (made === undefined || object === undefined || variable === undefined || (writing.format !== 'pulumi' && scope === undefined)) return false;
  const isNamed = JSON.stringify(properties).includes('$reference');
  const leading = scope === undefined ? [quoted(name)] : [scope, quoted(name)];
  const given = object === '{}' ? leading : [...leading, object];
  const creation = `new ${made}(${given.join(', ')})`;
  const statement = spanOf(writing, call);
  if (isNamed) writing.operations.push({ language: 'code', file: writing.file, kind: 'insert-after', statement, lines: [`${creation};`], ...(binds ? { bind: { call: statement, name: binds.name } } : {}) });
  else writing.operations.push({ language: 'code', file: writing.file, kind: 'insert-before', statement, lines: [`const ${variable} = ${creation};`] });
  return true;
}

/** The text of a literal in the plainest style; undefined where something in it cannot be said in code. */
function literalText(writing: Writing, value: CloudLiteral, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isList(value)) {
    const items = value.map((item) => literalText(writing, item, depth + 1));
    return items.some((item) => item === undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (isReference(value)) return referenceText(writing, value);
  const special = specialText(writing, value, depth);
  if (special !== undefined) return special.text;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = spelled(writing, key);
    const text = literalText(writing, item, depth + 1);
    return text === undefined ? undefined : `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)}: ${text}`;
  });
  if (entries.some((entry) => entry === undefined)) return undefined;
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

// `$duration`, `$symbol`, `$json`; an answer without a text is a refusal.
function specialText(writing: Writing, value: { readonly [key: string]: CloudLiteral }, depth: number): { readonly text: string | undefined } | undefined {
  const { $duration: duration, $symbol: symbol, $json: json } = value;
  if (typeof duration === 'number') return { text: writing.format === 'cdk' ? durationText(writing, duration) : String(duration) };
  if (json !== undefined) {
    const text = literalText({ ...writing, format: 'json' }, json, depth + 1);
    const needsResolved = writing.format === 'pulumi' && text !== undefined && JSON.stringify(json).includes('$reference');
    if (text === undefined) return { text: undefined };
    return { text: needsResolved ? `${symbolIn(writing, '@pulumi/pulumi', ['jsonStringify'])}(${text})` : `JSON.stringify(${text})` };
  }
  if (symbol === undefined || typeof symbol !== 'object' || isList(symbol)) return undefined;
  const { module, path, arguments: given } = symbol as { readonly module?: CloudLiteral; readonly path?: CloudLiteral; readonly arguments?: CloudLiteral };
  if (typeof module !== 'string' || typeof path !== 'string') return { text: undefined };
  const expression = symbolIn(writing, module, path.split('.'));
  if (given === undefined) return { text: expression };
  const texts = isList(given) ? given.map((item) => literalText(writing, item, depth + 1)) : [undefined];
  return { text: texts.some((text) => text === undefined) ? undefined : `${expression}(${texts.join(', ')})` };
}

const UNITS: readonly (readonly [string, number])[] = [['days', 86_400], ['hours', 3_600], ['minutes', 60], ['seconds', 1]];

function durationText(writing: Writing, seconds: number): string {
  const [unit, factor] = UNITS.find(([, candidate]) => seconds >= candidate && seconds % candidate === 0) ?? ['seconds', 1];
  return `${symbolIn(writing, 'aws-cdk-lib', ['Duration', unit])}(${seconds / factor})`;
}

function symbolIn(writing: Writing, module: string, path: readonly string[]): string {
  const { text, wanted } = expressionOf(writing.document, writing.names, module, path);
  if (wanted) writing.operations.push({ language: 'code', file: writing.file, kind: 'add-import', module: wanted.module, name: wanted.name });
  return text;
}

function classOfType(writing: Writing, type: string): string | undefined {
  if (writing.format === 'cdk') {
    const dot = type.lastIndexOf('.');
    return symbolIn(writing, type.slice(0, dot), [type.slice(dot + 1)]);
  }
  if (writing.format === 'pulumi') {
    const [provider = '', ...path] = type.split('.');
    return path.length < 2 ? undefined : symbolIn(writing, `@pulumi/${provider}`, path);
  }
  const match = /^([a-z]+)_(\w+)$/.exec(type);
  const [, provider = '', name = ''] = match ?? [];
  if (!match) return undefined;
  return symbolIn(writing, `@cdktf/provider-${provider}/lib/${name.replaceAll('_', '-')}`, [className(writing, type)]);
}

// What the construct beside it is given as its scope.
function scopeOf({ document }: Writing, call: Call): string | undefined {
  const first = ts.isNewExpression(call) ? call.arguments?.[0] : undefined;
  if (first) return first.getText(document.source);
  return ts.findAncestor(call, ts.isClassLike) ? 'this' : undefined;
}

function referenceText(writing: Writing, { $reference: { type, name, attribute } }: CloudReferenceLiteral): string | undefined {
  const bare = name.replace(/^new:/, '');
  const kept = writing.added.get(`${type} ${bare}`) ?? writing.bound.get(bare) ?? keptUnder(writing.document, bare, className(writing, type));
  return kept === undefined ? undefined : attribute === undefined ? kept : `${kept}.${writing.format === 'cdktf' ? camelCase(attribute) : attribute}`;
}

function idOf(call: Call): string | undefined {
  return (call.arguments ?? []).slice(0, 2).find(ts.isStringLiteralLike)?.text;
}

// The variable or field that keeps the construct of this id; a construct whose id is computed goes by the name of its variable.
function keptUnder(document: Document, id: string, made: string): string | undefined {
  let found: string | undefined;
  const visit = (node: TypeScript.Node): void => {
    if (found !== undefined) return;
    if (isCallOrNew(node) && node.expression.getText(document.source).endsWith(made)) {
      const kept = keptName(document, node);
      if (idOf(node) === id || (kept === id && idOf(node) === undefined)) found = kept;
    }
    ts.forEachChild(node, visit);
  };
  visit(document.source);
  return found;
}

function keptName(document: Document, call: Call): string | undefined {
  const { parent } = unstrip(call);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) return parent.left.getText(document.source);
  return ts.isPropertyDeclaration(parent) && ts.isIdentifier(parent.name) ? `this.${parent.name.text}` : undefined;
}

function className({ format }: Writing, type: string): string {
  if (format !== 'cdktf') return type.slice(type.lastIndexOf('.') + 1);
  const words = type.split('_').slice(1);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function spelled(writing: Writing, key: string): string {
  return writing.format === 'cdktf' ? camelCase(key) : key;
}

function camelCase(word: string): string {
  return word.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

function variableName(name: string): string {
  const words = name.split(/[^A-Za-z\d]+/).filter((word) => word !== '');
  const joined = words.map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1)).join('');
  return /^[A-Za-z_$]/.test(joined) ? joined : `resource${joined}`;
}

// A name that no identifier of the file has.
function freshName({ source }: Document, name: string): string {
  const used = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  let fresh = name;
  for (let count = 2; used.has(fresh); count++) fresh = `${name}${count}`;
  return fresh;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;
}

function spanOf({ document }: Writing, node: TypeScript.Node): readonly [number, number] {
  return [node.getStart(document.source), node.getEnd()];
}

function isList(value: CloudLiteral): value is readonly CloudLiteral[] {
  return Array.isArray(value);
}

function isReference(value: CloudLiteral): value is CloudReferenceLiteral {
  return typeof value === 'object' && '$reference' in value;
}
