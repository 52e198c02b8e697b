// What a peer says, in one shape for all of them.

export interface PeerFinding {
  /** The peer's own name of the check. */
  readonly check: string;
  /** Relative to the folder that was looked at. */
  readonly file: string;
  /** `Deployment/orders`, a resource's address or logical id; absent where the peer names none. */
  readonly object?: string;
  /** One-based; first and last line of what it marks. */
  readonly lines?: readonly [first: number, last: number];
}

export interface PeerRun {
  readonly findings: readonly PeerFinding[];
  /** Wall time of all its processes. */
  readonly ms: number;
  /** What it said where it failed on a file. */
  readonly failures: readonly string[];
}

/** A linter that is run. */
export interface Peer {
  /** As in catalog/peers. */
  readonly name: string;
  readonly version: string;
  /** Files that it is given, of those of a folder. */
  reads(path: string, text: string): boolean;
  run(folder: string, files: readonly string[]): PeerRun;
}

/** What a peer's own tests say of one object, or of a whole file where they name none. */
export interface Label extends PeerFinding {
  /** Whether the check is to speak. */
  readonly fails: boolean;
}

/** A case of a peer's own tests that is a file made for it, where its tests hold no such file. */
export interface LabelledFiles {
  readonly labels: readonly Label[];
  /** Text by path, for cases that stand inside the source of a test; other paths are files of the folder. */
  readonly texts: ReadonlyMap<string, string>;
}
