// The syntax of Go templates as plain trees. Only what stands there is read; what it means is the evaluator's matter.

import type { Span } from '../../text';
import { SyntaxFault, piecesOf, type Piece, type Token } from './tokens';

export type TemplateNode =
  | { readonly kind: 'text'; readonly span: Span; readonly text: string }
  | { readonly kind: 'output'; readonly span: Span; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with'; readonly span: Span; readonly pipe: Pipe; readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] }
  | { readonly kind: 'range'; readonly span: Span; readonly pipe: Pipe; readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] }
  | { readonly kind: 'template'; readonly span: Span; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: 'break' | 'continue'; readonly span: Span };

/** `$a, $b := first | second`. */
export interface Pipe {
  readonly declares: readonly string[];
  /** `=` instead of `:=`. */
  readonly isAssignment: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  /** `.a.b`; no names: the dot itself. */
  | { readonly kind: 'field'; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number; readonly isFloat: boolean }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  | { readonly kind: 'nil' }
  /** `(first | second).a`. */
  | { readonly kind: 'group'; readonly pipe: Pipe; readonly names: readonly string[] };

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly defines: ReadonlyMap<string, readonly TemplateNode[]>;
}

const MAX_DEPTH = 100;

/** Parses a template; undefined where it has a syntax error. Linear. */
export function parseTemplate(text: string): ParsedTemplate | undefined {
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof SyntaxFault) return undefined;
    throw error;
  }
}

type Frame = 'if' | 'with' | 'range' | 'define' | 'root';

class Parser {
  private readonly pieces: readonly Piece[];
  private readonly defines = new Map<string, readonly TemplateNode[]>();
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.pieces = piecesOf(text);
  }

  parse(): ParsedTemplate {
    const { nodes } = this.list('root');
    return { nodes, defines: this.defines };
  }

  /** Nodes up to the `else` or `end` that closes this list. */
  private list(frame: Frame): { nodes: TemplateNode[]; stop: Piece | undefined } {
    if (++this.depth > MAX_DEPTH) throw new SyntaxFault();
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.pieces[this.at++];
      if (!piece) {
        if (frame !== 'root') throw new SyntaxFault();
        break;
      }
      if (piece.kind === 'text') {
        if (piece.span[1] > piece.span[0]) nodes.push({ kind: 'text', span: piece.span, text: this.text.slice(...piece.span) });
        continue;
      }
      const word = piece.tokens[0]?.kind === 'name' ? piece.tokens[0].text : '';
      if (word === 'end' || word === 'else') {
        if (frame === 'root' || (frame === 'define' && word === 'else')) throw new SyntaxFault();
        this.depth--;
        return { nodes, stop: piece };
      }
      const node = this.action(piece, word);
      if (node) nodes.push(node);
    }
    this.depth--;
    return { nodes, stop: undefined };
  }

  private action(piece: Piece, word: string): TemplateNode | undefined {
    const { span, tokens } = piece;
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.block(word, piece, tokens.slice(1));
      case 'define': {
        const name = textToken(tokens[1]);
        this.defines.set(name, this.whole('define'));
        return undefined;
      }
      case 'block': {
        const name = textToken(tokens[1]);
        this.defines.set(name, this.whole('define'));
        return { kind: 'template', span, name, pipe: pipeOf(tokens.slice(2)) };
      }
      case 'template':
        return { kind: 'template', span, name: textToken(tokens[1]), pipe: tokens.length > 2 ? pipeOf(tokens.slice(2)) : undefined };
      case 'break':
      case 'continue':
        return { kind: word, span };
      default:
        return tokens.length === 0 ? undefined : { kind: 'output', span, pipe: pipeOf(tokens) };
    }
  }

  private whole(frame: Frame): TemplateNode[] {
    const { nodes, stop } = this.list(frame);
    if (stop?.tokens[0]?.text !== 'end') throw new SyntaxFault();
    return nodes;
  }

  private block(kind: 'if' | 'with' | 'range', piece: Piece, tokens: readonly Token[]): TemplateNode {
    const pipe = pipeOf(tokens);
    const { nodes: body, stop } = this.list(kind);
    if (stop?.tokens[0]?.text !== 'else') return { kind, span: piece.span, pipe, body, otherwise: [] };
    const next = stop.tokens[1]?.text;
    if (next === 'if' || next === 'with') {
      // `else if` nests in the other branch and shares its end.
      if (++this.depth > MAX_DEPTH) throw new SyntaxFault();
      const nested = this.block(next, stop, stop.tokens.slice(2));
      this.depth--;
      return { kind, span: piece.span, pipe, body, otherwise: [nested] };
    }
    return { kind, span: piece.span, pipe, body, otherwise: this.whole(kind) };
  }
}

function textToken(token: Token | undefined): string {
  if (token?.kind !== 'text') throw new SyntaxFault();
  return token.text;
}

function pipeOf(tokens: readonly Token[]): Pipe {
  const reader = new PipeReader(tokens);
  const pipe = reader.pipe(0);
  if (!reader.isDone) throw new SyntaxFault();
  return pipe;
}

class PipeReader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get isDone(): boolean {
    return this.at >= this.tokens.length;
  }

  pipe(depth: number): Pipe {
    if (depth > MAX_DEPTH) throw new SyntaxFault();
    const { declares, isAssignment } = this.declarations();
    const commands: Operand[][] = [];
    for (;;) {
      const command: Operand[] = [];
      while (!this.isDone && !this.isMark('|') && !this.isMark(')')) command.push(this.operand(depth));
      if (command.length === 0) throw new SyntaxFault();
      commands.push(command);
      if (!this.isMark('|')) break;
      this.at++;
    }
    return { declares, isAssignment, commands };
  }

  private declarations(): { declares: string[]; isAssignment: boolean } {
    const declares: string[] = [];
    let at = this.at;
    while (this.tokens[at]?.kind === 'variable') {
      declares.push(this.tokens[at]?.text ?? '');
      const mark = this.tokens[at + 1];
      if (mark?.kind === 'mark' && mark.text === ',') at += 2;
      else if (mark?.kind === 'mark' && (mark.text === ':=' || mark.text === '=')) {
        this.at = at + 2;
        return { declares, isAssignment: mark.text === '=' };
      } else break;
    }
    return { declares: [], isAssignment: false };
  }

  private isMark(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'mark' && token.text === text;
  }

  /** Names that follow without a space between: `.b.c` behind `.a`. */
  private names(): string[] {
    const names: string[] = [];
    for (let token = this.tokens[this.at]; token?.kind === 'field' && !token.isAfterSpace && token.text !== ''; token = this.tokens[++this.at]) names.push(token.text);
    return names;
  }

  private operand(depth: number): Operand {
    const token = this.tokens[this.at++];
    switch (token?.kind) {
      case 'field':
        return { kind: 'field', names: token.text === '' ? [] : [token.text, ...this.names()] };
      case 'variable':
        return { kind: 'variable', name: token.text, names: this.names() };
      case 'text':
        return { kind: 'text', text: token.text };
      case 'number':
        return numberOperand(token.text);
      case 'name':
        if (token.text === 'true' || token.text === 'false') return { kind: 'boolean', isTrue: token.text === 'true' };
        return token.text === 'nil' ? { kind: 'nil' } : { kind: 'function', name: token.text };
      case 'mark':
        if (token.text === '(') {
          const pipe = this.pipe(depth + 1);
          if (!this.isMark(')')) throw new SyntaxFault();
          this.at++;
          return { kind: 'group', pipe, names: this.names() };
        }
        throw new SyntaxFault();
      case undefined:
        throw new SyntaxFault();
    }
  }
}

function numberOperand(text: string): Operand {
  const number = Number(/^[-+]?0\d+$/.test(text) ? Number.parseInt(text, 8) : text.replaceAll('_', ''));
  if (Number.isNaN(number)) throw new SyntaxFault();
  return { kind: 'number', number, isFloat: /[.eE]/.test(text) && !/^0x/i.test(text) };
}
