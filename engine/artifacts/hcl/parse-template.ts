// Strings and heredocs of HCL: text, interpolations `${…}` and directives `%{…}`.

import type { Span } from '../../text';
import type { Scanner } from './scanner';
import type { HclExpression, HclPart } from './tree';

type ParseExpression = (scanner: Scanner) => HclExpression;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** A string in double quotes, which stands at the cursor. One without interpolations is a literal. */
export function parseString(scanner: Scanner, parseExpression: ParseExpression): HclExpression {
  const start = scanner.position++;
  const draft = new Draft(scanner, parseExpression);
  for (;;) {
    if (scanner.isAtEnd || scanner.peek() === '\n') scanner.fail('string without end', start);
    if (scanner.peek() === '"') break;
    if (scanner.peek() === '\\') draft.escape();
    else if (!draft.sequence()) draft.character();
  }
  const parts = draft.end();
  scanner.position++;
  return templateOf(parts, [start, scanner.position], false);
}

/** The template of a whole text, such as a string of the JSON form; throws HclError where it is none. */
export function parseWholeTemplate(scanner: Scanner, parseExpression: ParseExpression): HclExpression {
  const draft = new Draft(scanner, parseExpression);
  while (!scanner.isAtEnd) if (!draft.sequence()) draft.character();
  return templateOf(draft.end(), [0, scanner.text.length], false);
}

/** A heredoc, which stands at the cursor. `<<-` takes the common indentation away. */
export function parseHeredoc(scanner: Scanner, parseExpression: ParseExpression): HclExpression {
  const start = scanner.position;
  const opening = /^<<(-?)([^\s<]{1,100})[ \t]*\r?\n/.exec(scanner.text.slice(start, start + 130));
  if (!opening) scanner.fail('heredoc without mark', start);
  scanner.position += opening[0].length;
  const mark = opening[2] ?? '';
  const end = scanner.missingMarks.has(mark) ? undefined : endOfHeredoc(scanner.text, scanner.position, mark);
  if (!end) {
    scanner.missingMarks.add(mark);
    scanner.fail('heredoc without end', start);
  }
  const draft = new Draft(scanner, parseExpression);
  while (scanner.position < end[0]) if (!draft.sequence()) draft.character();
  const parts = draft.end();
  scanner.position = end[1];
  return templateOf(opening[1] === '-' ? withoutIndent(parts) : parts, [start, end[1]], true);
}

/** Where the line of the closing mark starts, and where the mark ends. */
function endOfHeredoc(text: string, from: number, mark: string): Span | undefined {
  for (let line = from; line < text.length; ) {
    const next = text.indexOf('\n', line);
    const content = text.slice(line, next < 0 ? text.length : next);
    if (content.trim() === mark) return [line, line + content.trimEnd().length];
    if (next < 0) return undefined;
    line = next + 1;
  }
  return undefined;
}

function templateOf(parts: readonly HclPart[], span: Span, isHeredoc: boolean): HclExpression {
  const only = parts[0];
  if (parts.length === 0) return { kind: 'literal', value: '', span };
  if (!isHeredoc && parts.length === 1 && only?.kind === 'text') return { kind: 'literal', value: only.text, span };
  return { kind: 'template', parts, ...(isHeredoc ? { isHeredoc } : {}), span };
}

/** Collects the parts of one template. */
class Draft {
  private readonly parts: HclPart[] = [];
  private text = '';
  private textStart: number;

  constructor(private readonly scanner: Scanner, private readonly parseExpression: ParseExpression) {
    this.textStart = scanner.position;
  }

  end(): HclPart[] {
    this.flush();
    return this.parts;
  }

  character(): void {
    this.text += this.scanner.text[this.scanner.position++] ?? '';
  }

  escape(): void {
    const { scanner } = this;
    const next = scanner.text[scanner.position + 1] ?? '';
    const code = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(scanner.text.slice(scanner.position, scanner.position + 10));
    if (code) {
      const point = Number.parseInt(code[1] ?? code[2] ?? '', 16);
      this.text += point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD';
      scanner.position += code[0].length;
      return;
    }
    this.text += ESCAPES[next] ?? `\\${next}`;
    scanner.position += 2;
  }

  /** Takes `${…}`, `%{…}` or their escaped forms; false where none stands here. */
  sequence(): boolean {
    const { scanner } = this;
    const mark = scanner.peek();
    if (mark !== '$' && mark !== '%') return false;
    if (scanner.startsWith(`${mark}${mark}{`)) {
      this.text += `${mark}{`;
      scanner.position += 3;
      return true;
    }
    if (!scanner.startsWith(`${mark}{`)) return false;
    this.flush();
    const start = scanner.position;
    scanner.position += 2;
    if (scanner.peek() === '~') scanner.position++;
    if (mark === '%') {
      const end = scanner.text.indexOf('}', scanner.position);
      if (end < 0) scanner.fail('directive without end', start);
      scanner.position = end + 1;
      this.parts.push({ kind: 'directive', span: [start, scanner.position] });
    } else {
      const { depth } = scanner;
      scanner.depth = 1;
      scanner.skip(true);
      const expression = this.parseExpression(scanner);
      scanner.skip(true);
      if (scanner.peek() === '~') scanner.position++;
      scanner.expect('}');
      scanner.depth = depth;
      this.parts.push({ kind: 'expression', expression, span: [start, scanner.position] });
    }
    this.textStart = scanner.position;
    return true;
  }

  private flush(): void {
    if (this.text !== '') this.parts.push({ kind: 'text', text: this.text, span: [this.textStart, this.scanner.position] });
    this.text = '';
    this.textStart = this.scanner.position;
  }
}

// One part for each line, so that spans stay true: what is cut off at the left is no part of any. Only text at the start of a line counts as indentation.
function withoutIndent(parts: readonly HclPart[]): HclPart[] {
  const lines = parts.flatMap((part, index): { part: HclPart; startsLine: boolean }[] => {
    if (part.kind !== 'text') return [{ part, startsLine: false }];
    let start = part.span[0];
    return (part.text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((text, i) => {
      const line: HclPart = { kind: 'text', text, span: [start, start + text.length] };
      start += text.length;
      return { part: line, startsLine: i > 0 || index === 0 };
    });
  });
  const indents = lines.flatMap(({ part, startsLine }) => (startsLine && part.kind === 'text' && part.text.trim() !== '' ? [indentOf(part.text)] : []));
  // A line that begins with an interpolation after nothing has no indentation.
  const least = lines.length === 0 ? 0 : Math.min(...(indents.length > 0 ? indents : [0]));
  return lines.map(({ part, startsLine }) => {
    if (!startsLine || part.kind !== 'text') return part;
    const cut = Math.min(least, indentOf(part.text));
    return { ...part, text: part.text.slice(cut), span: [part.span[0] + cut, part.span[1]] };
  });
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}
