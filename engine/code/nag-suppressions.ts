// What cdk-nag is told to accept in a stack's code: `NagSuppressions.addResourceSuppressions(queue, [{ id, reason }])`.

import { peerSuppression } from '../lint/parse-suppression';
import type { Suppression } from '../lint/suppression';
import type { Span } from '../text';
import { ts, type TypeScript } from './typescript';

/** The suppressions of one file: of a resource for the statements of this file that make it, of a stack for the whole file. A place that is not known suppresses nothing. Linear. */
export function nagSuppressions(sourceFile: TypeScript.SourceFile, text: string): Suppression[] {
  if (!text.includes('NagSuppressions.')) return [];
  const calls: TypeScript.CallExpression[] = [];
  const made = new Map<string, Span[]>();
  const visit = (node: TypeScript.Node): void => {
    if (ts.isCallExpression(node) && /(?:^|\.)NagSuppressions\.add(?:Resource|Stack)Suppressions$/.test(node.expression.getText(sourceFile))) calls.push(node);
    const assigned = assignmentOf(node);
    if (assigned) made.set(nameOf(assigned.target, sourceFile), [...(made.get(nameOf(assigned.target, sourceFile)) ?? []), [assigned.value.getStart(sourceFile), assigned.value.end]]);
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  return calls.flatMap((call) => {
    const [target, list] = call.arguments;
    if (!target || !list) return [];
    const places = call.expression.getText(sourceFile).endsWith('StackSuppressions') ? [[0, text.length] as const] : targetsOf(target).flatMap((one) => placesOf(one, call));
    return acceptedIn(list, sourceFile).flatMap(({ id, reason, span }) => places.map((covers) => peerSuppression({ peer: 'cdk-nag', checks: [id], reason }, span, covers)));
  });

  /** Of several values of a name the last one above the call. */
  function placesOf(target: TypeScript.Expression, call: TypeScript.CallExpression): Span[] {
    if (ts.isNewExpression(target)) return [[target.getStart(sourceFile), target.end]];
    const above = (made.get(nameOf(target, sourceFile)) ?? []).filter(([start]) => start < call.pos);
    return above.slice(-1);
  }
}

function targetsOf(target: TypeScript.Expression): readonly TypeScript.Expression[] {
  return ts.isArrayLiteralExpression(target) ? target.elements : [target];
}

function nameOf(node: TypeScript.Node, sourceFile: TypeScript.SourceFile): string {
  return node.getText(sourceFile).replace(/^this\./, '');
}

/** `const queue = new …` and `this.queue = new …`. */
function assignmentOf(node: TypeScript.Node): { readonly target: TypeScript.Node; readonly value: TypeScript.Expression } | undefined {
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) return { target: node.name, value: node.initializer };
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return { target: node.left, value: node.right };
  return undefined;
}

function acceptedIn(list: TypeScript.Expression, sourceFile: TypeScript.SourceFile): { readonly id: string; readonly reason: string; readonly span: Span }[] {
  if (!ts.isArrayLiteralExpression(list)) return [];
  return list.elements.flatMap((element) => {
    if (!ts.isObjectLiteralExpression(element)) return [];
    const id = stringOf(element, 'id');
    return id === undefined ? [] : [{ id, reason: (stringOf(element, 'reason') ?? '').replaceAll(/\s+/g, ' '), span: [element.getStart(sourceFile), element.end] as const }];
  });
}

function stringOf(object: TypeScript.ObjectLiteralExpression, name: string): string | undefined {
  const property = object.properties.find((one): one is TypeScript.PropertyAssignment => ts.isPropertyAssignment(one) && (ts.isIdentifier(one.name) || ts.isStringLiteral(one.name)) && one.name.text === name);
  return property && ts.isStringLiteralLike(property.initializer) ? property.initializer.text : undefined;
}
