// Calls inside one file that matter only for what they give: to functions that hand their parameters on to a catalogued call, or go through a list that they are given.

import type { FanOutFact } from './construct-facts';
import type { CallFact } from './facts';
import { parameterFunctions } from './substitute';

const MAX_HOPS = 3;

/** Makes facts of the calls of such functions, and of those that hand theirs on to them. `calls` are the calls of functions of this file, `add` makes a fact. Linear in the calls. */
export function addLocalCalls<Node>(facts: readonly CallFact[], fanOuts: readonly FanOutFact[], calls: readonly { readonly node: Node; readonly id: number }[], add: (node: Node) => CallFact | undefined): void {
  const byCallee = new Map<number, Node[]>();
  for (const { node, id } of calls) {
    const known = byCallee.get(id);
    if (known) known.push(node);
    else byCallee.set(id, [node]);
  }
  let wanted = new Set<number>();
  for (const fact of facts) for (const argument of fact.arguments) parameterFunctions(argument, wanted);
  for (const { listValue } of fanOuts) if (listValue) parameterFunctions(listValue, wanted);
  const done = new Set<number>();
  for (let hops = 0; hops < MAX_HOPS && wanted.size > 0; hops++) {
    const next = new Set<number>();
    for (const id of wanted) {
      if (done.has(id)) continue;
      done.add(id);
      for (const node of byCallee.get(id) ?? []) for (const argument of add(node)?.arguments ?? []) parameterFunctions(argument, next);
    }
    wanted = next;
  }
}
