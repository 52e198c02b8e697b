// The nearest valid name to a misspelt one, for messages that say what was probably meant.

const LONGEST = 64;

/** The name of `names` with the smallest edit distance, if it is near enough to be a slip (a third of the length at most). Cost: names times the square of a short length. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  return nearestNames(name, names, 1)[0];
}

/** The `count` nearest names, best first; equals by name. */
export function nearestNames(name: string, names: readonly string[], count: number): string[] {
  const wanted = name.slice(0, LONGEST).toLowerCase();
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .map((candidate) => {
      const lower = candidate.slice(0, LONGEST).toLowerCase();
      // A name that was cut off is as good as one letter off.
      return { candidate, distance: wanted.length >= 3 && lower.startsWith(wanted) ? 1 : distance(wanted, lower, most) };
    })
    .filter((scored) => scored.distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Edit distance with swaps of neighbours as one step; anything above `most` is `most + 1`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}
