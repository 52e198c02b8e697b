// Generates a corpus from a seed: a repository as they are (log-normal file sizes, one file in seven with a call that matters), so that no third-party code is kept here.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Corpus {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
}

/** Numbers in [0, 1) from a seed (mulberry32): the same corpus on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const CLIENTS = [
  "import axios from 'axios';\n\nexport async function load{n}(id: string) {\n  const answer = await axios.get(`${process.env.API_URL}/items/${id}`);\n  return answer.data;\n}\n",
  "import axios from 'axios';\n\nconst http{n} = axios.create({ baseURL: process.env.API_URL, timeout: 3_000 });\n\nexport const list{n} = () => http{n}.get('/items');\n",
  "import { Pool } from 'pg';\n\nexport const pool{n} = new Pool({ connectionString: process.env.DATABASE_URL });\n\nexport const rows{n} = () => pool{n}.query('select 1');\n",
  "import express from 'express';\n\nexport const app{n} = express();\n\napp{n}.get('/items/:id', async (request, response) => {\n  const answer = await fetch(`http://items/${request.params.id}`);\n  response.json(await answer.json());\n});\n",
  "import { Redis } from 'ioredis';\n\nconst redis{n} = new Redis(process.env.REDIS_URL ?? 'redis://redis:6379');\n\nexport async function flag{n}(name: string) {\n  try {\n    return await redis{n}.get(name);\n  } catch {\n    return null;\n  }\n}\n",
  "import { spawn } from 'node:child_process';\n\nexport function run{n}(name: string) {\n  const child = spawn(name, ['--version']);\n  child.on('error', (error) => console.error(error));\n  return child;\n}\n",
];

function plainFunction(random: () => number, n: number): string {
  const depth = 1 + Math.floor(random() * 4);
  const lines = [`export function compute${n}(input: readonly number[], factor = ${Math.ceil(random() * 9)}): number {`, '  let total = 0;'];
  for (let i = 0; i < depth; i++) {
    lines.push(`  for (const value of input) {`, `    if (value % ${i + 2} === 0) total += value * factor;`, `    else total -= Math.abs(value - ${i});`, '  }');
  }
  lines.push('  return total;', '}', '');
  return lines.join('\n');
}

function compose(random: () => number, n: number): string {
  const services = Array.from({ length: 3 + Math.floor(random() * 6) }, (_, i) => `  service-${n}-${i}:\n    image: registry.example/service-${i}:1.${i}\n    ports: ["${8000 + i}:3000"]\n    environment:\n      DATABASE_URL: postgres://postgres:5432/app\n`);
  return `services:\n${services.join('')}  postgres:\n    image: postgres:16\n`;
}

function manifests(random: () => number, n: number): string {
  return Array.from({ length: 2 + Math.floor(random() * 8) }, (_, i) => [
    'apiVersion: apps/v1', 'kind: Deployment', 'metadata:', `  name: app-${n}-${i}`, 'spec:', '  replicas: 2', '  selector:', `    matchLabels: { app: app-${n}-${i} }`,
    '  template:', '    metadata:', `      labels: { app: app-${n}-${i} }`, '    spec:', '      containers:', '        - name: app', `          image: registry.example/app:${i}`,
    '          ports:', '            - containerPort: 3000', '---', 'apiVersion: v1', 'kind: Service', 'metadata:', `  name: app-${n}-${i}`, 'spec:', `  selector: { app: app-${n}-${i} }`, '  ports:', '    - port: 3000', '',
  ].join('\n')).join('---\n');
}

/** Writes about `lines` lines of TypeScript (and one infrastructure file for fifty code files) below `folder`, which is emptied first. */
export function generateCorpus(folder: string, lines: number, seed = 1): Corpus {
  rmSync(folder, { recursive: true, force: true });
  const random = randomFrom(seed);
  let written = 0;
  let bytes = 0;
  let files = 0;
  const write = (path: string, text: string): void => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    bytes += text.length;
    files++;
  };
  write('package.json', `${JSON.stringify({ name: 'corpus', private: true, dependencies: { axios: '1.7.9', pg: '8.13.1', express: '4.21.2', ioredis: '5.4.2' } })}\n`);
  for (let n = 0; written < lines; n++) {
    const client = random() < 0.15 ? (CLIENTS[Math.floor(random() * CLIENTS.length)] ?? '') : '';
    const size = Math.min(2_000, Math.round(Math.exp(3.2 + 0.9 * gaussian(random))));
    const parts = [client.replaceAll('{n}', String(n))];
    while (parts.join('\n').split('\n').length < size) parts.push(plainFunction(random, n * 1_000 + parts.length));
    const text = parts.join('\n');
    written += text.split('\n').length;
    write(`packages/p${n % 20}/src/module-${n}.ts`, text);
    if (n % 100 === 0) write(`packages/p${n % 20}/compose-${n}.yaml`, compose(random, n));
    if (n % 100 === 50) write(`deploy/app-${n}.yaml`, manifests(random, n));
  }
  return { folder, files, lines: written, bytes };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
