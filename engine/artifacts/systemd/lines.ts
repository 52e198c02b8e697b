// The lines of a systemd unit: sections and assignments with their places, continuation lines joined. By systemd.syntax(7).

import type { Span } from '../../text';

export interface UnitLine {
  readonly section: string;
  readonly key: string;
  /** Continuation lines joined by spaces. */
  readonly value: string;
  /** From the key to the end of its last line. */
  readonly span: Span;
  readonly keySpan: Span;
}

export interface UnitSection {
  readonly name: string;
  /** The header with its brackets. */
  readonly span: Span;
}

export interface UnitLines {
  readonly sections: readonly UnitSection[];
  readonly lines: readonly UnitLine[];
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
  /** Lines that are neither. */
  readonly errors: number;
}

/** Splits a unit. Never throws. Linear. */
export function unitLines(text: string): UnitLines {
  const sections: UnitSection[] = [];
  const lines: UnitLine[] = [];
  const comments: { span: Span; body: string }[] = [];
  let errors = 0;
  let section = '';
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; ) {
    const end = endOf(text, at);
    const raw = text.slice(at, end);
    const start = at + raw.length - raw.trimStart().length;
    const line = raw.trim();
    const header = /^\[([^\]]*)\]$/.exec(line);
    const equals = line.indexOf('=');
    let next = end;
    if (line === '') next = end;
    else if (/^[#;]/.test(line)) comments.push({ span: [start, start + line.length], body: line.slice(1).trim() });
    else if (header) {
      section = header[1] ?? '';
      sections.push({ name: section, span: [start, start + line.length] });
    } else if (equals > 0 && /^[\w-]+\s*$/.test(line.slice(0, equals))) {
      const key = line.slice(0, equals).trim();
      const joined = continued(text, start + equals + 1, end);
      lines.push({ section, key, value: joined.value, span: [start, joined.stop], keySpan: [start, start + key.length] });
      next = joined.end;
    } else errors++;
    at = next + 1 + (text[next] === '\r' ? 1 : 0);
  }
  return { sections, lines, comments, errors };
}

function endOf(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at < 0) return text.length;
  return text[at - 1] === '\r' && at > from ? at - 1 : at;
}

/** A value with the lines that it goes on over; comment lines between them count for nothing. */
function continued(text: string, from: number, firstEnd: number): { value: string; stop: number; end: number } {
  let end = firstEnd;
  let part = text.slice(from, end).trim();
  const parts: string[] = [];
  while (part.endsWith('\\') && end < text.length) {
    parts.push(part.slice(0, -1).trim());
    do {
      const start = text.indexOf('\n', end) + 1;
      if (start === 0) return { value: parts.join(' '), stop: end, end };
      end = endOf(text, start);
      part = text.slice(start, end).trim();
    } while (/^[#;]/.test(part) && end < text.length);
  }
  let stop = end;
  while (stop > from && /[ \t]/.test(text[stop - 1] ?? '')) stop--;
  return { value: [...parts, part].join(' ').trim(), stop, end };
}
