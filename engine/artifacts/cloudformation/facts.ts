// What one CloudFormation or SAM template says, as plain data with spans. Intrinsic functions are evaluated when templates are joined.

import type { ArtifactFacts } from '../format';
import type { Expression, ExpressionEntry } from './expression';

export interface CloudFormationFacts extends ArtifactFacts {
  readonly format: 'cloudformation';
  /** Index of the document that is the template. */
  readonly document: number;
  readonly template: Template;
}

/** The sections of a template; also what a serverless file holds under `resources`. */
export interface Template {
  readonly parameters: readonly ExpressionEntry[];
  readonly mappings: readonly ExpressionEntry[];
  readonly conditions: readonly ExpressionEntry[];
  readonly outputs: readonly ExpressionEntry[];
  readonly resources: readonly TemplateResource[];
  /** Section `Globals` of SAM. */
  readonly globals?: Expression;
  readonly transforms: readonly string[];
  /** A macro of one's own, a loop over resources or an error in the text: resources and properties may be missing. */
  readonly isOpen: boolean;
}

export interface TemplateResource extends ExpressionEntry {
  /** It stands in a loop: where its map is below `Resources`, and how often the loop runs (null = not known). */
  readonly loop?: { readonly path: readonly (string | number)[]; readonly count: number | null };
}
