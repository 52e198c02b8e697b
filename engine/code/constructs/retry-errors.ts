// Whether what runs after a failed attempt looks at the error before it tries again.

import type { FileReader } from '../file-reader';
import { calledName, isFunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';

const LOGS = /^(log|debug|info|warn|warning|error|fatal|trace|verbose|captureException|captureMessage|notify|report|reportError|record|recordException|String|stringify|inspect|format|serializeError|push|emit|setStatus|Error)$|log|metric|(toString|message)$/i;

/** Whether a use of the error in `failure` decides something: anything but logging it, keeping it and throwing it. Linear in the code. */
export function looksAtError(failure: TypeScript.Node, errorName: string | undefined, reader: FileReader): boolean {
  let decides = false;
  const visit = (node: TypeScript.Node): void => {
    if (decides) return;
    if (ts.isIdentifier(node) && node.text === errorName && !isMemberName(node) && !isHarmless(node, failure)) decides = true;
    // The status of an answer or a code is kept in a variable of its own.
    if ((ts.isIfStatement(node) || ts.isConditionalExpression(node)) && /status|code|retr(y|i)able|transient|instanceof/i.test((ts.isIfStatement(node) ? node.expression : node.condition).getText(reader.sourceFile))) decides = true;
    ts.forEachChild(node, visit);
  };
  visit(failure);
  return decides;
}

function isMemberName(node: TypeScript.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

// Inside a call that logs, an error made of it, a `throw`, or the right side of an assignment.
function isHarmless(node: TypeScript.Node, failure: TypeScript.Node): boolean {
  for (let at: TypeScript.Node = node; at !== failure && at.parent; at = at.parent) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isCallExpression(parent) && parent.expression !== at) return LOGS.test(calledName(parent) ?? '');
    if (ts.isNewExpression(parent) || ts.isThrowStatement(parent) || ts.isTemplateSpan(parent)) return true;
    if (ts.isBinaryExpression(parent) && parent.right === at && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) return true;
    if (ts.isVariableDeclaration(parent) && parent.initializer === at) return false;
    if (ts.isIfStatement(parent)) return false;
    if (ts.isStatement(parent) || isFunctionNode(parent)) return false;
  }
  return false;
}
