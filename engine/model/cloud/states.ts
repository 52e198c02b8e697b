// State machines: tasks that wait for an answer from outside, and whether anything ends the wait.

import type { CloudValue } from '../../artifacts/cloud';
import type { CloudState, CloudStateMachine } from './things';
import { foundOf, walk } from './fields';
import type { CloudIndex } from './resource-index';
import type { Setting } from '../model';

const MOST_STATES = 500;

/** State machines whose definition is written where it can be read. */
export function stateMachinesOf(index: CloudIndex): CloudStateMachine[] {
  return index.ofKind('state-machine').map((view) => {
    const states: CloudState[] = [];
    for (const one of foundOf(view, 'definition')) {
      if (typeof one === 'string' || one.value.kind !== 'map') continue;
      collect(one.value, isSet(one.value, 'TimeoutSeconds'), states, 0);
    }
    return { ...index.thing(view), states };
  });
}

/** Tasks of a definition and of the maps and branches inside. */
function collect(definition: CloudValue, isBounded: Setting<boolean>, states: CloudState[], depth: number): void {
  if (definition.kind !== 'map' || depth > 6) return;
  const all = definition.entries['States'];
  if (all?.kind !== 'map') return;
  for (const [name, state] of Object.entries(all.entries)) {
    if (state.kind !== 'map' || states.length > MOST_STATES) continue;
    const resource = state.entries['Resource'];
    const own = [isSet(state, 'TimeoutSeconds'), isSet(state, 'TimeoutSecondsPath'), isSet(state, 'HeartbeatSeconds'), isSet(state, 'HeartbeatSecondsPath'), isBounded];
    const bounding = own.find((one) => one.state === 'set') ?? own.find((one) => one.state === 'unknown') ?? { state: 'absent' };
    if (resource) states.push({ name, at: resource.at, waits: resource.kind === 'text' && /\.waitForTaskToken(?:\.|$)|:activity:/.test(resource.value), timeout: bounding });
    for (const inner of ['Iterator', 'ItemProcessor']) if (state.entries[inner]) collect(state.entries[inner], bounding, states, depth + 1);
    const branches = state.entries['Branches'];
    if (branches?.kind === 'list') for (const branch of branches.items) collect(branch, bounding, states, depth + 1);
  }
}

function isSet(map: CloudValue, key: string): Setting<boolean> {
  const [first] = walk(map, [key]);
  if (first === undefined || first === 'absent') return { state: 'absent' };
  return first === 'unknown' ? { state: 'unknown', because: 'it cannot be known' } : { state: 'set', value: true, at: first.value.at };
}
