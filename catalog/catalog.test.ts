// What the schema cannot say about the catalogue: names that refer to one another, version ranges, and one entry for each package.

import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogEntries, catalogErrors } from '../scripts/generate-catalog';
import { librarySchemaText } from '../scripts/generate-library-schema';
import type { CloudEntry } from './cloud-schema';
import type { ImageEntry, LibraryEntry } from './schema';

const libraries = catalogEntries('libraries').map(({ file, entry }) => ({ file, entry: entry as LibraryEntry }));
const images = catalogEntries('images').map(({ file, entry }) => ({ file, entry: entry as ImageEntry }));

const cloud = catalogEntries('cloud').map(({ entry }) => entry as CloudEntry);
const DIALECTS = ['terraform', 'pulumi', 'cloudformation', 'cdk', 'serverless'] as const;

describe('the catalogue', () => {
  it('follows its schema', () => {
    expect(catalogErrors(libraries, 'LibraryEntry')).toEqual([]);
    expect(catalogErrors(images, 'ImageEntry')).toEqual([]);
  });

  it('has a committed schema that is made from its types', () => {
    expect(readFileSync(join(import.meta.dirname, 'library.schema.json'), 'utf8')).toBe(librarySchemaText());
  });

  it('refuses an unknown key, naming the file and the place', () => {
    const entry = { package: 'x', role: 'http', sources: ['x 1'], bounds: [{ option: 'timeout', at: ['call'], unit: 'ms', phases: ['total'], default: null, phase: 'total' }] };
    expect(catalogErrors([{ file: 'x.yaml', entry }], 'LibraryEntry')).toEqual(['x.yaml: /bounds/0 must NOT have additional properties (phase)']);
  });

  it('refuses a value that is none of those allowed', () => {
    const [error] = catalogErrors([{ file: 'x.yaml', entry: { package: 'x', role: 'htttp', sources: ['x 1'] } }], 'LibraryEntry');
    expect(error).toMatch(/^x\.yaml: \/role /);
  });

  it('has one entry for each module specifier', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { file, entry } of libraries) {
      for (const name of [entry.package, ...(entry.aliases ?? [])]) {
        if (seen.has(name)) twice.push(`${name}: ${seen.get(name) ?? ''} and ${file}`);
        seen.set(name, file);
      }
    }
    expect(twice).toEqual([]);
  });
});

describe('the cloud part of the catalogue', () => {
  it('follows its schema', () => {
    expect(catalogErrors(catalogEntries('cloud'), 'CloudEntry')).toEqual([]);
  });

  it('has one entry of each name, and one meaning for each type of a dialect', () => {
    const seen = new Map<string, number>();
    const count = (key: string): void => void seen.set(key, (seen.get(key) ?? 0) + 1);
    for (const { name, spellings } of cloud) {
      count(`name ${name}`);
      for (const spelling of spellings) for (const dialect of DIALECTS) spelling[dialect]?.forEach((type) => count(`${dialect} ${type}`));
    }
    expect([...seen].filter(([, times]) => times > 1).map(([key]) => key)).toEqual([]);
  });

  it('names parts that it knows', () => {
    const types = new Set(cloud.flatMap(({ spellings }) => spellings.flatMap((spelling) => DIALECTS.flatMap((dialect) => spelling[dialect] ?? []))));
    const parts = cloud.flatMap(({ spellings }) => spellings.flatMap((spelling) => spelling.parts ?? []));
    expect(parts.filter(({ type, typeFrom }) => typeFrom === undefined && !types.has(type)).map(({ type }) => type)).toEqual([]);
    expect(parts.length).toBeGreaterThan(10);
  });

  it('names where its facts were read', () => {
    expect(cloud.filter(({ sources }) => sources.length === 0 || sources.some((source) => source.length < 8)).map(({ name }) => name)).toEqual([]);
  });
});

describe('every library of the catalogue', () => {
  it('names where its facts were read', () => {
    expect(failing((entry) => entry.sources.length === 0 || entry.sources.some((source) => source.trim().length < 8))).toEqual([]);
  });

  it('names a package with its version, or the documentation of what is no package', () => {
    expect(failing((entry) => !entry.sources.some((source) => isNamedSource(source)))).toEqual([]);
  });

  it('says what to use instead by an option or signal that it knows', () => {
    const known = (entry: LibraryEntry): Set<string> => new Set([...[...(entry.bounds ?? []), ...(entry.signals ?? [])].map(({ option }) => option), ...(entry.pools ?? []).flatMap(({ queueLimit }) => queueLimit?.option ?? [])]);
    expect(libraries.flatMap(({ file, entry }) => insteadOf(entry).filter((option) => !known(entry).has(option)).map((option) => `${file}: ${option}`))).toEqual([]);
  });

  it('repairs attempts, delay and jitter by options of the row itself', () => {
    const wrong = libraries.flatMap(({ file, entry }) =>
      (entry.retries ?? []).filter(({ fix, count, delay, jitter }) => (fix?.count && count === undefined) || (fix?.count && !Object.keys(fix.count).includes(count ?? '')) || (fix?.jitter && jitter.option !== undefined && !Object.keys(fix.jitter).includes(jitter.option)) || (fix?.delay && delay.option !== undefined && !Object.keys(fix.delay).includes(delay.option))).map(({ of }) => `${file}: ${of.join(', ')}`),
    );
    expect(wrong).toEqual([]);
  });

  it('refers only to instance types that it makes, gives, hands to a callback, or declares', () => {
    expect(libraries.flatMap(({ file, entry }) => referredInstances(entry).filter((name) => !instancesOf(entry).has(name)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  it('has version ranges that parse', () => {
    expect(libraries.flatMap(({ file, entry }) => rangesOf(entry).filter((range) => semver.validRange(range) === null).map((range) => `${file}: ${range}`))).toEqual([]);
  });

  it('has one default for each version of an option', () => {
    expect(libraries.flatMap(({ file, entry }) => clashesOf(entry).map((clash) => `${file}: ${clash}`))).toEqual([]);
  });

  it('has a bound for the option that limits the wait of its pool', () => {
    expect(failing((entry) => (entry.pools ?? []).some((pool) => pool.wait !== undefined && !(entry.bounds ?? []).some((bound) => bound.option === pool.wait && bound.phases.includes('queue'))))).toEqual([]);
  });

  it('offers fixes only where an option can be written', () => {
    expect(failing((entry) => (entry.bounds ?? []).some((bound) => bound.fix && (bound.option === '' || !bound.at.some((place) => place === 'call' || place === 'construct' || place === 'chain'))))).toEqual([]);
  });

  it('recommends at most one package for each purpose, with the name that it declares', () => {
    const recommended = libraries.flatMap(({ entry }) => entry.recommended ?? []);
    expect(recommended.length).toBeGreaterThan(0);
    expect(new Set(recommended.map((one) => one.for)).size).toBe(recommended.length);
    expect(recommended.filter(({ idiom: { declare, before } }) => !declare.includes('{name}') || !before.includes('{name}'))).toEqual([]);
  });

  it('says where a misplaced option belongs', () => {
    expect(failing((entry) => (entry.ineffective ?? []).some((option) => option.because === 'place' && (option.argument === undefined || option.belongs === undefined || option.argument === option.belongs)))).toEqual([]);
  });
});

describe('every image of the catalogue', () => {
  it('names a repository and a path, or says that nothing was read', () => {
    const isNamed = (source: string): boolean => source === 'not read in source' || /^[\w.-]+\/[\w.-]+ (?:(?:issues?|pull) \d|[\w./-]+)/.test(source);
    expect(images.flatMap(({ file, entry }) => (entry.sources.length === 0 ? [`${file}: ${entry.images[0]}`] : entry.sources.filter((source) => !isNamed(source)).map((source) => `${file}: ${source}`)))).toEqual([]);
  });

  it('says what can lead to a finding only where it was read', () => {
    const unread = images.filter(({ entry }) => entry.sources.includes('not read in source'));
    expect(unread.filter(({ entry }) => entry.sources.length > 1 || canAccuse(entry)).map(({ file, entry }) => `${file}: ${entry.images[0]}`)).toEqual([]);
    expect(unread.length).toBeLessThan(images.length / 2);
  });

  it('does not say of a tool that an image has it and lacks it', () => {
    const rows = images.flatMap(({ file, entry }) => (entry.tools ? [entry.tools, ...(entry.tools.variants ?? [])] : []).map((tools) => ({ file, name: entry.images[0], tools })));
    expect(rows.filter(({ tools }) => (tools.has ?? []).some((tool) => tools.lacks?.includes(tool))).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
    expect(rows.filter(({ tools }) => tools.hasShell === false && (tools.has ?? []).some((tool) => tool === 'sh' || tool === 'bash')).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  it('has ranges that the reader of tags understands', () => {
    const ranges = images.flatMap(({ entry }) => [...(entry.data ?? []), ...(entry.tools?.variants ?? [])].flatMap(({ versions }) => versions ?? []));
    expect(ranges.length).toBeGreaterThan(5);
    expect(ranges.filter((range) => !range.split(' ').every((part) => /^(?:>=|<=|>|<|=)?\d+(?:\.\d+){0,2}$/.test(part)))).toEqual([]);
  });
});

/** Facts that a rule may hold against somebody: a missing tool or shell, a place of data, a check that is said to be there. */
function canAccuse({ data, hasHealthCheck, tools }: ImageEntry): boolean {
  const rows = tools ? [tools, ...(tools.variants ?? [])] : [];
  return data !== undefined || hasHealthCheck !== undefined || rows.some((row) => (row.lacks ?? []).length > 0 || row.hasShell === false);
}

/** `pg 8.23.1 lib/client.js`, `Node 20-26 lib/net.js`, `mongodb 4.17, 6.22 src/…`; or the documentation of what cannot be installed here, `bun.sh/docs/…, not run: …`. */
function isNamedSource(source: string): boolean {
  return /^(?:Node|@?[a-z0-9][\w.-]*(?:\/[\w.-]+)?) \d/i.test(source) || /^[a-z0-9.-]+\.[a-z]+\/\S+, not run:/.test(source);
}

/** Options that an entry names in place of another one. */
function insteadOf(entry: LibraryEntry): string[] {
  return (entry.ineffective ?? []).flatMap(({ instead }) => instead ?? []);
}

/** Files of the entries for which `isBad` holds. */
function failing(isBad: (entry: LibraryEntry) => boolean): string[] {
  return libraries.filter(({ entry }) => isBad(entry)).map(({ file, entry }) => `${file} (${entry.package})`);
}

function clashesOf(entry: LibraryEntry): string[] {
  const bounds = entry.bounds ?? [];
  return bounds.flatMap((bound, index) => bounds.slice(index + 1).filter((other) => boundKey(other) === boundKey(bound) && rangesOverlap(bound.versions, other.versions)).map(() => boundKey(bound)));
}

function instancesOf(entry: LibraryEntry): Set<string> {
  const parameters = (entry.slots ?? []).flatMap((slot) => slot.parameters ?? []);
  return new Set(['', ...(entry.constructs ?? []).map((construct) => construct.instance), ...parameters, ...(entry.types ?? []).map((type) => type.instance), ...(entry.gives ?? []).map((given) => given.instance), ...foreignInstances(entry)]);
}

/** Instances of types that another entry makes (`package` of a type alias). */
function foreignInstances(entry: LibraryEntry): string[] {
  return (entry.types ?? []).filter((type) => type.package !== undefined).map((type) => type.instance);
}

function referredInstances(entry: LibraryEntry): string[] {
  return [
    ...(entry.constructs ?? []).flatMap((construct) => construct.from ?? []),
    ...(entry.calls ?? []).map((call) => call.on),
    ...(entry.bounds ?? []).flatMap((bound) => bound.on ?? []),
    ...(entry.signals ?? []).flatMap((signal) => signal.on ?? []),
    ...(entry.ineffective ?? []).flatMap((option) => option.on ?? []),
    ...(entry.errorEvents ?? []).map((event) => event.on),
    ...(entry.pools ?? []).flatMap((pool) => pool.on),
    ...(entry.close ?? []).map((close) => close.on),
    ...(entry.slots ?? []).map((slot) => slot.on),
    ...(entry.servers ?? []).flatMap((server) => [server.on, ...(server.routers ?? [])]),
    ...(entry.serverLimits ?? []).flatMap((limit) => limit.on),
    ...(entry.consumers ?? []).map((consumer) => consumer.on),
    ...(entry.gives ?? []).map((given) => given.on),
  ];
}

function rangesOf(entry: LibraryEntry): string[] {
  const ranges: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) {
        if (key === 'versions' && typeof part === 'string') ranges.push(part);
        else visit(part);
      }
    }
  };
  visit(entry);
  return ranges;
}

function boundKey(bound: NonNullable<LibraryEntry['bounds']>[number]): string {
  return JSON.stringify([bound.option, bound.at, bound.on ?? [], bound.calls ?? [], bound.phases, bound.when ?? null]);
}

function rangesOverlap(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || semver.intersects(a, b);
}
