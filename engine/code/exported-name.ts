// What a module calls the thing that a file has given a name of its own: `readdir` after `import { readdir as list }`. What is known of a library, or guessed from a name, goes by that one.

import type { Binding } from './scope';
import { propertyName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

/** The name under which a module exports what a binding holds: `a` of `import { a as b }` and `const { a: b } = require('m')`; undefined where the binding is no named import. */
export function exportedName({ node }: Binding): string | undefined {
  if (ts.isImportSpecifier(node)) {
    const name = (node.propertyName ?? node.name).text;
    return name === 'default' ? undefined : name;
  }
  if (!ts.isBindingElement(node) || !ts.isObjectBindingPattern(node.parent) || !isRequired(node.parent.parent)) return undefined;
  return propertyName(node.propertyName) ?? (ts.isIdentifier(node.name) ? node.name.text : undefined);
}

// `= require('m')`, `= await import('m')`
function isRequired(declaration: TypeScript.Node): boolean {
  const made = ts.isVariableDeclaration(declaration) && declaration.initializer ? strip(declaration.initializer) : undefined;
  if (!made || !ts.isCallExpression(made)) return false;
  return made.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(made.expression) && made.expression.text === 'require');
}
