import { describe, expect, it } from 'vitest';
import { barrelSearch, starsOf } from './barrels';
import type { ExportFact } from './facts';

const star = (module: string, index: number): ExportFact => ({ name: `*${index}`, kind: 'reexport', module, imported: '*' });

/** Looks a name up in barrels that are given as lists of the files they name; gives the answer and how many lines were followed. */
function search(barrels: Readonly<Record<string, readonly string[]>>, holder: string, from: string, mostHops: number): { found: string | undefined; followed: number } {
  const barrel = barrelSearch<string>((file) => starsOf((barrels[file] ?? []).map(star)));
  let followed = 0;
  const look = (file: string, hops: number): string | undefined => {
    if (hops > mostHops) return undefined;
    if (file === holder) return file;
    return barrel.find(file, ['name'], hops, (line) => {
      followed++;
      return look(line.module, hops + 1);
    });
  };
  return { found: look(from, 0), followed };
}

describe('barrelSearch', () => {
  it('finds what lies behind several star lines', () => {
    expect(search({ a: ['b', 'c'], c: ['d'] }, 'd', 'a', 8).found).toBe('d');
  });

  it('follows each line of layered barrels once, not once for each way to it', () => {
    const layers = Array.from({ length: 8 }, (_, layer) => Array.from({ length: 10 }, (_, index) => `${layer}-${index}`));
    const barrels = Object.fromEntries([['root', layers[0] ?? []], ...layers.flatMap((files, layer) => files.map((file) => [file, layers[layer + 1] ?? []] as const))]);
    expect(search(barrels, 'nowhere', 'root', 12)).toEqual({ found: undefined, followed: 10 + 7 * 100 });
  });

  it('ends on barrels that name each other, in lines times hops at most', () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const barrels = Object.fromEntries(names.map((name) => [name, names]));
    const { found, followed } = search(barrels, 'nowhere', 'f0', 8);
    expect(found).toBeUndefined();
    expect(followed).toBeLessThanOrEqual(20 * 20 * 9);
  });

  it('takes no answer of a search that ran out of hops for one that has more', () => {
    const barrel = barrelSearch<string>(() => starsOf([star('far', 0)]));
    expect(barrel.find('a', ['x'], 8, () => undefined)).toBeUndefined();
    expect(barrel.find('a', ['x'], 1, () => 'found')).toBe('found');
    expect(barrel.find('a', ['x'], 8, () => undefined)).toBe('found');
    barrel.forget();
    expect(barrel.find('a', ['x'], 8, () => undefined)).toBeUndefined();
  });

  it('leaves named re-exports alone', () => {
    expect(starsOf([{ name: 'all', kind: 'reexport', module: 'm', imported: '*' }, star('n', 0)]).map((line) => line.module)).toEqual(['n']);
  });
});
