// What an artifact format is: one folder that recognises its files, reads them into facts, joins those into the model and writes fixes. Registered in formats.ts.

import type { CompiledCatalog } from '../catalog';
import type { CodeProject } from '../code/project';
import type { FileFacts, FileProblem } from '../facts';
import type { Suppression } from '../lint/suppression';
import type { Environment, Image, ModelPart, ResourceRef, Route, Workload } from '../model/model';
import type { TextEdit } from '../text';
import type { CloudResource } from './cloud';
import type { ArtifactIntent } from './intent';

/** Facts of one file of a registered format; each format adds its own fields. Plain data, JSON-safe, of this file alone. */
export interface ArtifactFacts {
  readonly kind: 'artifact';
  /** Name of its format. */
  readonly format: string;
  readonly path: string;
  readonly suppressions: readonly Suppression[];
}

/** What the join of a format may look at beside its own facts. */
export interface FormatContext {
  readonly catalog: CompiledCatalog;
  readonly code: CodeProject;
  /** Dockerfiles of the workspace. */
  readonly images: readonly Image[];
  readonly environmentOf: (path: string) => Environment;
  /** Whether a path is a file of the workspace that was read. */
  readonly hasFile: (path: string) => boolean;
  /** Workloads and Services of Compose and Kubernetes, which others name as hosts. */
  readonly workloads: readonly Workload[];
  readonly routes: readonly Route[];
  /** Facts of another format, sorted by path: what a service includes may be a template of its own. */
  readonly factsOf: (format: string) => readonly ArtifactFacts[];
}

export interface FormatDefinition<F extends FileFacts = FileFacts> {
  /** Stable, lower case: `terraform`. It is the `format` of facts and resource references. */
  readonly name: string;
  /** For messages and docs: `Terraform`. */
  readonly title: string;
  /** Its files, as docs and `doctor --formats` list them. */
  readonly files: string;
  /** Ids that editors give these files: https://code.visualstudio.com/docs/languages/identifiers, and those of common extensions. */
  readonly languages: readonly string[];
  /** Paths that it may read by name alone, beside YAML and JSON, which every format is asked about. */
  readonly claims?: RegExp;
  /** What begins a comment to the end of the line; absent where the format has none. */
  readonly comment?: '#' | '//' | ';';
  /** A few looks at path and text, no parse: it is asked of every YAML and JSON file of a repository. Formats are asked in the order of their registration, the first that says yes has the file. */
  recognise(path: string, text: string): boolean;
  /** Whether files of other formats may hold something of this one inside (alert rules in a ConfigMap): it then reads them too. Asked of every YAML file, as `recognise`. */
  holdsInside?(path: string, text: string): boolean;
  /** Loads a parser that is too large to be loaded always. Awaited before `read`. */
  prepare?(): Promise<void>;
  /** Never throws; what cannot be read becomes a problem. */
  read(path: string, text: string): { readonly facts: F; readonly problems: readonly FileProblem[] };
  /** Joins the facts of all files of the format into its part of the model. `facts` are sorted by path. */
  link?(facts: readonly F[], context: FormatContext): ModelPart;
  /** Cloud resources with their values resolved; those of all formats are joined together (an alarm in one stack watches a store of another). */
  resources?(facts: readonly F[], context: FormatContext): readonly CloudResource[];
  /** The smallest edits that do what is asked; undefined where the format has no word for it or the place is gone. */
  write(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined;
  /** What one edit inserts may move what the next one writes (aligned columns): several operations of a fix are written one after the other, each on the text that the one before left. */
  readonly writesInSequence?: true;
  /** Number of syntax errors: a fix that adds one is not offered. Absent for formats of YAML and JSON, which are checked as such. Never throws. */
  syntaxErrors?(text: string): number;
}

/** Gives a definition its types; returns it unchanged. `read` makes what `link` is given: both are of the same format. */
export function defineFormat<F extends FileFacts>(definition: FormatDefinition<F>): FormatDefinition {
  return definition;
}
