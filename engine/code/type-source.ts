// What a type checker is asked of the code of a workspace, and what it answers: plain data, so that only the checker itself loads one.

import type { FileProblem } from '../facts';
import type { Span } from '../text';
import type { Entity } from './values';

/** Expressions of one file whose type is asked for, by their places in `text`. */
export interface TypeQuestion {
  readonly path: string;
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Where a type is declared: the package or module (`pg`, `http`), and its name there (`['Knex', 'Transaction']`). */
export interface DeclaredType {
  readonly package: string;
  readonly name: readonly string[];
}

export interface TypeAnswers {
  /** By file, then in the order of its spans. Empty where an expression has no type that a package declares. */
  readonly types: ReadonlyMap<string, readonly (readonly DeclaredType[])[]>;
  /** Compiler options that cannot be read, and what else kept the checker from answering. */
  readonly problems: readonly FileProblem[];
  /** Files above which no packages are installed: nothing was asked of them. */
  readonly withoutPackages: number;
}

/** Asks a type checker. Slow next to everything else (seconds); never rejects. */
export type TypeSource = (questions: readonly TypeQuestion[]) => Promise<TypeAnswers>;

/** What a type checker says of expressions of one file, by `spanKey`. */
export type TypedSpans = ReadonlyMap<string, Entity>;

/** Key of a place in `TypedSpans`. */
export function spanKey([start, end]: Span): string {
  return `${start}:${end}`;
}
