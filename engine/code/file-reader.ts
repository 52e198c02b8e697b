// What a construct collector sees of the file that is being read, and the shape of a collector. One walk of the tree serves all collectors.

import type { CompiledCatalog } from '../catalog';
import type { Span } from '../text';
import { cataloguedOf, entityOf } from './resolve';
import type { Catalogued } from './catalogued';
import { callOf } from './calls';
import { calleeText } from './callee-text';
import { clientOfCall, nameOf } from './clients';
import type { Core } from './core';
import type { Context } from './construct-facts';
import type { CallFact, ClientFact, CodeFacts, FileRole } from './facts';
import type { Entity, Value } from './values';
import { exportedName } from './exported-name';
import { valueOf } from './fold';
import type { Binding } from './scope';
import { calleeOf, memberName, strip, type CallNode, type FunctionNode } from './syntax';
import { ts, type TypeScript } from './typescript';

export interface FileReader {
  readonly sourceFile: TypeScript.SourceFile;
  readonly text: string;
  readonly path: string;
  readonly catalog: CompiledCatalog;
  readonly role: FileRole;
  /** What an expression is. Parentheses, `await`, `as` and `!` count for nothing. */
  resolve(expression: TypeScript.Expression): Entity;
  /** What the catalogue says of an entity (clients of this file included): library, instance type, path after it. */
  catalogued(entity: Entity): Catalogued | undefined;
  /** The folded value of an expression. */
  fold(expression: TypeScript.Expression): Value;
  /** Id of the innermost function around a node (a function is not around itself), -1 at module level. */
  functionOf(node: TypeScript.Node): number;
  /** Id of a function-like node. */
  functionId(node: TypeScript.Node): number | undefined;
  functionNode(id: number): FunctionNode | undefined;
  /** The function of this file that an expression is: a function literal, or a name, field or method that leads to one. */
  functionBehind(expression: TypeScript.Expression): number | undefined;
  /** The binding that an identifier means; undefined = global. */
  lookup(identifier: TypeScript.Identifier): Binding | undefined;
  /** The name that a module gives to what an identifier means, whatever the file calls it; its own text where it is no named import. */
  exportedName(identifier: TypeScript.Identifier): string;
  /** The method or function that a call names: `get` of `axios.get(…)`, `readdir` of `list(…)` after `import { readdir as list }`. */
  calledName(call: CallNode): string;
  /** Every use of a binding, its declaration left out, in document order. */
  references(binding: Binding): readonly TypeScript.Identifier[];
  /** Nodes that give a binding a new value after its declaration. */
  writes(binding: Binding): readonly TypeScript.Node[];
  /** `axios.post` as it stands in the text, on one line, without arguments. */
  calleeText(call: CallNode): string;
  span(node: TypeScript.Node): Span;
  /** The name under which an expression's result is kept (variable, field, property). */
  nameOf(expression: TypeScript.Expression): ClientFact['name'];
  /** Index into `CodeFacts.calls` of a call of interest (catalogued, or leading to another file); made on demand, so it can be asked of calls that the walk has not reached. */
  callIndex(node: TypeScript.Node): number | undefined;
  call(index: number): CallFact | undefined;
  /** Index into `CodeFacts.clients` of a construct. */
  clientIndex(node: TypeScript.Node): number | undefined;
  /** The client's fact as far as it is known; listeners and methods are complete only in `finish`. */
  client(index: number): Pick<ClientFact, 'entity' | 'arguments' | 'name' | 'span' | 'callee'> | undefined;
  /** Says that a function runs in a context, with `POST /orders` where it is a route's handler. */
  addContext(functionId: number, context: Context, route?: string): void;
}

/** Facts that collectors may add. */
export type ConstructFacts = Pick<CodeFacts, 'retries' | 'catches' | 'asyncSlots' | 'fanOuts' | 'servers' | 'routes' | 'processListeners' | 'consumers' | 'acks' | 'takes' | 'messaging' | 'timers' | 'blocking' | 'floating' | 'handed' | 'lists' | 'pipes' | 'bodies' | 'loggers' | 'droppedSignals' | 'cacheReads' | 'idempotency'>;

/** One construct's reader: made anew for each file, so it may keep what it has seen. */
export interface Collector {
  /** Called for each node, outer before inner. */
  visit(node: TypeScript.Node): void;
  /** Called once after the walk. */
  finish(): Partial<ConstructFacts>;
}

export type CollectorFactory = (reader: FileReader) => Collector;

/** Gives collectors their view of the state. */
export function createFileReader(core: Core, role: FileRole): FileReader {
  const { scopes, sourceFile } = core;
  const exportedNameOf = (identifier: TypeScript.Identifier): string => {
    const binding = scopes.lookup(identifier.text, identifier);
    return (binding && exportedName(binding)) ?? identifier.text;
  };
  return {
    sourceFile,
    text: core.text,
    path: core.path,
    catalog: core.catalog,
    role,
    resolve: (expression) => entityOf(core, expression),
    catalogued: (entity) => cataloguedOf(core, entity),
    fold: (expression) => valueOf(core, expression),
    functionOf: (node) => scopes.functionOf(node),
    functionId: (node) => scopes.functionId(node),
    functionNode: (id) => scopes.functions[id],
    functionBehind(expression) {
      const entity = entityOf(core, expression);
      return entity.kind === 'function' ? entity.id : undefined;
    },
    lookup: (identifier) => scopes.lookup(identifier.text, identifier),
    exportedName: (identifier) => exportedNameOf(identifier),
    calledName(call) {
      const callee = strip(calleeOf(call), false);
      return ts.isIdentifier(callee) ? exportedNameOf(callee) : (memberName(callee) ?? '');
    },
    references: (binding) => scopes.references(binding),
    writes: (binding) => scopes.writes(binding),
    calleeText: (call) => calleeText(core, call),
    span: (node) => [node.getStart(sourceFile), node.end],
    nameOf: (expression) => nameOf(expression),
    callIndex: (node) => callOf(core, node),
    call: (index) => core.calls[index],
    clientIndex(node) {
      const known = core.clientByNode.get(node);
      if (known !== undefined) return known < 0 ? undefined : known;
      return isCall(node) ? clientOfCall(core, node) : undefined;
    },
    client: (index) => core.clients[index]?.fact,
    addContext(functionId, context, route) {
      const entry = core.contexts.get(functionId) ?? { contexts: new Set<Context>() };
      entry.contexts.add(context);
      if (route !== undefined) entry.route ??= route;
      core.contexts.set(functionId, entry);
    },
  };
}

function isCall(node: TypeScript.Node): node is CallNode {
  return 'arguments' in node || 'tag' in node;
}
