// `holdfast --version`.

import { ENGINE_VERSION } from '../../engine/version';
import type { ExitCode } from '../report';
import type { Shell } from '../shell';

/** Prints the version alone, for scripts. */
export function version(shell: Shell): ExitCode {
  shell.out.write(`${ENGINE_VERSION}\n`);
  return 0;
}
