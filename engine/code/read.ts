// Reads one code file into facts: parse, scopes, one walk for all collectors, then what only the end can tell.

import type { CompiledCatalog } from '../catalog';
import { parseSuppressions } from '../lint/parse-suppression';
import { callOf, localCallOf } from './calls';
import { LISTENS } from './catalogued';
import { classFact } from './class-members';
import { clientOfCall, clientOfClass, escapeOf } from './clients';
import { commentsOf } from './comments';
import { constructs } from './constructs/index';
import { listSize } from './constructs/list-size';
import { createCore, type ClientDraft, type Core } from './core';
import type { ClientFact, CodeFacts, FunctionFact, ProviderFact } from './facts';
import type { Entity } from './values';
import { createFileReader, type ConstructFacts, type FileReader } from './file-reader';
import { fileRole, importedModules, isSilentRole } from './file-role';
import { valueOf } from './fold';
import { collectFunctions } from './functions';
import { addLocalCalls } from './local-calls';
import type { InfrastructureFacts } from './infrastructure/facts';
import { importsInfrastructure } from './infrastructure/libraries';
import { infrastructureFacts } from './infrastructure/read';
import { environmentFact, exportFacts, importFacts } from './imports';
import { actsOnLoss, LOSS_EVENTS } from './loss-listeners';
import { providerFact } from './injection';
import { nagSuppressions } from './nag-suppressions';
import { parseCode } from './parse';
import { cataloguedOf, clientsOfVariable, entityOf, returnsOf } from './resolve';
import { readScopes, type Binding } from './scope';
import { typeFacts } from './shapes';
import { argumentsOf, isAccess, isCallNode, isFunctionNode, memberName, type CallNode } from './syntax';
import type { TypedSpans } from './type-source';
import { ts, type TypeScript } from './typescript';

/** Reads one code file into facts, with what a type checker says where one was asked. Never throws for any text; linear in the text. */
export function readCode(path: string, text: string, catalog: CompiledCatalog, types?: TypedSpans): CodeFacts {
  const declares = importsInfrastructure(text);
  const role = roleOf(path, text, declares);
  const isSilent = isSilentRole(role);
  // No rule speaks in such a file. Its comments are still read: a suppression in it is a dead one.
  if (isSilent && (role === 'generated' || !text.includes('holdfast-'))) return emptyFacts(path, text, role);
  const parsed = parseCode(path, text);
  if (!parsed) return { ...emptyFacts(path, text, role), hasErrors: true };
  const { sourceFile, hasErrors } = parsed;
  const suppressions = safely(() => [...parseSuppressions(text, commentsOf(sourceFile, text)), ...(declares ? nagSuppressions(sourceFile, text) : [])], []);
  if (isSilent) return { ...emptyFacts(path, text, role), suppressions, hasErrors };
  const core = createCore(sourceFile, text, path, catalog, readScopes(sourceFile), types);
  const dynamicImports: TypeScript.CallExpression[] = [];
  const assignments: TypeScript.BinaryExpression[] = [];
  const localCalls: { readonly node: TypeScript.CallExpression; readonly id: number }[] = [];
  const environment: CodeFacts['environment'][number][] = [];
  const defaults: NonNullable<CodeFacts['defaults']>[number][] = [];
  const providers: ProviderFact[] = [];
  const requires = core.scopes.identifiers('require').flatMap((use) => (ts.isCallExpression(use.parent) && use.parent.expression === use ? [use.parent] : []));
  const staticImports = safely(() => importFacts(core, requires), []);
  const reader = createFileReader(core, role);
  const functions = collectFunctions(core);
  const collectors = constructs.map((make) => make(reader));
  const isComplete = safely(() => {
    walk(sourceFile, -1);
    return true;
  }, false);
  const made = collectors.map((collector) => safely(() => collector.finish(), {}));
  safely(() => followClients(core), undefined);
  const facts = joined(made);
  safely(() => addLocalCalls([...core.calls], facts.fanOuts, localCalls, (node) => localCallOf(core, node)), undefined);
  const imports = dynamicImports.length === 0 ? staticImports : safely(() => importFacts(core, [...requires, ...dynamicImports]), staticImports);

  return {
    kind: 'code',
    path,
    role,
    isModule: isModule(sourceFile, path),
    length: text.length,
    imports,
    exports: safely(() => exportFacts(core, assignments), []),
    functions: safely(() => withLists(functions.finish(), core, reader), []),
    classes: safely(() => core.scopes.classes.map((node, id) => classFact(core, node, id)), []),
    ...typesOf(core),
    ...(providers.length > 0 ? { providers } : {}),
    clients: core.clients.map(clientFact),
    calls: core.calls,
    ...facts,
    ...(declares ? safely(() => withInfrastructure(core), {}) : {}),
    moduleCalls: safely(() => functions.moduleCalls(), []),
    environment,
    ...(defaults.length > 0 ? { defaults } : {}),
    suppressions,
    hasErrors: hasErrors || !isComplete,
  };

  function walk(node: TypeScript.Node, functionId: number): void {
    functions.visit(node, functionId);
    for (const collector of collectors) collector.visit(node);
    visit(node);
    const inner = isFunctionNode(node) ? (core.scopes.functionId(node) ?? functionId) : functionId;
    ts.forEachChild(node, (child) => walk(child, inner));
  }

  function visit(node: TypeScript.Node): void {
    if (isCallNode(node)) {
      visitCall(core, node);
      const called = ts.isCallExpression(node) ? entityOf(core, node.expression) : undefined;
      if (called?.kind === 'function' && ts.isCallExpression(node)) localCalls.push({ node, id: called.id });
      const setting = settingOf(core, node);
      if (setting) defaults.push(setting);
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) dynamicImports.push(node);
    } else if (isAccess(node)) {
      const fact = environmentFact(core, node);
      if (fact) environment.push(fact);
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      assignments.push(node);
      const setting = visitAssignment(core, node);
      if (setting) defaults.push(setting);
    } else if (ts.isObjectLiteralExpression(node)) {
      const provider = providerFact(core, node);
      if (provider) providers.push(provider);
    } else if (ts.isClassLike(node)) clientOfClass(core, node);
    else if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer && isEnvironmentPattern(core, node)) environment.push(...patternEnvironment(core, node.name));
  }
}

// Code of stacks that deploy a site for browsers runs in no browser.
function roleOf(path: string, text: string, declaresInfrastructure: boolean): CodeFacts['role'] {
  const role = fileRole(path, text, importedModules(text));
  return role === 'browser' && declaresInfrastructure ? 'script' : role;
}

function withInfrastructure(core: Core): { infrastructure?: InfrastructureFacts } {
  const infrastructure = infrastructureFacts(core);
  return infrastructure.constructs.length > 0 || infrastructure.sites.length > 0 || infrastructure.aspects.length > 0 ? { infrastructure } : {};
}

function typesOf(core: Core): { types?: NonNullable<CodeFacts['types']> } {
  const types = safely(() => typeFacts(core), []);
  return types.length > 0 ? { types } : {};
}

// What a function gives back, where that is a list as long as the data are.
function withLists(facts: readonly FunctionFact[], core: Core, reader: FileReader): FunctionFact[] {
  return facts.map((fact) => {
    const body = core.scopes.functions[fact.id]?.body;
    const values = !body ? [] : ts.isBlock(body) ? returnsOf(body) : [body];
    const only = values[0];
    const size = values.length === 1 && only ? listSize(only, reader) : undefined;
    if (size?.of) return { ...fact, listOf: size.of };
    return size?.size === 'unbounded' && size.origin !== 'request' && size.origin ? { ...fact, list: size.origin } : fact;
  });
}

// A client, a call, or a method called on a client.
function visitCall(core: Core, node: CallNode): void {
  clientOfCall(core, node);
  callOf(core, node);
  if (ts.isTaggedTemplateExpression(node)) return;
  const entity = entityOf(core, node.expression);
  const method = isAccess(node.expression) ? memberName(node.expression) : undefined;
  const last = entity.kind === 'client' ? entity.path[entity.path.length - 1] : method;
  if (last === undefined) return;
  const ids = new Set(entity.kind === 'client' ? [entity.client] : []);
  if (isAccess(node.expression)) for (const id of clientsOfVariable(core, node.expression.expression)) ids.add(id);
  for (const id of ids) noteMethod(core, node, id, last);
}

function noteMethod(core: Core, node: TypeScript.CallExpression | TypeScript.NewExpression, id: number, method: string): void {
  const client = core.clients[id];
  if (!client) return;
  client.methods.add(method);
  const event = argumentsOf(node)[0];
  if (!LISTENS.has(method) || !event) return;
  const name = valueOf(core, event);
  if (name.kind === 'string') {
    client.listeners.add(name.value);
    const listener = argumentsOf(node)[1];
    if (LOSS_EVENTS.has(name.value) && listener && actsOnLoss(core, listener)) client.heeds.add(name.value);
  }
  // Registered in a loop over names: any of them may be meant.
  else client.escapes.add('argument');
}

// `setGlobalDispatcher(new Agent({ … }))`
function settingOf(core: Core, node: CallNode): NonNullable<CodeFacts['defaults']>[number] | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const entity = entityOf(core, node.expression);
  const place = entity.kind === 'package' ? cataloguedOf(core, entity) : undefined;
  const row = place?.library.sets?.find((candidate) => candidate.call === place.path.join('.'));
  const given = row && node.arguments[row.argument];
  return given ? { entity, value: valueOf(core, given), span: [given.getStart(core.sourceFile), given.end] } : undefined;
}

// `http.defaults.timeout = 5000` of a client; of a package itself it is given back, for it holds everywhere.
function visitAssignment(core: Core, node: TypeScript.BinaryExpression): NonNullable<CodeFacts['defaults']>[number] | undefined {
  if (!isAccess(node.left)) return undefined;
  const entity = entityOf(core, node.left);
  const span = [node.getStart(core.sourceFile), node.end] as const;
  if (entity.kind === 'client' && entity.path.length > 0) core.clients[entity.client]?.assignments.push({ path: entity.path.join('.'), value: valueOf(core, node.right), span });
  return entity.kind === 'package' && entity.path.length > 1 && core.catalog.library(entity.package) ? { entity, value: valueOf(core, node.right), span } : undefined;
}

// Where each client goes, seen from the names that hold it.
function followClients(core: Core): void {
  core.clients.forEach((client, id) => {
    const own = escapeOf(client.node);
    if (own) client.escapes.add(own);
    for (const binding of holdersOf(core, client.node, id)) {
      if (isExportedBinding(binding)) client.escapes.add('export');
      for (const use of core.scopes.references(binding)) {
        const escape = escapeOf(use);
        if (escape) client.escapes.add(escape);
      }
    }
  });
}

// Variables that hold the client: the one it is first kept in, and those that take it over.
function holdersOf(core: Core, node: TypeScript.Node, id: number): Binding[] {
  const found: Binding[] = [];
  const names = new Set<string>();
  const name = core.clients[id]?.fact.name?.text;
  if (name === undefined) return found;
  names.add(name);
  for (const use of core.scopes.identifiers(name)) {
    const binding = core.scopes.lookup(name, use);
    if (binding && binding.kind === 'variable' && !found.includes(binding)) {
      const entity = entityOf(core, use);
      if ((entity.kind === 'client' && entity.client === id) || clientsOfVariable(core, use).includes(id)) found.push(binding);
    }
  }
  const owner = ts.findAncestor(node, ts.isVariableDeclaration);
  const own = owner && ts.isIdentifier(owner.name) ? core.scopes.lookup(owner.name.text, owner) : undefined;
  if (own && own.name === name && !found.includes(own)) found.push(own);
  return found;
}

function isExportedBinding(binding: Binding): boolean {
  const statement = ts.findAncestor(binding.node, ts.isVariableStatement);
  return statement !== undefined && (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false);
}

function clientFact(draft: ClientDraft): ClientFact {
  return { ...draft.fact, assignments: draft.assignments, listeners: [...draft.listeners].sort(), ...(draft.heeds.size > 0 ? { heeds: [...draft.heeds].sort() } : {}), methods: [...draft.methods].sort(), escapes: [...draft.escapes].sort() };
}

function isEnvironmentPattern(core: Core, node: TypeScript.VariableDeclaration): boolean {
  if (!node.initializer) return false;
  const entity: Entity = entityOf(core, node.initializer);
  return entity.kind === 'global' && entity.name === 'process' && entity.path.length === 1 && entity.path[0] === 'env';
}

// `const { PORT = '3000' } = process.env`
function patternEnvironment(core: Core, pattern: TypeScript.ObjectBindingPattern): CodeFacts['environment'][number][] {
  return pattern.elements.flatMap((element) => {
    const key = element.propertyName ?? element.name;
    if (element.dotDotDotToken || !ts.isIdentifier(key)) return [];
    const fallback = element.initializer ? valueOf(core, element.initializer) : undefined;
    return [{ name: key.text, ...(fallback && fallback.kind !== 'unknown' ? { fallback } : {}), span: [element.getStart(core.sourceFile), element.end] as const }];
  });
}

function isModule(sourceFile: TypeScript.SourceFile, path: string): boolean {
  if (/\.m[jt]sx?$/.test(path)) return true;
  if (/\.c[jt]sx?$/.test(path)) return false;
  return sourceFile.statements.some((statement) => ts.isExportDeclaration(statement) || ts.isExportAssignment(statement) || ts.isImportDeclaration(statement) || (ts.canHaveModifiers(statement) && (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false)));
}

function joined(parts: readonly Partial<ConstructFacts>[]): ConstructFacts {
  const lists = parts.find((part) => part.lists)?.lists;
  return {
    retries: parts.flatMap((part) => part.retries ?? []),
    catches: parts.flatMap((part) => part.catches ?? []),
    asyncSlots: parts.flatMap((part) => part.asyncSlots ?? []),
    fanOuts: parts.flatMap((part) => part.fanOuts ?? []),
    servers: parts.flatMap((part) => part.servers ?? []),
    routes: parts.flatMap((part) => part.routes ?? []),
    processListeners: parts.flatMap((part) => part.processListeners ?? []),
    consumers: parts.flatMap((part) => part.consumers ?? []),
    acks: parts.flatMap((part) => part.acks ?? []),
    takes: parts.flatMap((part) => part.takes ?? []),
    messaging: parts.flatMap((part) => part.messaging ?? []),
    timers: parts.flatMap((part) => part.timers ?? []),
    blocking: parts.flatMap((part) => part.blocking ?? []),
    floating: parts.flatMap((part) => part.floating ?? []),
    pipes: parts.flatMap((part) => part.pipes ?? []),
    loggers: parts.flatMap((part) => part.loggers ?? []),
    droppedSignals: parts.flatMap((part) => part.droppedSignals ?? []),
    cacheReads: parts.flatMap((part) => part.cacheReads ?? []),
    bodies: parts.flatMap((part) => part.bodies ?? []),
    handed: parts.flatMap((part) => part.handed ?? []),
    idempotency: parts.flatMap((part) => part.idempotency ?? []),
    ...(lists ? { lists } : {}),
  };
}

// Nesting deeper than the stack ends a part of the reading, never the file.
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}

/** The facts of a file that nothing is known of. */
function emptyFacts(path: string, text: string, role: CodeFacts['role']): CodeFacts {
  return {
    kind: 'code', path, role, isModule: true, length: text.length, imports: [], exports: [], functions: [], classes: [], clients: [], calls: [], retries: [], catches: [],
    asyncSlots: [], fanOuts: [], servers: [], routes: [], processListeners: [], consumers: [], acks: [], timers: [], blocking: [], environment: [], suppressions: [], hasErrors: false,
  };
}

