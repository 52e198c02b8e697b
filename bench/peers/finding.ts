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

export interface Peer {
  readonly name: string;
  /** Files that it is given, of those of a folder. */
  reads(path: string, text: string): boolean;
  run(folder: string, files: readonly string[]): PeerRun;
}
