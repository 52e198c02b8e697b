import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

describe('a stream that is piped', () => {
  function pipes(code: string): string[] {
    return (factsOf(`import fs from 'fs';\nimport zlib from 'zlib';\n${code}`).facts.pipes ?? []).map((fact) => `${fact.sourceText} > ${fact.targetText}${fact.isHeard ? ' heard' : ''} ${fact.links.length}`);
  }

  it.each([
    ["fs.createReadStream('a').pipe(res);", ['fs.createReadStream > res 2']],
    ["fs.createReadStream('a').pipe(zlib.createGzip()).pipe(res);", ['fs.createReadStream > res 3']],
    ["fs.createReadStream('a').on('error', f).pipe(res);", ['fs.createReadStream > res heard 2']],
    ["const s = fs.createReadStream('a');\ns.once('error', f);\ns.pipe(res);", ['s > res heard 2']],
    ["const s = fs.createReadStream('a');\nfinished(s, f);\ns.pipe(res);", ['s > res heard 2']],
    ["fs.createReadStream('a').pipe(res, { end: false });", ['fs.createReadStream > res 0']],
    ['source.pipe(map(f));', []],
    ['of(1).pipe(map(f));', []],
  ])('%s', (code, expected) => {
    expect(pipes(code)).toEqual(expected);
  });
});

describe('a body that is collected', () => {
  function bodies(code: string): string[] {
    return (factsOf(code).facts.bodies ?? []).map(({ form, calleeText }) => `${form} ${calleeText}`.trim());
  }

  it.each([
    ["export const h = (req, res) => { let b = ''; req.on('data', (c) => { b += c; }); };", ['raw']],
    ["export const h = async (req, res) => { const p = []; for await (const c of req) p.push(c); };", ['raw']],
    ["export const h = (req, res) => { let n = 0; req.on('data', (c) => { n += c.length; if (n > 9) req.destroy(); }); };", []],
    ["export const h = (req, res) => { req.on('data', (c) => { res.write(c); }); };", []],
    ["client.get(url, (res) => { let b = ''; res.on('data', (c) => { b += c; }); });", []],
    ["import multer from 'multer';\nmulter({ dest: 'a' });", ['parser multer']],
    ["import express from 'express';\nexpress.json();", ['parser express.json']],
    ["response.json();", []],
  ])('%s', (code, expected) => {
    expect(bodies(code)).toEqual(expected);
  });
});
