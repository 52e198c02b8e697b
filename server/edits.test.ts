import { describe, expect, it } from 'vitest';
import type { ClientFeatures } from './client-features';
import { clientFeatures } from './client-features';
import { toSnippet, toWorkspaceEdit } from './edits';
import { Folder } from './folder';
import { readSettings } from './settings';

const FULL = clientFeatures({
  processId: null,
  rootUri: null,
  capabilities: { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'], changeAnnotationSupport: {}, snippetEditSupport: true } } },
});
const PLAIN = clientFeatures({ processId: null, rootUri: null, capabilities: {} });
const TEXTS: Readonly<Record<string, string>> = { 'src/a.ts': 'call();\n', 'compose.yaml': 'services:\n' };

function folderOf(features: ClientFeatures): Folder {
  const refuse = (): never => {
    throw new Error('nothing is run here');
  };
  return new Folder(
    {
      uri: 'file:///shop',
      root: '/shop',
      host: { list: refuse, read: refuse, stat: refuse },
      rules: [],
      createWorkspace: () => ({
        setOverlay: refuse,
        invalidate: refuse,
        lint: refuse,
        textOf: (path) => TEXTS[path],
        configurationOf: refuse,
        clients: [],
        linked: undefined,
        edits: refuse,
        fixAll: refuse,
      }),
      uriOf: (path) => `file:///shop/${path}`,
      context: { features, pageOf: () => undefined },
      today: () => '2026-01-01',
      onResult: refuse,
      onProgress: refuse,
      onFailure: refuse,
    },
    readSettings({}),
  );
}

describe('workspace edits', () => {
  it('an edit of a second file asks for confirmation and is named, the one at hand is not', () => {
    const edits = new Map([
      ['src/a.ts', [{ span: [0, 0] as const, newText: 'x' }]],
      ['compose.yaml', [{ span: [0, 0] as const, newText: 'y' }]],
    ]);
    const edit = toWorkspaceEdit(folderOf(FULL), edits, FULL, { withSnippets: true, from: 'src/a.ts', label: 'Wait for a healthy postgres' });
    expect(edit?.changeAnnotations).toEqual({ 'other-compose.yaml': { label: 'compose.yaml: wait for a healthy postgres', needsConfirmation: true } });
    expect(edit?.documentChanges).toMatchObject([{ edits: [{ newText: 'x' }] }, { edits: [{ newText: 'y', annotationId: 'other-compose.yaml' }] }]);
    expect(JSON.stringify(edit?.documentChanges?.[0])).not.toContain('annotationId');
  });

  it('a file that does not exist is made first, and refused where the client makes none', () => {
    const edits = new Map([['src/health.ts', [{ span: [0, 0] as const, newText: 'x' }]]]);
    expect(toWorkspaceEdit(folderOf(FULL), edits, FULL, { withSnippets: false })?.documentChanges?.[0]).toEqual({
      kind: 'create',
      uri: 'file:///shop/src/health.ts',
      options: { ignoreIfExists: true },
    });
    expect(toWorkspaceEdit(folderOf(PLAIN), edits, PLAIN, { withSnippets: false })).toBeUndefined();
  });

  it('a client of few words gets plain changes with the default value', () => {
    const edits = new Map([['src/a.ts', [{ span: [5, 5] as const, newText: '5_000', placeholders: [[0, 5] as const] }]]]);
    expect(toWorkspaceEdit(folderOf(PLAIN), edits, PLAIN, { withSnippets: true })).toEqual({
      changes: { 'file:///shop/src/a.ts': [{ range: { start: { line: 0, character: 5 }, end: { line: 0, character: 5 } }, newText: '5_000' }] },
    });
  });
});

describe('snippets', () => {
  it('placeholders become tab stops in the order of the text', () => {
    expect(
      toSnippet({
        span: [0, 0],
        newText: '{ max: 10, wait: 5 }',
        placeholders: [
          [17, 18],
          [7, 9],
        ],
      }),
    ).toBe('{ max: ${1:10}, wait: ${2:5} \\}');
  });

  it('characters with a meaning in snippets stand for themselves', () => {
    expect(toSnippet({ span: [0, 0], newText: '`${a}` \\ }' })).toBe('`\\${a\\}` \\\\ \\}');
  });
});
