// What is known about a container image: its parts, its catalogue entry, its role and its tools.

import type { ImageEntry, ImageShell, WorkloadRole } from '../../../catalog/schema';
import type { CompiledCatalog } from '../../catalog';
import { satisfies, type Version } from './version';

export interface ImageReference {
  /** Registry host, `''` where none is written. */
  readonly registry: string;
  /** Path without registry: `bitnami/postgresql`, `postgres`. */
  readonly repository: string;
  /** Last part of the path: `postgresql`. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Parts of an image reference; undefined for something that is none. */
export function parseImage(text: string): ImageReference | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > 1_000 || /[\s{}$\uE000]/.test(trimmed)) return undefined;
  const [path = '', digest] = trimmed.split('@');
  const slash = path.lastIndexOf('/');
  const colon = path.indexOf(':', slash + 1);
  const full = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? undefined : path.slice(colon + 1);
  const first = full.split('/', 1)[0] ?? '';
  const hasRegistry = full.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : '';
  const repository = hasRegistry ? full.slice(first.length + 1) : full;
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return { registry, repository, name, ...(tag === undefined || tag === '' ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

const indexes = new WeakMap<CompiledCatalog, Map<string, ImageEntry>>();

/** The catalogue entry of an image: by its last two path parts, else by its name alone. An official image stands in `library/`. */
export function imageEntry(image: string, catalog: CompiledCatalog): ImageEntry | undefined {
  const reference = parseImage(image);
  if (!reference) return undefined;
  let index = indexes.get(catalog);
  if (!index) {
    index = new Map(catalog.images.flatMap((entry) => entry.images.map((name) => [name, entry] as const)));
    indexes.set(catalog, index);
  }
  const parts = reference.repository.toLowerCase().split('/');
  const qualified = parts.length === 1 ? `library/${parts[0] ?? ''}` : parts.slice(-2).join('/');
  return index.get(qualified) ?? index.get(reference.name.toLowerCase());
}

/** Whether an image is the very one that its entry describes (an official image, or one named with its namespace), not another of the same name. */
export function isExactImage(image: string, entry: ImageEntry): boolean {
  const parts = parseImage(image)?.repository.toLowerCase().split('/') ?? [];
  const name = parts.at(-1) ?? '';
  return parts.length === 1 || parts.at(-2) === 'library' ? entry.images.includes(name) || entry.images.includes(`library/${name}`) : entry.images.includes(parts.slice(-2).join('/'));
}

/** Version at the start of a tag: `16.3-alpine` is 16.3.0. Undefined for `latest` and names. */
export function imageVersion(image: string): Version | undefined {
  const match = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?/.exec(parseImage(image)?.tag ?? '');
  return match ? [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)] : undefined;
}

/**
 * Directories that hold an image's data, by the version of its tag. A tag without version gives every directory that some version uses, so that a mount on any of them counts.
 */
export function dataDirectories(image: string, entry: ImageEntry): readonly string[] {
  const rules = entry.data ?? [];
  const version = imageVersion(image);
  const matching = rules.filter((rule) => rule.versions === undefined || version === undefined || satisfies(version, rule.versions));
  return matching.map((rule) => rule.path);
}

export interface ImageTools {
  readonly has: ReadonlySet<string>;
  readonly lacks: ReadonlySet<string>;
  readonly hasShell: boolean | undefined;
  readonly shell: ImageShell | undefined;
}

/**
 * Tools of an image by its tag; the matching variant with the longest `tag` replaces the general row. What is in neither set is unknown.
 * Another image of the same name may have been given more: of it is only said what it is likely to have, never what it lacks.
 */
export function imageTools(image: string, entry: ImageEntry): ImageTools {
  const { tools } = entry;
  const variant = [...(tools?.variants ?? [])].sort((a, b) => (b.tag?.length ?? 0) - (a.tag?.length ?? 0)).find((candidate) => isVariant(image, candidate));
  const isExact = isExactImage(image, entry);
  const hasShell = variant?.hasShell ?? tools?.hasShell;
  return {
    has: new Set(variant?.has ?? tools?.has ?? []),
    lacks: new Set(isExact ? (variant?.lacks ?? tools?.lacks ?? []) : []),
    hasShell: isExact || hasShell === true ? hasShell : undefined,
    shell: variant?.shell ?? tools?.shell,
  };
}

function isVariant(image: string, { tag = '', versions }: { readonly tag?: string; readonly versions?: string }): boolean {
  const own = parseImage(image)?.tag ?? '';
  if (tag.endsWith('.') ? !own.startsWith(tag) : !own.includes(tag)) return false;
  if (versions === undefined) return true;
  const version = imageVersion(image);
  return version !== undefined && satisfies(version, versions);
}

/** Roles by words of a workload's or image's name, for images that the catalogue does not know. Only words that leave little doubt. */
const NAME_ROLES: readonly (readonly [RegExp, WorkloadRole])[] = [
  [/(?:^|[-_.])(?:load-?(?:test(?:er|ing|s)?|gen(?:erator)?)|loadgen|load-?generator|stress-?test|simulator|traffic-?generator|e2e|smoke-?tests?|test-?runner|tests?)(?:$|[-_.])/, 'job'],
  [/^(?:wait-?for|init|seed|migrate|backup|restore|dump|create|setup)[-_.]/, 'job'],
  [/(?:^|[-_.])(?:migrat(?:e|ions?|or)|db-?init|init-?db|seed(?:er|s)?|setup|bootstrap|importer?|create-?(?:buckets?|topics?)|init|provision(?:er|ing)?)$/, 'job'],
  [/(?:^|[-_.])exporter$/, 'exporter'],
  [/(?:^|[-_.])(?:mock|stub|fake|emulator)(?:$|[-_.])/, 'emulator'],
  [/(?:^|[-_.])(?:db|database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|cassandra|cockroach(?:db)?|clickhouse)\d*$/, 'database'],
  [/(?:^|[-_.])(?:redis|memcached|valkey)\d*$/, 'cache'],
  [/(?:^|[-_.])(?:rabbitmq|kafka|activemq|mosquitto)\d*$/, 'broker'],
  [/(?:^|[-_.])(?:elasticsearch|opensearch|solr)\d*$/, 'search'],
  [/(?:^|[-_.])(?:etcd|zookeeper|consul)\d*$/, 'coordinator'],
  [/^(?:nginx|traefik|haproxy|envoy|caddy)$/, 'proxy'],
];

/** Role of an image by the catalogue, else by the names of image and workload, else an application. */
export function imageRole(image: string | undefined, workloadName: string, catalog: CompiledCatalog): WorkloadRole {
  const entry = image === undefined ? undefined : imageEntry(image, catalog);
  if (entry && entry.role !== 'app') return entry.role;
  const names = [workloadName.toLowerCase(), image === undefined ? '' : (parseImage(image)?.name.toLowerCase() ?? '')];
  for (const [pattern, role] of NAME_ROLES) if (names.some((name) => pattern.test(name))) return role;
  return entry?.role ?? 'app';
}

/** Roles that keep data which is gone with it. */
export function isDataStore(role: WorkloadRole): boolean {
  return role === 'database' || role === 'broker' || role === 'queue' || role === 'search' || role === 'coordinator' || role === 'object-store';
}

/** Roles beside the system: their loss stops nobody. */
export function isAuxiliary(role: WorkloadRole): boolean {
  return role === 'tool' || role === 'job' || role === 'emulator' || role === 'exporter';
}

/** A small init that passes signals on to what it starts. */
export function isInitProgram(program: string): boolean {
  return /(?:^|\/)(?:tini|tini-static|dumb-init|catatonit|s6-svscan|init|docker-init|my_init|pid1)$/.test(program);
}
