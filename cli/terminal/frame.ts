// Frames of marked code: the places of one finding in the order of its story, each line once.

import type { Severity } from '../../engine/lint/finding';
import type { Location } from '../../engine/text';
import { lineSpan, pointAt, type Source, type SourceOf } from '../source';
import { showLine } from './code-line';
import type { Display } from './display';
import { asciiSigns } from './display';
import { visible, visibleLine } from './escape';
import { link, style, type Role } from './style';
import { cutStart, padStart, textWidth, wrap } from './width';

/** A marked place. The primary one is what the finding points at, reasons say why. */
export interface Place {
  readonly at: Location;
  readonly kind: 'primary' | 'reason';
  readonly text: string | undefined;
}

export interface FrameContext {
  readonly severity: Severity;
  readonly sourceOf: SourceOf;
  readonly display: Display;
  /** Address of a file, for terminals that open it; undefined = no link. */
  readonly addressOf?: ((file: string) => string | undefined) | undefined;
  /** 3 where nothing is said. */
  readonly mostFrames?: number;
}

interface Mark {
  readonly place: Place;
  readonly line: number;
  readonly column: number;
}

interface Frame {
  readonly file: string;
  readonly marks: Mark[];
}

const MOST_FRAMES = 3;
// Places of one file this close share a frame; a single line between them is shown, it reads as one piece of code.
const NEAR_LINES = 2;
const MOST_LINES_OF_A_FRAME = 8;

/** Lines of the frames, the column of their left side, and how many places found no room in them. */
export function drawFrames(places: readonly Place[], context: FrameContext): { readonly lines: string[]; readonly side: number; readonly left: number } {
  const most = context.mostFrames ?? MOST_FRAMES;
  const all = intoFrames(places, context.sourceOf);
  const frames = all.slice(0, most);
  const left = all.slice(most).reduce((sum, frame) => sum + frame.marks.length, 0);
  const numbers = frames.flatMap((frame) => frame.marks.map((mark) => String(mark.line).length));
  const gutter = Math.max(2, ...numbers) + 2;
  const roles = frames.map((frame) => roleOf(frame, gutter, context.display));
  const roleWidth = Math.max(0, ...roles.map((role) => textWidth(role ?? '')));
  const lines = frames.flatMap((frame, index) => drawFrame(frame, { gutter, role: roles[index], roleWidth, isFirst: index === 0 }, context));
  return { lines, side: gutter + 1, left };
}

function intoFrames(places: readonly Place[], sourceOf: SourceOf): Frame[] {
  const frames: Frame[] = [];
  for (const place of places) {
    const { line, column } = pointAt(sourceOf(place.at.file), place.at.span[0]);
    const mark = { place, line, column };
    const near = frames.find((frame) => frame.file === place.at.file && isNear(frame, line));
    if (near) near.marks.push(mark);
    else frames.push({ file: place.at.file, marks: [mark] });
  }
  return frames;
}

function isNear(frame: Frame, line: number): boolean {
  const lines = frame.marks.map((mark) => mark.line);
  const span = Math.max(line, ...lines) - Math.min(line, ...lines);
  return span < MOST_LINES_OF_A_FRAME && lines.some((other) => Math.abs(other - line) <= NEAR_LINES);
}

/** A lone reason says its role beside its place where there is room; else, and in shared frames, texts stand at their marks. */
function roleOf(frame: Frame, gutter: number, display: Display): string | undefined {
  const first = frame.marks[0];
  if (frame.marks.length !== 1 || first?.place.kind !== 'reason' || first.place.text === undefined) return undefined;
  const role = shownText(first.place.text, display);
  return gutter + 4 + textWidth(placeOf(frame.file, first, gutter, display)) + 2 + textWidth(role) <= display.width ? role : undefined;
}

function placeOf(file: string, { line, column }: Mark, gutter: number, display: Display): string {
  const position = `:${line}:${column}`;
  return cutStart(visible(file), Math.max(10, display.width - gutter - 4 - position.length), display.glyphs.ellipsis) + position;
}

function shownText(text: string, display: Display): string {
  return display.isAscii ? asciiSigns(visibleLine(text)) : visibleLine(text);
}

interface Layout {
  readonly gutter: number;
  readonly role: string | undefined;
  readonly roleWidth: number;
  readonly isFirst: boolean;
}

function drawFrame(frame: Frame, layout: Layout, context: FrameContext): string[] {
  const source = context.sourceOf(frame.file);
  const lines = [drawHeader(frame, layout, context)];
  if (!source) return lines;
  const marks = [...frame.marks].sort((a, b) => a.line - b.line || a.column - b.column);
  let previous: number | undefined;
  for (const mark of marks) {
    if (mark.line !== previous) {
      for (let between = (previous ?? mark.line) + 1; between < mark.line; between++) lines.push(drawCode(source, between, [0, 0], layout.gutter, context).code);
    }
    const drawn = drawCode(source, mark.line, mark.place.at.span, layout.gutter, context);
    if (mark.line !== previous) lines.push(drawn.code);
    lines.push(...drawMark(mark, drawn.column, drawn.width, layout, context));
    previous = mark.line;
  }
  return lines;
}

function drawHeader(frame: Frame, layout: Layout, context: FrameContext): string {
  const { display } = context;
  const first = frame.marks[0];
  const place = first ? placeOf(frame.file, first, layout.gutter, display) : visible(frame.file);
  const corner = layout.isFirst ? display.glyphs.top : display.glyphs.branch;
  const line = `${' '.repeat(layout.gutter + 1)}${style(corner, 'dim', display)} ${link(place, context.addressOf?.(frame.file), display)}`;
  if (layout.role === undefined) return line;
  const used = layout.gutter + 4 + textWidth(place);
  const column = Math.min(Math.max(used + 2, display.edge - layout.roleWidth), display.width - textWidth(layout.role));
  return line + ' '.repeat(column - used) + style(layout.role, 'reason', display);
}

function drawCode(source: Source, line: number, span: readonly [number, number], gutter: number, context: FrameContext): { code: string; column: number; width: number } {
  const { display } = context;
  const [start, end] = lineSpan(source, line);
  const from = Math.max(start, Math.min(span[0], end));
  const to = Math.max(from, Math.min(span[1], end));
  const shown = showLine(source.text.slice(start, end), [from - start, to - start], display.width - gutter - 3, display.glyphs.ellipsis);
  const code = `${style(padStart(String(line), gutter), 'dim', display)} ${style(display.glyphs.side, 'dim', display)} ${shown.text}`.trimEnd();
  return { code, column: shown.mark.column, width: shown.mark.width };
}

function drawMark(mark: Mark, column: number, width: number, layout: Layout, context: FrameContext): string[] {
  const { display } = context;
  const isPrimary = mark.place.kind === 'primary';
  const role: Role = isPrimary ? context.severity : 'reason';
  const before = `${' '.repeat(layout.gutter + 1)}${style(display.glyphs.side, 'dim', display)} `;
  const line = before + ' '.repeat(column) + style((isPrimary ? '^' : '~').repeat(width), role, display);
  if (mark.place.text === undefined || layout.role !== undefined) return [line];
  const text = shownText(mark.place.text, display);
  const room = display.width - layout.gutter - 3;
  const needed = textWidth(text);
  if (column + width + 1 + needed <= room) return [`${line} ${style(text, role, display)}`];
  // No room beside the mark: below it, moved to the left as far as needed.
  const parts = wrap(text, room);
  const indent = Math.max(0, Math.min(column, room - Math.max(...parts.map(textWidth))));
  return [line, ...parts.map((part) => before + ' '.repeat(indent) + style(part, role, display))];
}
