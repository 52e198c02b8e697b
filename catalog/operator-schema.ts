// What the catalogue says of custom resources by which operators run stores: where they write how many members there are, and what counts as a backup.

/** One kind of an operator's API. */
export interface OperatorEntry {
  /** API group without version: `postgresql.cnpg.io`. */
  readonly group: string;
  readonly kind: string;
  /** Name for people: `CloudNativePG`. */
  readonly title: string;
  readonly role: 'database' | 'broker' | 'search' | 'cache';
  /** Where this was read: documentation or source of the API's types. */
  readonly sources: readonly string[];
  /** Dotted path of the number of members; `[]` stands for every item of a list, whose numbers are added. Absent = one by its kind. */
  readonly instances?: string;
  /** Members where nothing is written; absent = not known. */
  readonly byDefault?: number;
  /** A majority must live. */
  readonly needsQuorum?: boolean;
  /** Paths below which something keeps backups. */
  readonly backup?: readonly string[];
  /** Kinds of the same group that keep backups of it. */
  readonly backupKinds?: readonly string[];
}

export interface OperatorCatalog {
  readonly operators: readonly OperatorEntry[];
}
