// Which resources an expression mentions, in whatever branch or text: enough to say that two are connected.

import { mentionsOfValue } from '../cloud-values';
import { textAt, type Expression } from './expression';
import { resourceNamed } from './references';
import type { Scope } from './scope';


/** Names inside the text of `Fn::Sub`: `${Queue.Arn}`. */
export const PLACEHOLDER = /\$\{(!?)([^{}]*)\}/g;

/** Ids that an expression mentions, once each, what its parameters were given included. Linear in the expression. */
export function mentionsOf(expression: Expression, scope: Scope): string[] {
  const found = new Set<string>();
  const name = (text: string | undefined): void => {
    if (text === undefined) return;
    const resource = resourceNamed(text, scope) ?? (text.includes('.') ? resourceNamed(text.slice(0, text.indexOf('.')), scope) : undefined);
    if (resource) found.add(resource.id);
    else if (scope.hasParameter(text)) for (const id of mentionsOfValue(scope.parameter(text))) found.add(id);
  };
  const stack: Expression[] = [expression];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === 'list') stack.push(...next.items);
    else if (next.kind === 'map') stack.push(...next.entries.map(({ value }) => value));
    else if (next.kind === 'scalar') variable(next.value, next);
    else if (next.kind === 'call') {
      const { argument } = next;
      const first = argument.kind === 'list' ? argument.items[0] : argument;
      if (next.name === 'Ref') name(textAt(argument));
      else if (next.name === 'Fn::GetAtt') attribute(textAt(first), argument.kind === 'list' ? textAt(argument.items[1]) : undefined);
      else if (next.name === 'Fn::Sub') for (const match of (textAt(first) ?? '').matchAll(PLACEHOLDER)) if (match[1] === '') name(match[2]?.trim());
      if (next.name !== 'Ref' && next.name !== 'Fn::GetAtt') stack.push(argument);
    }
  }
  return [...found];

  function attribute(resource: string | undefined, path: string | undefined): void {
    const output = resource !== undefined && path?.startsWith('Outputs.') ? scope.surroundings.childOf(scope, resource)?.output(path.slice('Outputs.'.length)) : undefined;
    if (output) for (const id of mentionsOfValue(output)) found.add(id);
    name(resource);
  }

  /** A text that stands for something else: a variable that includes a part of a file. */
  function variable(value: unknown, at: Expression): void {
    if (typeof value !== 'string' || !scope.variables || !value.includes('${')) return;
    const replaced = scope.variables(value, scope.locate(at.span), scope);
    if (!replaced) return;
    if ('value' in replaced) for (const id of mentionsOfValue(replaced.value)) found.add(id);
    else stack.push(replaced.expression);
  }
}
