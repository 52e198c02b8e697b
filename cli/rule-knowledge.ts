// Which part of the catalogue each rule asks: tables for its page, names for `explain`.

import type { Catalog, ImageEntry, LibraryEntry } from '../catalog/schema';
import { formatDuration } from '../engine/duration';

export interface KnowledgeTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Section = (catalog: Catalog) => KnowledgeTable;

/** Tables for one rule; none for a rule that needs no catalogue. */
export function knowledgeOf(rule: string, catalog: Catalog): KnowledgeTable[] {
  return (SECTIONS[rule] ?? []).map((section) => section(catalog)).filter((table) => table.rows.length > 0);
}

/** What one rule knows, each once: images by name, libraries with the major versions that their entry was read from (`pg 8`, `mongodb 4-7`). */
export function namesKnown(rule: string, catalog: Catalog): string[] {
  const entries = new Map(catalog.libraries.map((entry) => [entry.package, entry]));
  const names = knowledgeOf(rule, catalog).flatMap(({ columns, rows }) =>
    rows.flatMap(([cell = '']) => cell.replaceAll('`', '').split(', ').map((name) => [name, ...(columns[0] === 'library' ? majorsOf(entries.get(name)) : [])].join(' '))),
  );
  return [...new Set(names)].sort();
}

/** From `mongodb 4.17, 6.22, 7.9 src/connection_string.ts: ...`; nothing where the sources name no version of the package itself. */
function majorsOf(entry: LibraryEntry | undefined): string[] {
  const majors = (entry?.sources ?? []).flatMap((text) => text.split('; ')).flatMap((source) => {
    const words = (source.split(':')[0] ?? '').split(/[ ,()]+/);
    return words.flatMap((word, index) => {
      const name = words.slice(0, index).findLast((before) => !/^\d/.test(before));
      const major = /^v?(\d{1,3})(\.\d+)*$/.exec(word)?.[1];
      return name === entry?.package && major !== undefined ? [Number(major)] : [];
    });
  });
  if (majors.length === 0) return [];
  const [lowest, highest] = [Math.min(...majors), Math.max(...majors)];
  return [lowest === highest ? String(lowest) : `${lowest}-${highest}`];
}

const bounds = (choose: (bound: NonNullable<LibraryEntry['bounds']>[number]) => boolean): Section => ({ libraries }) => ({
  title: 'Limits that are known',
  columns: ['library', 'option', 'bounds', 'default', 'versions'],
  rows: libraries.flatMap((entry) =>
    (entry.bounds ?? []).filter(choose).map((bound) => [nameOf(entry), `\`${bound.option}\``, bound.phases.join(', '), limitText(bound.default, bound.unit), bound.versions ?? 'all']),
  ),
});

const libraries = (title: string, key: keyof LibraryEntry, what: (entry: LibraryEntry) => string): Section => (catalog) => ({
  title,
  columns: ['library', 'known by'],
  rows: catalog.libraries.filter((entry) => hasContent(entry[key])).map((entry) => [nameOf(entry), what(entry)]),
});

const images = (title: string, columns: readonly string[], row: (entry: ImageEntry) => readonly string[] | undefined): Section => (catalog) => ({
  title,
  columns: ['image', ...columns],
  rows: catalog.images.flatMap((entry) => {
    const cells = row(entry);
    return cells ? [[entry.images.map((image) => `\`${image}\``).join(', '), ...cells]] : [];
  }),
});

const codes = (names: readonly string[]): string => [...new Set(names)].map((name) => `\`${name === '' ? '()' : name}\``).join(', ');
const consumers = libraries('Consumers that are known', 'consumers', (entry) => codes((entry.consumers ?? []).flatMap(({ on, names }) => names.map((name) => (on === '' ? name : `${on}.${name}`)))));
const servers = libraries('Servers and workers that are known', 'servers', (entry) => codes((entry.servers ?? []).flatMap(({ on, listen }) => listen.map((name) => (name === '' ? on : `${on}.${name}`)))));
const retries = libraries('Retry options that are known', 'retries', (entry) =>
  (entry.retries ?? []).map((retry) => `${codes(retry.of)}${retry.count === undefined ? '' : `: \`${retry.count}\` = ${retry.default}`}`).join('; '),
);
const slots = libraries('Callbacks whose promise is known to be ignored or handled', 'slots', (entry) => codes((entry.slots ?? []).flatMap(({ on, names }) => names.map((name) => (on === '' ? name : `${on}.${name}`)))));
const probes = images('Probes that fixes write', ['probe'], ({ probe }) => (probe ? [probeText(probe)] : undefined));
const healthChecks = images('Health checks that fixes write', ['test'], ({ healthCheck }) => (healthCheck ? [`\`${healthCheck.join(' ')}\``] : undefined));
const stores = images('Stores that are known', ['role', 'data in'], ({ role, data }) => (data ? [role, data.map(({ path, versions }) => `\`${path}\`${versions === undefined ? '' : ` (${versions})`}`).join(', ')] : undefined));

const SECTIONS: Readonly<Record<string, readonly Section[]>> = {
  'fault-tolerance/require-timeout': [bounds(({ phases }) => !(phases.length === 1 && phases[0] === 'queue'))],
  'fault-tolerance/no-ineffective-timeout': [
    libraries('Options that do nothing', 'ineffective', (entry) => codes((entry.ineffective ?? []).map(({ option }) => option))),
    bounds(({ enforces }) => enforces === 'warns' || enforces === 'emits'),
  ],
  'fault-tolerance/no-disabled-timeout': [bounds(({ off }) => hasContent(off))],
  'fault-tolerance/bound-retries': [retries],
  'fault-tolerance/require-backoff': [retries],
  'fault-tolerance/require-error-listener': [libraries('Objects whose unheard `error` ends the process', 'errorEvents', (entry) => codes((entry.errorEvents ?? []).filter(({ crashes }) => crashes).map(({ on }) => on)))],
  'fault-tolerance/no-unhandled-rejection': [slots],
  'fault-tolerance/require-graceful-shutdown': [servers, libraries('Packages that drain', 'provides', (entry) => codes((entry.provides ?? []).filter(({ what }) => what === 'drain').map(({ path }) => path)))],
  'isolation/bound-pool-wait': [
    bounds(({ phases }) => phases.includes('queue')),
    libraries('Pools that are known', 'pools', (entry) => codes((entry.pools ?? []).flatMap(({ on }) => on))),
  ],
  'isolation/bound-concurrency': [libraries('Limiters that are known', 'limiters', (entry) => codes((entry.limiters ?? []).map(({ call }) => call))), consumers],
  'isolation/no-blocking-in-handler': [libraries('Blocking calls that are known', 'blocking', (entry) => codes((entry.blocking ?? []).map(({ path }) => path)))],
  'failover/no-early-ack': [consumers],
  'monitoring/require-health-endpoint': [servers],
  'monitoring/require-readiness-probe': [probes],
  'monitoring/require-liveness-probe': [probes],
  'monitoring/require-container-health-check': [healthChecks],
  'monitoring/no-broken-health-check': [
    images('Tools of images', ['has', 'lacks'], ({ tools }) => (tools ? [tools.has.map((tool) => `\`${tool}\``).join(', '), tools.lacks.map((tool) => `\`${tool}\``).join(', ')] : undefined)),
  ],
  'redundancy/no-ephemeral-data': [stores],
};

/** Name of a library as code: `` `fetch` `` of `global:fetch`. */
export function nameOf(entry: LibraryEntry): string {
  return `\`${entry.package.replace(/^global:/, '')}\``;
}

function hasContent(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** A limit of the catalogue for people: `5 s`, `no limit`. */
export function limitText(value: number | null, unit: 'ms' | 's'): string {
  if (value === null) return 'no limit';
  return value === 0 ? '0' : formatDuration(unit === 's' ? value * 1_000 : value);
}

function probeText(probe: NonNullable<ImageEntry['probe']>): string {
  switch (probe.kind) {
    case 'http':
      return `\`GET ${probe.path}\`, port ${probe.port}`;
    case 'tcp':
      return `port ${probe.port}`;
    case 'exec':
      return `\`${probe.command.join(' ')}\``;
  }
}
