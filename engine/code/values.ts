// What expressions are and what they come to, as far as one file tells: plain data, JSON-safe. Whatever leads out of the file stays a reference.

import type { Span } from '../text';

/** A folded expression. Whatever cannot be known is `unknown`, never a guess. */
export type Value = { readonly span?: Span } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'infinity' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'undefined' }
  /** `isOpen`: an unknown spread or computed key may set any other key. `isText`: a text stands where options could, so there are none and none can be added. */
  | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[]; readonly isOpen: boolean; readonly isText?: true }
  | { readonly kind: 'array'; readonly items: readonly Value[]; readonly isOpen: boolean }
  | { readonly kind: 'template'; readonly parts: readonly (string | Value)[] }
  | { readonly kind: 'environment'; readonly name: string; readonly fallback?: Value }
  | { readonly kind: 'function'; readonly id: number }
  /** An abort signal: `timer` = a timer ends it (`ms` where folded), `none` = provably nothing does, `unknown` = from elsewhere. */
  | { readonly kind: 'signal'; readonly limit: 'timer' | 'none' | 'unknown'; readonly ms?: number; /** What a caller gives as the timer's delay: without it no timer is set. */ readonly delay?: Value }
  | { readonly kind: 'client'; readonly client: number }
  /** A construct that is not a client of its own but an argument (`new https.Agent({ timeout })`): what is made, and with which options. */
  | { readonly kind: 'made'; readonly entity: Entity; readonly arguments: readonly Value[]; /** Made by `new`: its options are among its arguments. What a plain call gives back is out of sight. */ readonly isNew?: boolean }
  | { readonly kind: 'reference'; readonly module: string; readonly path: readonly string[] }
  /** What the caller of a function of this file gives; `fallback` = the parameter's default. */
  | { readonly kind: 'parameter'; readonly function: number; readonly index: number; readonly path: readonly string[]; readonly fallback?: Value }
  /** One of several (a conditional): a rule may speak only when all agree. */
  | { readonly kind: 'choice'; readonly options: readonly Value[] }
  | { readonly kind: 'unknown'; readonly because?: string }
);

export interface ObjectEntry {
  /** `...` = a spread of a constant from another file, in its place; the link merges it. Such an object is open until then. */
  readonly key: string;
  readonly value: Value;
  /** The whole property `timeout: 5_000`; absent when it comes from another file or a spread of a variable. */
  readonly span?: Span;
}

/** What an expression is, as far as this file tells. `path` = member names after it. */
export type Entity =
  /** An export of a package: `path` [] is the module, its default export or namespace. */
  | { readonly kind: 'package'; readonly package: string; readonly path: readonly string[] }
  /** An export of another file of the project (relative, alias or workspace specifier, unresolved). */
  | { readonly kind: 'project'; readonly module: string; readonly path: readonly string[] }
  /** A client made in this file: index into `clients`. */
  | { readonly kind: 'client'; readonly client: number; readonly path: readonly string[] }
  /** A value declared with a type that comes from a package (parameter, field, injected): its construction is out of sight. */
  | { readonly kind: 'typed'; readonly package: string; readonly type: readonly string[]; readonly path: readonly string[]; /** What it is injected by. */ readonly token?: Value }
  | { readonly kind: 'typed-project'; readonly module: string; readonly type: readonly string[]; readonly path: readonly string[]; readonly token?: Value }
  | { readonly kind: 'global'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly id: number }
  /** A parameter of a function of this file. */
  | { readonly kind: 'parameter'; readonly function: number; readonly index: number; readonly path: readonly string[] }
  /** What a call gives back (awaited or not): `(await pool.connect()).query`. */
  | {
      readonly kind: 'result';
      readonly of: Entity;
      readonly path: readonly string[];
      /** Functions among the arguments, by index: what `retry(connect)` gives back may be what `connect` gives. */
      readonly given?: Readonly<Record<number, Entity>>;
      /** The package's type that the variable is declared with, and how long `path` was there: holds where nothing better is known. */
      readonly declared?: { readonly package: string; readonly type: readonly string[]; readonly depth: number };
    }
  | { readonly kind: 'unknown' };
