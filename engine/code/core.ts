// The state that the parts of the code reader share while one file is read. Collectors see it as `FileReader` (file-reader.ts).

import type { CompiledCatalog } from '../catalog';
import type { Context } from './construct-facts';
import type { CallFact, ClientFact } from './facts';
import type { Entity, Value } from './values';
import type { Scopes } from './scope';
import type { CallNode } from './syntax';
import type { TypedSpans } from './type-source';
import type { TypeScript } from './typescript';

/** A client while it is read: what later uses add to it stands in the mutable lists. */
export interface ClientDraft {
  readonly node: TypeScript.Node;
  readonly fact: Omit<ClientFact, 'assignments' | 'listeners' | 'heeds' | 'methods' | 'escapes'>;
  readonly assignments: ClientFact['assignments'][number][];
  readonly listeners: Set<string>;
  readonly heeds: Set<string>;
  readonly methods: Set<string>;
  readonly escapes: Set<ClientFact['escapes'][number]>;
}

/** What a function is registered as, by collectors. */
export interface FunctionContext {
  readonly contexts: Set<Context>;
  route?: string;
}

export interface Core {
  readonly sourceFile: TypeScript.SourceFile;
  readonly text: string;
  readonly path: string;
  readonly catalog: CompiledCatalog;
  readonly scopes: Scopes;
  readonly entities: Map<TypeScript.Node, Entity>;
  readonly values: Map<TypeScript.Node, Value>;
  /** Nodes whose entity, and whose value, is being worked out: seeing one again means a cycle. */
  readonly pending: Set<TypeScript.Node>;
  readonly folding: Set<TypeScript.Node>;
  readonly clients: ClientDraft[];
  /** Index into `clients` by the call, `new` or class that makes it; -1 = makes none. */
  readonly clientByNode: Map<TypeScript.Node, number>;
  readonly calls: CallFact[];
  readonly callByNode: Map<CallNode, number>;
  readonly contexts: Map<number, FunctionContext>;
  /** Parameter summaries of functions, by what is asked and the function's id. */
  readonly summaries: Map<string, readonly number[]>;
  /** Interfaces and object types of this file that a value was seen with, by the name of their fact. */
  readonly shapes: Map<string, Shape>;
  /** What each declared type says; undefined while it is worked out: a type that leads to itself ends. */
  readonly declaredTypes: Map<TypeScript.TypeNode, Entity | undefined>;
  /** What all callers of a function give, by the function, the parameter and the member of it. */
  readonly givenParameters: Map<string, Entity | undefined>;
  /** Whether each type with members leads somewhere. */
  readonly leading: Map<TypeScript.Node, boolean>;
  /** What a type checker says of expressions that bindings leave open. */
  readonly types: TypedSpans | undefined;
}

/** A type whose members are declared here. */
export type Shape = TypeScript.InterfaceDeclaration | TypeScript.TypeLiteralNode | TypeScript.IntersectionTypeNode;

export const UNKNOWN_ENTITY: Entity = { kind: 'unknown' };

/** An empty state for one parsed file. */
export function createCore(sourceFile: TypeScript.SourceFile, text: string, path: string, catalog: CompiledCatalog, scopes: Scopes, types?: TypedSpans): Core {
  return {
    sourceFile, text, path, catalog, scopes, types,
    entities: new Map(), values: new Map(), pending: new Set(), folding: new Set(),
    clients: [], clientByNode: new Map(), calls: [], callByNode: new Map(), contexts: new Map(), summaries: new Map(), shapes: new Map(), declaredTypes: new Map(), leading: new Map(), givenParameters: new Map(),
  };
}
