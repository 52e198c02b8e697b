// What can be asked of a cloud value in every dialect.

import type { CloudValue } from './cloud';

/** Ids of resources that a value mentions, in all its alternatives. Linear in the value. */
export function mentionsOfValue(value: CloudValue | undefined): string[] {
  switch (value?.kind) {
    case 'reference':
      return [value.to];
    case 'unknown':
      return [...value.mentions];
    case 'list':
      return value.items.flatMap(mentionsOfValue);
    case 'map':
      return Object.values(value.entries).flatMap(mentionsOfValue);
    case 'either':
      return value.options.flatMap(mentionsOfValue);
    default:
      return [];
  }
}
