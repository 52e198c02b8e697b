// What a configuration file can say, as one JSON Schema made from the rules, the budgets, the limits and the catalogue's schema. Files are checked against it, and editors complete by it.

import librarySchema from '../../catalog/library.schema.json';
import { formatDuration } from '../duration';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS, type Budgets, type Limits } from './configuration';
import { SEVERITIES } from './finding';
import type { OptionSchema, Rule } from './rule';
import type { JsonSchema } from './schema';

const DURATION_PATTERN = '^\\s*(\\d+(\\.\\d+)?\\s*(ms|sec|s|min|m|h|d)\\s*)+$';

/** What each budget is for. Durations are said as `5s`. */
const BUDGETS: Readonly<Record<keyof Budgets, { readonly kind: 'duration' | 'count' | 'quantity'; readonly describe: string }>> = {
  http: { kind: 'duration', describe: 'Limit that fixes give an HTTP or RPC call.' },
  query: { kind: 'duration', describe: 'Limit that fixes give a query or command of a store.' },
  connect: { kind: 'duration', describe: 'Limit that fixes give to making a connection.' },
  acquire: { kind: 'duration', describe: 'Limit that fixes give to the wait for a free connection of a pool.' },
  sdk: { kind: 'duration', describe: 'Limit that fixes give a call of a cloud or vendor SDK.' },
  process: { kind: 'duration', describe: 'Limit that fixes give a child process.' },
  socket: { kind: 'duration', describe: 'Limit that fixes give an idle socket.' },
  attempts: { kind: 'count', describe: 'Attempts after which fixes end a retry.' },
  concurrency: { kind: 'count', describe: 'How many calls fixes let run at a time.' },
  prefetch: { kind: 'count', describe: 'How many messages fixes let a consumer hold.' },
  memory: { kind: 'quantity', describe: 'Memory limit that fixes give a container.' },
  cpu: { kind: 'quantity', describe: 'CPU request that fixes give a container.' },
  instances: { kind: 'count', describe: 'Instances that fixes give a served workload.' },
};

const LIMITS: Readonly<Record<keyof Limits, string>> = {
  file: 'Largest file that is read; larger ones are named as not read.',
  line: 'Longest line of a code file; a file with a longer one counts as generated.',
  files: 'Most files that are read.',
};

/** The schema for these rules. Its definitions `Rules`, `Budgets` and `LibraryEntry` are used in the file's root and in `overrides`. */
export function configurationSchema(rules: readonly Rule[]): JsonSchema {
  const settings = {
    rules: { $ref: '#/definitions/Rules' },
    budgets: { $ref: '#/definitions/Budgets' },
  } satisfies Record<string, JsonSchema>;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Holdfast',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'Where this schema stands, for editors.' },
      extends: {
        description: 'A preset (`recommended`, `strict`, `all`) or a configuration file, relative to this one; several in order.',
        anyOf: [{ type: 'string', examples: ['strict'] }, { type: 'array', items: { type: 'string', examples: ['strict'] } }],
      },
      ...settings,
      limits: { type: 'object', additionalProperties: false, description: 'What is read at most.', properties: limitProperties() },
      ignore: { type: 'array', items: { type: 'string', examples: ['legacy/**'] }, description: 'Files that are left out, as in .gitignore, relative to this file.' },
      peerSuppressions: { type: 'boolean', default: true, description: 'Whether what comments and annotations of other linters accept is accepted here too.' },
      clients: { type: 'array', items: { $ref: '#/definitions/LibraryEntry' }, description: 'Clients and wrappers of your own, described as the catalogue describes libraries.' },
      overrides: {
        type: 'array',
        description: 'Settings for some files only; a later one wins.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['files'],
          properties: { files: { type: 'array', items: { type: 'string', examples: ['scripts/**'] }, description: 'Which files: globs as `scripts/**` or `*.{test,spec}.ts`, relative to this file.' }, ...settings },
        },
      },
    },
    definitions: {
      Severity: { enum: [...SEVERITIES, 'off'] },
      Rules: { type: 'object', additionalProperties: false, description: 'Severity and options by rule; the last part of a rule is enough.', properties: ruleProperties(rules) },
      Budgets: { type: 'object', additionalProperties: false, description: 'Values that fixes insert.', properties: budgetProperties() },
      ...libraryDefinitions(),
    },
  };
}

function ruleProperties(rules: readonly Rule[]): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {};
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const rule of sorted) {
    properties[rule.id] = ruleSchema(rule);
    const short = rule.id.slice(rule.id.indexOf('/') + 1);
    properties[short] = ruleSchema(rule);
  }
  return properties;
}

function ruleSchema(rule: Rule): JsonSchema {
  const options: Record<string, JsonSchema> = {};
  for (const [name, option] of Object.entries(rule.options ?? {})) options[name] = optionSchema(option);
  const hasOptions = Object.keys(options).length > 0;
  const severity: JsonSchema = { $ref: '#/definitions/Severity' };
  const optionObject: JsonSchema = { type: 'object', additionalProperties: false, properties: options };
  return {
    description: `${rule.docs.what} Severity: ${rule.severity}${rule.isOffByDefault ? ', off outside preset `all`' : ''}.`,
    anyOf: [
      severity,
      { type: 'object', additionalProperties: false, properties: { severity, ...options } },
      ...(hasOptions ? [{ type: 'array', items: [severity, optionObject], minItems: 1, maxItems: 2 }] : [{ type: 'array', items: [severity], minItems: 1, maxItems: 1 }]),
    ],
  };
}

function optionSchema(option: OptionSchema): JsonSchema {
  switch (option.type) {
    case 'duration':
      return durationSchema(option.describe, option.default);
    case 'number':
      return { type: 'number', description: option.describe, default: option.default, ...(option.minimum === undefined ? {} : { minimum: option.minimum }) };
    case 'boolean':
      return { type: 'boolean', description: option.describe, default: option.default };
    case 'strings':
      return { type: 'array', items: { type: 'string' }, description: option.describe, default: option.default };
  }
}

function durationSchema(description: string, defaultText: string): JsonSchema {
  return {
    description,
    default: defaultText,
    anyOf: [
      { type: 'string', format: 'duration', pattern: DURATION_PATTERN, minimum: 1 },
      { type: 'number', minimum: 1, description: 'Milliseconds.' },
    ],
  };
}

function budgetProperties(): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, { kind, describe }] of Object.entries(BUDGETS)) {
    const value: unknown = Object.entries(DEFAULT_BUDGETS).find(([key]) => key === name)?.[1];
    if (kind === 'duration') properties[name] = durationSchema(describe, typeof value === 'number' ? formatDuration(value).replace(' ', '') : '');
    else if (kind === 'count') properties[name] = { type: 'integer', minimum: 1, description: describe, default: value };
    else properties[name] = { type: ['string', 'number'], pattern: '^\\d+(\\.\\d+)?(m|[kKMGT]i?)?$', examples: [String(value)], description: describe, default: value };
  }
  return properties;
}

function limitProperties(): Record<string, JsonSchema> {
  return {
    file: { description: LIMITS.file, default: DEFAULT_LIMITS.file, anyOf: [{ type: 'integer', minimum: 1, description: 'Bytes.' }, { type: 'string', format: 'bytes', pattern: '^[\\d_]+(\\.\\d+)? ?[kKMG]?B?$' }] },
    line: { type: 'integer', minimum: 80, description: LIMITS.line, default: DEFAULT_LIMITS.line },
    files: { type: 'integer', minimum: 1, description: LIMITS.files, default: DEFAULT_LIMITS.files },
  };
}

/** The definitions that a library entry needs; those of container images are not for configurations. */
function libraryDefinitions(): Record<string, JsonSchema> {
  const all: Readonly<Record<string, JsonSchema>> = librarySchema.definitions;
  const needed: Record<string, JsonSchema> = {};
  const waiting = ['LibraryEntry'];
  while (waiting.length > 0) {
    const name = waiting.pop() ?? '';
    const definition = all[name];
    if (!definition || needed[name]) continue;
    needed[name] = definition;
    for (const match of JSON.stringify(definition).matchAll(/"#\/definitions\/(\w+)"/g)) waiting.push(match[1] ?? '');
  }
  return Object.fromEntries(Object.entries(needed).sort(([a], [b]) => (a < b ? -1 : 1)));
}
