// From text to tree. The parser recovers from any syntax error; only nesting that is deeper than the stack ends it.

import { ts, type TypeScript } from './typescript';

export interface ParsedFile {
  readonly sourceFile: TypeScript.SourceFile;
  readonly hasErrors: boolean;
}

/** Parses a code file by the language of its extension. Undefined where its nesting is deeper than the stack. Linear in the text. */
export function parseCode(path: string, text: string): ParsedFile | undefined {
  try {
    const sourceFile = ts.createSourceFile(
      path,
      text,
      { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
      true,
      scriptKind(path),
    );
    return { sourceFile, hasErrors: hasSyntaxErrors(sourceFile) };
  } catch {
    return undefined;
  }
}

/** Plain `.js` may hold JSX, and often does. */
function scriptKind(path: string): TypeScript.ScriptKind {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(path)?.[1]?.toLowerCase() ?? 'ts';
  if (extension === 'tsx') return ts.ScriptKind.TSX;
  if (extension.endsWith('ts')) return ts.ScriptKind.TS;
  return ts.ScriptKind.JSX;
}

// The parser keeps its errors on the tree, in a field that its public types leave out.
function hasSyntaxErrors(sourceFile: TypeScript.SourceFile): boolean {
  const diagnostics: unknown = Reflect.get(sourceFile, 'parseDiagnostics');
  return Array.isArray(diagnostics) && diagnostics.length > 0;
}
