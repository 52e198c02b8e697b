// What a supervisor of processes on one machine says of a workload.

import type { Location } from '../text';
import type { Setting } from './setting';

/** What systemd, PM2 and the like say beyond the words of containers. */
export interface Supervision {
  /** Its word for the time between the request to stop and the kill. */
  readonly stopKey: string;
  /** Wait before it is started again, and how it is written: `RestartSec` `5s`. */
  readonly restartDelayMs: Setting<number>;
  readonly restartDelay: { readonly key: string; readonly value: string; readonly section?: string };
  /** Starts within an interval after which it is given up; undefined numbers are not known. */
  readonly startLimit?: { readonly burst: number | undefined; readonly intervalMs: number | undefined };
  /** A stop ends no process: the place that says so. */
  readonly leavesProcesses?: Location;
  /** Keys that stand where they have no effect. */
  readonly misplaced: readonly { readonly key: string; readonly value: string; readonly section: string; readonly home: string; readonly at: Location }[];
}
