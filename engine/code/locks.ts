// Exact versions from the lock files of npm, yarn and pnpm. Line scans: a lock file may have a hundred thousand lines.

export interface LockedVersions {
  /** Versions at the top of node_modules. Where several are installed and none is at the top, the newest. */
  readonly versions: Readonly<Record<string, string>>;
  /** Versions that a workspace folder has of its own, by folder. */
  readonly nested: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Json = Readonly<Record<string, unknown>>;

/** package-lock.json, versions 1 to 3. */
export function readNpmLock(root: Json): LockedVersions {
  const versions = new Map<string, string>();
  const nested = new Map<string, Map<string, string>>();
  for (const [path, entry] of entriesOf(root['packages'])) {
    const version = entry['version'];
    const at = path.lastIndexOf('node_modules/');
    if (at < 0 || typeof version !== 'string') continue;
    const name = path.slice(at + 'node_modules/'.length);
    const owner = path.slice(0, at).replace(/\/$/, '');
    if (owner === '') versions.set(name, version);
    else if (!owner.includes('node_modules')) put(nested, owner, name, version);
    // Deep copies count only where there is no other.
    else if (!versions.has(name) && !Object.hasOwn(asJson(root['packages']), `node_modules/${name}`)) versions.set(name, version);
  }
  if (versions.size === 0) {
    for (const [name, entry] of entriesOf(root['dependencies'])) if (typeof entry['version'] === 'string') versions.set(name, entry['version']);
  }
  return locked(versions, nested);
}

/** yarn.lock of yarn 1 and of berry. */
export function readYarnLock(text: string): LockedVersions {
  const versions = new Map<string, string>();
  let names: string[] = [];
  for (const line of linesOf(text)) {
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) {
      names = line.replace(/:\s*$/, '').split(',').flatMap((part) => descriptorName(part.trim().replace(/^"|"$/g, '')));
      continue;
    }
    const version = /^ {2}version:? "?([^"\s]+)"?\s*$/.exec(line)?.[1];
    if (version === undefined) continue;
    for (const name of names) keepNewest(versions, name, version);
    names = [];
  }
  return locked(versions, new Map());
}

// `axios@^1.6.0`, `@scope/name@npm:^2.0.0`, `alias@npm:name@^1`
function descriptorName(descriptor: string): string[] {
  const match = /^(@?[^@]+)@/.exec(descriptor);
  return match?.[1] === undefined || descriptor.includes('@workspace:') ? [] : [match[1]];
}

/** pnpm-lock.yaml of versions 5 to 9. */
export function readPnpmLock(text: string): LockedVersions {
  const versions = new Map<string, string>();
  const nested = new Map<string, Map<string, string>>();
  let section = '';
  let importer = '';
  let dependency: string | undefined;
  for (const line of linesOf(text)) {
    const top = /^(\w+):/.exec(line)?.[1];
    if (top !== undefined) {
      section = top;
      importer = section === 'importers' ? '' : '.';
      dependency = undefined;
      continue;
    }
    if (section === 'packages' || section === 'snapshots') {
      const match = /^ {2}['"]?\/?(@[^/@\s]+\/[^/@\s]+|[^/@\s'"]+)[@/](\d+\.\d+\.\d+[^:'"(_\s]*)/.exec(line);
      if (match?.[1] !== undefined && match[2] !== undefined) keepNewest(versions, match[1], match[2]);
      continue;
    }
    if (section !== 'importers') continue;
    const folder = /^ {2}['"]?([^\s'"][^'"]*?)['"]?:\s*$/.exec(line)?.[1];
    if (folder !== undefined) {
      importer = folder;
      continue;
    }
    dependency = /^ {6}['"]?([^\s'"]+?)['"]?:\s*$/.exec(line)?.[1] ?? dependency;
    const version = /^ {8}version: ['"]?(\d+\.\d+\.\d+[^('"\s]*)/.exec(line)?.[1];
    const short = /^ {6}['"]?([^\s'"]+?)['"]?: ['"]?(\d+\.\d+\.\d+[^('"_\s]*)/.exec(line);
    if (version !== undefined && dependency !== undefined) put(nested, importer, dependency, version);
    else if (short?.[1] !== undefined && short[2] !== undefined) put(nested, importer, short[1], short[2]);
  }
  const root = nested.get('.');
  nested.delete('.');
  for (const [name, version] of root ?? []) versions.set(name, version);
  return locked(versions, nested);
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}

function keepNewest(versions: Map<string, string>, name: string, version: string): void {
  const before = versions.get(name);
  if (before === undefined || compareVersions(version, before) > 0) versions.set(name, version);
}

// Numbers only: enough to say which of two is newer.
function compareVersions(a: string, b: string): number {
  const left = a.split(/[.+-]/).map(Number);
  const right = b.split(/[.+-]/).map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function put(map: Map<string, Map<string, string>>, folder: string, name: string, version: string): void {
  const inner = map.get(folder) ?? new Map<string, string>();
  inner.set(name, version);
  map.set(folder, inner);
}

function locked(versions: ReadonlyMap<string, string>, nested: ReadonlyMap<string, ReadonlyMap<string, string>>): LockedVersions {
  return { versions: Object.fromEntries(versions), nested: Object.fromEntries([...nested].map(([folder, inner]) => [folder, Object.fromEntries(inner)])) };
}

function entriesOf(value: unknown): [string, Json][] {
  return Object.entries(asJson(value)).map(([key, entry]) => [key, asJson(entry)]);
}

function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
