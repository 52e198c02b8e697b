// Where a thing of the model stands in its file, for marks and for fixes.

import type { Location } from '../text';

/** Where a thing stands in its format: enough for the format's writer to find it again in the current text. */
export interface ResourceRef {
  readonly file: string;
  readonly format: ArtifactFormat;
  /** Index of the document in a multi-document file, zero-based. */
  readonly document: number;
  /** Path inside the document: `['services', 'orders']`, `['spec', 'template', 'spec', 'containers', 0]`. */
  readonly path: readonly (string | number)[];
  /** Parts of it that a values file sets: a fix of them goes there. */
  readonly fromValues?: readonly ValueSource[];
}

/** A part of a resource that a values file sets. */
export interface ValueSource {
  /** Path below the resource. */
  readonly path: readonly (string | number)[];
  readonly file: string;
  /** Path in the values file. */
  readonly at: readonly (string | number)[];
  /** An empty map stands there. */
  readonly isEmpty?: true;
}

/** Name of a registered format: `compose`, `kubernetes`, `terraform`. */
export type ArtifactFormat = string;

export interface Evidence {
  readonly at: Location;
  readonly text: string;
}
