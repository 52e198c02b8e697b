import { describe, expect, it } from 'vitest';
import { entryOf, readLiteral } from './literal';
import { readPm2, recognisePm2 } from './read';

describe('object literals', () => {
  it('give values of data, and nothing for code', () => {
    const literal = readLiteral("{ a: 'x', \"b\": 1_000, c: true, d: [1, `y`], e: f(1, { g: 2 }), h: 'a' + 'b', i, ...j, /* k: 1 */ l: -2 }", 0);
    const kind = (name: string): string | undefined => entryOf(literal, name)?.value.kind;
    expect(literal.kind === 'object' && literal.isOpen).toBe(true);
    expect(['a', 'b', 'c', 'd', 'e', 'h', 'i', 'k', 'l'].map(kind)).toEqual(['text', 'number', 'boolean', 'array', 'unknown', 'unknown', 'unknown', undefined, 'number']);
    expect(entryOf(literal, 'b')?.value).toMatchObject({ value: 1_000 });
  });

  it('know that a template with parts is no text', () => {
    expect(readLiteral('`a${b}`', 0).kind).toBe('unknown');
  });

  it('never run on in a cut or strange text', () => {
    const text = "{ a: [1, { b: 'c' }, ...d], [e]: f => { return 1; }, g() { return '}'; } }";
    for (let i = 0; i <= text.length; i++) expect(readLiteral(text.slice(0, i), 0).span[1]).toBeLessThanOrEqual(i);
    expect(readLiteral('{'.repeat(2_000), 0).kind).toBe('object');
  });
});

describe('PM2', () => {
  const apps = (text: string, path = 'ecosystem.config.js') => readPm2(path, text).facts.workloads;

  it('is known by its file name and a list of apps', () => {
    expect(recognisePm2('ecosystem.config.cjs', "module.exports = { apps: [{ script: 'a' }] }")).toBe(true);
    expect(recognisePm2('process.js', 'export const apps = 1;')).toBe(false);
  });

  it('reads apps of a constant that is exported', () => {
    expect(apps("const config = {\n  apps: [{ name: 'a', script: 'a.js', kill_timeout: 5000 }],\n};\nmodule.exports = config;\n")).toMatchObject([{ name: 'a', gracePeriodMs: { state: 'set', value: 5_000 } }]);
  });

  it('has the defaults of PM2 where nothing is written, and leaves open what a spread may write', () => {
    expect(apps("export default { apps: [{ script: 'a.js' }] }")[0]).toMatchObject({ gracePeriodMs: { state: 'default', value: 1_600 }, restart: { state: 'default', value: 'always' }, supervision: { startLimit: { burst: 16, intervalMs: 16_000 } } });
    expect(apps("module.exports = { apps: [{ ...base, script: 'a.js' }] }")[0]?.gracePeriodMs.state).toBe('unknown');
  });
});
