// Where the environment of the process is read.

import type { Core } from './core';
import { entityOf } from './resolve';
import { strip } from './syntax';
import { ts, type TypeScript } from './typescript';

/** `process.env`, `import.meta.env`, `Bun.env`, and constants that are one of them. */
export function isEnvironment(core: Core, node: TypeScript.Expression): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'env') {
    const base = strip(node.expression);
    if (ts.isMetaProperty(base)) return true;
    if (!ts.isIdentifier(base)) return false;
    const entity = entityOf(core, base);
    return (entity.kind === 'global' && (entity.name === 'process' || entity.name === 'Bun')) || (entity.kind === 'package' && /^(node:)?process$/.test(entity.package));
  }
  if (!ts.isIdentifier(node)) return false;
  const declaration = core.scopes.lookup(node.text, node)?.node;
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
    const initializer = strip(declaration.initializer);
    return ts.isPropertyAccessExpression(initializer) && isEnvironment(core, initializer);
  }
  // `import { env } from 'node:process'`
  const entity = declaration && ts.isImportSpecifier(declaration) ? entityOf(core, node) : undefined;
  return entity?.kind === 'package' && /^(node:)?process$/.test(entity.package) && entity.path[0] === 'env';
}
