// Reads HCL text into a tree. A broken place costs its attribute or block, not the file: the parser goes on at the next line that looks like one.

import { parseExpression } from './parse-expression';
import { parseString, parseWholeTemplate } from './parse-template';
import { respan } from './respan';
import { HclError, Scanner } from './scanner';
import type { Span } from '../../text';
import type { HclAttribute, HclBlock, HclBody, HclExpression, HclFile } from './tree';

const RESUME = /^[ \t]*(?:[A-Za-z_][\w-]*[ \t]*(?:=(?![=>])|(?:(?:"[^"\n]{0,300}"|[A-Za-z_][\w-]{0,200})[ \t]*){0,4}\{)|\})/;
/** A header in the first column, which inside a damaged block means that its end is missing. */
const TOP_LEVEL = /^[A-Za-z_][\w-]{0,60}(?:[ \t]+(?:"[^"\n]{0,300}"|[A-Za-z_][\w-]{0,200})){0,3}[ \t]*\{/;
const MOST_ERRORS = 1000;

/** Never throws. Linear in the text. */
export function parseHcl(text: string): HclFile {
  const parser = new Parser(text);
  const body = parser.body(true);
  return { body, comments: parser.scanner.comments, errors: parser.errors };
}

/** The template that a text is, with every node at `span`, where the text stands in its file. A text that is no template is a literal. Never throws. */
export function parseHclTemplate(text: string, span: Span): HclExpression {
  try {
    return respan(parseWholeTemplate(new Scanner(text), parseExpression), span);
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    return { kind: 'literal', value: text, span };
  }
}

interface BodyDraft {
  readonly attributes: HclAttribute[];
  readonly blocks: HclBlock[];
  isBroken: boolean;
}

/** Lives for one parse. */
class Parser {
  readonly scanner: Scanner;
  readonly errors: { readonly because: string; readonly at: number }[] = [];
  /** A block was left open: whatever encloses it ends there as well. */
  private isCut = false;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  body(isTop: boolean): HclBody {
    const { scanner } = this;
    const draft: BodyDraft = { attributes: [], blocks: [], isBroken: false };
    const start = scanner.position;
    for (;;) {
      scanner.depth = 0;
      scanner.skip(true);
      if (scanner.isAtEnd) {
        if (!isTop) this.leaveOpen(draft, start);
        break;
      }
      if (scanner.peek() === '}') {
        if (!isTop) break;
        this.report(new HclError('`}` without a block', scanner.position++));
        continue;
      }
      if (!isTop && this.isNextTopLevel()) {
        this.leaveOpen(draft, start);
        break;
      }
      const from = scanner.position;
      const { nesting } = scanner;
      try {
        this.item(draft);
      } catch (error) {
        if (!(error instanceof HclError)) throw error;
        scanner.nesting = nesting;
        draft.isBroken = true;
        this.report(error);
        this.resume(from);
      }
      if (this.isCut) {
        if (!isTop) {
          draft.isBroken = true;
          break;
        }
        this.isCut = false;
      }
      if (this.errors.length > MOST_ERRORS) {
        draft.isBroken = true;
        scanner.position = scanner.text.length;
      }
    }
    return { attributes: draft.attributes, blocks: draft.blocks, span: [start, scanner.position], ...(draft.isBroken ? { isBroken: true as const } : {}) };
  }

  private item(draft: BodyDraft): void {
    const { scanner } = this;
    const start = scanner.position;
    const quoted = scanner.peek() === '"' ? parseString(scanner, parseExpression) : undefined;
    const name = quoted ? (quoted.kind === 'literal' ? String(quoted.value) : scanner.fail('name expected', start)) : (scanner.word() ?? scanner.fail('name expected'));
    const nameEnd = scanner.position;
    scanner.skip(false);
    if (scanner.peek() === '=' && scanner.text[scanner.position + 1] !== '=') {
      scanner.position++;
      this.attribute(draft, name, start, nameEnd);
      return;
    }
    this.block(draft, name, start);
  }

  private attribute(draft: BodyDraft, name: string, start: number, nameEnd: number): void {
    const { scanner } = this;
    try {
      scanner.skip(false);
      const value = parseExpression(scanner);
      const end = scanner.position;
      scanner.skip(false);
      if (!scanner.isAtEnd && scanner.peek() !== '\n' && scanner.peek() !== '}' && scanner.peek() !== ',') scanner.fail('line break expected');
      if (scanner.peek() === ',') scanner.fail('line break expected');
      draft.attributes.push({ name, nameSpan: [start, nameEnd], value, span: [start, end] });
    } catch (error) {
      draft.attributes.push({ name, nameSpan: [start, nameEnd], span: [start, scanner.position] });
      throw error;
    }
  }

  private block(draft: BodyDraft, type: string, start: number): void {
    const { scanner } = this;
    const labels: { text: string; span: readonly [number, number] }[] = [];
    while (!scanner.isAtEnd && scanner.peek() !== '{') {
      const from = scanner.position;
      const label = scanner.peek() === '"' ? parseString(scanner, parseExpression) : undefined;
      const text = label ? (label.kind === 'literal' ? String(label.value) : scanner.text.slice(from + 1, scanner.position - 1)) : (scanner.word() ?? scanner.fail('`{` expected'));
      labels.push({ text, span: [from, scanner.position] });
      scanner.skip(false);
    }
    if (scanner.isAtEnd) scanner.fail('`{` expected');
    scanner.position++;
    const headerEnd = scanner.position;
    const body = scanner.nested(() => this.body(false));
    if (!this.isCut && scanner.peek() === '}') scanner.position++;
    draft.blocks.push({ type, labels, header: [start, headerEnd], body, span: [start, scanner.position] });
  }

  /** Whether the cursor stands before a header in the first column. */
  private isNextTopLevel(): boolean {
    const { text, position } = this.scanner;
    if (position > 0 && text[position - 1] !== '\n') return false;
    const header = TOP_LEVEL.exec(text.slice(position, position + 1000));
    // Only words that no block holds: files that indent nothing have inner headers in the first column too.
    return header !== null && /^(?:resource|data|module|variable|output|locals|provider|terraform|moved|import|removed)\b/.test(header[0]);
  }

  private leaveOpen(draft: BodyDraft, start: number): void {
    draft.isBroken = true;
    this.isCut = true;
    this.report(new HclError('block without end', start));
  }

  /** Goes to the next line that looks like an attribute, a block or an end. */
  private resume(from: number): void {
    const { scanner } = this;
    let position = Math.max(scanner.position, from + 1);
    // The error may stand far behind where it began (a string without end): the lines between are tried again.
    const line = scanner.text.indexOf('\n', from);
    if (line >= 0 && line < position) position = Math.max(line, from + 1);
    for (;;) {
      const end = scanner.text.indexOf('\n', position);
      if (end < 0) {
        scanner.position = scanner.text.length;
        return;
      }
      position = end + 1;
      if (RESUME.test(scanner.text.slice(position, position + 700))) {
        scanner.position = position;
        return;
      }
    }
  }

  private report(error: HclError): void {
    this.errors.push({ because: error.because, at: error.at });
  }
}
