// A template that knows a production stage is judged as production: which value of a parameter says so.

import { textAt, type Expression } from './expression';
import type { Template } from './facts';

const EXACT = /^(?:prod|production|prd|live)$/i;
const CONTAINS = /prod(?:uction)?(?![a-z])|prod$/i;
const NEGATED = /non|not|pre|product(?!ion)/i;

/** Whether a word names the production stage: `prod`, `Production`, `prod-eu`. */
export function isProductionWord(word: string): boolean {
  return EXACT.test(word) || (CONTAINS.test(word) && !NEGATED.test(word));
}

/** The production word of a list: the exact one, else one that contains it. */
export function productionWord(words: Iterable<string>): string | undefined {
  const all = [...words];
  return all.find((word) => EXACT.test(word)) ?? all.find(isProductionWord);
}

/** For each parameter that names the stage, its value in production: known from its allowed values, from what it is compared with, and from the keys of mappings that it chooses. Linear in the template. */
export function productionParameters(template: Template): ReadonlyMap<string, string> {
  const candidates = new Map<string, Set<string>>();
  const add = (parameter: string | undefined, words: readonly (string | undefined)[]): void => {
    if (parameter === undefined) return;
    const known = candidates.get(parameter) ?? new Set();
    candidates.set(parameter, known);
    for (const word of words) if (word !== undefined) known.add(word);
  };
  for (const { name, value } of template.parameters) {
    const allowed = value.kind === 'map' ? value.entries.find((entry) => entry.name === 'AllowedValues')?.value : undefined;
    if (allowed?.kind === 'list') add(name, allowed.items.map((item) => textAt(item)));
  }
  const mappings = new Map(template.mappings.map(({ name, value }) => [name, value.kind === 'map' ? value.entries.map((entry) => entry.name) : []]));
  const asked = new Set<string>();
  const addRows = (parameter: string | undefined, mapping: string | undefined): void => {
    const key = `${parameter ?? ''} ${mapping ?? ''}`;
    if (!asked.has(key)) add(parameter, mappings.get(mapping ?? '') ?? []);
    asked.add(key);
  };
  const visit = (expression: Expression): void => {
    if (expression.kind === 'map') for (const { value } of expression.entries) visit(value);
    if (expression.kind === 'list') expression.items.forEach(visit);
    if (expression.kind !== 'call') return;
    const { name, argument } = expression;
    if (argument.kind === 'list' && name === 'Fn::Equals') {
      const [left, right] = argument.items;
      add(refOf(left), [textAt(right)]);
      add(refOf(right), [textAt(left)]);
    }
    if (argument.kind === 'list' && name === 'Fn::FindInMap') addRows(refOf(argument.items[1]), textAt(argument.items[0]));
    visit(argument);
  };
  for (const { value } of [...template.conditions, ...template.resources]) visit(value);
  const known = new Set(template.parameters.map(({ name }) => name));
  return new Map([...candidates].flatMap(([name, words]) => {
    const word = known.has(name) ? productionWord(words) : undefined;
    return word === undefined ? [] : [[name, word] as const];
  }));
}

function refOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'call' && expression.name === 'Ref' ? textAt(expression.argument) : undefined;
}
