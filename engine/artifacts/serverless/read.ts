// Reads one file of the Serverless Framework into facts.

import type { FileProblem } from '../../facts';
import { newBudget, readExpression, type Expression } from '../cloudformation/expression';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml } from '../yaml/tree';
import type { ServerlessFacts } from './facts';
import { partOf } from './recognise';

/** Facts of one file; never throws. Linear in the text. */
export function readServerless(path: string, text: string): { facts: ServerlessFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const problems = parsed.problems.map((problem): FileProblem => ({ file: path, ...problem }));
  const root = readExpression(parsed.documents[0]?.root, newBudget());
  return {
    facts: { kind: 'artifact', format: 'serverless', path, suppressions: suppressionsOf(text, parsed), holds: partOf(path, text) ?? 'service', root, includes: [...includesOf(root)] },
    problems,
  };
}

function includesOf(root: Expression): Set<string> {
  const found = new Set<string>();
  const stack: Expression[] = [root];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === 'list') stack.push(...next.items);
    else if (next.kind === 'map') stack.push(...next.entries.map(({ value }) => value));
    else if (next.kind === 'call') stack.push(next.argument);
    else if (typeof next.value === 'string') for (const match of next.value.matchAll(/\bfile\(([^()]{1,300})\)/g)) found.add((match[1] ?? '').trim());
  }
  return found;
}
