// The reference of the configuration, made from the schema that files are checked against.

import { describe, type JsonSchema } from '../engine/lint/schema';
import { CONFIGURATION_NAMES } from '../engine/lint/configuration-files';
import { table } from './markdown-table';

const EXAMPLE = `\`\`\`yaml
extends: strict
rules:
  require-timeout: error                              # the last part of a rule is enough
  bound-pool-wait: { severity: warning, maxMs: 10s }  # severity and options
budgets:
  http: 3s                                            # what fixes insert
ignore:
  - legacy/
overrides:
  - files: [scripts/**]
    rules: { require-timeout: off }
\`\`\``;

/** docs/configuration.md. */
export function configurationPage(schema: JsonSchema): string {
  const properties = schema.properties ?? {};
  const rows = Object.entries(properties).filter(([name]) => name !== '$schema').map(([name, value]) => [`\`${name}\``, resolved(value, schema).description ?? '']);
  return `${[
    '# Configuration',
    '<!-- Made by `npm run generate` from the schema. -->',
    `A configuration is data, never code: nothing in it is run. It is one of ${CONFIGURATION_NAMES.map((name) => `\`${name}\``).join(', ')} (there the key \`holdfast\`), in this order. The nearest one above a file, up to the top of the repository, decides alone; what it wants of others it extends. Without any, the defaults below hold.`,
    EXAMPLE,
    'What is wrong in it is named with its place and the nearest valid name; that line is left out and everything else holds.',
    '## Keys',
    table(['key', 'what it does'], rows),
    '## Presets',
    table(['preset', 'what it means'], [
      ['`recommended`', 'The default: advice is counted and shown only when it is asked for.'],
      ['`strict`', 'Advice is shown as well.'],
      ['`all`', 'Also turns on what is off by default.'],
    ]),
    '## Budgets',
    table(['budget', 'takes', 'default', 'what it is for'], settingRows(schema.definitions?.['Budgets']?.properties ?? {})),
    '## Limits',
    table(['limit', 'takes', 'default', 'what it is for'], settingRows(properties['limits']?.properties ?? {})),
    '## Rules',
    'A rule takes `error`, `warning`, `info`, `advice` or `off`; or a severity and options, as `[error, { option: value }]` or `{ severity: error, option: value }`. Each rule and its options stand in [rules](rules/index.md).',
    '## Clients of your own',
    '`clients` holds entries of the form in which the catalogue describes libraries: what makes a client, which calls wait, and which option limits them. An entry takes the place of the shipped one of its package. Its keys are in [holdfast.schema.json](../holdfast.schema.json), definition `LibraryEntry`. The shapes, and entries that a package ships: [clients.md](clients.md).',
    '```yaml\nclients:\n  - package: acme-rpc\n    role: rpc\n    sources: [acme-rpc 2.1.0 lib/client.js]\n    constructs:\n      - { make: [Client], form: new, instance: Client, options: 0 }\n    calls:\n      - { on: Client, names: [call], io: rpc, options: 1 }\n    bounds:\n      - { option: deadlineMs, at: [call, construct], unit: ms, phases: [total], default: null }\n```',
    '## Comments',
    'One finding is switched off where it stands, in every language that has comments. The reason is not optional; the end is.',
    '```ts\n// holdfast-disable-next-line require-timeout -- the sidecar ends it after 3 s (until 2027-03-31)\nconst charge = await axios.post(url, body); // or: holdfast-disable-line RULE -- reason\n```',
    '`holdfast-disable RULE -- reason` holds until `holdfast-enable`, `holdfast-disable-file RULE -- reason` in the whole file; without a rule they hold for all. Kubernetes also takes the annotation `holdfast/disable: \'RULE -- reason\'`. A comment that suppresses nothing is [a finding](rules/suppressions/no-ineffective-suppression.md).',
    'What a comment, an annotation or the metadata of another linter accepts is accepted here too, where one of our rules asks the same ([peers.md](peers.md)): `#checkov:skip=ID:reason`, `checkov.io/skip1`, `# trivy:ignore:ID`, `#tfsec:ignore:ID`, `# kics-scan ignore-block`, `# hadolint ignore=ID`, `# zizmor: ignore[ID]`, `# pint disable ID`, `ignore-check.kube-linter.io/ID`, `kube-score/ignore`, `polaris.fairwinds.com/ID-exempt`, `Metadata` for checkov, cfn-lint, guard and cdk-nag, and `NagSuppressions` in CDK code. JSON and SARIF list it as `accepted for checkov: reason`. `peerSuppressions: false` turns this off.',
    '## Ignored files',
    '`.gitignore` and `.holdfastignore` hold for every folder; `node_modules`, build results and caches are never read.',
  ].join('\n\n')}\n`;
}

function settingRows(properties: Readonly<Record<string, JsonSchema>>): string[][] {
  return Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    [...new Set((schema.anyOf ?? [schema]).map(describe))].join(' or ').replace('or a number of at least 1', 'or milliseconds').replaceAll('a whole number', 'a number'),
    `\`${String(schema.default)}\``,
    schema.description ?? '',
  ]);
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  return schema.$ref === undefined ? schema : (root.definitions?.[schema.$ref.replace('#/definitions/', '')] ?? schema);
}
