// The JSON form of Terraform files, as the tree that the HCL form has. Strings are templates; a block that may repeat is an object or a list of objects.

import { parseHclTemplate } from '../hcl/parse';
import type { HclAttribute, HclBlock, HclBody, HclExpression, HclFile } from '../hcl/tree';
import { entries, textOf } from '../yaml/look-up';
import { parseYaml, type YamlNode } from '../yaml/tree';

/** How many labels a block of the top level has. */
const LABELS: Readonly<Record<string, number>> = { resource: 2, data: 2, module: 1, variable: 1, output: 1, locals: 0, terraform: 0, provider: 1 };
/** Blocks inside others that are asked for as blocks. */
const INNER = new Set(['lifecycle', 'backend', 'cloud']);

/** Never throws. `isValues`: a `.tfvars.json`, which has attributes only. Linear in the text. */
export function parseJsonConfiguration(text: string, isValues: boolean): HclFile {
  const parsed = parseYaml(text);
  const root = parsed.documents[0]?.root;
  const errors = parsed.problems.map((problem) => ({ because: problem.because, at: problem.span[0] }));
  if (root?.kind !== 'map') return { body: { attributes: [], blocks: [], span: [0, text.length] }, comments: [], errors };
  if (isValues) return { body: bodyOf(root), comments: [], errors };
  const blocks = entries(root).flatMap(({ name, pair, value }) => topBlocks(name, pair.key.span, [], value ?? pair.value, LABELS[name] ?? 0));
  return { body: { attributes: [], blocks, span: root.span, ...(errors.length > 0 ? { isBroken: true as const } : {}) }, comments: [], errors };
}

type Label = HclBlock['labels'][number];

function topBlocks(type: string, at: Label['span'], labels: readonly Label[], node: YamlNode | undefined, missing: number): HclBlock[] {
  if (node?.kind === 'sequence') return node.items.flatMap((item) => topBlocks(type, at, labels, item, missing));
  if (node?.kind !== 'map') return [];
  if (missing > 0) return entries(node).flatMap(({ name, pair, value }) => topBlocks(type, at, [...labels, { text: name, span: pair.key.span }], value ?? pair.value, missing - 1));
  const header = labels.at(-1)?.span ?? at;
  return [{ type, labels, header, body: bodyOf(node), span: [header[0], node.span[1]] }];
}

function bodyOf(node: YamlNode & { readonly kind: 'map' }): HclBody {
  const attributes: HclAttribute[] = [];
  const blocks: HclBlock[] = [];
  for (const { name, pair, value } of entries(node)) {
    const held = value ?? pair.value;
    if (INNER.has(name)) blocks.push(...topBlocks(name, pair.key.span, [], held, 0));
    else attributes.push({ name, nameSpan: pair.key.span, ...(held ? { value: expressionOf(held) } : {}), span: pair.span });
  }
  return { attributes, blocks, span: node.span };
}

function expressionOf(node: YamlNode): HclExpression {
  const { span } = node;
  if (node.kind === 'sequence') return { kind: 'tuple', items: node.items.map(expressionOf), span };
  if (node.kind === 'map') {
    return { kind: 'object', items: entries(node).map(({ name, pair, value }) => ({ key: { kind: 'literal', value: name, span: pair.key.span }, value: expressionOf(value ?? pair.value), span: pair.span })), span };
  }
  const text = textOf(node) ?? '';
  if (node.kind === 'scalar' && node.style === 'plain') return { kind: 'literal', value: text === 'null' ? null : text === 'true' || text === 'false' ? text === 'true' : Number(text), span };
  return text.includes('${') || text.includes('%{') ? parseHclTemplate(text, span) : { kind: 'literal', value: text, span };
}
