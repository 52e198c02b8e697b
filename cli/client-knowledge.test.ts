import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../catalog/schema';
import type { InstalledLibrary } from '../engine/code/project';
import { clientKnowledge, isClient } from './client-knowledge';

const entry = (more: Partial<LibraryEntry>): LibraryEntry => ({ package: 'acme', role: 'http', sources: ['acme 1.0.0 index.js'], ...more });
const limit = (more: Partial<NonNullable<LibraryEntry['bounds']>[number]>): NonNullable<LibraryEntry['bounds']>[number] => ({ option: 'timeout', at: ['call'], unit: 'ms', phases: ['total'], default: null, ...more });
const installed = (of: LibraryEntry, version: string): InstalledLibrary => ({ entry: of, title: 'acme', version, range: undefined });

describe('what is known of a client', () => {
  it('is the limit that a fix can set, before one that is there by default', () => {
    expect(clientKnowledge(entry({ bounds: [limit({ option: 'idle', default: 30_000 }), limit({ fix: { budget: 'http' } })] }))).toEqual({ answer: '`timeout`: no limit', connection: '', retries: '', errorEvent: '', close: '', fix: '`timeout`' });
  });

  it('says each range of versions, or only that of the installed one', () => {
    const of = entry({ bounds: [limit({ default: 30, unit: 's', versions: '<8' }), limit({ versions: '>=8' })] });
    expect(clientKnowledge(of).answer).toBe('`timeout`: 30 s (<8); `timeout`: no limit (>=8)');
    expect(clientKnowledge(of, installed(of, '7.1.0')).answer).toBe('`timeout`: 30 s (<8)');
  });

  it('says the option of other versions as well, and the signal where there is none', () => {
    const bounds = [limit({ option: 'connect_timeout', phases: ['connect'], default: 1_000, versions: '<4', fix: { budget: 'connect' } }), limit({ option: 'socket.connectTimeout', phases: ['connect'], default: 5_000, versions: '>=4' })];
    expect(clientKnowledge(entry({ bounds })).connection).toBe('`connect_timeout`: 1 s (<4); `socket.connectTimeout`: 5 s (>=4)');
    const of = entry({ bounds: [limit({ versions: '<3' })], signals: [{ option: 'signal', at: ['call'], phases: ['total'] }] });
    expect([clientKnowledge(of).answer, clientKnowledge(of, installed(of, '3.0.0')).answer]).toEqual(['`timeout`: no limit (<3); by `signal`', 'by `signal`']);
  });

  it('does not take a limit that only warns, or that no option sets, for one that ends the wait', () => {
    expect(clientKnowledge(entry({ bounds: [limit({ enforces: 'warns' })] })).answer).toBe('`timeout`: no limit, only warns');
    expect(clientKnowledge(entry({ bounds: [limit({ option: '', at: [] })] })).answer).toBe('there is no option: no limit');
    expect(clientKnowledge(entry({ bounds: [limit({ option: '', at: [], default: 25_000 })] })).answer).toBe('fixed: 25 s');
    expect(clientKnowledge(entry({})).answer).toBe('not known');
  });

  it('names the limit of the library below', () => {
    const bounds = [limit({ option: 'fetch', at: ['construct'] }), limit({ option: 'headersTimeout', at: ['defaults'], phases: ['headers'], default: 300_000, owner: 'undici' })];
    expect(clientKnowledge(entry({ bounds })).answer).toBe('`headersTimeout` of undici: 300 s');
  });

  it('says how often it tries again, what ends the process, and how it is closed', () => {
    const knowledge = clientKnowledge(
      entry({
        retries: [{ of: ['Client'], default: 'Infinity', isReconnect: true, delay: { kind: 'exponential', ms: 50 }, jitter: { default: true } }, { of: ['call'], default: 3, delay: { kind: 'none' }, jitter: { default: false } }],
        errorEvents: [{ on: 'Pool', crashes: true, versions: '<2' }, { on: 'Client', crashes: false }],
        close: [{ on: 'Pool', method: 'end' }, { on: 'Client', method: 'end' }],
      }),
    );
    expect([knowledge.retries, knowledge.errorEvent, knowledge.close]).toEqual(['reconnects for ever, 50 ms and longer each time, jitter; 3 more, no delay', 'ends the process: `Pool` (<2)', '`end()`']);
    expect(clientKnowledge(entry({ errorEvents: [{ on: 'Pool', crashes: false }] })).errorEvent).toBe('harmless');
  });

  it('is asked of what calls other programs alone', () => {
    expect([isClient(entry({})), isClient(entry({ role: 'server' })), isClient(entry({ role: 'resilience' }))]).toEqual([true, false, false]);
  });
});
