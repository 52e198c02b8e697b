// Reads a systemd unit, or a drop-in that changes one.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import type { SystemdFacts } from './facts';
import { unitLines } from './lines';

/** Units that start something, templates of builds (`.service.in`) and drop-ins. */
export const UNIT_PATH = /(^|\/)[^/]+\.(?:service|timer|socket|path)(?:\.in)?$|\.(?:service|timer|socket|path)\.d\/[^/]+\.conf$/i;

/** By its name and a section; D-Bus and Avahi use the same ending for files of their own. */
export function recogniseSystemd(path: string, text: string): boolean {
  return UNIT_PATH.test(path) && /^\[(?:Unit|Service|Timer|Socket|Path|Install)\][ \t]*\r?$/m.test(text) && !/\{%|\{\{/.test(text);
}

/** Facts of one unit; never throws. Linear. */
export function readSystemd(path: string, text: string): { facts: SystemdFacts; problems: FileProblem[] } {
  const { sections, lines, comments } = unitLines(text);
  const dropIn = /([^/]+)\.d\/[^/]+\.conf$/i.exec(path)?.[1];
  const unit = dropIn ?? (path.split('/').at(-1) ?? path).replace(/\.in$/i, '');
  const suppressions = text.includes('holdfast-') ? [...parseSuppressions(text, comments)] : [];
  return { facts: { kind: 'artifact', format: 'systemd', path, suppressions, unit, isDropIn: dropIn !== undefined, sections, lines }, problems: [] };
}
