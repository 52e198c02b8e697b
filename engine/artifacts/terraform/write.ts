// Writes what a fix asks of a Terraform file: small edits in the style of the formatter, on its current text.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import { parseHcl } from '../hcl/parse';
import { renderBlock, renderExpression } from '../hcl/render';
import { attributeOf, type HclBlock, type HclBody } from '../hcl/tree';
import { placeIn, removeInBlock, setInBlock, type HclPath } from '../hcl/write';
import type { ArtifactIntent } from '../intent';

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeTerraform(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
  // The JSON form is made by programs, which would undo any edit.
  if (resource.file.endsWith('.json')) return undefined;
  const { body } = parseHcl(text);
  if (intent.kind === 'set-value' || intent.kind === 'remove-value') {
    const found = definitionAt(body, intent.path);
    if (!found) return undefined;
    const place = placeIn(text, true);
    return intent.kind === 'set-value' ? setInBlock(place, found.block, found.path, intent.value) : removeInBlock(place, found.block, found.path);
  }
  const block = blockAt(body, resource.path);
  if (!block) return undefined;
  const place = placeIn(text, block.type !== 'resource');
  switch (intent.kind) {
    case 'set-property':
      return setInBlock(place, block, intent.path, intent.value);
    case 'remove-property':
      return removeInBlock(place, block, intent.path);
    case 'add-resource':
      return addBlock(text, body, block, intent);
    default:
      return undefined;
  }
}

/** Number of places that are not HCL. */
export function terraformSyntaxErrors(text: string): number {
  return parseHcl(text).errors.length;
}

function blockAt(body: HclBody, path: HclPath): HclBlock | undefined {
  const [type, ...labels] = path;
  return body.blocks.find((block) => block.type === type && block.labels.length === labels.length && block.labels.every((label, i) => label.text === labels[i]));
}

/** `['variable', NAME, 'default', …]` or `['locals', NAME, …]`: a definition of the file itself. */
function definitionAt(body: HclBody, path: HclPath): { block: HclBlock; path: HclPath } | undefined {
  const [type, name, ...rest] = path;
  const block = body.blocks.find((one) => one.type === type && (type === 'locals' ? typeof name === 'string' && attributeOf(one.body, name) !== undefined : one.labels[0]?.text === name));
  if (!block || typeof name !== 'string') return undefined;
  return { block, path: type === 'locals' ? [name, ...rest] : rest };
}

function addBlock(text: string, body: HclBody, after: HclBlock, { type, name, properties }: Extract<ArtifactIntent, { kind: 'add-resource' }>): TextEdit[] | undefined {
  const label = name.replace(/^new:/, '');
  if (blockAt(body, type.includes('/') ? ['module', label] : ['resource', type, label])) return undefined;
  const { style } = placeIn(text, false);
  const end = after.span[1];
  const rendered = type.includes('/')
    ? `module "${label}" ${renderExpression({ source: type, ...properties }, '', style)}`
    : renderBlock(`resource "${type}" "${label}"`, properties, '', style);
  return [{ span: [end, end], newText: `${style.eol}${style.eol}${rendered}` }];
}
