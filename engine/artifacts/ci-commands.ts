// The commands of a script that stands in a YAML scalar, each with its place in the file.

import type { CiCommand } from '../model/ci';
import { commandsOf } from './script';
import type { YamlScalar } from './yaml/tree';

/** Commands of a scalar. A place is found by the command's own first line, from where the one before it ended. */
export function commandsIn(file: string, text: string, node: YamlScalar): CiCommand[] {
  const result: CiCommand[] = [];
  const [from, to] = node.span;
  let cursor = from;
  const place = (line: string): readonly [number, number] => {
    const at = line === '' ? -1 : text.indexOf(line, cursor);
    if (at < 0 || at + line.length > to) return node.style === 'literal' || node.style === 'folded' ? [from, Math.max(from, lineBreak(text, from))] : node.span;
    cursor = at + line.length;
    return [at, at + line.length];
  };
  const commands = commandsOf(node.text);
  for (const [i, command] of commands.entries()) {
    const following = commands[i + 1];
    const span = place((node.text.slice(...command.span).split('\n')[0] ?? '').replace(/\s*\\$/, '').trimEnd());
    const isIgnored = command.next === '||' && following !== undefined && isNothing(following.words);
    result.push({ words: command.words, at: { file, span }, ...(isIgnored ? { ignored: { file, span } } : {}) });
  }
  return result;
}

function lineBreak(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** A command that always succeeds and says nothing. */
function isNothing(words: readonly string[]): boolean {
  return words.length === 1 && (words[0] === 'true' || words[0] === ':') || (words[0] === 'exit' && words[1] === '0');
}
