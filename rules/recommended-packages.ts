// A fix that brings a package into the project: its import, what is declared of it, and the line of package.json, all together or not at all.

import type { Recommendation } from '../catalog/schema';
import type { CodeProject, LinkedFile } from '../engine/code/project';
import type { Operation } from '../engine/lint/fix';
import type { Span } from '../engine/text';

export interface BroughtIn {
  readonly package: string;
  /** Whether package.json does not name it yet. */
  readonly isNew: boolean;
  readonly operations: readonly Operation[];
}

/** Operations that put the recommended package of a purpose around the expression at `span`, under `name`; undefined where none is recommended or no package.json is near. */
export function bringIn(code: CodeProject, file: LinkedFile, purpose: Recommendation['for'], span: Span, name: string): BroughtIn | undefined {
  const recommended = code.recommended?.[purpose];
  if (!recommended || !file.package) return undefined;
  const { folder, dependencies } = file.package;
  const text = (template: string): string => template.replaceAll('{name}', name);
  const isNew = dependencies[recommended.package] === undefined;
  return {
    package: recommended.package,
    isNew,
    operations: [
      ...recommended.imports.map((one) => ({ language: 'code' as const, file: file.path, kind: 'add-import' as const, module: recommended.package, ...one })),
      { language: 'code', file: file.path, kind: 'insert-before', statement: outermostAround(file, span), lines: [text(recommended.declare)] },
      { language: 'code', file: file.path, kind: 'wrap', span, before: text(recommended.before), after: recommended.after },
      ...(isNew ? [{ language: 'package' as const, file: folder === '' ? 'package.json' : `${folder}/package.json`, kind: 'add-dependency' as const, name: recommended.package, range: recommended.range }] : []),
    ],
  };
}

// The function of module level that the place stands in: what is declared stands before the statement that holds it.
function outermostAround(file: LinkedFile, span: Span): Span {
  return file.facts.functions.find((one) => one.parent === -1 && one.span[0] <= span[0] && span[1] <= one.span[1])?.span ?? span;
}
