// Values of rule options: their defaults, and values from a configuration turned into what rules read.

import { parseDuration } from '../duration';
import type { OptionSchema, Rule } from './rule';

/** Default option values of a rule; durations in ms. */
export function optionDefaults(rule: Rule): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries<OptionSchema>(rule.options ?? {})) {
    values[name] = schema.type === 'duration' ? parseDuration(schema.default) : schema.default;
  }
  return values;
}
