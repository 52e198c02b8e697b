// The text format: each finding in turn. What is said about the run as a whole is in summary.ts and problems.ts.

import type { Fix } from '../../engine/lint/fix';
import type { Report } from '../report';
import type { Display } from '../terminal/display';
import { numeral } from '../words';
import { findingLines } from './text-finding';

export interface TextContext {
  readonly display: Display;
  readonly added: ReadonlyMap<Fix, readonly string[]>;
  readonly pageOf: (rule: string) => string | undefined;
  readonly addressOf: (file: string) => string | undefined;
  /** Show every finding, also in a terminal. */
  readonly all: boolean;
}

/** A terminal shows so many findings; a log shows all. */
export const TERMINAL_CAP = 50;

/** The findings as text, an empty line after each. */
export function textReport(report: Report, { display, added, pageOf, addressOf, all }: TextContext): string {
  const shown = display.isTerminal && !all ? report.shown.slice(0, TERMINAL_CAP) : report.shown;
  const context = { sourceOf: report.sourceOf, display, pageOf, addressOf, addedLines: (fix: Fix) => added.get(fix) };
  const blocks = shown.map((finding) => `${findingLines(finding, context).join('\n')}\n\n`);
  const left = report.shown.length - shown.length;
  return blocks.join('') + (left > 0 ? `${numeral(left)} more: --all\n\n` : '');
}
