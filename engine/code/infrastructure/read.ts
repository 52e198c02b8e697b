// Reads what a code file declares of infrastructure: constructs with their properties, calls on them, and the calls that give values to functions and classes of the project.

import type { Core } from '../core';
import { valueOf } from '../fold';
import { entityOf } from '../resolve';
import { hasModifier, isAccess, isFunctionNode, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { aspectProperties, classFacts } from './classes';
import { leadsSomewhere } from './declared-values';
import { factoryOf, isFactoryName } from './factories';
import type { ConstructCallFact, ConstructFact, DeclaredValue, InfrastructureFacts, SiteFact } from './facts';
import { libraryMember, resourceType } from './libraries';
import { aliasesOf, circumstancesOf, enclosingClass, nameOfConstruct } from './places';
import { declaredValue, spanOf, type InfrastructureCore } from './values';

const MAX_CONSTRUCTS = 2_000;
const MAX_ARGUMENTS = 20;

interface Draft {
  readonly node: TypeScript.CallExpression | TypeScript.NewExpression;
  readonly dialect: ConstructFact['dialect'];
  readonly type: string;
  readonly argument: number;
  readonly name: TypeScript.Expression | undefined;
  readonly receiver?: DeclaredValue;
}

/** The infrastructure that a parsed file declares. Linear in the tree. */
export function infrastructureFacts(core: Core): InfrastructureFacts {
  const drafts: Draft[] = [];
  const byNode = new Map<TypeScript.Node, number | undefined>();
  const siteNodes: TypeScript.NewExpression[] = [];
  const siteByNode = new Map<TypeScript.Node, number>();
  const state: InfrastructureCore = { core, known: new Map(), pending: new Set(), constructAt, instanceAt: (node) => siteByNode.get(node) };
  const calls: TypeScript.CallExpression[] = [];
  const supers: TypeScript.CallExpression[] = [];
  const writes: TypeScript.BinaryExpression[] = [];
  visit(core.sourceFile);
  calls.forEach(constructAt);

  const sites = siteNodes.map((node) => siteOf(node));
  const found = calls.flatMap((node) => methodCall(node) ?? []);
  const localSites = [...calls.flatMap((node) => functionSite(node) ?? []), ...supers.flatMap((node) => superSite(node) ?? [])];
  const assignments = writes.flatMap((node) => assignmentOf(node) ?? []);
  // Reading values may have found constructs that are made by methods; they are complete only now.
  const constructs = drafts.map(constructFact);
  return { constructs, calls: found, assignments, sites: [...sites, ...localSites].slice(0, MAX_CONSTRUCTS), classes: classFacts(state), exports: exportedValues(), aspects: aspectProperties(state) };

  function visit(node: TypeScript.Node): void {
    if (ts.isNewExpression(node)) {
      if (constructAt(node) === undefined && ownClass(node)) {
        siteByNode.set(node, siteNodes.length);
        siteNodes.push(node);
      }
    } else if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.SuperKeyword) supers.push(node);
      else calls.push(node);
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && isAccess(node.left)) writes.push(node);
    ts.forEachChild(node, visit);
  }

  function constructAt(node: TypeScript.CallExpression | TypeScript.NewExpression): number | undefined {
    if (byNode.has(node)) return byNode.get(node);
    byNode.set(node, undefined);
    const draft = ts.isNewExpression(node) ? newConstruct(node) : madeByMethod(node);
    if (!draft || drafts.length >= MAX_CONSTRUCTS) return undefined;
    byNode.set(node, drafts.length);
    drafts.push(draft);
    return drafts.length - 1;
  }

  function newConstruct(node: TypeScript.NewExpression): Draft | undefined {
    const member = libraryMember(entityOf(core, node.expression));
    const type = member && resourceType(member);
    const [first, second] = node.arguments ?? [];
    if (!member || type === undefined || !first) return undefined;
    if (member.dialect === 'pulumi') return ts.isObjectLiteralExpression(strip(first)) ? undefined : { node, dialect: 'pulumi', type, argument: 1, name: first };
    return second && isScope(first) && isName(second) ? { node, dialect: member.dialect, type, argument: 2, name: second } : undefined;
  }

  function madeByMethod(node: TypeScript.CallExpression): Draft | undefined {
    const callee = strip(node.expression, false);
    const method = isAccess(callee) ? memberName(callee) : undefined;
    if (!isAccess(callee) || method === undefined || !isFactoryName(method)) return undefined;
    const receiver = declaredValue(state, callee.expression);
    const owner = receiver.kind === 'construct' ? drafts[receiver.construct] : undefined;
    const factory = owner && factoryOf(owner.type, method);
    if (!owner || !factory) return undefined;
    return { node, dialect: owner.dialect, type: factory.type, argument: factory.argument, name: factory.name === undefined ? undefined : node.arguments[factory.name], receiver };
  }

  // The first argument of a construct is where it stands in the tree of constructs; objects of a library that only take part in one have others.
  function isScope(node: TypeScript.Expression): boolean {
    const inner = strip(node);
    return inner.kind === ts.SyntaxKind.ThisKeyword || ts.isIdentifier(inner) || isAccess(inner) || ts.isNewExpression(inner) || ts.isCallExpression(inner);
  }

  function isName(node: TypeScript.Expression): boolean {
    const inner = strip(node);
    if (ts.isStringLiteralLike(inner) || ts.isTemplateExpression(inner)) return true;
    if (ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner) || ts.isNewExpression(inner)) return false;
    if (ts.isIdentifier(inner)) return /id$|name$|key$/i.test(inner.text) || valueOf(core, inner).kind === 'string';
    return ts.isBinaryExpression(inner) || isAccess(inner) || ts.isCallExpression(inner) || ts.isConditionalExpression(inner);
  }

  function constructFact(draft: Draft): ConstructFact {
    const { node } = draft;
    const given = node.arguments?.[draft.argument];
    const options = draft.dialect === 'pulumi' ? node.arguments?.[draft.argument + 1] : undefined;
    const callee = strip(node.expression, false);
    const name = nameOfConstruct(state, node, draft.name);
    const aliases = aliasesOf(node, given).filter((alias) => alias !== name);
    const start = ts.isNewExpression(node) || !isAccess(callee) ? node.getStart(core.sourceFile) : methodStart(callee);
    return {
      dialect: draft.dialect,
      type: draft.type,
      name,
      ...(aliases.length > 0 ? { aliases } : {}),
      span: spanOf(state, node),
      at: [start, node.expression.end],
      argument: draft.argument,
      class: enclosingClass(state, node),
      function: core.scopes.functionOf(node),
      properties: given && declaredValue(state, given),
      ...(options ? { options: declaredValue(state, options) } : {}),
      ...(draft.receiver ? { receiver: draft.receiver } : {}),
      ...circumstancesOf(state, node),
    };
  }

  // `lb.addListener(…)` on one line is the whole of it; on a line of its own the method is.
  function methodStart(callee: TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression): number {
    const start = callee.getStart(core.sourceFile);
    if (!/[\r\n]/.test(core.text.slice(start, callee.end))) return start;
    return ts.isPropertyAccessExpression(callee) ? callee.name.getStart(core.sourceFile) : start;
  }

  function methodCall(node: TypeScript.CallExpression): ConstructCallFact | undefined {
    const callee = strip(node.expression, false);
    const method = isAccess(callee) ? memberName(callee) : undefined;
    if (!isAccess(callee) || method === undefined) return undefined;
    const on = aspectScope(callee, method) ?? declaredValue(state, callee.expression);
    if (!leadsToConstruct(on)) return undefined;
    return { on, method, arguments: argumentsIn(node), at: [callee.end - method.length, callee.end], isConditional: circumstancesOf(state, node).isConditional };
  }

  // `Aspects.of(this.cluster).add(…)`, `RemovalPolicies.of(queue).destroy()`
  function aspectScope(callee: TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression, method: string): DeclaredValue | undefined {
    const inner = strip(callee.expression, false);
    if (!/^(?:destroy|retain|snapshot|retainOnUpdateOrDelete)$/.test(method) || !ts.isCallExpression(inner)) return undefined;
    const first = inner.arguments[0];
    return first && strip(first).kind !== ts.SyntaxKind.ThisKeyword ? declaredValue(state, first) : undefined;
  }

  function assignmentOf(node: TypeScript.BinaryExpression): InfrastructureFacts['assignments'][number] | undefined {
    if (!isAccess(node.left)) return undefined;
    const value = strip(node.left.expression).kind === ts.SyntaxKind.ThisKeyword ? undefined : declaredValue(state, node.left.expression);
    const name = memberName(node.left);
    return value && leadsToConstruct(value) ? { on: value, path: [name ?? '*'] } : undefined;
  }

  function ownClass(node: TypeScript.NewExpression): SiteFact['callee'] | undefined {
    return calleeOf(strip(node.expression, false));
  }

  function calleeOf(callee: TypeScript.Expression): SiteFact['callee'] | undefined {
    const binding = ts.isIdentifier(callee) ? core.scopes.lookup(callee.text, callee) : undefined;
    const id = binding?.kind === 'class' ? core.scopes.classId(binding.node) : undefined;
    if (id !== undefined) return { kind: 'class', id };
    const entity = entityOf(core, callee);
    return entity.kind === 'project' && !libraryMember(entity) ? { kind: 'entity', entity } : undefined;
  }

  function functionSite(node: TypeScript.CallExpression): SiteFact | undefined {
    const callee = strip(node.expression, false);
    const entity = entityOf(core, callee);
    const target: SiteFact['callee'] | undefined = entity.kind === 'function' ? { kind: 'function', id: entity.id } : ts.isIdentifier(callee) ? calleeOf(callee) : undefined;
    return target && siteFact(node, target);
  }

  function superSite(node: TypeScript.CallExpression): SiteFact | undefined {
    const owner = ts.findAncestor(node, ts.isClassLike);
    const base = owner?.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
    const callee = base && calleeOf(strip(base, false));
    return callee && siteFact(node, callee);
  }

  function siteOf(node: TypeScript.NewExpression): SiteFact {
    return siteFact(node, ownClass(node) ?? { kind: 'entity', entity: { kind: 'unknown' } });
  }

  function siteFact(node: TypeScript.CallExpression | TypeScript.NewExpression, callee: SiteFact['callee']): SiteFact {
    const given = argumentsIn(node);
    return { callee, arguments: given, ...(given.length < (node.arguments?.length ?? 0) ? { isOpen: true as const } : {}), class: enclosingClass(state, node), span: spanOf(state, node), isRepeated: circumstancesOf(state, node).isRepeated };
  }

  // What comes after a spread may stand anywhere.
  function argumentsIn(node: TypeScript.CallExpression | TypeScript.NewExpression): DeclaredValue[] {
    const given = node.arguments ?? [];
    const spread = given.findIndex((argument) => ts.isSpreadElement(argument));
    return given.slice(0, spread < 0 ? MAX_ARGUMENTS : spread).map((argument) => declaredValue(state, argument));
  }

  function exportedValues(): InfrastructureFacts['exports'] {
    return core.sourceFile.statements.flatMap((statement) => {
      if (!ts.isVariableStatement(statement) || !hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return [];
      return statement.declarationList.declarations.flatMap((declaration) => {
        const value = declaration.initializer && !isFunctionNode(strip(declaration.initializer)) ? declaredValue(state, declaration.initializer) : undefined;
        const name = ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
        return value && name !== undefined && leadsSomewhere(value) ? [{ name, value }] : [];
      });
    });
  }
}

// Whether a value is a construct or may lead to one; a parameter alone is anything.
function leadsToConstruct(value: DeclaredValue): boolean {
  switch (value.kind) {
    case 'construct':
      return true;
    case 'instance':
    case 'field':
    case 'export':
    case 'parameter':
      return value.path.length > 0;
    case 'either':
      return value.options.some(leadsToConstruct);
    case 'fallback':
      return leadsToConstruct(value.of) || leadsToConstruct(value.otherwise);
    default:
      return false;
  }
}
