// The engine's port to the world. The engine itself does no I/O: a host lists and reads files; engine/node/ is the adapter for Node.

/** A file that the host found. `path` is relative to the root, with `/`. */
export interface FileEntry {
  readonly path: string;
  readonly size: number;
  /** Changes whenever the content may have changed (mtime and inode, or a document version). */
  readonly stamp: string;
}

export type ReadOutcome =
  | { readonly kind: 'text'; readonly text: string; readonly hash: string }
  | { readonly kind: 'problem'; readonly because: string };

export interface ListProblem {
  readonly path: string;
  readonly because: string;
}

export interface Host {
  /** Files below `paths` (relative; empty = the whole root) that may be of interest by name, ignored ones left out. Loops of links end. */
  list(paths: readonly string[], accepts: (path: string) => boolean, signal?: AbortSignal): Promise<{ readonly files: readonly FileEntry[]; readonly problems: readonly ListProblem[] }>;
  /** Reads one file as UTF-8. A binary file, invalid UTF-8 or an unreadable one is a problem, never an exception. */
  read(entry: FileEntry): ReadOutcome;
  /** The entry of one path, or undefined where there is no such file. */
  stat(path: string): FileEntry | undefined;
  /** Folders above the root in which a configuration may stand, nearest first: `path` `..` with the root's own name as `prefix`, `../..` with two names. Absent = none. */
  readonly above?: readonly { readonly path: string; readonly prefix: string }[];
  /** Lets other work of the process run; called between files. */
  pause?(): Promise<void>;
}

/** Facts by content. Every failure of it is a miss. */
export interface FactsCache {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** Writes what is new. */
  flush(): void;
}
