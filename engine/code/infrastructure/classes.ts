// Classes of infrastructure code: what their fields hold, what they extend, whether they are stacks, and what aspects set.

import { extendedOf } from '../class-members';
import { entityOf } from '../resolve';
import { isAccess, memberName, propertyName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { leadsSomewhere } from './declared-values';
import type { InfrastructureClassFact } from './facts';
import { libraryMember, overriddenProperty } from './libraries';
import { memberOfClass, spanOf, type InfrastructureCore } from './values';

const MAX_FIELDS = 100;

/** The classes of a file that may hold constructs. */
export function classFacts(state: InfrastructureCore): InfrastructureClassFact[] {
  return state.core.scopes.classes.flatMap((node, id) => {
    const fields = fieldNames(node).flatMap((name) => {
      const value = memberOfClass(state, node, name, spanOf(state, node));
      return leadsSomewhere(value) && value.kind !== 'field' ? [{ name, value }] : [];
    });
    const base = baseOf(state, node);
    const name = node.name?.text ?? '';
    const constructor = node.members.find((member): member is TypeScript.ConstructorDeclaration => ts.isConstructorDeclaration(member) && member.body !== undefined);
    const constructorId = constructor ? (state.core.scopes.functionId(constructor) ?? -1) : -1;
    return [{ class: id, name, constructorId, ...(base.extends ? { extends: base.extends } : {}), isStack: base.isStack ?? /Stack$/.test(name), fields }];
  });
}

function baseOf(state: InfrastructureCore, node: TypeScript.ClassLikeDeclaration): { readonly extends?: InfrastructureClassFact['extends']; readonly isStack?: boolean } {
  const expression = extendedOf(node)?.expression;
  if (!expression) return {};
  const inner = strip(expression, false);
  const binding = ts.isIdentifier(inner) ? state.core.scopes.lookup(inner.text, inner) : undefined;
  const local = binding?.kind === 'class' ? state.core.scopes.classId(binding.node) : undefined;
  if (local !== undefined) return { extends: { kind: 'class', id: local } };
  const entity = entityOf(state.core, inner);
  const member = libraryMember(entity);
  // What is nested is deployed with what it is nested in.
  if (member) return { isStack: /^(?:Stack|TerraformStack)$/.test(member.path.at(-1) ?? '') };
  return entity.kind === 'project' ? { extends: { kind: 'entity', entity } } : { isStack: false };
}

function fieldNames(node: TypeScript.ClassLikeDeclaration): string[] {
  const names = new Set<string>();
  const visit = (inner: TypeScript.Node): void => {
    if (inner !== node && ts.isClassLike(inner)) return;
    if (ts.isBinaryExpression(inner) && isAccess(inner.left) && inner.left.expression.kind === ts.SyntaxKind.ThisKeyword) names.add(memberName(inner.left) ?? '');
    ts.forEachChild(inner, visit);
  };
  visit(node);
  for (const member of node.members) {
    if ((ts.isPropertyDeclaration(member) && member.initializer) || ts.isGetAccessorDeclaration(member)) names.add(propertyName(member.name) ?? '');
    if (ts.isConstructorDeclaration(member)) for (const parameter of member.parameters) if (ts.isIdentifier(parameter.name) && (ts.getModifiers(parameter)?.length ?? 0) > 0) names.add(parameter.name.text);
  }
  names.delete('');
  names.delete('__proto__');
  return [...names].slice(0, MAX_FIELDS);
}

/** Properties that classes with a `visit` method (aspects) set on what they visit, and removal policies set for a whole tree. */
export function aspectProperties(state: InfrastructureCore): string[] {
  const found = new Set<string>();
  const collect = (node: TypeScript.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && isAccess(node.left) && node.left.expression.kind !== ts.SyntaxKind.ThisKeyword) found.add(memberName(node.left) ?? '*');
    if (ts.isCallExpression(node)) {
      const method = memberName(strip(node.expression, false)) ?? '';
      const first = node.arguments[0];
      if (/^add(?:Property)?(?:Deletion)?Override$/.test(method)) found.add(first && ts.isStringLiteralLike(first) ? overriddenProperty(first.text) : '*');
      if (method === 'applyRemovalPolicy') found.add('removalPolicy');
    }
    ts.forEachChild(node, collect);
  };
  for (const owner of state.core.scopes.classes) {
    for (const member of owner.members) if (ts.isMethodDeclaration(member) && propertyName(member.name) === 'visit' && member.body) collect(member.body);
  }
  if (/\bRemovalPolicies\.of\(/.test(state.core.text)) found.add('removalPolicy');
  return [...found];
}
