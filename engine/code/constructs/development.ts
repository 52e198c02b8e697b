// Code that runs in development or tests only, by the condition around it.

import type { FileReader } from '../file-reader';
import { ts, type TypeScript } from '../typescript';

const DEVELOPMENT = /\b(?:development|dev|test|tests|e2e|local)\b|isDev|is\w{0,30}Test\b|isTest|__DEV__|TEST_|E2E|vitest|jest|import\.meta\.hot/i;
const PRODUCTION = /prod/i;

/** Whether an `if` around a node lets it run in development or tests only: `if (isDev)`, `if (process.env.NODE_ENV !== 'production')`, the `else` of `if (isProduction)`. */
export function isForDevelopment(node: TypeScript.Node, reader: FileReader): boolean {
  for (let at: TypeScript.Node = node; at.parent; at = at.parent) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isIfStatement(parent) && parent.expression !== at && isDevelopment(parent.expression.getText(reader.sourceFile).slice(0, 300), parent.elseStatement === at)) return true;
  }
  return false;
}

function isDevelopment(condition: string, isElse: boolean): boolean {
  const isNegated = /!(?!=)|!==?/.test(condition) !== isElse;
  if (PRODUCTION.test(condition)) return isNegated;
  return DEVELOPMENT.test(condition) && !isNegated;
}
