// Alignment of `=` as the formatter of HCL wants it: attributes on neighbouring lines, each on one line, form a group.

import type { TextEdit } from '../../text';
import type { HclAttribute } from './tree';

/** A line that holds one attribute. */
export interface AttributeLine {
  readonly attribute: HclAttribute;
  /** Column-free length of what stands before the spaces in front of `=`. */
  readonly width: number;
  /** Spaces between the name and `=`. */
  readonly gap: number;
  readonly equals: number;
}

/** The group of an attribute, in the order of the text; only itself where it takes several lines. Linear in the body. */
export function groupOf(text: string, attributes: readonly HclAttribute[], one: HclAttribute): AttributeLine[] {
  const lines = attributes.map((attribute) => lineOf(text, attribute));
  const index = attributes.indexOf(one);
  const own = lines[index];
  if (!own) return [];
  const group = [own];
  for (let i = index - 1, next = own; i >= 0; i--) {
    const line = lines[i];
    if (!line || !areNeighbours(text, line, next)) break;
    group.unshift(line);
    next = line;
  }
  for (let i = index + 1, before = own; i < lines.length; i++) {
    const line = lines[i];
    if (!line || !areNeighbours(text, before, line)) break;
    group.push(line);
    before = line;
  }
  return group;
}

/** Whether the group is aligned as the formatter would. */
export function isAligned(group: readonly AttributeLine[]): boolean {
  const width = Math.max(...group.map((line) => line.width));
  return group.every((line) => line.width + line.gap === width + 1);
}

/** Edits that align a group to names of this width. */
export function alignTo(group: readonly AttributeLine[], width: number): TextEdit[] {
  return group.flatMap((line) => {
    const gap = width + 1 - line.width;
    return gap === line.gap ? [] : [{ span: [line.equals - line.gap, line.equals] as const, newText: ' '.repeat(gap) }];
  });
}

function lineOf(text: string, attribute: HclAttribute): AttributeLine | undefined {
  // A heredoc counts by its first line.
  const isHeredoc = attribute.value?.kind === 'template' && attribute.value.isHeredoc === true;
  if (!isHeredoc && text.slice(...attribute.span).includes('\n')) return undefined;
  const [, end] = attribute.nameSpan;
  const equals = text.indexOf('=', end);
  const gap = equals - end;
  return equals < 0 || text.slice(end, equals).trim() !== '' ? undefined : { attribute, width: end - attribute.nameSpan[0], gap, equals };
}

// Comments at the end of the first line do not part them; a comment line or an empty one does.
function areNeighbours(text: string, first: AttributeLine, second: AttributeLine): boolean {
  const between = text.slice(first.attribute.span[1], second.attribute.span[0]);
  return between.split('\n').length === 2 && between.slice(between.indexOf('\n')).trim() === '';
}
