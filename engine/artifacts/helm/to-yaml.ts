// Writes a value as YAML, as the template function does: keys in order, two spaces, the dashes of a list in the column of its key.

import { isMarked, mark, scalarOf, sortedEntries, type Value } from './value';

/** YAML text without the last line break. `spend` is told of each part. */
export function toYaml(value: Value, spend: () => void): string {
  if (value.kind === 'list' || value.kind === 'map') return linesOf(value, spend).join('\n');
  // A text of several lines is indented as if it stood at a key.
  return scalarText(value).split('\n').map((line, i) => (i === 0 || line === '' ? line : `  ${line}`)).join('\n');
}

function linesOf(value: Value, spend: () => void): string[] {
  spend();
  if (value.kind === 'list') {
    if (value.items.length === 0) return ['[]'];
    return value.items.flatMap((item) => linesOf(item, spend).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
  }
  if (value.kind !== 'map') return scalarText(value).split('\n');
  if (value.entries.size === 0) return [value.isOpen ? mark('entries') : '{}'];
  const lines = sortedEntries(value).flatMap(([key, item]) => {
    const name = `${plainOrQuoted(key)}:`;
    if (item.kind === 'list' && item.items.length > 0) return [name, ...linesOf(item, spend)];
    const inner = linesOf(item, spend);
    if (item.kind === 'map' && item.entries.size > 0) return [name, ...inner.map((line) => `  ${line}`)];
    return [`${name} ${inner[0] ?? ''}`, ...inner.slice(1).map((line) => (line === '' ? line : `  ${line}`))];
  });
  return value.isOpen ? [...lines, mark('entries')] : lines;
}

function scalarText(value: Value): string {
  switch (value.kind) {
    case 'boolean':
      return String(value.isTrue);
    case 'number':
      return String(value.number);
    case 'text':
      return textOf(value.text);
    case 'unknown':
      return mark(value.label);
    default:
      return 'null';
  }
}

function textOf(text: string): string {
  if (!text.includes('\n')) return plainOrQuoted(text);
  if (/^[\s]|[\0-\x08\x0b-\x1f]|[ \t]\n/.test(text)) return JSON.stringify(text);
  const body = text.replace(/\n+$/, '');
  const ending = text.length - body.length;
  return [`|${ending === 0 ? '-' : ending === 1 ? '' : '+'}`, ...body.split('\n'), ...Array<string>(Math.max(0, ending - 1)).fill('')].join('\n');
}

/** Single quotes, where quotes are needed: a template inside the text stays one. */
function plainOrQuoted(text: string): string {
  if (isMarked(text)) return /^[^\uE001]*["'#&*!|>%@`{[]/.test(text) || /: | #/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
  if (/[\0-\x08\x0b-\x1f]/.test(text)) return JSON.stringify(text);
  // What would be read as another type is quoted twice, what has a special sign once.
  if (text === '' || typeof scalarOf(text, true).value !== 'string' || /^\d{4}-\d/.test(text)) return JSON.stringify(text);
  const isPlain = /^[\p{L}\p{N}_./(+$<^=~;-]/u.test(text) && !/^[-?:](?:\s|$)|: | #|:$|\s$|^---/.test(text) && !/^[-+]?\d[\d_]*(?::[0-5]?\d)+$|^[=<]$|^\.(?:inf|nan)/i.test(text);
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}
