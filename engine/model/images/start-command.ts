// Whether the first process of a container hears the signal that stops it: what a shell, a package manager or an init does with it.

import type { ImageShell } from '../../../catalog/schema';
import { isInitProgram } from './known-images';

export type SignalVerdict =
  /** The process is PID 1 itself, an init passes signals on, or nobody can tell. */
  | { readonly kind: 'fine' }
  /** A shell stays the parent and does not pass signals on. */
  | { readonly kind: 'shell' }
  /** npm, yarn or pnpm is the parent. npm 11 ends at once, its shell too, and the process behind is never told (measured). */
  | { readonly kind: 'manager'; readonly manager: string; readonly script: string | undefined };

const FINE: SignalVerdict = { kind: 'fine' };

/** Verdict on a command in exec form. */
export function judgeArgv(argv: readonly string[], baseShell: ImageShell | undefined): SignalVerdict {
  const [program = '', ...rest] = argv;
  if (isInitProgram(program)) return FINE;
  const name = program.split('/').at(-1) ?? '';
  const manager = managerOf(name, rest);
  if (manager) return manager;
  if (!/^(?:sh|bash|ash|dash)$/.test(name)) return FINE;
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = flag < 0 ? undefined : rest[flag + 1];
  return script === undefined ? FINE : judgeScript(script, name === 'bash' ? 'bash' : name === 'dash' ? 'dash' : baseShell);
}

/** Verdict on the text of a shell form, run by the given shell. */
export function judgeScript(script: string, shell: ImageShell | undefined): SignalVerdict {
  const plain = withoutQuotes(script);
  const commands = plain.split(/&&|\|\||[;\n]|(?<![|&])[|&](?![|&])/).map((command) => command.trim()).filter((command) => command !== '');
  const last = commands.at(-1) ?? '';
  if (/^exec\s/.test(last)) return FINE;
  const words = last.split(/\s+/).filter((word) => !/^\w+=/.test(word));
  if (isInitProgram(words[0] ?? '')) return FINE;
  const manager = managerOf(words[0] ?? '', words.slice(1));
  if (manager) return manager;
  // Behind `;` or in the last pipe every shell stays; a lone command and the end of an `&&` list are replaced by bash and busybox, not by dash.
  const pipeline = plain.trim().split(/&&|\|\||[;\n]/).at(-1) ?? '';
  const stays = /;\s*\S|\n\s*\S/.test(plain.trim()) || pipeline.includes('|');
  return last !== '' && (stays || shell === 'dash') && !waits(plain) ? { kind: 'shell' } : FINE;
}

/** A script that traps signals or waits for its children looks after them itself; in a loop, the script is the program. */
function waits(script: string): boolean {
  return /\b(?:trap|wait|while|until|for)\b/.test(script) || /\b(?:sleep (?:infinity|\d{4,})|tail -[fF])\b/.test(script);
}

function managerOf(program: string, words: readonly string[]): SignalVerdict | undefined {
  if (!/^(?:npm|yarn|pnpm)$/.test(program)) return undefined;
  const plain = words.filter((word) => !word.startsWith('-'));
  const [verb, name] = plain;
  if (verb === undefined || /^(?:install|ci|i|add|build|version|test)$/.test(verb)) return undefined;
  const script = verb === 'run' || verb === 'run-script' ? name : verb;
  return { kind: 'manager', manager: program, script };
}

/** Blanks out quotes and command substitutions, so that their separators do not count. */
function withoutQuotes(script: string): string {
  const blank = (text: string): string => 'q'.repeat(text.length);
  let plain = script.replace(/\\./gs, blank).replace(/'[^']*'/g, blank).replace(/`[^`]*`/g, blank);
  // Innermost first; a few levels are plenty.
  for (let level = 0; level < 5 && plain.includes('$('); level++) plain = plain.replace(/\$\([^()]*\)/g, blank);
  return plain.replace(/"[^"]*"/g, blank);
}

/** Words of a command that needs no shell; undefined where it uses variables, separators, redirections or assignments. */
export function plainWords(command: string): readonly string[] | undefined {
  const text = command.trim();
  if (text === '' || text.length > 500 || /[$`;&|<>()*?~#\\'"{}[\]!\n]/.test(text)) return undefined;
  const words = text.split(/\s+/);
  return words[0]?.includes('=') ? undefined : words;
}
