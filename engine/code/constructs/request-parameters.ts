// Parameters that hold what a request brought, by the shape of the function: a decorated parameter, a resolver of GraphQL, a procedure of an RPC router.

import type { RequestParameterFact } from '../list-facts';
import type { FileReader } from '../file-reader';
import { memberName, propertyName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';

type Found = Omit<RequestParameterFact, 'function'>;

const DECORATORS: ReadonlySet<string> = new Set(['Body', 'Args', 'Arg', 'Payload', 'MessageBody', 'BodyParam', 'QueryParams', 'RequestBody']);
const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);
const PROCEDURES: ReadonlySet<string> = new Set(['mutation', 'query', 'subscription']);

/** The parameters of a function that a request fills. A function that is one of a resolver or procedure runs for each request. */
export function requestParameters(node: FunctionNode, reader: FileReader): readonly Found[] {
  if (node.parameters.length === 0) return [];
  const found: Found[] = [];
  node.parameters.slice(0, 8).forEach((parameter, index) => {
    for (const decorator of ts.getDecorators(parameter) ?? []) if (DECORATORS.has(nameOf(decorator.expression))) found.push({ index, path: [] });
  });
  if (found.length > 0) return found;
  if (isResolver(node)) {
    handles(node, reader);
    return node.parameters.length > 1 ? [{ index: 1, path: [] }] : [];
  }
  if (isProcedure(node)) {
    handles(node, reader);
    return [{ index: 0, path: ['input'] }];
  }
  return [];
}

function handles(node: FunctionNode, reader: FileReader): void {
  const id = reader.functionId(node);
  if (id !== undefined) reader.addContext(id, 'handler');
}

function nameOf(expression: TypeScript.Expression): string {
  const call = strip(expression, false);
  const callee = ts.isCallExpression(call) ? call.expression : call;
  return ts.isIdentifier(callee) ? callee.text : (memberName(callee) ?? '');
}

// `{ Mutation: { deleteOrders: async (parent, { ids }, context) => … } }`
function isResolver(node: FunctionNode): boolean {
  const member = ts.isMethodDeclaration(node) ? node : node.parent;
  if (!ts.isMethodDeclaration(member) && !ts.isPropertyAssignment(member)) return false;
  const object = member.parent;
  if (!ts.isObjectLiteralExpression(object)) return false;
  const owner = object.parent;
  return ts.isPropertyAssignment(owner) && ROOTS.has(propertyName(owner.name) ?? '');
}

// `procedure.input(schema).mutation(async ({ input, ctx }) => …)`; a schema with a `.max(…)` may limit its lists.
function isProcedure(node: FunctionNode): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node || !PROCEDURES.has(memberName(strip(call.expression, false)) ?? '')) return false;
  const first = node.parameters[0]?.name;
  if (!first || !ts.isObjectBindingPattern(first) || !first.elements.some((element) => ts.isIdentifier(element.name) && (element.propertyName ?? element.name).getText() === 'input')) return false;
  return !/\.max\s*\(/.test(call.expression.getText().slice(0, 4_000));
}
