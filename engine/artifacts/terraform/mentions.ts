// Which resources an expression mentions, through locals, inputs and outputs: enough to say that two are connected.

import { walkExpression, type HclBody, type HclExpression } from '../hcl/tree';
import type { Context } from './evaluate';
import type { Scope } from './scope';

/** Ids, once each, in the order of the text. Each local, input and output is walked once for each use of a module. */
export function mentionsIn(expression: HclExpression, context: Pick<Context, 'scope' | 'names'>): readonly string[] {
  const { scope } = context;
  const found = new Set<string>();
  walkExpression(expression, (one) => {
    if (one.kind !== 'attribute') return;
    const of = one.of.kind === 'index' ? one.of.of : one.of;
    if (of.kind === 'name' && !context.names.has(of.name)) for (const id of mentionsOfName(of.name, one.name, scope)) found.add(id);
    if (of.kind === 'attribute' && of.of.kind === 'name' && of.of.name === 'module') {
      const child = scope.children.get(of.name);
      if (child) for (const id of mentionsOfOutput(child, one.name)) found.add(id);
    }
  });
  return [...found];
}

/** Of all attributes and blocks of a body. */
export function mentionsOfBody(body: HclBody, context: Pick<Context, 'scope' | 'names'>): readonly string[] {
  const own = body.attributes.flatMap((attribute) => (attribute.value ? mentionsIn(attribute.value, context) : []));
  return [...new Set([...own, ...body.blocks.flatMap((block) => mentionsOfBody(block.body, context))])];
}

/** Of an output of a used module. */
export function mentionsOfOutput(scope: Scope, name: string): readonly string[] {
  return remembered(scope, `output.${name}`, () => {
    const value = scope.module.outputs.get(name)?.node.body.attributes.find((attribute) => attribute.name === 'value')?.value;
    return value ? mentionsIn(value, { scope, names: new Map() }) : [];
  });
}

function mentionsOfName(root: string, name: string, scope: Scope): readonly string[] {
  switch (root) {
    case 'local':
      return remembered(scope, `local.${name}`, () => {
        const value = scope.module.locals.get(name)?.node.value;
        return value ? mentionsIn(value, { scope, names: new Map() }) : [];
      });
    case 'var':
      return remembered(scope, `var.${name}`, () => scope.inputMentions?.(name) ?? []);
    case 'module':
      return scope.module.modules.has(name) && !scope.children.get(name) ? [`${scope.prefix}module.${name}`] : [];
    default:
      return scope.module.resources.has(`${root}.${name}`) ? [`${scope.prefix}${root}.${name}`] : [];
  }
}

function remembered(scope: Scope, key: string, make: () => readonly string[]): readonly string[] {
  const known = scope.mentionCache.get(key);
  if (known) return known;
  // What is asked for again while it is being made is a circle.
  scope.mentionCache.set(key, []);
  const made = make();
  scope.mentionCache.set(key, made);
  return made;
}
