// The difference of two short texts, line by line, for examples in the pages of the rules.

import { diffLines as partsOf } from 'diff';

/** Lines of both texts, the removed ones after `-`, the added ones after `+`, the common ones after a space. */
export function diffLines(before: string, after: string): string {
  return partsOf(before, after)
    .flatMap((part) => {
      const sign = part.added ? '+' : part.removed ? '-' : ' ';
      return part.value.replace(/\n$/, '').split('\n').map((line) => `${sign}${line}`);
    })
    .join('\n');
}
