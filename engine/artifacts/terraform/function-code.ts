// Which file of the workspace holds the code of a function: what is packed for it, and its handler.

import { joinPath, folderOf } from '../../model/paths';
import type { CloudMap, CloudResource } from '../cloud';
import { handlerFile } from '../cloudformation/function-code';
import { walkExpression, type HclBlock, type HclExpression } from '../hcl/tree';
import { expressionIn } from './body';
import type { Module } from './scope';

/** Undefined where it has no handler, or where what is packed is not told. Linear in the block. */
export function functionCode(module: Module, block: HclBlock, properties: CloudMap, hasFile: (path: string) => boolean): CloudResource['code'] {
  const handler = properties.entries['handler'];
  if (handler?.kind !== 'text') return undefined;
  const folder = packedFolder(module, block);
  return folder === undefined ? undefined : handlerFile(folder, handler.value, hasFile);
}

/** `source_path` of a published module, else the folder of the archive that the block names. */
function packedFolder(module: Module, block: HclBlock): string | undefined {
  const own = expressionIn(block.body, 'source_path');
  if (own) return pathOf(own, module.folder);
  for (const { value } of block.body.attributes) {
    const archive = value && archiveOf(value, module);
    if (!archive) continue;
    const folder = expressionIn(archive.body, 'source_dir');
    const file = expressionIn(archive.body, 'source_file');
    const path = folder ? pathOf(folder, module.folder) : file && pathOf(file, module.folder);
    return path === undefined || folder ? path : folderOf(path);
  }
  return undefined;
}

/** `data.archive_file.NAME` anywhere in an expression. */
function archiveOf(expression: HclExpression, module: Module): HclBlock | undefined {
  let found: HclBlock | undefined;
  walkExpression(expression, (one) => {
    const isArchive = one.kind === 'attribute' && one.of.kind === 'attribute' && one.of.name === 'archive_file' && one.of.of.kind === 'name' && one.of.of.name === 'data';
    if (isArchive) found ??= module.archives.get(one.name)?.node;
  });
  return found;
}

/** A path that begins at the folder of the module: a text, or `${path.module}/…`. */
function pathOf(expression: HclExpression, folder: string): string | undefined {
  if (expression.kind === 'literal') return typeof expression.value === 'string' ? joinPath(folder, expression.value) : undefined;
  if (expression.kind !== 'template') return undefined;
  const [first, ...rest] = expression.parts;
  const root = first?.kind === 'expression' ? first.expression : undefined;
  const isOwn = root?.kind === 'attribute' && root.of.kind === 'name' && root.of.name === 'path' && (root.name === 'module' || root.name === 'root');
  if (!isOwn || !rest.every((part) => part.kind === 'text')) return undefined;
  return joinPath(folder, rest.map((part) => (part.kind === 'text' ? part.text : '')).join('').replace(/^\/+/, ''));
}
