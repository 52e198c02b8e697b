// The catalogue, indexed for look-up: by module specifier for code, by image name for artifacts.

import data from '../catalog/generated/catalog.json';
import type { CloudCatalog, CloudEntry } from '../catalog/cloud-schema';
import type { OperatorCatalog, OperatorEntry } from '../catalog/operator-schema';
import type { Catalog, ImageEntry, LibraryEntry } from '../catalog/schema';
import type { CloudDialect } from './artifacts/cloud';
import { indexCloud, type CloudConcept } from './cloud-catalog';
import type { PeerName } from './lint/peer-directives';
import { peerRulesOf, type PeerTable } from './lint/peer-rules';
import type { PeerRule } from './lint/suppress';

export interface CompiledCatalog {
  readonly libraries: readonly LibraryEntry[];
  readonly images: readonly ImageEntry[];
  /** Changes when any entry changes: part of the facts' cache key. */
  readonly key: string;
  /** The entry of a module specifier (`pg`, `mysql2/promise`, `node:http`, `http`); sub-paths by `alias/*`. */
  library(specifier: string): LibraryEntry | undefined;
  /** The entry of a global (`fetch`). */
  global(name: string): LibraryEntry | undefined;
  readonly cloudEntries: readonly CloudEntry[];
  /** What a type of a dialect is, with its fields in that dialect's spelling. */
  cloud(dialect: CloudDialect, type: string): CloudConcept | undefined;
  /** What a custom resource of Kubernetes is, by group and kind. */
  operator(group: string, kind: string): OperatorEntry | undefined;
  /** Rules that ask the same as a check of another linter, or as any of them. */
  readonly peerRules: (peer: PeerName, check: string | undefined) => readonly PeerRule[];
}

const shipped = data as unknown as Catalog & CloudCatalog & OperatorCatalog & { readonly key: string; readonly peers: PeerTable };
// Made when a cloud resource is first asked about: most workspaces have none.
let cloudIndex: ReturnType<typeof indexCloud> | undefined;

/** The shipped catalogue with the clients of configurations on top: a user's entry replaces the shipped one of its package. */
export function compileCatalog(clients: readonly LibraryEntry[] = []): CompiledCatalog {
  const replaced = new Set(clients.map((entry) => entry.package));
  const libraries = [...shipped.libraries.filter((entry) => !replaced.has(entry.package)), ...clients];
  const bySpecifier = new Map<string, LibraryEntry>();
  const byPrefix: [string, LibraryEntry][] = [];
  for (const entry of libraries) {
    for (const name of [entry.package, ...(entry.aliases ?? [])]) {
      if (name.endsWith('/*')) byPrefix.push([name.slice(0, -1), entry]);
      else bySpecifier.set(name, entry);
    }
  }
  return {
    libraries,
    images: shipped.images,
    key: clients.length === 0 ? shipped.key : `${shipped.key}+${JSON.stringify(clients)}`,
    library: (specifier) => bySpecifier.get(specifier) ?? byPrefix.find(([prefix]) => specifier.startsWith(prefix))?.[1],
    peerRules: peerRulesOf(shipped.peers),
    cloudEntries: shipped.cloud,
    cloud: (dialect, type) => (cloudIndex ??= indexCloud(shipped.cloud))(dialect, type),
    operator: (group, kind) => shipped.operators.find((entry) => entry.group === group && entry.kind === kind),
    global: (name) => bySpecifier.get(`global:${name}`),
  };
}
