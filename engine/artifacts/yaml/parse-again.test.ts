import { expect, it } from 'vitest';
import { parseAgain } from './parse-again';
import { parseYaml } from './tree';

it('gives the tree of the text that it is asked for, also after another one', () => {
  const [first, second] = ['a: 1\n', 'b: [2, 3]\n'];
  const kept = parseAgain(first);
  expect(parseAgain(first)).toBe(kept);
  expect(parseAgain(second)).toEqual(parseYaml(second));
  expect(parseAgain(first)).toEqual(parseYaml(first));
});
