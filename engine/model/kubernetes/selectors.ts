// Label selectors against labels, with the third answer where a part of either cannot be known.

import type { Labels, Selector } from '../../artifacts/kubernetes/facts';

export type Match = 'yes' | 'no' | 'unknown';

/** Whether all terms of a selector hold for labels. An empty selector matches nothing here: objects that mean "everything" by it are not joined. */
export function matches(selector: Selector | undefined, labels: Labels): Match {
  if (!selector) return 'no';
  let answer: Match = selector.isOpen ? 'unknown' : 'yes';
  for (const [key, wanted] of Object.entries(selector.labels)) {
    const has = labels.entries[key];
    if (has === wanted) continue;
    if (has === undefined && labels.isOpen) answer = 'unknown';
    else return 'no';
  }
  for (const { key, operator, values } of selector.expressions) {
    const has = labels.entries[key];
    if (has === undefined && labels.isOpen) {
      answer = 'unknown';
      continue;
    }
    if (!holds(operator, has, values)) return 'no';
  }
  const isEmpty = Object.keys(selector.labels).length === 0 && selector.expressions.length === 0;
  return isEmpty && answer === 'yes' ? 'no' : answer;
}

function holds(operator: string, has: string | undefined, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return has !== undefined && values.includes(has);
    case 'NotIn':
      return has === undefined || !values.includes(has);
    case 'Exists':
      return has !== undefined;
    case 'DoesNotExist':
      return has === undefined;
    default:
      return true;
  }
}

/** Whether two texts differ by one inserted, removed or changed character, or two swapped ones; texts of one or two characters never do. */
export function isNearly(a: string, b: string): boolean {
  if (a === b || Math.max(a.length, b.length) < 3 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
