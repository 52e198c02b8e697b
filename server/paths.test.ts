import { describe, expect, it } from 'vitest';
import { pathOfUri, relativePath, uriOfPath } from './paths';

describe('paths and addresses', () => {
  it('a path survives the way to its address and back, whatever stands in it', () => {
    for (const name of ['a.ts', 'with space.ts', 'ümlaut#hash?.ts', "it's (1) [2].ts", '100%.yaml', 'sub/@scope/x+y.ts']) {
      expect(pathOfUri(uriOfPath('/work space', name))).toBe(`/work space/${name}`);
    }
  });

  it('addresses are written as editors write them', () => {
    expect(uriOfPath('/w', "(a)'s.ts")).toBe('file:///w/%28a%29%27s.ts');
  });

  it('only what lies inside a folder has a path in it', () => {
    expect(relativePath('/w/shop', '/w/shop/src/a.ts')).toBe('src/a.ts');
    expect(relativePath('/w/shop', '/w/shopping/a.ts')).toBeUndefined();
    expect(relativePath('/w/shop', '/w')).toBeUndefined();
    expect(relativePath('/w/shop', '/w/shop/..a.ts')).toBe('..a.ts');
  });

  it('other schemes and broken addresses have no path', () => {
    expect(pathOfUri('untitled:Untitled-1')).toBeUndefined();
    expect(pathOfUri('file:///%')).toBeUndefined();
  });
});
