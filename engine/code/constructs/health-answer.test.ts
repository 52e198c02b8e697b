import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function answer(handler: string): string {
  const health = factsOf(`import express from 'express';\nimport { check } from './check';\nconst version = '1.2.3';\nlet isReady = false;\nconst app = express();\napp.get('/readyz', ${handler});\nisReady = true;`).facts.routes[0]?.health;
  return `${health?.isConstant ? 'constant' : 'depends'}${health?.hidesFailure ? ', hides' : ''}`;
}

describe('what a health route answers from', () => {
  it.each([
    ["(req, res) => res.send('ok')", 'constant'],
    ['(req, res) => res.json({ version, uptime: process.uptime(), at: new Date() })', 'constant'],
    ['(req, res) => res.json({ isReady })', 'depends'],
    ["(req, res) => res.send(check() + 'ok')", 'depends'],
    ["(req, res) => (req.query.deep ? res.sendStatus(503) : res.send('ok'))", 'depends'],
    ["(req, res) => res.send(req.app.get('ready'))", 'depends'],
    ["async (req, res) => { try { await check(); res.send('ok'); } catch { res.send('down'); } }", 'depends, hides'],
    ["async (req, res) => { try { await check(); res.send('ok'); } catch { res.status(503).end(); } }", 'depends'],
    ["async (req, res, next) => { try { await check(); res.send('ok'); } catch (error) { next(error); } }", 'depends'],
    ["async (req, res) => { let status = 200; try { await check(); } catch { status = 503; } res.sendStatus(status); }", 'depends'],
  ])('%s', (handler, expected) => {
    expect(answer(handler)).toBe(expected);
  });
});
