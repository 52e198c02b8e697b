// From an import specifier to a file of the workspace: relative paths, tsconfig paths, names of workspace packages.

import { buildOf, sourcesOf, targetsFor, type Build } from './package-entries';
import type { PackageFacts } from './package-facts';
import { folderOf, join } from './module-paths';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.tsx', '/index.js', '/index.mjs', '/index.mts', '/index.jsx', '/index.cjs'];

export interface ModuleResolver {
  /** The file that a specifier means in a file; undefined = a package, or nothing that was read. */
  (from: string, specifier: string): string | undefined;
}

interface PathMap {
  readonly folder: string;
  readonly baseUrl: string | undefined;
  /** Patterns with the folder that their targets are relative to, longest first. */
  readonly paths: readonly { readonly prefix: string; readonly suffix: string; readonly isExact: boolean; readonly targets: readonly string[] }[];
}

type Manifest = PackageFacts & { source: 'manifest' };
type Tsconfig = PackageFacts & { source: 'tsconfig' };

/** Makes a resolver over the files that were read. Each look-up is answered once. */
export function moduleResolver(files: ReadonlySet<string>, packages: readonly PackageFacts[]): ModuleResolver {
  const manifests = packages.filter((facts): facts is Manifest => facts.source === 'manifest');
  const configs = packages.filter((facts): facts is Tsconfig => facts.source === 'tsconfig');
  const configByPath = new Map(configs.map((config) => [config.path, config]));
  const mapsByFolder = new Map<string, PathMap[]>();
  for (const config of configs) {
    const map = pathMap(config, configByPath);
    const others = mapsByFolder.get(map.folder);
    if (others) others.push(map);
    else mapsByFolder.set(map.folder, [map]);
  }
  const workspaces = new Map(manifests.flatMap((manifest) => (manifest.name === undefined ? [] : [[manifest.name, manifest] as const])));
  const byFolder = new Map(manifests.map((manifest) => [folderOf(manifest.path), manifest]));
  const builds = new Map<string, Build[]>();
  for (const { path, outDir, rootDir } of configs) {
    const build = buildOf(path, outDir, rootDir);
    if (build) builds.set(folderOf(path), [...(builds.get(folderOf(path)) ?? []), build]);
  }
  const known = new Map<string, string | undefined>();
  const around = new Map<string, readonly PathMap[]>();

  return (from, specifier) => {
    const folder = folderOf(from);
    const key = `${folder}\0${specifier}`;
    if (known.has(key)) return known.get(key);
    const found = specifier.startsWith('.') ? fileAt(join(folder, specifier)) : (byPaths(folder, specifier) ?? (specifier.startsWith('#') ? byImports(folder, specifier) : byWorkspace(specifier)));
    known.set(key, found);
    return found;
  };

  function fileAt(path: string): string | undefined {
    if (files.has(path)) return path;
    const bare = path.replace(/\.([cm]?)jsx?$/, '');
    for (const extension of EXTENSIONS) {
      if (files.has(path + extension)) return path + extension;
      // `./x.js` in a TypeScript source means `./x.ts`.
      if (bare !== path && files.has(bare + extension)) return bare + extension;
    }
    return path === '' ? EXTENSIONS.map((extension) => extension.slice(1)).find((name) => files.has(name)) : undefined;
  }

  function byPaths(folder: string, specifier: string): string | undefined {
    for (const map of mapsAround(folder)) {
      for (const pattern of map.paths) {
        const isMatch = pattern.isExact ? specifier === pattern.prefix : specifier.startsWith(pattern.prefix) && specifier.endsWith(pattern.suffix) && specifier.length >= pattern.prefix.length + pattern.suffix.length;
        if (!isMatch) continue;
        const rest = specifier.slice(pattern.prefix.length, specifier.length - pattern.suffix.length);
        for (const target of pattern.targets) {
          const file = fileAt(pattern.isExact ? target : target.replace('*', () => rest));
          if (file !== undefined) return file;
        }
      }
      const file = map.baseUrl === undefined ? undefined : fileAt(join(map.baseUrl, specifier));
      if (file !== undefined) return file;
    }
    // `@/x`, `~/x`, `#x` without a readable tsconfig most often mean the source folder.
    const alias = /^(?:@|~|#)\/(.+)$/.exec(specifier)?.[1];
    if (alias === undefined) return undefined;
    for (let at: string | undefined = folder; at !== undefined; at = at === '' ? undefined : folderOf(at)) {
      const file = fileAt(join(at, `src/${alias}`)) ?? fileAt(join(at, alias));
      if (file !== undefined) return file;
    }
    return undefined;
  }

  // Nearest first. Only the folders around are asked, so the cost does not grow with the number of packages.
  function mapsAround(folder: string): readonly PathMap[] {
    const before = around.get(folder);
    if (before) return before;
    const above = folder === '' ? [] : mapsAround(folderOf(folder));
    const own = mapsByFolder.get(folder);
    const found = own ? [...own, ...above] : above;
    around.set(folder, found);
    return found;
  }

  // `#lib/http` of the package around.
  function byImports(folder: string, specifier: string): string | undefined {
    for (let at: string | undefined = folder; at !== undefined; at = at === '' ? undefined : folderOf(at)) {
      const manifest = byFolder.get(at);
      if (manifest) return manifest.imports && sourceAt(at, targetsFor(manifest.imports, specifier));
    }
    return undefined;
  }

  // The source of the first file among those that package.json names.
  function sourceAt(folder: string, paths: readonly string[]): string | undefined {
    for (const path of paths) {
      for (const source of sourcesOf(folder, path, builds.get(folder) ?? [])) {
        const file = fileAt(source);
        if (file !== undefined) return file;
      }
    }
    return undefined;
  }

  function byWorkspace(specifier: string): string | undefined {
    const parts = specifier.split('/');
    for (const length of [2, 1]) {
      const manifest = parts.length >= length ? workspaces.get(parts.slice(0, length).join('/')) : undefined;
      if (!manifest) continue;
      const folder = folderOf(manifest.path);
      const rest = parts.slice(length).join('/');
      const entry = manifest.exports && sourceAt(folder, targetsFor(manifest.exports, rest === '' ? '.' : `./${rest}`));
      if (entry !== undefined) return entry;
      if (rest !== '') return fileAt(join(folder, rest)) ?? fileAt(join(folder, `src/${rest}`));
      return sourceAt(folder, [manifest.main, manifest.types].flatMap((path) => path ?? [])) ?? fileAt(join(folder, 'src/index')) ?? fileAt(join(folder, 'index')) ?? fileAt(join(folder, 'src'));
    }
    return undefined;
  }
}

// The folder of the tsconfig that extends the others.
const OWN_FOLDER = '${configDir}';

function pathMap(config: Tsconfig, byPath: ReadonlyMap<string, Tsconfig>): PathMap {
  let paths: Tsconfig['paths'] = config.paths;
  let pathsFolder = folderOf(config.path);
  let baseUrl = config.baseUrl === undefined ? undefined : join(pathsFolder, config.baseUrl);
  let hasPaths = Object.keys(paths).length > 0;
  let at: Tsconfig | undefined = config;
  for (let hops = 0; hops < 5 && at?.extends !== undefined; hops++) {
    const base: string = join(folderOf(at.path), at.extends);
    at = byPath.get(base) ?? byPath.get(`${base}.json`) ?? byPath.get(`${base}/tsconfig.json`);
    if (!at) break;
    const folder = folderOf(at.path);
    if (baseUrl === undefined && at.baseUrl !== undefined) baseUrl = join(folder, at.baseUrl);
    if (!hasPaths && Object.keys(at.paths).length > 0) {
      paths = at.paths;
      pathsFolder = at.baseUrl === undefined ? folder : join(folder, at.baseUrl);
      hasPaths = true;
    }
  }
  const root = config.baseUrl !== undefined && hasPaths && paths === config.paths ? join(folderOf(config.path), config.baseUrl) : baseUrl !== undefined && paths === config.paths ? baseUrl : pathsFolder;
  const patterns = Object.entries(paths).map(([pattern, targets]) => {
    const star = pattern.indexOf('*');
    return { prefix: star < 0 ? pattern : pattern.slice(0, star), suffix: star < 0 ? '' : pattern.slice(star + 1), isExact: star < 0, targets: targets.map((target) => (target.startsWith(OWN_FOLDER) ? join(folderOf(config.path), target.slice(OWN_FOLDER.length)) : join(root, target))) };
  });
  return { folder: folderOf(config.path), baseUrl, paths: patterns.sort((a, b) => b.prefix.length - a.prefix.length) };
}
