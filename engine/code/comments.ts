// The comments of a code file that say something to Holdfast.

import type { Comment } from '../lint/parse-suppression';
import { ts, type TypeScript } from './typescript';

/** Comments, found only where the text names Holdfast at all. The scanner is led by the tree, so that strings, templates, regular expressions and JSX text are not taken for comments. */
export function commentsOf(sourceFile: TypeScript.SourceFile, text: string): Comment[] {
  if (!text.includes('holdfast-')) return [];
  const comments = new Map<number, Comment>();
  const add = (start: number, end: number, kind: TypeScript.CommentKind): undefined => {
    const body = kind === ts.SyntaxKind.SingleLineCommentTrivia ? text.slice(start + 2, end) : text.slice(start + 2, end - 2);
    comments.set(start, { span: [start, end], body });
    return undefined;
  };
  // Comments stand in the trivia before tokens; trailing ones are the leading trivia of the next token.
  const visit = (node: TypeScript.Node): void => {
    if (node.kind === ts.SyntaxKind.JsxText) return;
    const children = node.getChildren(sourceFile);
    if (children.length === 0) {
      ts.forEachLeadingCommentRange(text, node.pos, (start, end, kind) => add(start, end, kind));
      ts.forEachTrailingCommentRange(text, node.pos, (start, end, kind) => add(start, end, kind));
      ts.forEachTrailingCommentRange(text, node.end, (start, end, kind) => add(start, end, kind));
    } else children.forEach(visit);
  };
  visit(sourceFile);
  return [...comments.values()].sort((a, b) => a.span[0] - b.span[0]);
}
