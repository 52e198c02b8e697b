import { describe, expect, it } from 'vitest';
import { exportedName } from './exported-name';
import { parseCode } from './parse';
import { readScopes } from './scope';

function nameOf(text: string, local: string): string | undefined {
  const sourceFile = parseCode('a.ts', text)?.sourceFile;
  const binding = sourceFile && readScopes(sourceFile).lookup(local, sourceFile);
  if (!binding) throw new Error(`${local} is not bound`);
  return exportedName(binding);
}

describe('exportedName', () => {
  it('gives the name that the module uses, whatever the file calls it', () => {
    expect(nameOf("import { readdir as list } from 'node:fs/promises';", 'list')).toBe('readdir');
    expect(nameOf("import { readdir } from 'node:fs/promises';", 'readdir')).toBe('readdir');
    expect(nameOf("const { readdir: list } = require('fs');", 'list')).toBe('readdir');
    expect(nameOf("const { readdir } = await import('fs');", 'readdir')).toBe('readdir');
  });

  it('has none for what no module names', () => {
    expect(nameOf("import list from 'list';", 'list')).toBeUndefined();
    expect(nameOf("import { default as list } from 'list';", 'list')).toBeUndefined();
    expect(nameOf("import * as list from 'list';", 'list')).toBeUndefined();
    expect(nameOf('const { readdir: list } = make();', 'list')).toBeUndefined();
    expect(nameOf('const list = 1;', 'list')).toBeUndefined();
  });
});
