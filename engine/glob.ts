// Path patterns as .gitignore knows them, for ignore files and for the globs of a configuration. Matching never backtracks without a memory: its cost is pattern length times path length.

/** One compiled pattern line. */
export interface PathPattern {
  readonly isNegated: boolean;
  readonly isFolderOnly: boolean;
  /** One list of segments for each alternative of its braces; `**` stands for any number of segments. */
  readonly alternatives: readonly (readonly string[])[];
}

const LONGEST = 1_000;
const MOST_ALTERNATIVES = 64;

/**
 * Compiles one line of an ignore file. Undefined for blanks, comments and absurdly long lines. As in .gitignore a pattern without a slash (or only one at its end) matches at any depth;
 * `{a,b}` is understood as well.
 */
export function compilePattern(line: string): PathPattern | undefined {
  let text = line.replace(/\r$/, '');
  while (text.endsWith(' ') && !text.endsWith('\\ ')) text = text.slice(0, -1);
  if (text === '' || text.startsWith('#') || text.length > LONGEST) return undefined;
  const isNegated = text.startsWith('!');
  if (isNegated) text = text.slice(1);
  if (text.startsWith('./')) text = text.slice(1);
  const isFolderOnly = text.endsWith('/');
  if (isFolderOnly) text = text.slice(0, -1);
  if (text === '') return undefined;
  const alternatives = expandBraces(text).map((alternative) => {
    const segments = alternative.split('/');
    if (segments[0] === '') segments.shift();
    else if (segments.length === 1) segments.unshift('**');
    return segments;
  });
  return { isNegated, isFolderOnly, alternatives };
}

/** Whether the pattern matches exactly this path (relative, with `/`). A folder-only pattern matches folders alone. */
export function matchesPattern(pattern: PathPattern, path: string, isFolder: boolean): boolean {
  if (pattern.isFolderOnly && !isFolder) return false;
  const segments = path.split('/');
  return pattern.alternatives.some((alternative) => matchesSegments(alternative, segments));
}

/** A list of patterns with .gitignore's order: the last one that matches decides; what lies below an ignored folder is ignored. */
export function compileIgnore(lines: readonly string[]): (path: string, isFolder?: boolean) => boolean {
  const patterns = lines.map(compilePattern).filter((pattern) => pattern !== undefined);
  if (patterns.length === 0) return () => false;
  const folders = new Map<string, boolean>();
  const decide = (path: string, isFolder: boolean): boolean => {
    let ignored = false;
    for (const pattern of patterns) {
      if (pattern.isNegated === ignored && matchesPattern(pattern, path, isFolder)) ignored = !pattern.isNegated;
    }
    return ignored;
  };
  const folderIsIgnored = (folder: string): boolean => {
    if (folder === '') return false;
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const result = folderIsIgnored(parentOf(folder)) || decide(folder, true);
    folders.set(folder, result);
    return result;
  };
  return (path, isFolder = false) => (isFolder ? folderIsIgnored(path) : folderIsIgnored(parentOf(path)) || decide(path, false));
}

/** Whether any of the globs matches the path or a folder above it: `src/legacy` also stands for all below it. */
export function compileGlobs(globs: readonly string[]): (path: string) => boolean {
  return compileIgnore(globs);
}

/** Folder of a path; `''` for one at the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  // One row of a table: which prefixes of the path the pattern so far can match.
  let row: boolean[] = [true, ...path.map(() => false)];
  for (const [index, part] of pattern.entries()) {
    const next: boolean[] = new Array<boolean>(path.length + 1).fill(false);
    if (part === '**') {
      // At its end `a/**` means what lies below `a`, not `a` itself.
      const least = index === pattern.length - 1 && index > 0 ? 1 : 0;
      let reached = false;
      for (let i = 0; i <= path.length; i++) {
        if (i >= least && row[i - least] === true) reached = true;
        next[i] = reached;
      }
    } else {
      for (let i = 1; i <= path.length; i++) next[i] = row[i - 1] === true && matchesName(part, path[i - 1] ?? '');
    }
    row = next;
  }
  return row[path.length] === true;
}

/** One segment: `*`, `?`, `[a-z]`, `[!a]` and `\` escapes. Two positions are remembered, so a star never multiplies the work. */
function matchesName(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let starName = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      starName = n;
      continue;
    }
    const next = p < pattern.length ? matchesOne(pattern, p, name[n] ?? '') : -1;
    if (next >= 0) {
      p = next;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++starName;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Index after the pattern element at `p` when it matches the character, else -1. */
function matchesOne(pattern: string, p: number, character: string): number {
  const c = pattern[p];
  if (c === '?') return p + 1;
  if (c === '\\' && p + 1 < pattern.length) return pattern[p + 1] === character ? p + 2 : -1;
  if (c === '[') {
    const end = pattern.indexOf(']', p + 2);
    if (end > 0) {
      const isNegated = pattern[p + 1] === '!' || pattern[p + 1] === '^';
      return inClass(pattern.slice(p + (isNegated ? 2 : 1), end), character) === isNegated ? -1 : end + 1;
    }
  }
  return c === character ? p + 1 : -1;
}

function inClass(members: string, character: string): boolean {
  for (let i = 0; i < members.length; i++) {
    if (members[i + 1] === '-' && i + 2 < members.length) {
      if ((members[i] ?? '') <= character && character <= (members[i + 2] ?? '')) return true;
      i += 2;
    } else if (members[i] === character) {
      return true;
    }
  }
  return false;
}

/** `a{b,c}d` -> `abd`, `acd`; at most 64 alternatives, the rest stays as written. */
function expandBraces(text: string): string[] {
  let expanded = [text];
  for (let round = 0; round < 8; round++) {
    const next: string[] = [];
    for (const item of expanded) {
      const match = /\{([^{}]*,[^{}]*)\}/.exec(item);
      if (!match) next.push(item);
      else for (const option of (match[1] ?? '').split(',')) next.push(item.slice(0, match.index) + option + item.slice(match.index + match[0].length));
    }
    if (next.length > MOST_ALTERNATIVES || next.length === expanded.length) return next.length > MOST_ALTERNATIVES ? expanded : next;
    expanded = next;
  }
  return expanded;
}
