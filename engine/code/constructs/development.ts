// Code that runs in development or tests only, by the condition around it.

import type { FileReader } from '../file-reader';
import { ts, type TypeScript } from '../typescript';

const DEVELOPMENT = /NODE_ENV|isDev|development|import\.meta\.env|__DEV__|isTest|isProduction|TEST_|E2E|vitest|jest/i;

/** Whether an `if` around a node asks for development, production or tests. A condition that names production counts too: which way it goes is not worked out. */
export function isForDevelopment(node: TypeScript.Node, reader: FileReader): boolean {
  for (let at: TypeScript.Node = node; at.parent; at = at.parent) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isIfStatement(parent) && parent.expression !== at && DEVELOPMENT.test(parent.expression.getText(reader.sourceFile))) return true;
  }
  return false;
}
