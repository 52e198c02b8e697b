// A fix as plain data. A rule says what is to be inserted where; the writer of the file's language turns it into text edits on the current text, when asked.

import type { Span } from '../text';
import type { ArtifactIntent } from '../artifacts/intent';
import type { ResourceRef } from '../model/model';

/** `safe`: cannot change what a healthy system does. `unsafe`: can. `by-hand`: adds a package or file, edits a second file, or asks for a person's choice. */
export type Safety = 'safe' | 'unsafe' | 'by-hand';

export interface Fix {
  /** Verb + what is inserted + value, at most 60 characters: "Limit to 5 s with `timeout`". */
  readonly title: string;
  readonly safety: Safety;
  readonly operations: readonly Operation[];
}

export type Operation = CodeOperation | ArtifactOperation | PackageOperation;

/** Spans are those of the facts of the same text. Inserted text is written in the plainest style (single quotes, semicolons, two spaces) and adapted to the file's. */
export type CodeOperation = { readonly language: 'code'; readonly file: string } & (
  /** Sets an option in the object literal of a call's argument, making the argument where it is absent. `path` may be dotted. */
  | { readonly kind: 'set-option'; readonly call: Span; readonly argument: number | 'first-object' | 'last-object' | 'before-callback'; readonly path: string; readonly value: string }
  /** Removes a property (with its comma). */
  | { readonly kind: 'remove-property'; readonly property: Span }
  /** `isVerbatim`: the text is not adapted to the file's style (a comment, a text of another language); such operations need no writer. */
  | { readonly kind: 'replace'; readonly span: Span; readonly text: string; readonly isVerbatim?: true }
  /** Inserts lines after / before the statement that contains the span, at its indentation. `resultName`: the statement's expression is first bound to that name where it is bound to none. */
  | { readonly kind: 'insert-after'; readonly statement: Span; readonly lines: readonly string[]; readonly bind?: { readonly call: Span; readonly name: string } }
  | { readonly kind: 'insert-before'; readonly statement: Span; readonly lines: readonly string[] }
  /** Inserts lines as first / last statements of a function's or block's body. */
  | { readonly kind: 'insert-in-body'; readonly body: Span; readonly at: 'start' | 'end'; readonly lines: readonly string[] }
  /** Puts the body of the function at the span into `try { … } catch (name) { lines }`. */
  | { readonly kind: 'catch-in-body'; readonly function: Span; readonly name: string; readonly lines: readonly string[] }
  /** Adds a last parameter to the function at the span. */
  | { readonly kind: 'add-parameter'; readonly function: Span; readonly name: string }
  /** Moves the statement around a span to stand after the statement around another one, as it is written. */
  | { readonly kind: 'move-statement'; readonly statement: Span; readonly after: Span }
  /** Puts `before` and `after` around an expression. */
  | { readonly kind: 'wrap'; readonly span: Span; readonly before: string; readonly after: string }
  /** Moves an expression or property's value: text of `from` is removed there and becomes argument `argument` of `call`. */
  | { readonly kind: 'move-argument'; readonly call: Span; readonly from: number; readonly to: number; readonly keys: readonly string[] }
  /** Adds an import once, in the file's own module style. */
  | { readonly kind: 'add-import'; readonly module: string; readonly name: string; readonly isDefault?: boolean }
);

/** What is to become of a thing in an artifact; the writer of its format knows how to say it. */
export interface ArtifactOperation {
  readonly language: 'artifact';
  readonly file: string;
  readonly resource: ResourceRef;
  readonly intent: ArtifactIntent;
}

/** Adds a package to `dependencies` of a package.json, where it is not among them. Whoever applies it installs it: a fix runs nothing. */
export interface PackageOperation {
  readonly language: 'package';
  readonly file: string;
  readonly kind: 'add-dependency';
  readonly name: string;
  readonly range: string;
}
