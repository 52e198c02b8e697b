// The facts of one file, of any kind: plain data, keyed by content, safe to store and to send.

import type { CodeFacts } from './code/facts';
import type { PackageFacts } from './code/package-facts';
import type { ArtifactFacts } from './artifacts/format';
import type { ComposeFacts } from './artifacts/compose/facts';
import type { DockerfileFacts } from './artifacts/dockerfile/facts';
import type { KubernetesFacts } from './artifacts/kubernetes/facts';
import type { Span } from './text';

export type FileFacts = CodeFacts | PackageFacts | ComposeFacts | KubernetesFacts | DockerfileFacts | ArtifactFacts;

export type FactKind = FileFacts['kind'];

/** Why a file, or a part of one, could not be read. It never stops the rest of the run. */
export interface FileProblem {
  readonly file: string;
  readonly extent: 'not-read' | 'in-part';
  /** A clause: `6.2 MB, the limit is 2 (limits.file)`, `starts with a tab; lines 1-30 read`. */
  readonly because: string;
  readonly span?: Span;
}

/** What reading one file gives: facts of each kind that it holds (a YAML file may be none), and problems. */
export interface ReadResult {
  readonly facts: readonly FileFacts[];
  readonly problems: readonly FileProblem[];
}
