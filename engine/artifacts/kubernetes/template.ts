// Go template actions of Helm charts, masked so that a YAML parser reads the file and every offset stays true. What an action writes is unknown, never absent.

import type { Span } from '../../text';

/** Stands for each character of an action inside a line: a legal plain scalar character of one UTF-16 unit that no source text holds. */
export const FILL = '\uE000';

export interface TemplateAction {
  readonly span: Span;
  /** `open`, `else` and `close` make a block conditional or repeated; `output` writes text; `silent` writes nothing. */
  readonly kind: 'output' | 'open' | 'else' | 'close' | 'silent';
  /** Nothing but actions and white space stands on its lines. */
  readonly isLineOnly: boolean;
  /** Column at which its text begins: of `nindent` or `indent`, else its own. */
  readonly column: number;
}

export interface Template {
  /** As long as the source. */
  readonly text: string;
  readonly actions: readonly TemplateAction[];
}

/** Whether a text holds template actions at all. */
export function hasActions(text: string): boolean {
  return text.includes('{{');
}

/** Masks the actions of a template, or those at the spans that are given. Linear; never changes a length or a line break. */
export function maskTemplate(text: string, spans: readonly Span[] = actionSpans(text)): Template {
  const out = text.split('');
  const actions: TemplateAction[] = [];
  let next = 0;
  let lineStart = 0;
  while (lineStart <= text.length && next < spans.length) {
    let lineStop = lineBreak(text, lineStart);
    const first = next;
    while (next < spans.length && (spans[next]?.[0] ?? 0) < lineStop) {
      // An action that spans lines makes one logical line of them.
      lineStop = Math.max(lineStop, lineBreak(text, spans[next]?.[1] ?? lineStop));
      next++;
    }
    if (next > first) maskLine(text, out, spans.slice(first, next), lineStart, lineStop, actions);
    lineStart = lineStop + 1;
  }
  return { text: out.join(''), actions };
}

function lineBreak(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** Spans of `{{ … }}`, honouring quotes, back quotes and comments. An action that never ends reaches to the end of the text. */
function actionSpans(text: string): Span[] {
  const spans: Span[] = [];
  let at = text.indexOf('{{');
  while (at >= 0) {
    const end = actionEnd(text, at);
    spans.push([at, end]);
    at = text.indexOf('{{', end);
  }
  return spans;
}

function actionEnd(text: string, start: number): number {
  if (/^\{\{-?\s{0,4}\/\*/.test(text.slice(start, start + 9))) {
    const close = text.indexOf('*/', start);
    const end = close < 0 ? -1 : text.indexOf('}}', close);
    return end < 0 ? text.length : end + 2;
  }
  for (let at = start + 2; at < text.length; at++) {
    const c = text[at];
    if (c === '}' && text[at + 1] === '}') return at + 2;
    if (c === '`') {
      const close = text.indexOf('`', at + 1);
      if (close < 0) return text.length;
      at = close;
    } else if (c === '"') {
      for (at++; at < text.length && text[at] !== '"' && text[at] !== '\n'; at++) if (text[at] === '\\') at++;
    }
  }
  return text.length;
}

function maskLine(text: string, out: string[], spans: readonly Span[], start: number, stop: number, actions: TemplateAction[]): void {
  let bare = '';
  let at = start;
  for (const [from, to] of spans) {
    bare += text.slice(at, from);
    at = to;
  }
  bare += text.slice(at, stop);
  const isLineOnly = bare.trim() === '';
  // `key: {{ with … }}` or `- {{ toYaml … }}` over a deeper block, and `key: |{{ … }}`: filling would break the block, blanks leave it whole.
  const isHeader = !isLineOnly && /(?::[ \t]*(?:[|>][+-]?\d?)?|^[ \t]*-)[ \t]*\r?$/.test(bare) && text.slice(start, spans[0]?.[0]).trimEnd() === bare.trimEnd() && isDeeperBelow(text, start, stop);
  for (const span of spans) {
    actions.push(describe(text, span, start, isLineOnly || isHeader));
    let isFirstLine = true;
    for (let i = span[0]; i < span[1]; i++) {
      if (text[i] === '\n') isFirstLine = false;
      else if (text[i] !== '\r') out[i] = isLineOnly || isHeader || !isFirstLine ? ' ' : FILL;
    }
  }
}

function isDeeperBelow(text: string, start: number, stop: number): boolean {
  // The key of `- key:` stands behind its dash.
  const line = text.slice(start, stop);
  const indent = /^[ ]*-[ ]*\{\{/.test(line) ? indentOf(text, start) : (/^(?:[ ]|-(?= ))*/.exec(line)?.[0].length ?? 0);
  for (let at = stop + 1; at < text.length; at = lineBreak(text, at) + 1) {
    const line = text.slice(at, lineBreak(text, at));
    if (line.trim() === '' || /^\s*\{\{/.test(line)) continue;
    return indentOf(text, at) > indent;
  }
  return false;
}

function indentOf(text: string, lineStart: number): number {
  let at = lineStart;
  while (text[at] === ' ') at++;
  return at - lineStart;
}

const OPENS = /^(?:if|with|range|define|block)\b/;

function describe(text: string, span: Span, lineStart: number, isLineOnly: boolean): TemplateAction {
  const body = text.slice(span[0] + 2, span[1] - 2).replace(/^-/, '').trim();
  const indent = /\bn?indent\s+(\d+)/.exec(body)?.[1];
  return {
    span,
    kind: kindOf(body),
    isLineOnly,
    column: indent === undefined ? Math.max(0, span[0] - Math.max(lineStart, text.lastIndexOf('\n', span[0] - 1) + 1)) : Number(indent),
  };
}

function kindOf(body: string): TemplateAction['kind'] {
  if (OPENS.test(body)) return 'open';
  if (/^else\b/.test(body)) return 'else';
  if (/^end\b/.test(body)) return 'close';
  if (body.startsWith('/*') || /^\$[\w]*\s*:?=/.test(body) || /^(?:fail|required)\b/.test(body)) return 'silent';
  return 'output';
}

/** How many template blocks are open at an offset. Linear in the actions. */
export function depthAt(template: Template, offset: number): number {
  let depth = 0;
  for (const action of template.actions) {
    if (action.span[0] >= offset) break;
    if (action.kind === 'open') depth++;
    else if (action.kind === 'close' && depth > 0) depth--;
  }
  return depth;
}

/** Whether an action may write keys into the block at `column` that reaches over `span`: one that writes at that column, or wherever it likes. */
export function mayAddKeys(template: Template, span: Span, column: number): boolean {
  return template.actions.some((action) => action.kind === 'output' && action.isLineOnly && action.span[0] >= span[0] && action.span[0] < span[1] && action.column <= column);
}

/** Whether any action that can write text stands in a span. */
export function writesIn(template: Template, span: Span): boolean {
  return template.actions.some((action) => action.kind === 'output' && action.span[0] >= span[0] && action.span[0] < span[1]);
}
