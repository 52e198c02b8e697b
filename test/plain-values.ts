// For tests: cloud values as plain data that is easy to compare, without their places.

import type { CloudResource, CloudValue } from '../engine/artifacts/cloud';

/** Scalars as they are (`soft:` in front where they may be replaced), references as `→ id.attribute`, what is not known as `?`, alternatives as `{ either: […] }`. */
export function plainValue(value: CloudValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'text':
    case 'number':
    case 'boolean':
      return value.isSoft ? `soft:${String(value.value)}` : value.value;
    case 'list':
      return [...value.items.map(plainValue), ...(value.isOpen ? ['…'] : [])];
    case 'map':
      return { ...Object.fromEntries(Object.entries(value.entries).map(([name, one]) => [name, plainValue(one)])), ...(value.isOpen ? { '…': true } : {}) };
    case 'reference':
      return `→ ${value.to}${value.attribute === undefined ? '' : `.${value.attribute}`}`;
    case 'either':
      return { either: value.options.map(plainValue) };
    case 'unknown':
      return '?';
  }
}

/** Properties of each resource by its name. */
export function plainProperties(resources: readonly CloudResource[]): Record<string, unknown> {
  return Object.fromEntries(resources.map((one) => [one.name, plainValue(one.properties)]));
}
