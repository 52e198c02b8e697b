// Where a template writes to: a text, and where in the source each part of it comes from.

import type { Span } from '../../text';
import type { TemplateNode } from './syntax';
import { CLOSE_MARK, OPEN_MARK, type Origin } from './value';

/** A part of a rendered text and the place in the source that it stands for. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly source: Span;
  /** Each unit stands for the unit at the same distance in the source; otherwise all of it for the whole action. */
  readonly isLiteral: boolean;
  /** Where the value that was written can be set. */
  readonly origin?: Origin;
}

/** A key that stands there only where a value is set, which it is not. */
export interface LeftOut {
  /** Offset in the rendered text. */
  readonly at: number;
  readonly column: number;
  readonly key: string;
  readonly origin: Origin;
}

/** The key under which a condition writes all of what it asks for: `resources:` over `toYaml .` in `with .Values.resources`. Undefined for other bodies. */
export function keyOfBody({ kind, pipe, body }: Extract<TemplateNode, { kind: 'if' | 'with' }>): { readonly key: string; readonly column: number } | undefined {
  const [first, second] = body.filter((node) => node.kind !== 'text' || node.text.trim() !== '');
  if (first?.kind !== 'text' || second?.kind !== 'output') return undefined;
  const match = /(?:^|\n)([ ]*)(\w+):\s*$/.exec(first.text);
  const words = second.pipe.commands.flat();
  const asked = kind === 'with' ? { kind: 'field', names: [] } : pipe.commands.length === 1 && pipe.commands[0]?.length === 1 ? pipe.commands[0][0] : undefined;
  const writesAll = words.some((word) => word.kind === 'function' && word.name === 'toYaml') && words.some((word) => JSON.stringify(word) === JSON.stringify(asked));
  return match && first.text.trim() === `${match[2]}:` && writesAll ? { key: match[2] ?? '', column: match[1]?.length ?? 0 } : undefined;
}

export class Sink {
  text = '';
  readonly segments: Segment[] = [];
  /** Texts of parts that the values switch off. */
  readonly off: Sink[] = [];
  readonly leftOut: LeftOut[] = [];
  /** The line that is being written. */
  private line = '';
  /** A mark of a block was written: what follows stands on a line of its own. */
  private needsBreak = false;

  /** `isTraced`: keeps the places; only the text of a template file has some. */
  constructor(readonly isTraced: boolean) {}

  literal(text: string, source: Span): void {
    this.breakFor(text, source);
    this.add(text, source, true);
  }

  output(text: string, source: Span, origin?: Origin): void {
    if (text === '') return;
    this.breakFor(text, source);
    this.add(text, source, false, origin);
  }

  /** A sink for a part that is looked at before it is written here. */
  part(): Sink {
    return new Sink(this.isTraced);
  }

  /** Writes a part. */
  append(part: Sink, source: Span): void {
    this.off.push(...part.off);
    for (const one of part.leftOut) this.leftOut.push({ ...one, at: one.at + this.text.length });
    if (part.text === '') return;
    this.breakFor(part.text, source);
    const base = this.text.length;
    for (const segment of part.segments) this.segments.push({ ...segment, start: segment.start + base, end: segment.end + base });
    this.text += part.text;
    this.follow(part.text);
    this.needsBreak = part.needsBreak;
  }

  /** The mark of an action that stays: on a line of its own, so that it is no part of what stands beside it. Short, for a longer one could stand out of the block of text that it is in. */
  control(word: 'if' | 'else' | 'end', source: Span): void {
    this.needsBreak = false;
    if (this.line.trim() !== '') this.add('\n', source, false);
    this.add(`${OPEN_MARK}${word}${CLOSE_MARK}`, source, false);
    this.needsBreak = true;
  }

  private breakFor(text: string, source: Span): void {
    if (!this.needsBreak || text === '') return;
    this.needsBreak = false;
    if (!/^[ \t]*\r?\n/.test(text)) this.add('\n', source, false);
  }

  private add(text: string, source: Span, isLiteral: boolean, origin?: Origin): void {
    if (this.isTraced) this.segments.push({ start: this.text.length, end: this.text.length + text.length, source, isLiteral, ...(origin ? { origin } : {}) });
    this.text += text;
    this.follow(text);
  }

  private follow(text: string): void {
    const at = text.lastIndexOf('\n');
    // Only whether something stands on the line matters.
    this.line = (at < 0 ? this.line : '').slice(-20) + text.slice(at + 1).trimStart().slice(0, 20);
  }
}
