// JSON that is written as text, in a heredoc or a string, with interpolations in it: read as the value that it encodes, with places.

import type { CloudValue } from '../cloud';
import type { Location, Span } from '../../text';
import { mapOf, listOf, mentionsOf, nullAt, scalar, unknown, type Value } from './values';

/** Text with its place, or a value that is not known as text. */
export type JsonPiece = { readonly text: string; readonly start: number } | { readonly hole: Value };

const HOLE = '\uE000';
const DEEPEST = 60;

/** The value of a JSON object or list; undefined where the pieces are none. Linear in the text. */
export function readJsonText(pieces: readonly JsonPiece[], at: Location): CloudValue | undefined {
  const first = pieces.find((piece) => !('text' in piece) || piece.text.trim() !== '');
  if (!first || !('text' in first) || !/^\s*[{[]/.test(first.text)) return undefined;
  const reader = new Reader(pieces, at.file);
  const value = reader.value(0);
  return value && reader.isDone() ? value : undefined;
}

/** Lives for one text. */
class Reader {
  private readonly text: string;
  private readonly holes: Value[] = [];
  private readonly starts: { readonly from: number; readonly source: number }[] = [];
  private position = 0;
  private chunk = 0;

  constructor(pieces: readonly JsonPiece[], private readonly file: string) {
    let text = '';
    let source = 0;
    for (const piece of pieces) {
      if ('text' in piece) source = piece.start;
      this.starts.push({ from: text.length, source });
      if ('text' in piece) text += piece.text.replaceAll(HOLE, ' ');
      else {
        this.holes.push(piece.hole);
        text += HOLE;
      }
    }
    this.text = text;
  }

  isDone(): boolean {
    this.space();
    return this.position === this.text.length;
  }

  /** The next value; undefined where there is none. */
  value(depth: number): CloudValue | undefined {
    this.space();
    const start = this.position;
    const c = this.text[start];
    if (depth > DEEPEST) return undefined;
    if (c === '{') return this.object(depth);
    if (c === '[') return this.list(depth);
    if (c === '"') return this.string();
    if (c === HOLE) return this.hole();
    const word = /^(?:true|false|null|-?\d[\d.eE+-]{0,40})/.exec(this.text.slice(start, start + 42))?.[0];
    if (word === undefined) return undefined;
    this.position += word.length;
    const at = this.at([start, this.position]);
    if (word === 'null') return nullAt(at);
    const plain = word === 'true' ? true : word === 'false' ? false : Number(word);
    return typeof plain === 'number' && Number.isNaN(plain) ? undefined : scalar(plain, at);
  }

  private object(depth: number): CloudValue | undefined {
    const start = this.position++;
    const entries: Record<string, CloudValue> = {};
    let isOpen = false;
    for (let isFirst = true; ; isFirst = false) {
      this.space();
      if (this.text[this.position] === '}') break;
      if (!isFirst && !this.take(',')) return undefined;
      this.space();
      const key = this.text[this.position] === '"' ? this.string() : undefined;
      if (!key || !this.take(':')) return undefined;
      const value = this.value(depth + 1);
      if (!value) return undefined;
      if (key.kind === 'text') entries[key.value] = value;
      else isOpen = true;
    }
    this.position++;
    return mapOf(entries, this.at([start, this.position]), isOpen);
  }

  private list(depth: number): CloudValue | undefined {
    const start = this.position++;
    const items: CloudValue[] = [];
    for (let isFirst = true; ; isFirst = false) {
      this.space();
      if (this.text[this.position] === ']') break;
      if (!isFirst && !this.take(',')) return undefined;
      const value = this.value(depth + 1);
      if (!value) return undefined;
      items.push(value);
    }
    this.position++;
    return listOf(items, this.at([start, this.position]));
  }

  private string(): CloudValue | undefined {
    const start = this.position++;
    const firstHole = this.holesBefore;
    while (this.text[this.position] !== '"') {
      if (this.position >= this.text.length) return undefined;
      if (this.text[this.position] === HOLE) this.holesBefore++;
      this.position += this.text[this.position] === '\\' ? 2 : 1;
    }
    this.position++;
    const at = this.at([start, this.position]);
    const inner = this.text.slice(start + 1, this.position - 1);
    const holes = this.holes.slice(firstHole, this.holesBefore);
    if (holes.length === 0) {
      try {
        const value: unknown = JSON.parse(`"${inner.replaceAll(/[\u0000-\u001f]/g, ' ')}"`);
        return scalar(String(value), at);
      } catch {
        return undefined;
      }
    }
    const [only] = holes;
    return inner === HOLE && only ? { ...only, at } : unknown('a text with parts that are not known', at, [...new Set(holes.flatMap((hole) => mentionsOf(hole)))]);
  }

  private holesBefore = 0;

  private hole(): CloudValue {
    const start = this.position++;
    const value = this.holes[this.holesBefore++];
    return value ?? nullAt(this.at([start, this.position]));
  }

  private take(character: string): boolean {
    this.space();
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  private space(): void {
    while (/\s/.test(this.text[this.position] ?? 'x')) this.position++;
  }

  private at(span: Span): Location {
    return { file: this.file, span: [this.source(span[0]), this.source(span[1] - 1) + 1] };
  }

  private source(position: number): number {
    while (this.chunk > 0 && (this.starts[this.chunk]?.from ?? 0) > position) this.chunk--;
    while ((this.starts[this.chunk + 1]?.from ?? Infinity) <= position) this.chunk++;
    const start = this.starts[this.chunk];
    return start ? start.source + position - start.from : position;
  }
}
