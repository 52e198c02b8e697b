// Keys of the ECS API and of CloudFormation: the same words, but for the case of their first letter. Keys that users choose stay as they are.

import type { CloudLiteral } from '../cloud';

/** Maps whose keys are the user's own. */
const FREE = /^(?:dockerLabels|options|labels|driverOpts)$/i;

/** `containerDefinitions` as CloudFormation spells it. */
export function toTemplateKey(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** `ContainerDefinitions` as the API spells it. */
export function toApiKey(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

/** Whether the keys below a key are the user's own. */
export function hasFreeKeys(key: string): boolean {
  return FREE.test(key);
}

/** A literal of a fix with its keys as the API spells them. */
export function toApiLiteral(literal: CloudLiteral): CloudLiteral {
  if (typeof literal !== 'object') return literal;
  if (isList(literal)) return literal.map(toApiLiteral);
  return Object.fromEntries(Object.entries(literal as Readonly<Record<string, CloudLiteral>>).map(([key, value]) => [key.startsWith('$') ? key : toApiKey(key), hasFreeKeys(key) ? value : toApiLiteral(value)]));
}

function isList(literal: CloudLiteral): literal is readonly CloudLiteral[] {
  return Array.isArray(literal);
}
