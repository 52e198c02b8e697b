import { describe, expect, it } from 'vitest';
import { fileRole, importedModules } from './file-role';

const cases: readonly [string, string, string][] = [
  ['src/orders.ts', "import pg from 'pg';\n", 'server'],
  ['.pnp.cjs', 'module.exports = {};\n', 'generated'],
  ['.pnp.loader.mjs', 'export {};\n', 'generated'],
  ['.yarn/releases/yarn-4.cjs', 'module.exports = {};\n', 'generated'],
  ['.scripts/compare.js', "const pg = require('pg');\n", 'script'],
  ['packages/dev-env/src/util.ts', "import { request } from 'undici';\n", 'script'],
  ['packages/lib/client-only/download.ts', 'export const load = () => fetch("/file");\n', 'browser'],
  ['src/public/app.js', 'fetch("/orders");\n', 'browser'],
  ['frontend/fonts/make.mjs', "import { execSync } from 'node:child_process';\nexecSync('compress a.ttf');\n", 'script'],
  ['frontend/src/lib/store.ts', "import fs from 'node:fs';\nexport const load = () => fs.promises.readFile('a');\n", 'server'],
  ['frontend/server.js', "const http = require('node:http');\nhttp.createServer(answer).listen(3000);\n", 'server'],
  ['src/orders.spec.ts', '', 'test'],
  ['src/page.tsx', "'use client';\n", 'browser'],
  ['bin/www', 'server.listen(3000);\n', 'server'],
];

describe('the role of a file', () => {
  for (const [path, text, role] of cases) it(`${path} is ${role}`, () => expect(fileRole(path, text, importedModules(text))).toBe(role));
});
