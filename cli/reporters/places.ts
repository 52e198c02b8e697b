// Places, findings and fixes as machine formats write them: one-based lines and UTF-16 columns beside the offsets.

import type { Finding } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import { compareText } from '../../engine/lint/run';
import type { Location, Span } from '../../engine/text';
import type { Report } from '../report';
import { pointAt, type Source, type SourceOf } from '../source';

export interface Range {
  readonly start: { readonly line: number; readonly column: number; readonly offset: number };
  readonly end: { readonly line: number; readonly column: number; readonly offset: number };
}

export interface FileEdit {
  readonly file: string;
  readonly range: Range;
  readonly text: string;
}

export interface WrittenFix {
  readonly fix: Fix;
  /** Sorted by file and place; empty where a fix is only advice in words, or its place is gone. */
  readonly edits: readonly FileEdit[];
}

/** The range of a span; clamped to the text. */
export function rangeOf(span: Span, source: Source | undefined): Range {
  const length = source?.text.length ?? 0;
  const start = Math.min(span[0], length);
  const end = Math.max(start, Math.min(span[1], length));
  return { start: { ...pointAt(source, start), offset: start }, end: { ...pointAt(source, end), offset: end } };
}

export function locationRange(at: Location, sourceOf: SourceOf): { file: string; range: Range } {
  return { file: at.file, range: rangeOf(at.span, sourceOf(at.file)) };
}

/** Every fix of a finding with its edits on the texts as they are. */
export async function writtenFixes(finding: Finding, report: Report): Promise<WrittenFix[]> {
  const written: WrittenFix[] = [];
  for (const fix of finding.fixes) {
    const edits = fix.operations.length === 0 ? undefined : await report.editsOf(fix);
    const list = [...(edits ?? [])].flatMap(([file, changes]) => changes.map(({ span, newText }) => ({ file, range: rangeOf(span, report.sourceOf(file)), text: newText })));
    written.push({ fix, edits: list.sort((a, b) => compareText(a.file, b.file) || a.range.start.offset - b.range.start.offset || a.range.end.offset - b.range.end.offset) });
  }
  return written;
}

/** First line of an error, without paths of the machine: stack traces stay out of machine formats. */
export function errorLine(error: string): string {
  return (error.split('\n')[0] ?? '').replace(/(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\s:'"`\\/]+[\\/])+([^\s:'"`\\/]+)/g, '$1');
}
