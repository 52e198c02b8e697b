// Counts the syntax errors of a text, to see whether a fix has broken a file. Asked only when fixes are applied, so the parsers load on demand.

import { recogniseFormat } from '../artifacts/formats';
import { hasActions, maskTemplate } from '../artifacts/kubernetes/template';
import { kindOfPath } from '../read';

/** Number of syntax errors; 0 for a file of no known language. Never throws: a text that a parser gives up on counts as one error. */
export async function countSyntaxErrors(path: string, text: string): Promise<number> {
  try {
    switch (kindOfPath(path)) {
      case 'code':
        return await codeErrors(path, text);
      case 'yaml':
      case 'package':
        return path.endsWith('.json') ? jsonErrors(text) : await yamlErrors(text);
      case 'artifact':
        return recogniseFormat(path, text)?.syntaxErrors?.(text) ?? 0;
      case undefined:
        return 0;
    }
  } catch {
    return 1;
  }
}

async function codeErrors(path: string, text: string): Promise<number> {
  const { ts } = await import('../code/typescript');
  const kind = /\.[cm]?ts$/i.test(path) ? ts.ScriptKind.TS : /\.tsx$/i.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, kind);
  // The parser keeps its errors on the tree, under a name that its public types leave out.
  const errors: unknown = Reflect.get(file, 'parseDiagnostics');
  return Array.isArray(errors) ? errors.length : 0;
}

async function yamlErrors(text: string): Promise<number> {
  const { parseAllDocuments } = await import('yaml');
  // A key that is written twice is an error too: two fixes may both have added it. In a template only what stands between its actions can be judged.
  const documents = parseAllDocuments(hasActions(text) ? maskTemplate(text).text : text, { logLevel: 'silent' });
  return Array.isArray(documents) ? documents.reduce((sum, document) => sum + document.errors.length, 0) : 0;
}

function jsonErrors(text: string): number {
  JSON.parse(text);
  return 0;
}
