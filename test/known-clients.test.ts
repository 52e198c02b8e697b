// Entries of the catalogue against code as people write it: what is found with the library's own default, and silence with a limit.

import { describe, expect, it } from 'vitest';
import { workspaceOf } from './lint-example';

interface Case {
  readonly library: string;
  readonly version: string;
  readonly code: string;
  /** Findings as `rule: text at its place`. */
  readonly found: readonly string[];
}

const CASES: readonly Case[] = [
  { library: '@azure/keyvault-secrets', version: '4.9.0', code: "import { SecretClient } from '@azure/keyvault-secrets';\nconst vault = new SecretClient(process.env.VAULT, credential);\nexport const a = () => vault.getSecret('a');\nexport const b = () => vault.getSecret('b', { abortSignal: AbortSignal.timeout(5) });\n", found: ['require-timeout: vault.getSecret'] },
  { library: 'nano', version: '11.0.7', code: "import nano from 'nano';\nimport express from 'express';\nconst server = nano('http://couch');\nconst orders = server.use('orders');\nconst app = express();\napp.get('/', async (req, res) => res.json(await orders.get('a')));\n", found: ['require-timeout: nano'] },
  { library: 'jsforce', version: '3.10.16', code: "import jsforce from 'jsforce';\nexport async function create(connection = new jsforce.Connection({})) { return connection; }\nexport async function login() { const connection = new jsforce.Connection({}); await connection.login('a', 'b'); return connection.sobject('Account').create({}); }\n", found: ['require-timeout: connection.login', "require-timeout: connection.sobject('Account').create"] },
  { library: 'etcd3', version: '1.1.2', code: "import { Etcd3 } from 'etcd3';\nconst etcd = new Etcd3({ hosts: 'etcd' });\nexport const a = () => etcd.get('a').string();\n", found: ['require-timeout: new Etcd3'] },
  { library: 'etcd3', version: '1.1.2', code: "import { Etcd3 } from 'etcd3';\nconst etcd = new Etcd3({ hosts: 'etcd', defaultCallOptions: () => ({ deadline: Date.now() + 5_000 }) });\nexport const a = () => etcd.get('a').string();\n", found: [] },
  { library: 'consul', version: '2.0.1', code: "import Consul from 'consul';\nconst consul = new Consul({ host: 'consul', defaults: { timeout: 5_000 } });\nexport const a = () => consul.kv.get('a');\n", found: [] },
  { library: '@connectrpc/connect-node', version: '2.1.2', code: "import { createGrpcTransport } from '@connectrpc/connect-node';\nexport const slow = createGrpcTransport({ baseUrl: 'http://a' });\nexport const quick = createGrpcTransport({ baseUrl: 'http://a', defaultTimeoutMs: 5_000 });\n", found: ['require-timeout: createGrpcTransport'] },
  { library: 'pg-promise', version: '12.7.1', code: "import pgPromise from 'pg-promise';\nconst pgp = pgPromise();\nconst db = pgp({ host: 'db', connectionTimeoutMillis: 5_000 });\nexport const a = () => db.any('select 1');\n", found: ['require-timeout: pgp'] },
  { library: 'ssh2', version: '1.17.0', code: "import { Client } from 'ssh2';\nexport function run() {\n  const client = new Client();\n  client.connect({ host: 'a', readyTimeout: 0 });\n}\n", found: ['require-error-listener: client', 'no-disabled-timeout: readyTimeout: 0'] },
  { library: 'puppeteer', version: '24.43.1', code: "import puppeteer from 'puppeteer';\nexport async function shot() {\n  const browser = await puppeteer.launch();\n  const page = await browser.newPage();\n  await page.goto('http://a', { timeout: 0 });\n  await page.goto('http://b');\n}\n", found: ['no-disabled-timeout: timeout: 0'] },
  { library: 'http-proxy', version: '1.18.1', code: "import httpProxy from 'http-proxy';\nconst proxy = httpProxy.createProxyServer({ target: 'http://a', proxyTimeout: 5_000 });\nproxy.on('error', (error) => console.error(error));\nexport const handle = (req, res) => proxy.web(req, res);\n", found: [] },
  { library: '@nestjs/typeorm', version: '12.0.2', code: "import { TypeOrmModule } from '@nestjs/typeorm';\nexport const imports = [TypeOrmModule.forRoot({ type: 'postgres', host: 'db' })];\nexport const file = [TypeOrmModule.forRoot({ type: 'sqlite', database: 'a.db' })];\n", found: ['require-timeout: TypeOrmModule.forRoot'] },
  { library: 'nodemailer', version: '10.6.1', code: "import nodemailer from 'nodemailer';\nconst mail = nodemailer.createTransport({ host: 'mail', socketTimeout: 0 });\nexport const send = () => mail.sendMail({});\n", found: [] },
];

describe('a known client', () => {
  for (const { library, version, code, found } of CASES) {
    it(`${library} ${version}: ${found.join(', ') || 'nothing'} in ${code.split('\n')[1] ?? ''}`, async () => {
      const result = await workspaceOf({ 'package.json': JSON.stringify({ name: 'a', dependencies: { [library]: version } }), 'src/a.ts': code }).lint();
      const rules = ['require-timeout', 'no-disabled-timeout', 'require-error-listener'];
      const lines = result.findings.filter(({ severity }) => severity !== 'advice').flatMap(({ rule, at }) => (rules.includes(rule.split('/')[1] ?? '') ? [`${rule.split('/')[1] ?? ''}: ${code.slice(...at.span)}`] : []));
      expect(lines).toEqual(found);
    });
  }
});
