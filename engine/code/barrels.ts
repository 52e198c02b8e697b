// Search through `export * from` lines. Barrels name each other and the same files over and over: each answer is kept, so that a search visits each of them a few times at most.

import type { ExportFact } from './facts';

type Star = ExportFact & { readonly kind: 'reexport' };

interface BarrelSearch<T> {
  /** The first answer that a star line of the file leads to. `through` looks behind one line, one hop further. */
  find(file: string, path: readonly string[], hops: number, through: (star: Star) => T | undefined): T | undefined;
  /** Forgets all answers: they depended on what was not there yet. */
  forget(): void;
}

/** The star lines among the exports of a file, in their order. */
export function starsOf(exports: Iterable<ExportFact>): Star[] {
  const stars: Star[] = [];
  for (const fact of exports) if (fact.kind === 'reexport' && fact.name.startsWith('*')) stars.push(fact);
  return stars;
}

/** Makes a search with a memory. An answer found with fewer hops left never stands in for one with more. */
export function barrelSearch<T>(stars: (file: string) => readonly Star[]): BarrelSearch<T> {
  const known = new Map<string, { readonly hops: number; readonly answer: T | undefined }>();
  return {
    find(file, path, hops, through) {
      const lines = stars(file);
      if (lines.length === 0) return undefined;
      const key = `${file}\0${path.join('\0')}`;
      const before = known.get(key);
      if (before && before.hops <= hops) return before.answer;
      let answer: T | undefined;
      for (const line of lines) {
        answer = through(line);
        if (answer !== undefined) break;
      }
      known.set(key, { hops, answer });
      return answer;
    },
    forget: () => known.clear(),
  };
}
