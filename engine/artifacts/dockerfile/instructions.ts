// Splits a Dockerfile into instructions: continuation lines, comments between them, here-documents and the escape directive.

import type { Span } from '../../text';

export interface Instruction {
  /** In upper case. */
  readonly name: string;
  /** The word itself. */
  readonly wordSpan: Span;
  /** Arguments with continuations joined and comments left out; bodies of here-documents follow after line breaks. */
  readonly text: string;
  /** From the word to the end of the last argument line, here-documents included. */
  readonly span: Span;
  /** From the first argument to the end of the last argument line, without here-documents. */
  readonly argumentSpan: Span;
}

export interface DockerfileText {
  readonly instructions: readonly Instruction[];
  /** Comment lines: span from `#` to the line's end, body without it. */
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Linear in the text; never throws. */
export function splitInstructions(text: string): DockerfileText {
  const lines = linesOf(text);
  const instructions: Instruction[] = [];
  const comments: { span: Span; body: string }[] = [];
  const escape = /^#[ \t]*escape[ \t]*=[ \t]*`/im.test(lines.slice(0, 3).map((line) => line.text).join('\n')) ? '`' : '\\';
  const isComment = (line: Line): boolean => {
    const lead = line.text.length - line.text.trimStart().length;
    if (line.text[lead] !== '#') return false;
    comments.push({ span: [line.start + lead, line.end], body: line.text.slice(lead + 1).trim() });
    return true;
  };
  let i = 0;
  while (i < lines.length) {
    const first = lines[i++];
    if (!first || first.text.trim() === '' || isComment(first)) continue;
    const parts: string[] = [];
    let last = first;
    let line: Line | undefined = first;
    while (line) {
      const isContinued = endsWithEscape(line.text, escape);
      parts.push(isContinued ? line.text.trimEnd().slice(0, -1) : line.text);
      last = line;
      if (!isContinued) break;
      // Comments and empty lines inside an instruction are left out.
      let next = lines[i++];
      while (next && (next.text.trim() === '' || isComment(next))) next = lines[i++];
      line = next;
    }
    const joined = parts.join(' ');
    const word = /^\s*(\S+)\s*/.exec(joined);
    const bodies: string[] = [];
    let end = last;
    for (const delimiter of hereDocuments(joined)) {
      while (i < lines.length) {
        const body = lines[i++];
        if (!body) break;
        end = body;
        if (body.text.trim() === delimiter) break;
        bodies.push(body.text);
      }
    }
    const lead = first.text.length - first.text.trimStart().length;
    const name = word?.[1] ?? '';
    const wordStart = first.start + lead;
    const argumentStart = wordStart + name.length + (/^[ \t]*/.exec(first.text.slice(lead + name.length))?.[0].length ?? 0);
    const argumentEnd = last.start + last.text.trimEnd().length;
    instructions.push({
      name: name.toUpperCase(),
      wordSpan: [wordStart, wordStart + name.length],
      text: [joined.slice(word?.[0].length ?? 0).trim(), ...bodies].join('\n'),
      span: [wordStart, Math.max(argumentEnd, end.start + end.text.trimEnd().length)],
      argumentSpan: [Math.min(argumentStart, argumentEnd), argumentEnd],
    });
  }
  return { instructions, comments };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start <= text.length) {
    const feed = text.indexOf('\n', start);
    const stop = feed < 0 ? text.length : feed;
    const end = text.charCodeAt(stop - 1) === 13 && stop - 1 >= start ? stop - 1 : stop;
    lines.push({ start, end, text: text.slice(start, end) });
    if (feed < 0) break;
    start = feed + 1;
  }
  return lines;
}

function endsWithEscape(line: string, escape: string): boolean {
  return line.trimEnd().endsWith(escape);
}

/** Delimiters of `<<EOF`, `<<-"EOF"`; only RUN, COPY and ADD take them. */
function hereDocuments(text: string): string[] {
  if (!/^\s*(?:run|copy|add|onbuild)\s/i.test(text) || !text.includes('<<')) return [];
  return [...text.matchAll(/(?:^|\s)\d?<<-?(["']?)([A-Za-z_]\w*)\1/g)].map((match) => match[2] ?? '');
}
