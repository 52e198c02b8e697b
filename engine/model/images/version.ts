// Versions of image tags and the few ranges that the catalogue uses for them: `>=18`, `<18`, `>=2 <3`.

export type Version = readonly [major: number, minor: number, patch: number];

/** Whether every comparator of a range holds; an unreadable comparator holds never. */
export function satisfies(version: Version, range: string): boolean {
  return range.trim().split(/\s+/).every((comparator) => {
    const match = /^(>=|<=|>|<|=)?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(comparator);
    if (!match) return false;
    const order = compare(version, [Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0)]);
    switch (match[1]) {
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      default:
        return order === 0;
    }
  });
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
