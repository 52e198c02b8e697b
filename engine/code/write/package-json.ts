// Adds a dependency to a package.json: the smallest edit, in the file's own order and indentation.

import type { TextEdit } from '../../text';

// A name and its range, as npm allows them: nothing that would need an escape.
const ENTRY = /^[ \t]*"((?:[^"\\\n]|\\.){1,214})"[ \t]*:[ \t]*"(?:[^"\\\n]|\\.){0,200}"[ \t]*(,?)[ \t]*$/;

/** Edits that add `"name": "range"` to `dependencies`; none where the name is a dependency already, undefined where the text is no package.json that can be added to. Linear in the text. */
export function addDependency(text: string, name: string, range: string): TextEdit[] | undefined {
  const manifest = parsed(text);
  if (!manifest) return undefined;
  const dependencies = manifest['dependencies'];
  if (dependencies !== undefined && !isRecord(dependencies)) return undefined;
  if (dependencies && Object.hasOwn(dependencies, name)) return [];
  const entry = `${JSON.stringify(name)}: ${JSON.stringify(range)}`;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const edit = dependencies && Object.keys(dependencies).length > 0 ? intoBlock(text, name, entry, lineEnd) : dependencies ? intoEmpty(text, entry, unit, lineEnd) : asNewBlock(text, entry, unit, lineEnd);
  if (!edit) return undefined;
  // Written by text: what comes out has to say what was meant, and nothing else.
  const after = parsed(text.slice(0, edit.span[0]) + edit.newText + text.slice(edit.span[1]));
  return after && same(after, { ...manifest, dependencies: { ...(dependencies ?? {}), [name]: range } }) ? [edit] : undefined;
}

// Before the first name that comes later in the alphabet where the block is sorted, else at its end.
function intoBlock(text: string, name: string, entry: string, lineEnd: string): TextEdit | undefined {
  const opening = /^[ \t]*"dependencies"[ \t]*:[ \t]*\{[ \t]*\r?$/m.exec(text);
  if (!opening) return undefined;
  let at = opening.index + opening[0].length + 1;
  const lines: { readonly start: number; readonly name: string; readonly indentation: string; readonly end: number; readonly comma: string }[] = [];
  for (const line of text.slice(at).split('\n')) {
    const found = ENTRY.exec(line.replace(/\r$/, ''));
    if (!found) break;
    lines.push({ start: at, name: found[1] ?? '', indentation: /^[ \t]*/.exec(line)?.[0] ?? '', end: at + line.replace(/[ \t\r]*$/, '').length, comma: found[2] ?? '' });
    at += line.length + 1;
  }
  const last = lines.at(-1);
  if (!last) return undefined;
  const isSorted = lines.every((line, index) => index === 0 || (lines[index - 1]?.name ?? '') <= line.name);
  const next = isSorted ? lines.find((line) => line.name > name) : undefined;
  if (next) return { span: [next.start, next.start], newText: `${next.indentation}${entry},${lineEnd}` };
  // A line with several names follows.
  if (last.comma !== '') return { span: [last.end, last.end], newText: `${lineEnd}${last.indentation}${entry},` };
  return { span: [last.end, last.end], newText: `,${lineEnd}${last.indentation}${entry}` };
}

function intoEmpty(text: string, entry: string, unit: string, lineEnd: string): TextEdit | undefined {
  const found = /"dependencies"[ \t]*:[ \t]*\{(\s*)\}/.exec(text);
  if (!found) return undefined;
  const end = found.index + found[0].length - 1;
  return { span: [end - (found[1] ?? '').length, end], newText: `${lineEnd}${unit}${unit}${entry}${lineEnd}${unit}` };
}

function asNewBlock(text: string, entry: string, unit: string, lineEnd: string): TextEdit | undefined {
  const close = text.trimEnd().length - 1;
  const last = text.slice(0, Math.max(0, close)).trimEnd();
  if (text[close] !== '}' || last === '') return undefined;
  const comma = last.endsWith('{') ? '' : ',';
  return { span: [last.length, close], newText: `${comma}${lineEnd}${unit}"dependencies": {${lineEnd}${unit}${unit}${entry}${lineEnd}${unit}}${lineEnd}` };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a).sort();
  return keys.join('\0') === Object.keys(b).sort().join('\0') && keys.every((key) => sorted(a[key]) === sorted(b[key]));
}

function sorted(value: unknown): string {
  return JSON.stringify(isRecord(value) ? Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)) : value);
}
