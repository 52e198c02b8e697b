// Which objects a patch or another step of a kustomization is for.

import type { KustomizeTarget } from '../facts';

/** What is asked of an object: every name that it has had, and its labels as they are now. */
export interface Candidate {
  readonly group: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly namespaces: readonly (string | undefined)[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export type Answer = 'yes' | 'no' | 'unknown';

/** Whether all parts of a target hold. Patterns that a linear matcher has no answer for are unknown. */
export function isTarget(target: KustomizeTarget, one: Candidate): Answer {
  return all([
    matchesPattern(target.group, [one.group]),
    matchesPattern(target.kind, [one.kind]),
    matchesPattern(target.name, one.names),
    target.namespace === undefined ? 'yes' : matchesPattern(target.namespace, one.namespaces.map((namespace) => namespace ?? 'default')),
    matchesSelector(target.labelSelector, one.labels),
    matchesSelector(target.annotationSelector, one.annotations),
  ]);
}

function all(answers: readonly Answer[]): Answer {
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
}

/** Names with at most two open places in each alternative: their cost stays quadratic in a name of 253 characters at most. */
const SIMPLE = /^[\w/-]*(?:\.[*+]?[\w/-]*){0,8}$/;

function matchesPattern(pattern: string | undefined, values: readonly string[]): Answer {
  if (pattern === undefined || pattern === '') return 'yes';
  const alternatives = pattern.replace(/^\^?\(?/, '').replace(/\)?\$?$/, '').split('|');
  if (pattern.length > 500 || alternatives.some((one) => !SIMPLE.test(one) || (one.match(/\.[*+]/g) ?? []).length > 2)) return 'unknown';
  return values.some((value) => alternatives.some((one) => one === value || new RegExp(`^${one}$`).test(value))) ? 'yes' : 'no';
}

function matchesSelector(selector: string | undefined, labels: Readonly<Record<string, string>>): Answer {
  if (selector === undefined || selector.trim() === '') return 'yes';
  if (/[()]/.test(selector)) return 'unknown';
  return all(selector.split(',').map((term): Answer => {
    const found = /^\s*(!?)\s*([\w./-]+)\s*(?:(==|=|!=)\s*([\w.-]*))?\s*$/.exec(term);
    if (!found) return 'unknown';
    const [, not, key = '', operator, value] = found;
    if (operator === undefined) return (key in labels) === (not !== '!') ? 'yes' : 'no';
    return (labels[key] === value) === (operator !== '!=') ? 'yes' : 'no';
  }));
}
