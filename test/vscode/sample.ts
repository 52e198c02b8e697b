// The folder that the suite opens: code and Compose with one weakness each, and a file that is fine.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "private": true, "dependencies": { "axios": "1.7.2", "express": "4.19.2" } }\n',
  'src/charge.ts': [
    "import axios from 'axios';",
    "import express from 'express';",
    '',
    'export async function charge(order: string): Promise<unknown> {',
    "  const answer = await axios.post('http://billing:8080/charges', { order });",
    '  return answer.data;',
    '}',
    '',
    'export const app = express();',
    '',
    "app.post('/orders', (request, response, next) => {",
    '  charge(request.body.id).then((receipt) => response.json(receipt), next);',
    '});',
    '',
  ].join('\n'),
  'src/limited.ts': "import axios from 'axios';\n\nexport const prices = () => axios.get('http://prices:8080/', { timeout: 2_000 });\n",
  'compose.yaml': [
    'services:',
    '  orders:',
    '    image: registry.example.com/orders:1.4.0',
    "    ports: ['3000:3000']",
    '    restart: unless-stopped',
    '    mem_limit: 512m',
    '    healthcheck:',
    "      test: ['CMD', 'node', 'health.js']",
    '  worker:',
    '    image: registry.example.com/worker:1.4.0',
    '    mem_limit: 512m',
    '',
  ].join('\n'),
};

/** Writes the sample into a folder. */
export function writeSample(folder: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
