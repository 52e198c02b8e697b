// What the files of a chart say besides its templates: its name and dependencies, and its values, each with its place.

import type { Span } from '../../text';
import type { ArtifactFacts } from '../format';

export interface ChartFacts extends ArtifactFacts {
  readonly part: 'chart';
  readonly name: string;
  readonly isLibrary: boolean;
  /** Scalars of the chart's file, as templates may ask for them. */
  readonly fields: Readonly<Record<string, string>>;
  readonly dependencies: readonly ChartDependency[];
}

export interface ChartDependency {
  readonly name: string;
  readonly alias?: string;
  /** Path of a chart beside it (`file://../common`), as written. */
  readonly folder?: string;
  /** Paths of values that switch it on, the first that is there decides. */
  readonly conditions: readonly string[];
  /** It writes values into those of its parent. */
  readonly importsValues: boolean;
}

export interface ValuesFacts extends ArtifactFacts {
  readonly part: 'values';
  /** Absent where the file could not be read whole: nothing in it is known. */
  readonly root?: ValuesNode;
}

/** One value with its place: that of the entry in its map, or of the item in its list. */
export type ValuesNode =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly isFloat?: true; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly ValuesNode[]; readonly span: Span }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, ValuesNode])[]; readonly span: Span };

export type HelmFacts = ChartFacts | ValuesFacts;
