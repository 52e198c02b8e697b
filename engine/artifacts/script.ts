// Splits a shell script into its simple commands, without running anything: enough to say which programs it calls and whose failure it drops.

import type { Span } from '../text';
import { splitCommand } from './words';

export interface ScriptCommand {
  readonly words: readonly string[];
  /** Place in the script. */
  readonly span: Span;
  /** What stands behind it: `||` or `|` drop its failure unless the rest says otherwise. */
  readonly next: '&&' | '||' | '|' | ';' | '&' | '';
}

/** A bound that no real script reaches. */
const MAX_LENGTH = 200_000;

/** Commands in order. Comments and the bodies of here-documents are left out; `${{ … }}`, `$( … )` and quotes stay inside their word. Linear. */
export function commandsOf(script: string): ScriptCommand[] {
  const commands: ScriptCommand[] = [];
  const text = script.slice(0, MAX_LENGTH);
  let start = 0;
  let heredoc: string | undefined;
  const end = (at: number, next: ScriptCommand['next']): void => {
    const raw = text.slice(start, at);
    const words = splitCommand(raw.replace(/\\\r?\n/g, ' '));
    if (words.length > 0) commands.push({ words, span: [start + raw.length - raw.trimStart().length, start + raw.trimEnd().length], next });
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === '\\') i++;
    else if (c === "'" || c === '"') i = closingQuote(text, i);
    else if (text.startsWith('${{', i)) i = closing(text, i, '}}') + 1;
    else if (c === '$' && (text[i + 1] === '(' || text[i + 1] === '{')) i = closingBracket(text, i + 1);
    else if (c === '#' && (i === 0 || /\s|;/.test(text[i - 1] ?? ''))) {
      end(i, ';');
      i = lineEnd(text, i) - 1;
      start = i + 1;
    } else if (text.startsWith('<<', i) && text[i + 2] !== '<') {
      heredoc ??= /^<<-?[ \t]*(["']?)(\w{1,60})\1/.exec(text.slice(i, i + 80))?.[2];
      i++;
    } else if (c === '\n') {
      end(i, ';');
      if (heredoc !== undefined) i = endOfHeredoc(text, i, heredoc);
      heredoc = undefined;
      start = i + 1;
    } else if (c === '&' && (text[i - 1] === '>' || text[i + 1] === '>')) continue;
    else if (c === ';' || c === '|' || c === '&') {
      const isDouble = text[i + 1] === c && c !== ';';
      end(i, isDouble ? (c === '|' ? '||' : '&&') : c);
      if (isDouble) i++;
      start = i + 1;
    }
  }
  end(text.length, '');
  return commands;
}

function closing(text: string, from: number, what: string): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

function closingQuote(text: string, from: number): number {
  const quote = text[from];
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return text.length;
}

function closingBracket(text: string, from: number): number {
  const close = text[from] === '(' ? ')' : '}';
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === text[from]) depth++;
    else if (text[i] === close && --depth === 0) return i;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** Offset of the line break behind the end marker. */
function endOfHeredoc(text: string, from: number, marker: string): number {
  for (let at = from; at < text.length; ) {
    const end = lineEnd(text, at + 1);
    if (text.slice(at + 1, end).trim() === marker) return end;
    at = end;
  }
  return text.length;
}
