// A fix that brings a package into the project: its import, what is declared of it, and the line of package.json, all together or not at all.

import type { Idiom, Recommendation } from '../catalog/schema';
import type { CodeProject, LinkedFile } from '../engine/code/project';
import type { CodeOperation, Operation } from '../engine/lint/fix';
import type { Span } from '../engine/text';

interface BroughtIn {
  readonly package: string;
  /** Whether package.json does not name it yet. */
  readonly isNew: boolean;
  readonly operations: readonly Operation[];
}

/** Where and with what an idiom is written. */
export interface IdiomPlace {
  /** The name that is declared. */
  readonly name: string;
  /** The statement before which it is declared; the outermost one around the expression where absent. */
  readonly statement?: Span;
  /** How many at once. */
  readonly limit?: number;
  /** The expression is the body of an asynchronous function. */
  readonly isAsync?: boolean;
}

/** Operations that put the recommended package of a purpose around the expression at `span`; undefined where none is recommended or no package.json is near. */
export function bringIn(code: CodeProject, file: LinkedFile, purpose: Recommendation['for'], span: Span, place: IdiomPlace): BroughtIn | undefined {
  const recommended = code.recommended?.[purpose];
  if (!recommended || !file.package) return undefined;
  const { folder, dependencies } = file.package;
  const isNew = dependencies[recommended.package] === undefined;
  return {
    package: recommended.package,
    isNew,
    operations: [
      ...idiomOperations(file, recommended.package, recommended.idiom, span, place),
      ...(isNew ? [{ language: 'package' as const, file: folder === '' ? 'package.json' : `${folder}/package.json`, kind: 'add-dependency' as const, name: recommended.package, range: recommended.range }] : []),
    ],
  };
}

/** Operations that hand the expression at `span` to a package that the project has. */
export function idiomOperations(file: LinkedFile, module: string, idiom: Idiom, span: Span, place: IdiomPlace): readonly CodeOperation[] {
  const text = (template: string): string => template.replaceAll('{name}', place.name).replaceAll('{limit}', String(place.limit ?? 1)).replaceAll('{async}', place.isAsync ? 'async ' : '');
  const code = { language: 'code', file: file.path } as const;
  return [
    ...idiom.imports.map((one) => ({ ...code, kind: 'add-import' as const, module, ...one })),
    { ...code, kind: 'insert-before', statement: place.statement ?? outermostAround(file, span), lines: [text(idiom.declare)] },
    { ...code, kind: 'wrap', span, before: text(idiom.before), after: text(idiom.after) },
  ];
}

// The function of module level that the place stands in: what is declared stands before the statement that holds it.
function outermostAround(file: LinkedFile, span: Span): Span {
  return file.facts.functions.find((one) => one.parent === -1 && one.span[0] <= span[0] && span[1] <= one.span[1])?.span ?? span;
}
