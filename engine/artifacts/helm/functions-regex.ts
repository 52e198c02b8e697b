// Functions of templates that match regular expressions.

import { knownText, numberOf, type Call, type TemplateFunction } from './functions';
import { compilePattern, matchesOf, type Match } from './regex';
import { booleanValue, listValue, textValue, type Value } from './value';

/** Asks an expression of a text; unknown where either is, or where the expression has a form that is not read. */
function ask(call: Call, source: Value | undefined, value: Value | undefined, most: number, answer: (matches: readonly Match[], text: string) => Value): Value {
  const [expression, text] = [knownText(source), knownText(value)];
  const pattern = expression === undefined || text === undefined ? undefined : compilePattern(expression);
  if (!pattern || text === undefined) return call.unknown();
  call.spend(1 + (pattern.instructions.length * text.length) / 32);
  const matches = matchesOf(pattern, text, most);
  return matches ? answer(matches, text) : call.unknown();
}

function replaced(text: string, matches: readonly Match[], make: (match: Match) => string): string {
  let out = '';
  let at = 0;
  for (const match of matches) {
    out += text.slice(at, match[0]) + make(match);
    at = match[1] ?? at;
  }
  return out + text.slice(at);
}

/** `$1` and `${1}` stand for groups. */
function expanded(template: string, text: string, match: Match): string {
  return template.replace(/\$(?:(\d{1,2})(?!\w)|\{(\d{1,2})\}|(\$))/g, (_, plain: string | undefined, braced: string | undefined, dollar: string | undefined) => {
    if (dollar !== undefined) return '$';
    const group = Number(plain ?? braced) * 2;
    const [start = -1, end = -1] = match.slice(group, group + 2);
    return start < 0 ? '' : text.slice(start, end);
  });
}

const slice = (text: string, match: Match): Value => textValue(text.slice(match[0], match[1]));

function limit(count: Value | undefined): number {
  const number = numberOf(count) ?? -1;
  return number < 0 ? Infinity : number;
}

export const REGEX_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  regexMatch: (call, source, value) => ask(call, source, value, 1, (matches) => booleanValue(matches.length > 0)),
  regexFind: (call, source, value) => ask(call, source, value, 1, ([match], text) => (match ? slice(text, match) : textValue(''))),
  regexFindAll: (call, source, value, count) => ask(call, source, value, limit(count), (matches, text) => listValue(matches.map((match) => slice(text, match)))),
  regexReplaceAll: (call, source, value, replacement) => {
    const template = knownText(replacement);
    return template === undefined ? call.unknown() : ask(call, source, value, Infinity, (matches, text) => textValue(replaced(text, matches, (match) => expanded(template, text, match))));
  },
  regexReplaceAllLiteral: (call, source, value, replacement) => {
    const literal = knownText(replacement);
    return literal === undefined ? call.unknown() : ask(call, source, value, Infinity, (matches, text) => textValue(replaced(text, matches, () => literal)));
  },
  regexSplit: (call, source, value, count) => ask(call, source, value, Infinity, (matches, text) => {
    const most = limit(count);
    const parts: Value[] = [];
    let at = 0;
    for (const match of matches) {
      if (parts.length >= most - 1) break;
      parts.push(textValue(text.slice(at, match[0])));
      at = match[1] ?? at;
    }
    return listValue([...parts, textValue(text.slice(at))]);
  }),
};
