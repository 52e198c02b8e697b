// The linked code of a workspace: what rules read. Cross-file names are resolved, library versions known where a lock file or package.json says them.

import type { Bound, CallShape, Construct, IneffectiveOption, LibraryEntry, Phase, Recommendation } from '../../catalog/schema';
import type { CloudResource } from '../artifacts/cloud';
import type { Location } from '../text';
import type { Context } from './construct-facts';
import type { CallFact, ClientFact, CodeFacts } from './facts';
import type { Entity, Value } from './values';

export interface CodeProject {
  readonly files: readonly LinkedFile[];
  readonly packages: readonly PackageInfo[];
  /** Cloud resources that code declares: CDK, Pulumi, cdktf. */
  readonly resources?: readonly CloudResource[];
  /** Packages of the catalogue that fixes may bring in, by purpose. */
  readonly recommended?: Readonly<Partial<Record<Recommendation['for'], Recommendation & { readonly package: string }>>>;
}

/** A package.json of the workspace. */
export interface PackageInfo {
  /** Folder relative to the workspace root, `''` = the root itself. */
  readonly folder: string;
  readonly name?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly hasBin: boolean;
  /** Files that `bin` names, relative to the folder. */
  readonly bin?: readonly string[];
  readonly isModule: boolean;
  /** It says where its types are: other packages import it. */
  readonly isLibrary?: boolean;
  /** Ranges as written. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Exact versions from the nearest lock file, transitive ones included. */
  readonly locked: Readonly<Record<string, string>>;
  readonly workspaces: readonly string[];
  readonly engineNode?: string;
}

export interface LinkedFile {
  readonly path: string;
  readonly facts: CodeFacts;
  readonly package: PackageInfo | undefined;
  /** Paths of the files of the project that it brings in at run time. */
  readonly imports: readonly string[];
  readonly clients: readonly LinkedClient[];
  readonly calls: readonly OutboundCall[];
  /** Context of each function: the direct one, or reached from one by at most three calls, also over files. */
  readonly contexts: readonly ReadonlySet<Context>[];
}

/** A library as installed for one file. */
export interface InstalledLibrary {
  readonly entry: LibraryEntry;
  /** Name for messages: `pg`. */
  readonly title: string;
  /** Exact version, or undefined where nothing says it. */
  readonly version: string | undefined;
  /** The lowest version that the range in package.json allows, where no lock file says more. */
  readonly range: string | undefined;
  /** The whole range of package.json, normalised; a catalogue row holds only where all of it lies inside. */
  readonly declared?: string;
}

export interface LinkedClient {
  readonly file: string;
  readonly fact: ClientFact;
  readonly library: InstalledLibrary;
  readonly construct: Construct;
  /** Instance type: `Pool`. */
  readonly instance: string;
  /** Merged options: of the argument, inherited ones, later assignments. */
  readonly options: Value;
  readonly verdict: Verdict;
  /** Calls made on it in the whole project. */
  readonly calls: readonly OutboundCall[];
  /** Listeners attached anywhere in the project. `escapes` of the fact still says whether absence proves anything. */
  readonly listeners: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  /** Absence of a listener or a call on it proves nothing: it goes where we cannot see. */
  readonly isOutOfSight: boolean;
  readonly contexts: ReadonlySet<Context>;
}

/** A call of a catalogued library, resolved. */
export interface OutboundCall {
  readonly file: string;
  readonly fact: CallFact;
  readonly library: InstalledLibrary;
  readonly shape: CallShape;
  /** The instance it is called on, where it was found. */
  readonly client: LinkedClient | undefined;
  /** Instance type, `''` for calls on the module. */
  readonly instance: string;
  readonly options: Value;
  readonly verdict: Verdict;
  readonly contexts: ReadonlySet<Context>;
  /** `POST /orders` when it runs in that route's handler. */
  readonly route: string | undefined;
  /** Folded address: literal, or environment name with fallback. */
  readonly target: Value | undefined;
  /** The call is of a project function that makes the library's call for its callers: what a caller gives as the limit, where that is a member of an argument. */
  /** Calls of the project function around it, where all of them leave out the limit that it would hand on. */
  readonly callers?: readonly Location[];
  readonly through?: { readonly argument?: number; readonly path?: string };
}

/** What bounds one call or client in time. */
export type Verdict =
  /** Nothing does. `option` = the one that would; `phases` = those that are unbounded. */
  | { readonly kind: 'unbounded'; readonly bound: Bound | undefined; readonly phases: readonly Phase[] }
  /** Only a default above two minutes does. */
  | { readonly kind: 'weak'; readonly bound: Bound; readonly ms: number }
  /** Bounded until the headers, the body is not. */
  | { readonly kind: 'phase-only'; readonly bound: Bound; readonly ms: number }
  | { readonly kind: 'bounded'; readonly ms?: number; readonly by: 'default' | 'option' | 'signal' | 'guard' | 'global' }
  /** A limit is written that has no effect. */
  | { readonly kind: 'ineffective'; readonly option: IneffectiveOption | undefined; readonly bound: Bound | undefined; readonly value: Value; readonly at: Location; readonly because: IneffectiveOption['because'] | 'agent' | 'queue-only' }
  /** A limit is written and switched off, or absurdly long. */
  | { readonly kind: 'disabled'; readonly bound: Bound; readonly value: Value; readonly at: Location; readonly ms?: number }
  | { readonly kind: 'unknown'; readonly because: string };

/** Resolves what an entity of a file is, over imports, re-exports and barrels (at most 5 hops). */
export interface EntityResolver {
  (file: string, entity: Entity): ResolvedEntity;
}

export type ResolvedEntity =
  | { readonly kind: 'library'; readonly library: InstalledLibrary; readonly path: readonly string[] }
  | { readonly kind: 'client'; readonly client: LinkedClient; readonly path: readonly string[] }
  | { readonly kind: 'instance'; readonly library: InstalledLibrary; readonly instance: string; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly file: string; readonly id: number }
  /** A method of an interface that several classes implement: it is one of theirs. */
  | { readonly kind: 'functions'; readonly all: readonly { readonly file: string; readonly id: number }[] }
  | { readonly kind: 'global'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'unknown' };
