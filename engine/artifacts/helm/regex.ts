// Regular expressions of templates, matched in time linear in text and expression: those of a hostile chart must not hang an editor. Leftmost, first alternative first, as Go matches.

type Matcher = (code: number) => boolean;

type Instruction =
  | { readonly kind: 'unit'; readonly matches: Matcher }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'done' };

export interface Pattern {
  readonly instructions: readonly Instruction[];
  readonly groups: number;
}

/** Start and end of the whole match and of each group; -1 where a group took no part. */
export type Match = readonly number[];

const MAX_INSTRUCTIONS = 2_000;
const MAX_WORK = 2_000_000;

/** A form that is not read; never leaves the compiler. */
class PatternFault extends Error {}

/** Compiles an expression; undefined for one with a form that is not read. */
export function compilePattern(source: string): Pattern | undefined {
  try {
    return new Compiler(source).compile();
  } catch (error) {
    if (error instanceof PatternFault) return undefined;
    throw error;
  }
}

/** All matches that do not overlap, from the left; undefined where that would be too much work. */
export function matchesOf(pattern: Pattern, text: string, most = Infinity): Match[] | undefined {
  const found: Match[] = [];
  let work = 0;
  for (let at = 0; at <= text.length && found.length < most;) {
    work += pattern.instructions.length * (text.length - at + 1);
    if (work > MAX_WORK) return undefined;
    const match = firstMatch(pattern, text, at);
    if (!match) break;
    const [start = at, end = at] = match;
    const isEmptyBehind = start === end && found.at(-1)?.[1] === start;
    if (!isEmptyBehind) found.push(match);
    at = end > start ? end : end + 1;
  }
  return found;
}

/** The first match at or behind an offset. Each state is visited once at each place: what failed there fails again. */
function firstMatch({ instructions, groups }: Pattern, text: string, from: number): Match | undefined {
  const visited = new Uint8Array(instructions.length * (text.length - from + 1));
  for (let start = from; start <= text.length; start++) {
    const stack: { pc: number; at: number; slots: number[] }[] = [{ pc: 0, at: start, slots: Array<number>((groups + 1) * 2).fill(-1) }];
    while (stack.length > 0) {
      const state = stack.pop();
      if (!state) break;
      let { pc, at, slots } = state;
      for (;;) {
        const instruction = instructions[pc];
        const key = pc * (text.length - from + 1) + (at - from);
        if (!instruction || visited[key] === 1) break;
        visited[key] = 1;
        if (instruction.kind === 'done') return [start, at, ...slots.slice(2)];
        if (instruction.kind === 'unit') {
          if (at >= text.length || !instruction.matches(text.charCodeAt(at))) break;
          at++;
          pc++;
        } else if (instruction.kind === 'split') {
          stack.push({ pc: instruction.second, at, slots });
          pc = instruction.first;
        } else if (instruction.kind === 'jump') pc = instruction.to;
        else if (instruction.kind === 'save') {
          slots = slots.with(instruction.slot, at);
          pc++;
        } else if (instruction.holds(text, at)) pc++;
        else break;
      }
    }
  }
  return undefined;
}

const isDigit: Matcher = (code) => code >= 48 && code <= 57;
const isWord: Matcher = (code) => isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isBlank: Matcher = (code) => code === 32 || (code >= 9 && code <= 13 && code !== 11);
const CLASSES: Readonly<Record<string, Matcher>> = { d: isDigit, w: isWord, s: isBlank, D: (code) => !isDigit(code), W: (code) => !isWord(code), S: (code) => !isBlank(code) };
const NAMED: Readonly<Record<string, Matcher>> = {
  alnum: (code) => isWord(code) && code !== 95, alpha: (code) => isWord(code) && code !== 95 && !isDigit(code), digit: isDigit, lower: (code) => code >= 97 && code <= 122,
  upper: (code) => code >= 65 && code <= 90, space: isBlank, word: isWord, punct: (code) => code > 32 && code < 127 && (!isWord(code) || code === 95),
};
const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11 };

class Compiler {
  private at = 0;
  private groups = 0;
  private ignoresCase = false;
  private readonly out: Instruction[] = [];

  constructor(private readonly source: string) {
    if (source.length > 500) throw new PatternFault();
  }

  compile(): Pattern {
    if (this.source.startsWith('(?i)')) {
      this.ignoresCase = true;
      this.at = 4;
    }
    this.alternatives(0);
    if (this.at < this.source.length) throw new PatternFault();
    this.emit({ kind: 'done' });
    return { instructions: this.out, groups: this.groups };
  }

  private emit(instruction: Instruction): number {
    if (this.out.length >= MAX_INSTRUCTIONS) throw new PatternFault();
    return this.out.push(instruction) - 1;
  }

  private alternatives(depth: number): void {
    if (depth > 30) throw new PatternFault();
    const start = this.out.length;
    this.sequence(depth);
    if (this.source[this.at] !== '|') return;
    this.at++;
    const first = this.take(start);
    const split = { kind: 'split' as const, first: start + 1, second: 0 };
    this.emit(split);
    this.put(first);
    const jump = { kind: 'jump' as const, to: 0 };
    this.emit(jump);
    split.second = this.out.length;
    this.alternatives(depth + 1);
    jump.to = this.out.length;
  }

  private sequence(depth: number): void {
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const start = this.out.length;
      this.atom(depth);
      this.repetition(start);
    }
  }

  /** Takes back what was written since `start`. */
  private take(start: number): { readonly start: number; readonly instructions: readonly Instruction[] } {
    return { start, instructions: this.out.splice(start) };
  }

  /** Writes it again, moved. */
  private put({ start, instructions }: { readonly start: number; readonly instructions: readonly Instruction[] }): void {
    const shift = this.out.length - start;
    for (const one of instructions) {
      this.emit(one.kind === 'split' ? { ...one, first: one.first + shift, second: one.second + shift } : one.kind === 'jump' ? { ...one, to: one.to + shift } : one);
    }
  }

  private repetition(start: number): void {
    const range = /^(?:[*+?]|\{(\d{1,3})(,(\d{0,3}))?\})(\??)/.exec(this.source.slice(this.at, this.at + 12));
    if (!range) return;
    this.at += range[0].length;
    const sign = range[0][0] ?? '';
    const isLazy = range[4] === '?';
    const least = sign === '+' ? 1 : sign === '{' ? Number(range[1]) : 0;
    const most = sign === '?' ? 1 : sign === '{' ? (range[2] === undefined ? least : range[3] === '' ? Infinity : Number(range[3])) : Infinity;
    const part = this.take(start);
    for (let i = 0; i < least; i++) this.put(part);
    if (most === Infinity) {
      const split = this.split(isLazy);
      this.put(part);
      this.emit({ kind: 'jump', to: split.at });
      split.leave();
      return;
    }
    const splits = [];
    for (let i = least; i < most; i++) {
      splits.push(this.split(isLazy));
      this.put(part);
    }
    for (const split of splits) split.leave();
  }

  /** A choice between going on and leaving; `leave` sets where that is. */
  private split(isLazy: boolean): { readonly at: number; leave(): void } {
    const instruction = { kind: 'split' as const, first: 0, second: 0 };
    const at = this.emit(instruction);
    if (isLazy) instruction.second = at + 1;
    else instruction.first = at + 1;
    return {
      at,
      leave: () => {
        if (isLazy) instruction.first = this.out.length;
        else instruction.second = this.out.length;
      },
    };
  }

  private atom(depth: number): void {
    const c = this.source[this.at++] ?? '';
    switch (c) {
      case '(':
        return this.group(depth);
      case '[':
        return this.unit(this.charClass());
      case '.':
        return this.unit((code) => code !== 10);
      case '^':
        this.emit({ kind: 'assert', holds: (_, at) => at === 0 });
        return;
      case '$':
        this.emit({ kind: 'assert', holds: (text, at) => at === text.length });
        return;
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw new PatternFault();
      default:
        return this.unit(this.literal(c.charCodeAt(0)));
    }
  }

  private unit(matches: Matcher): void {
    this.emit({ kind: 'unit', matches });
  }

  private literal(wanted: number): Matcher {
    if (!this.ignoresCase) return (code) => code === wanted;
    const [lower, upper] = [String.fromCharCode(wanted).toLowerCase().charCodeAt(0), String.fromCharCode(wanted).toUpperCase().charCodeAt(0)];
    return (code) => code === lower || code === upper;
  }

  private group(depth: number): void {
    const special = /^\?(?::|P?<\w{1,40}>)/.exec(this.source.slice(this.at, this.at + 50));
    if (this.source[this.at] === '?' && !special) throw new PatternFault();
    this.at += special?.[0].length ?? 0;
    const isCapturing = special?.[0] !== '?:';
    const slot = isCapturing ? ++this.groups * 2 : 0;
    if (isCapturing) this.emit({ kind: 'save', slot });
    this.alternatives(depth + 1);
    if (this.source[this.at++] !== ')') throw new PatternFault();
    if (isCapturing) this.emit({ kind: 'save', slot: slot + 1 });
  }

  private escape(): void {
    const c = this.source[this.at++] ?? '';
    if (c === 'b' || c === 'B') {
      const isEdge = (text: string, at: number): boolean => isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at));
      this.emit({ kind: 'assert', holds: c === 'b' ? isEdge : (text, at) => !isEdge(text, at) });
      return;
    }
    this.unit(CLASSES[c] ?? this.literal(this.escaped(c)));
  }

  private escaped(c: string): number {
    if (c === '' || (/[A-Za-z0-9]/.test(c) && ESCAPES[c] === undefined)) throw new PatternFault();
    return ESCAPES[c] ?? c.charCodeAt(0);
  }

  private charClass(): Matcher {
    const isNegated = this.source[this.at] === '^';
    if (isNegated) this.at++;
    const parts: Matcher[] = [];
    for (let isFirst = true; ; isFirst = false) {
      const c = this.source[this.at++];
      if (c === undefined) throw new PatternFault();
      if (c === ']' && !isFirst) break;
      const named = c === '[' ? /^:(\w+):\]/.exec(this.source.slice(this.at, this.at + 12)) : null;
      if (named) {
        const matcher = NAMED[named[1] ?? ''];
        if (!matcher) throw new PatternFault();
        parts.push(matcher);
        this.at += named[0].length;
        continue;
      }
      const escape = c === '\\' ? (this.source[this.at++] ?? '') : undefined;
      const set = escape === undefined ? undefined : CLASSES[escape];
      if (set) {
        parts.push(set);
        continue;
      }
      const from = escape === undefined ? c.charCodeAt(0) : this.escaped(escape);
      const next = this.source[this.at + 1];
      if (this.source[this.at] !== '-' || next === undefined || next === ']') {
        parts.push(this.literal(from));
        continue;
      }
      this.at++;
      const end = this.source[this.at++] ?? '';
      const to = end === '\\' ? this.escaped(this.source[this.at++] ?? '') : end.charCodeAt(0);
      parts.push((code) => code >= from && code <= to);
    }
    return (code) => parts.some((part) => part(code)) !== isNegated;
  }
}
