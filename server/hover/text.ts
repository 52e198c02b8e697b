// What a hover says, in both forms that clients show.

import type { Span } from '../../engine/text';

export interface HoverText {
  readonly span: Span;
  readonly markdown: string;
  readonly plain: string;
}

export interface LimitRow {
  readonly what: string;
  readonly limit: string;
  /** No limit: set in bold. */
  readonly isOpen: boolean;
  readonly from: string;
}

/** A heading and a table of limits. */
export function limitTable(span: Span, heading: string, addition: string, rows: readonly LimitRow[], closing?: string): HoverText {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const markdown = [
    `**\`${heading}\`**${addition}`,
    '',
    '| | | from |',
    '|:--|:--|:--|',
    ...rows.map(({ what, limit, isOpen, from }) => `| ${cell(what)} | ${isOpen ? `**${cell(limit)}**` : cell(limit)} | ${cell(from)} |`),
    ...(closing === undefined ? [] : ['', closing]),
  ].join('\n');
  const plain = [
    heading + addition,
    ...rows.map(({ what, limit, from }) => `${what}: ${limit}${from === '' ? '' : ` (${from})`}`),
    ...(closing === undefined ? [] : [closing]),
  ]
    .join('\n')
    .replaceAll('`', '');
  return { span, markdown, plain };
}
