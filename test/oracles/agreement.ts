// Counts how our values agree with those of a format's own tool: right, wrong, or unknown to us. Unknown is allowed, wrong is not.

export interface Comparison {
  /** File or resource, for the list of what is wrong. */
  readonly where: string;
  readonly field: string;
  /** Undefined = the tool says that there is none. */
  readonly truth: unknown;
  /** `{ state: 'unknown' }` where we do not know. */
  readonly ours: { readonly state: 'known'; readonly value: unknown } | { readonly state: 'unknown'; readonly because?: string };
}

export interface Agreement {
  readonly right: number;
  readonly wrong: readonly Comparison[];
  readonly unknown: number;
  /** Right of the known, 0 to 1; 1 where nothing is known. */
  readonly share: number;
  /** One line for each field: right, wrong, unknown. */
  readonly table: string;
}

/** Compares by JSON. Linear. */
export function agree(comparisons: readonly Comparison[]): Agreement {
  const fields = new Map<string, [right: number, wrong: number, unknown: number]>();
  const wrong: Comparison[] = [];
  for (const one of comparisons) {
    const counts = fields.get(one.field) ?? [0, 0, 0];
    fields.set(one.field, counts);
    if (one.ours.state === 'unknown') counts[2]++;
    else if (JSON.stringify(one.ours.value) === JSON.stringify(one.truth)) counts[0]++;
    else {
      counts[1]++;
      wrong.push(one);
    }
  }
  const all = [...fields.values()];
  const right = all.reduce((sum, [count]) => sum + count, 0);
  const known = right + wrong.length;
  const table = [...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, [r, w, u]]) => `${field.padEnd(40)} ${r} right, ${w} wrong, ${u} unknown`).join('\n');
  return { right, wrong, unknown: all.reduce((sum, [, , count]) => sum + count, 0), share: known === 0 ? 1 : right / known, table };
}

/** Folders of real files: `HOLDFAST_CORPUS`, separated by colons. Empty where it is not set. */
export function corpusFolders(): readonly string[] {
  return (process.env['HOLDFAST_CORPUS'] ?? '').split(':').filter((folder) => folder !== '');
}
