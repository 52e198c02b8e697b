// Makes the JSON Schemas of the catalogue from its types, so that types, YAML check and the users' `clients` can never differ.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from '@ts-morph/common';

type JsonSchema = Readonly<Record<string, unknown>>;

const DRAFT = 'http://json-schema.org/draft-07/schema#';
const folder = join(import.meta.dirname, '..', 'catalog');

/** The JSON Schema (draft-07) of `LibraryEntry` and `ImageEntry`: unknown keys are errors, comments become descriptions. */
export function librarySchema(): JsonSchema {
  return { $schema: DRAFT, title: 'A client library as Holdfast knows it', $ref: '#/definitions/LibraryEntry', definitions: definitionsOf('schema.ts') };
}

/** The JSON Schema of `CloudEntry`. */
export function cloudSchema(): JsonSchema {
  return { $schema: DRAFT, title: 'A cloud resource as Holdfast knows it', $ref: '#/definitions/CloudEntry', definitions: definitionsOf('cloud-schema.ts') };
}

/** The JSON Schema of `OperatorEntry`. */
export function operatorSchema(): JsonSchema {
  return { $schema: DRAFT, title: 'A custom resource as Holdfast knows it', $ref: '#/definitions/OperatorEntry', definitions: definitionsOf('operator-schema.ts') };
}

function definitionsOf(file: string): Record<string, JsonSchema> {
  const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const definitions: Record<string, JsonSchema> = {};
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) definitions[statement.name.text] = { ...objectOf(statement.members), ...describe(statement) };
    if (ts.isTypeAliasDeclaration(statement)) definitions[statement.name.text] = { ...schemaOf(statement.type), ...describe(statement) };
  }
  return definitions;
}

/** Text of the schema file. */
export function librarySchemaText(): string {
  return `${JSON.stringify(librarySchema(), null, 2)}\n`;
}

/** Writes catalog/library.schema.json. */
export function generate(): void {
  writeFileSync(join(folder, 'library.schema.json'), librarySchemaText());
}

function objectOf(members: ts.NodeArray<ts.TypeElement>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const [only] = members;
  if (members.length === 1 && only && ts.isIndexSignatureDeclaration(only)) return { type: 'object', additionalProperties: schemaOf(only.type) };
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !member.type) throw new Error(`catalog/schema.ts holds a member that is no property: ${member.getText()}`);
    const name = member.name.getText();
    properties[name] = { ...schemaOf(member.type), ...describe(member) };
    if (!member.questionToken) required.push(name);
  }
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 ? { required } : {}) };
}

function schemaOf(type: ts.TypeNode): JsonSchema {
  if (ts.isParenthesizedTypeNode(type)) return schemaOf(type.type);
  if (ts.isTypeOperatorNode(type)) return schemaOf(type.type);
  if (ts.isArrayTypeNode(type)) return { type: 'array', items: schemaOf(type.elementType) };
  if (ts.isTypeLiteralNode(type)) return objectOf(type.members);
  if (ts.isUnionTypeNode(type)) return unionOf(type);
  if (ts.isLiteralTypeNode(type)) return literalOf(type);
  if (ts.isTypeReferenceNode(type)) return referenceOf(type);
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: 'string' };
    case ts.SyntaxKind.NumberKeyword:
      return { type: 'number' };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
    default:
      throw new Error(`catalog/schema.ts holds a type that has no JSON Schema: ${type.getText()}`);
  }
}

function unionOf(type: ts.UnionTypeNode): JsonSchema {
  const options = type.types.map(schemaOf);
  const constants = options.flatMap((option) => ('const' in option ? [option['const']] : []));
  if (constants.length === options.length) return { enum: constants };
  return { anyOf: options };
}

function literalOf(type: ts.LiteralTypeNode): JsonSchema {
  const { literal } = type;
  if (ts.isStringLiteral(literal)) return { const: literal.text };
  if (literal.kind === ts.SyntaxKind.NullKeyword) return { const: null };
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return { const: true };
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return { const: false };
  throw new Error(`catalog/schema.ts holds a literal that has no JSON Schema: ${type.getText()}`);
}

function referenceOf(type: ts.TypeReferenceNode): JsonSchema {
  const name = type.typeName.getText();
  const [first, second] = type.typeArguments ?? [];
  if (name === 'Readonly' && first) return schemaOf(first);
  if (name === 'Record' && second) return { type: 'object', additionalProperties: schemaOf(second) };
  return { $ref: `#/definitions/${name}` };
}

function describe(node: ts.Node): JsonSchema {
  const comment = ts.getJSDocCommentsAndTags(node).map((doc) => (typeof doc.comment === 'string' ? doc.comment : '')).join(' ').trim();
  return comment === '' ? {} : { description: comment };
}
