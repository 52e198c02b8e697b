// Functions of templates that make texts. One that only changes the look of a text leaves unknown parts in it as they are.

import { knownText, numberOf, textOf, type Call, type TemplateFunction } from './functions';
import { booleanValue, integerValue, isMarked, listValue, mapValue, mark, numberText, printed, textValue, type Value } from './value';

const MAX_TEXT = 1_000_000;

/** A function of one text (its last argument) that leaves a text with unknown parts as it is. */
function change(make: (text: string, args: readonly Value[]) => string | undefined): TemplateFunction {
  return (call, ...args) => {
    const value = args.at(-1);
    const text = textOf(value);
    if (value === undefined || text === undefined) return call.unknown();
    if (isMarked(text)) return value;
    call.spend(1 + text.length / 64);
    const made = make(text, args.slice(0, -1));
    return made === undefined || made.length > MAX_TEXT ? call.unknown() : textValue(made);
  };
}

/** A function that needs all of its texts known. */
function strict(make: (texts: readonly string[]) => Value): TemplateFunction {
  return (call, ...args) => {
    const texts = args.map(knownText);
    return texts.every((text) => text !== undefined) ? make(texts) : call.unknown();
  };
}

function trimSet(text: string, set: string, atStart: boolean, atEnd: boolean): string {
  let start = 0;
  let end = text.length;
  while (atStart && start < end && set.includes(text[start] ?? '')) start++;
  while (atEnd && end > start && set.includes(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}

/** Trims that may touch a text with unknown parts: what stands at its ends is known where no mark is there. */
function trimmer(make: (text: string, args: readonly string[]) => string): TemplateFunction {
  return (call, ...args) => {
    const text = textOf(args.at(-1));
    const others = args.slice(0, -1).map(knownText);
    if (text === undefined || !others.every((other) => other !== undefined)) return args.at(-1)?.kind === 'unknown' ? (args.at(-1) ?? call.unknown()) : call.unknown();
    return textValue(make(text, others));
  };
}

function indent(call: Call, width: Value | undefined, value: Value | undefined, lead: string): Value {
  const count = numberOf(width);
  const text = textOf(value);
  if (count === undefined || text === undefined || count < 0 || count > 200) return call.unknown();
  call.spend(1 + text.length / 64);
  const pad = ' '.repeat(count);
  const lines = text.length + count * text.split('\n').length;
  return lines > MAX_TEXT ? call.unknown() : textValue(lead + pad + text.replaceAll('\n', `\n${pad}`));
}

function quoteAll(call: Call, args: readonly Value[], quote: (text: string) => string): Value {
  const texts = args.filter((arg) => arg.kind !== 'nil').map((arg) => (arg.kind === 'list' || arg.kind === 'map' ? printed(arg) : textOf(arg)));
  return texts.every((text) => text !== undefined) ? textValue(texts.map((text) => quote(text)).join(' ')) : call.unknown();
}

/** Go's quoting; unknown parts stay as they are. */
function goQuoted(text: string): string {
  return `"${text.split(/(\uE001\uE002[^\uE003]*\uE003\uE004)/).map((part) => (isMarked(part) ? part : JSON.stringify(part).slice(1, -1))).join('')}"`;
}

function words(text: string): string[] {
  return text.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2').split(/[\s_.-]+/).filter((word) => word !== '');
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** `fmt.Sprintf`; undefined for a verb that nobody writes. */
function formatted(format: string, args: readonly Value[]): string | undefined {
  let next = 0;
  let isStrange = false;
  const text = format.replace(/%([-+# 0]{0,5})(\d{0,4})(?:\.(\d{1,3}))?([a-zA-Z%])/g, (_, flags: string, width: string, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    const arg = args[next++];
    if (arg === undefined) return `%!${verb}(MISSING)`;
    const made = formatOne(arg, verb, precision === undefined ? undefined : Number(precision));
    if (made === undefined) isStrange = true;
    const filled = made ?? '';
    if (isMarked(filled) || Number(width) > 500) return filled;
    return flags.includes('-') ? filled.padEnd(Number(width)) : filled.padStart(Number(width), flags.includes('0') && verb !== 's' ? '0' : ' ');
  });
  return isStrange ? undefined : text;
}

function formatOne(arg: Value, verb: string, precision: number | undefined): string | undefined {
  if (arg.kind === 'unknown') return mark(arg.label);
  switch (verb) {
    case 's':
    case 'v':
      if (arg.kind === 'nil') return verb === 's' ? '%!s(<nil>)' : '<nil>';
      if (arg.kind === 'number' && verb === 's') return `%!s(${arg.isFloat ? 'float64' : 'int'}=${numberText(arg.number, arg.isFloat)})`;
      return precision === undefined ? printed(arg) : printed(arg).slice(0, precision);
    case 'd':
      return arg.kind === 'number' ? (arg.isFloat ? `%!d(float64=${numberText(arg.number, true)})` : String(arg.number)) : undefined;
    case 'q':
      return goQuoted(printed(arg));
    case 't':
      return printed(arg);
    case 'f':
      return arg.kind === 'number' ? arg.number.toFixed(Math.min(precision ?? 6, 20)) : undefined;
    case 'g':
      return arg.kind === 'number' ? numberText(arg.number, true) : undefined;
    case 'x':
      return arg.kind === 'number' ? arg.number.toString(16) : undefined;
    default:
      return undefined;
  }
}

const printf: TemplateFunction = (call, format, ...args) => {
  const text = textOf(format);
  if (text === undefined || isMarked(text)) return call.unknown();
  const made = formatted(text, args);
  return made === undefined ? call.unknown() : textValue(made);
};

/** Puts spaces only between neighbours that are no texts. */
const print: TemplateFunction = (_, ...args) => textValue(args.map((arg, i) => {
  const before = args[i - 1];
  return (before !== undefined && before.kind !== 'text' && arg.kind !== 'text' ? ' ' : '') + printed(arg);
}).join(''));

/** Texts of a list. */
function join(call: Call, separator: Value | undefined, list: Value | undefined): Value {
  const between = knownText(separator);
  if (between === undefined || list === undefined) return call.unknown();
  if (list.kind !== 'list') return list.kind === 'map' ? call.unknown() : textValue(printed(list));
  call.spend(list.items.length);
  return textValue(list.items.filter((item) => item.kind !== 'nil').map(printed).join(between));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += (BASE64[bits >> 18] ?? '') + (BASE64[(bits >> 12) & 63] ?? '') + (b === undefined ? '=' : (BASE64[(bits >> 6) & 63] ?? '')) + (c === undefined ? '=' : (BASE64[bits & 63] ?? ''));
  }
  return out;
}

export const TEXT_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  quote: (call, ...args) => quoteAll(call, args, goQuoted),
  squote: (call, ...args) => quoteAll(call, args, (text) => `'${text}'`),
  indent: (call, width, value) => indent(call, width, value, ''),
  nindent: (call, width, value) => indent(call, width, value, '\n'),
  trim: trimmer((text) => text.trim()),
  trimAll: trimmer((text, [set = '']) => trimSet(text, set, true, true)),
  trimPrefix: trimmer((text, [prefix = '']) => (prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: trimmer((text, [suffix = '']) => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  lower: change((text) => text.toLowerCase()),
  upper: change((text) => text.toUpperCase()),
  title: change((text) => text.replace(/(^|\s)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())),
  untitle: change((text) => text.replace(/(^|\s)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toLowerCase())),
  nospace: change((text) => text.replace(/\s/g, '')),
  camelcase: change((text) => words(text).map((word) => capital(word.toLowerCase())).join('')),
  kebabcase: change((text) => words(text).join('-').toLowerCase()),
  snakecase: change((text) => words(text).join('_').toLowerCase()),
  trunc: change((text, [count]) => {
    const length = numberOf(count);
    return length === undefined ? undefined : length < 0 ? text.slice(length) : text.slice(0, length);
  }),
  abbrev: change((text, [count]) => {
    const length = numberOf(count);
    return length === undefined || length < 4 || text.length <= length ? text : `${text.slice(0, length - 3)}...`;
  }),
  substr: change((text, [start, end]) => {
    const [from, to] = [numberOf(start), numberOf(end)];
    return from === undefined || to === undefined ? undefined : from < 0 ? text.slice(0, to) : text.slice(from, to < 0 ? undefined : to);
  }),
  repeat: change((text, [count]) => {
    const times = numberOf(count);
    return times === undefined || times < 0 || times * text.length > MAX_TEXT ? undefined : text.repeat(times);
  }),
  replace: change((text, [from, to]) => {
    const [old, fresh] = [knownText(from), knownText(to)];
    return old === undefined || fresh === undefined ? undefined : text.replaceAll(old, () => fresh);
  }),
  base: change((text) => text.split('/').at(-1)),
  dir: change((text) => (text.includes('/') ? text.slice(0, text.lastIndexOf('/')) : '.')),
  b64enc: change((text) => base64(text)),
  toString: (_: Call, value?: Value) => textValue(value === undefined || value.kind === 'nil' ? '' : printed(value)),
  printf,
  print,
  println: (_, ...args) => textValue(`${args.map(printed).join(' ')}\n`),
  cat: (_, ...args) => textValue(args.filter((arg) => arg.kind !== 'nil').map(printed).join(' ')),
  join,
  contains: strict(([part = '', text = '']) => booleanValue(text.includes(part))),
  hasPrefix: strict(([part = '', text = '']) => booleanValue(text.startsWith(part))),
  hasSuffix: strict(([part = '', text = '']) => booleanValue(text.endsWith(part))),
  splitList: strict(([separator = '', text = '']) => listValue(text.split(separator).map((part) => textValue(part)))),
  split: strict(([separator = '', text = '']) => mapValue(text.split(separator).map((part, i) => [`_${i}`, textValue(part)] as const))),
  atoi: strict(([text = '']) => integerValue(/^[-+]?\d+$/.test(text) ? Number(text) : 0)),
};
