// What docs/configuration.md promises, tried out with the real rules.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema } from '../engine/lint/configuration-schema';
import { withSuppressionRule } from '../engine/lint/suppression-rule';
import { rules } from '../rules/index';
import { workspaceOf } from './lint-example';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'configuration.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

it('every example of the page is a valid configuration, for us and for a JSON Schema validator', async () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(configurationSchema(withSuppressionRule(rules)));
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const text of examples) {
    const result = await workspaceOf({ 'holdfast.yaml': text }).lint();
    expect(result.configurationProblems, text).toEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  }
});

it('both refuse the same', async () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(configurationSchema(withSuppressionRule(rules)));
  for (const text of ['rules: { require-timeouts: error }', 'rules: { require-timeout: warn }', 'budgets: { http: soon }', 'budgets: { attempts: 0 }', 'ignore: a', 'overrides: [{}]', 'clients: [{ package: a }]', 'extends: 5', 'limits: { file: many }']) {
    const result = await workspaceOf({ 'holdfast.yaml': text }).lint();
    expect(result.configurationProblems.length, text).toBeGreaterThan(0);
    expect(validate(parse(text)), text).toBe(false);
  }
});

it('a client of the user\'s own is known like one of the catalogue', async () => {
  const client = examples.find((text) => text.includes('clients:')) ?? '';
  const code = (options: string): string =>
    `import { Client } from 'acme-rpc';\nimport express from 'express';\nconst client = new Client({ url: process.env.ACME_URL });\nconst app = express();\napp.get('/a', async (req, res) => res.json(await client.call('a'${options})));\napp.listen(3000);\n`;
  const found = async (text: string, configuration: string): Promise<string[]> => {
    const result = await workspaceOf({ 'src/a.ts': text, 'holdfast.yaml': configuration }).lint();
    return result.findings.filter((finding) => finding.rule === 'fault-tolerance/require-timeout').map((finding) => finding.message);
  };
  expect(await found(code(''), '')).toEqual([]);
  expect(await found(code(''), client)).toEqual([expect.stringContaining('can wait for ever')]);
  expect(await found(code(', { deadlineMs: 3_000 }'), client)).toEqual([]);
});

it('a budget is the value that fixes insert', async () => {
  const files = { 'src/a.ts': "import axios from 'axios';\nimport express from 'express';\nconst app = express();\napp.get('/a', async (req, res) => res.json((await axios.get('http://b/')).data));\napp.listen(3000);\n", 'holdfast.yaml': 'budgets: { http: 3s }\n' };
  const workspace = workspaceOf(files);
  const findings = (await workspace.lint()).findings.filter((finding) => finding.rule === 'fault-tolerance/require-timeout');
  expect(findings[0]?.fixes[0]?.title).toBe('Limit to 3 s with `timeout`');
  const fixed = await workspace.fixAll(findings, () => true);
  expect(fixed.files.get('src/a.ts')?.after).toContain("axios.get('http://b/', { timeout: 3_000 })");
});
