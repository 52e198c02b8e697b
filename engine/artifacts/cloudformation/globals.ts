// Section `Globals` of SAM: what every function, API, table and state machine of a template starts from.

import { entryOf, type Expression } from './expression';

/** Kinds of resources that `Globals` knows: its key is the last part of the type. */
const WITH_GLOBALS = new Set(['Function', 'Api', 'HttpApi', 'WebSocketApi', 'SimpleTable', 'StateMachine', 'LayerVersion', 'CapacityProvider']);

/** Properties of a resource with those that `Globals` gives to its type. */
export function withGlobals(type: string, properties: Expression | undefined, globals: Expression | undefined): Expression | undefined {
  const kind = /^AWS::Serverless::(\w+)$/.exec(type)?.[1];
  if (kind === undefined || !WITH_GLOBALS.has(kind)) return properties;
  const common = entryOf(globals, kind)?.value;
  return common ? mergeExpressions(common, properties) : properties;
}

/** As SAM merges: maps key by key, lists one behind the other, anything else replaced. */
export function mergeExpressions(common: Expression, own: Expression | undefined): Expression {
  if (own === undefined) return common;
  if (common.kind === 'list' && own.kind === 'list') return { ...own, items: [...common.items, ...own.items] };
  if (common.kind !== 'map' || own.kind !== 'map') return own;
  const entries = new Map(common.entries.map((entry) => [entry.name, entry]));
  for (const entry of own.entries) {
    const shared = entries.get(entry.name);
    entries.set(entry.name, shared ? { ...entry, value: mergeExpressions(shared.value, entry.value) } : entry);
  }
  return { ...own, entries: [...entries.values()], ...(common.isOpen || own.isOpen ? { isOpen: true as const } : {}) };
}
