// Colour by role, from the terminal's own sixteen. Nothing is told by colour alone.

import type { Severity } from '../../engine/lint/finding';
import type { Safety } from '../../engine/lint/fix';
import type { Display } from './display';

export type Role = Severity | Safety | 'reason' | 'dim' | 'bold' | 'added' | 'removed' | 'none';

const CODES: Readonly<Record<Role, string>> = {
  error: '31;1',
  warning: '33;1',
  info: '34',
  advice: '2',
  safe: '32',
  unsafe: '35',
  'by-hand': '',
  reason: '36',
  dim: '2',
  bold: '1',
  added: '32',
  removed: '31',
  none: '',
};

/** The text in the colour of its role, or as it is where the display has no colour. Measure before styling. */
export function style(text: string, role: Role, display: Display): string {
  const code = CODES[role];
  return display.hasColor && code !== '' && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** The text as a link (OSC 8), where the display has links and the address holds only what may stand in one. */
export function link(text: string, address: string | undefined, display: Display): string {
  if (!display.hasLinks || address === undefined || !/^[\x21-\x7e]+$/.test(address)) return text;
  return `\u001b]8;;${address}\u001b\\${text}\u001b]8;;\u001b\\`;
}
