import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../catalog/schema';
import { linkFiles } from '../../test/lint-files';
import { compileCatalog } from '../catalog';

const acme: LibraryEntry = {
  package: 'acme',
  role: 'http',
  sources: ['made up for tests'],
  constructs: [{ make: ['create', 'Client'], form: 'either', instance: 'Client', options: 0, isLongLived: true }],
  calls: [
    { on: '', names: ['fetch'], io: 'http', options: 1, target: 0 },
    { on: 'Client', names: ['get'], io: 'http', options: 1, target: 0 },
  ],
  bounds: [{ option: 'timeout', at: ['call', 'construct'], unit: 'ms', phases: ['total'], default: null }],
  signals: [{ option: 'signal', at: ['call'], phases: ['total'] }],
};
const catalog = compileCatalog([acme]);

/** How each library call of `a.ts` is bounded. */
async function boundsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { code } = await linkFiles(files, catalog);
  const file = code.files.find(({ path }) => path === 'a.ts');
  return (file?.calls ?? []).map(({ fact, verdict }) => `${fact.calleeText} ${verdict.kind === 'bounded' ? (verdict.ms ?? 'bounded') : verdict.kind}`);
}

describe('clients that a function gives', () => {
  const USE = "import { getClient } from './http'; export async function run() { const client = getClient(); await client.get('/'); }";
  it.each<[string, string, string?]>([
    ['made once with ??=', "import x from 'acme'; let client; export function getClient() { client ??= x.create({ timeout: 5 }); return client; }"],
    ['made once, returned at once', "import x from 'acme'; let client: any; export function getClient() { return client ??= x.create({ timeout: 5 }); }"],
    ['made once with if', "import x from 'acme'; let client = null; export function getClient() { if (!client) { client = x.create({ timeout: 5 }); } return client; }"],
    ['made once with an early return', "import x from 'acme'; let client = null; export function getClient() { if (client) return client; client = x.create({ timeout: 5 }); return client; }"],
    ['made once for the whole process', "import x from 'acme'; export function getClient() { if (!globalThis.client) globalThis.client = x.create({ timeout: 5 }); return globalThis.client; }"],
    ['made by a function inside', "import x from 'acme'; const make = () => x.create({ timeout: 5 }); let client; export const getClient = () => (client ??= make());"],
    ['kept in a map', "import x from 'acme'; const clients = new Map(); export function getClient(name) { let client = clients.get(name); if (!client) { client = x.create({ timeout: 5 }); clients.set(name, client); } return client; }"],
    ['kept in a map and taken from it', "import x from 'acme'; const clients = new Map(); export function getClient(name) { if (!clients.has(name)) clients.set(name, x.create({ timeout: 5 })); return clients.get(name); }"],
    ['kept in an object', "import x from 'acme'; const clients = {}; export function getClient() { clients.one ??= x.create({ timeout: 5 }); return clients.one; }"],
    ['made at the start', "import x from 'acme'; let client; export function start() { client = x.create({ timeout: 5 }); } export function getClient() { if (!client) throw new Error('not started'); return client; }"],
    ['promised', "import x from 'acme'; let client; export async function getClient() { client ??= await x.create({ timeout: 5 }); return client; }", 'promised'],
  ])('%s', async (_name, http, kind) => {
    expect(await boundsOf({ 'a.ts': kind ? USE.replace('= getClient', '= await getClient') : USE, 'http.ts': http })).toEqual(['client.get 5']);
  });

  it.each<[string, string, string]>([
    ['getInstance', "import { Http } from './http'; export const run = () => Http.getInstance().client.get('/');", "import x from 'acme'; export class Http { private static instance: Http; readonly client = x.create({ timeout: 5 }); static getInstance(): Http { if (!Http.instance) Http.instance = new Http(); return Http.instance; } }"],
    ['getInstance without a type', "import { Http } from './http'; export const run = () => Http.getInstance().client.get('/');", "import x from 'acme'; export class Http { static instance; client = x.create({ timeout: 5 }); static getInstance() { if (!Http.instance) { Http.instance = new Http(); } return Http.instance; } }"],
    ['a static client', "import { Http } from './http'; export const run = () => Http.client().get('/');", "import x from 'acme'; export class Http { static one; static client() { this.one ??= x.create({ timeout: 5 }); return this.one; } }"],
    ['a method of an instance', "import { http } from './http'; export const run = () => http.client().get('/');", "import x from 'acme'; class Http { private one; client() { if (!this.one) this.one = x.create({ timeout: 5 }); return this.one; } } export const http = new Http();"],
    ['a getter', "import { http } from './http'; export const run = () => http.client.get('/');", "import x from 'acme'; class Http { private one = x.create({ timeout: 5 }); get client() { return this.one; } } export const http = new Http();"],
    ['an object with several', "import { getClients } from './http'; export async function run() { const { http } = getClients(); await http.get('/'); }", "import x from 'acme'; const http = x.create({ timeout: 5 }); export const getClients = () => ({ http, other: 1 });"],
    ['an object that is awaited', "import { connect } from './http'; export async function run() { const { http } = await connect(); await http.get('/'); }", "import x from 'acme'; export async function connect() { const http = x.create({ timeout: 5 }); return { http }; }"],
  ])('of a class or object: %s', async (_name, text, http) => expect((await boundsOf({ 'a.ts': text, 'http.ts': http })).map((one) => one.split(' ')[1])).toEqual(['5']));
});

describe('clients that callers give', () => {
  it.each<[string, string]>([
    ['a function of the file', "import x from 'acme'; const http = x.create({ timeout: 5 }); export const run = () => load(http, '/'); function load(client, url) { return client.get(url); }"],
    ['several callers', "import x from 'acme'; const http = x.create({ timeout: 5 }); export const run = () => load(http, '/'); export const other = () => load(http, '/x'); const load = (client, url) => client.get(url);"],
    ['a member of an object', "import x from 'acme'; const http = x.create({ timeout: 5 }); export const run = () => load({ client: http, url: '/' }); function load({ client, url }) { return client.get(url); }"],
  ])('%s', async (_name, text) => expect(await boundsOf({ 'a.ts': text })).toEqual(['client.get 5']));

  it.each<[string, string]>([
    ['different clients', "import x from 'acme'; const http = x.create({ timeout: 5 }); const slow = x.create(); export const run = () => load(http); export const other = () => load(slow); function load(client) { return client.get('/'); }"],
    ['an exported function', "import x from 'acme'; const http = x.create({ timeout: 5 }); export const run = () => load(http); export function load(client) { return client.get('/'); }"],
    ['a function that is handed on', "import x from 'acme'; const http = x.create({ timeout: 5 }); export const run = () => load(http); register(load); function load(client) { return client.get('/'); }"],
  ])('nothing is said of %s', async (_name, text) => expect(await boundsOf({ 'a.ts': text })).toEqual([]));
});

describe('signals and options that are handed on', () => {
  it.each<[string, string, readonly string[]]>([
    ['a signal among options', "import x from 'acme'; export const run = () => load('/', { signal: AbortSignal.timeout(5) }); function load(url, { signal }) { return x.fetch(url, { signal }); }", ['x.fetch bounded']],
    ['options as a whole', "import x from 'acme'; export const run = () => load('/', { timeout: 5 }); function load(url, options) { return x.fetch(url, options); }", []],
    ['options that are left out', "import x from 'acme'; export const run = () => load('/', {}); function load(url, options) { return x.fetch(url, { ...options, a: 1 }); }", ['x.fetch unbounded']],
    ['options over defaults', "import x from 'acme'; const DEFAULTS = { timeout: 5 }; export const run = (options) => x.fetch('/', { ...DEFAULTS, ...options });", ['x.fetch bounded']],
    ['defaults by Object.assign', "import x from 'acme'; export const run = () => x.fetch('/', Object.assign({ a: 1 }, { timeout: 5 }));", ['x.fetch 5']],
    ['a default of a parameter', "import x from 'acme'; export const run = () => load('/'); function load(url, { timeout = 5 } = {}) { return x.fetch(url, { timeout }); }", ['x.fetch 5']],
  ])('%s', async (_name, text, expected) => {
    const found = await boundsOf({ 'a.ts': text });
    expect(found.filter((one) => expected.some((other) => other.split(' ')[0] === one.split(' ')[0]) || /unbounded/.test(one))).toEqual(expected);
  });
});
