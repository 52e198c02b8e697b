// Lists on their way through a program: those that a call hands on, parameters that a request fills, functions that reach a store by their names.

import type { HandedListFact, RequestParameterFact } from '../list-facts';
import type { Collector, FileReader } from '../file-reader';
import { isFunctionNode, propertyName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { isOfProject, listSize } from './list-size';
import { requestParameters } from './request-parameters';
import { isStoreCall } from './stores';

const MOST_ARGUMENTS = 4;
const MOST_MEMBERS = 12;

/** Collects `lists`. */
export function lists(reader: FileReader): Collector {
  const handed: HandedListFact[] = [];
  const requested: RequestParameterFact[] = [];
  const stores = new Set<number>();
  return {
    visit(node) {
      if (isFunctionNode(node)) {
        const id = reader.functionId(node);
        if (id !== undefined) for (const found of requestParameters(node, reader)) requested.push({ function: id, ...found });
        return;
      }
      if (!ts.isCallExpression(node)) return;
      if (isStoreCall(node)) stores.add(reader.functionOf(node));
      if (node.arguments.length > 0 && reader.functionOf(node) >= 0) handed.push(...handedLists(node, reader));
    },
    finish: () => (handed.length + requested.length + stores.size === 0 ? {} : { lists: { handed, requested, stores: [...stores] } }),
  };
}

function handedLists(node: TypeScript.CallExpression, reader: FileReader): readonly HandedListFact[] {
  const candidates = node.arguments.slice(0, MOST_ARGUMENTS).flatMap((argument, index) => candidatesOf(argument, index));
  if (candidates.length === 0) return [];
  const entity = reader.resolve(node.expression);
  if (!isOfProject(entity)) return [];
  return candidates.flatMap(({ expression, argument, member }): readonly HandedListFact[] => {
    const { size, origin, of, value } = listSize(expression, reader);
    const where = { entity, argument, ...(member === undefined ? {} : { member }) };
    if (size === 'unbounded') return [{ ...where, ...(origin === undefined ? {} : { origin }) }];
    if (size === 'small') return [];
    return of ? [{ ...where, of }] : value ? [{ ...where, value }] : [];
  });
}

interface Candidate {
  readonly expression: TypeScript.Expression;
  readonly argument: number;
  readonly member?: string;
}

// Only what can be a list or hold one: names, members, and results of calls.
function candidatesOf(expression: TypeScript.Expression, argument: number): readonly Candidate[] {
  const node = strip(expression);
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return [{ expression: node, argument }];
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.slice(0, MOST_MEMBERS).flatMap((property): readonly Candidate[] => {
    const member = propertyName(property.name);
    const value = ts.isPropertyAssignment(property) ? strip(property.initializer) : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
    return member !== undefined && value && (ts.isIdentifier(value) || ts.isPropertyAccessExpression(value) || ts.isCallExpression(value)) ? [{ expression: value, argument, member }] : [];
  });
}
