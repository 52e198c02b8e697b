import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function fan(code: string): string[] {
  return factsOf(`import axios from 'axios';\nimport { db } from './db';\nimport { readdir } from 'node:fs/promises';\n${code}`).facts.fanOuts.map((fact) => `${fact.form} ${fact.list} ${fact.size}${fact.isLimited ? ' limited' : ''}`);
}

const each = "map((x) => axios.get('/' + x))";

describe('many calls at once', () => {
  it.each([
    [`const rows = await db.users.findAll();\nPromise.all(rows.${each});`, ['all rows unbounded']],
    [`Promise.all((await readdir('a')).${each});`, ['all (await readdir(\'a\')) unbounded']],
    [`export const f = (ids) => Promise.all(ids.${each});`, ['all ids unknown']],
    [`Promise.all([1, 2, 3].${each});`, []],
    [`const rows = await db.users.findAll();\nPromise.all(rows.slice(0, 5).${each});`, []],
    [`const rows = await db.users.findMany({ take: 20 });\nPromise.all(rows.${each});`, []],
    [`const rows = await db.users.findMany({ take: 5000 });\nPromise.all(rows.${each});`, ['all rows unbounded']],
    [`const rows = await db.query('select * from a limit 10');\nPromise.all(rows.${each});`, []],
    [`export const h = (req) => Promise.all(req.body.ids.${each});`, ['all req.body.ids unbounded']],
    [`const rows = await db.users.findAll();\nPromise.allSettled(rows.map((x) => limit(() => axios.get('/'))));`, ['allSettled rows unbounded limited']],
    [`const rows = await db.users.findAll();\nconst work = [];\nfor (const row of rows) work.push(axios.get('/'));\nawait Promise.all(work);`, ['push rows unbounded']],
    ['const rows = await db.users.findAll();\nPromise.all(rows.map((x) => x + 1));', []],
    ["import PQueue from 'p-queue';\nconst queue = new PQueue();", ['limiter queue unknown']],
    ["import PQueue from 'p-queue';\nconst queue = new PQueue({ concurrency: 2 });", []],
    ["import PQueue from 'p-queue';\nconst queue = new PQueue(options);", []],
    ["import pMap from 'p-map';\nconst rows = await db.users.findAll();\npMap(rows, (x) => axios.get('/'), { concurrency: 3 });", []],
  ])('%s', (code, expected) => {
    expect(fan(code)).toEqual(expected);
  });
});
