// Functions of templates that compute and compare.

import { callLabel, isKnown, knownText, numberOf, type TemplateFunction } from './functions';
import { KUBERNETES_VERSION } from './built-ins';
import { NIL, booleanValue, integerValue, isMarked, numberText, textValue, truth, unknown, type Value } from './value';

function integers(make: (numbers: readonly number[]) => number): TemplateFunction {
  return (call, ...args) => {
    const numbers = args.map((arg) => numberOf(arg));
    if (!numbers.every((number) => number !== undefined)) return call.unknown();
    const made = make(numbers.map(Math.trunc));
    return Number.isFinite(made) ? integerValue(made) : call.unknown();
  };
}

function floats(make: (numbers: readonly number[]) => number): TemplateFunction {
  return (call, ...args) => {
    const numbers = args.map((arg) => numberOf(arg));
    if (!numbers.every((number) => number !== undefined)) return call.unknown();
    const made = make(numbers);
    return Number.isFinite(made) ? { kind: 'number', number: made, isFloat: true } : call.unknown();
  };
}

/** -1, 0, 1; undefined where one of them is unknown or they cannot be compared. */
function compare(a: Value | undefined, b: Value | undefined): number | undefined {
  if (a?.kind === 'number' && b?.kind === 'number') return Math.sign(a.number - b.number);
  if (a?.kind === 'text' && b?.kind === 'text' && !isMarked(a.text) && !isMarked(b.text)) return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  return undefined;
}

/** Equality of scalars; undefined where unknown. */
export function equal(a: Value, b: Value): boolean | undefined {
  if (a.kind === 'unknown' || b.kind === 'unknown') return undefined;
  if (a.kind === 'text' && b.kind === 'text') {
    if (!isMarked(a.text) && !isMarked(b.text)) return a.text === b.text;
    return undefined;
  }
  if (a.kind === 'text' && isMarked(a.text)) return undefined;
  if (b.kind === 'text' && isMarked(b.text)) return undefined;
  if (a.kind === 'number' && b.kind === 'number') return a.number === b.number;
  if (a.kind === 'boolean' && b.kind === 'boolean') return a.isTrue === b.isTrue;
  if (a.kind === 'nil' || b.kind === 'nil') return a.kind === b.kind;
  return a.kind === b.kind ? undefined : false;
}

function comparison(holds: (sign: number) => boolean): TemplateFunction {
  return (call, a, b) => {
    const sign = compare(a, b);
    return sign === undefined ? call.unknown() : booleanValue(holds(sign));
  };
}

const eq: TemplateFunction = (call, first, ...others) => {
  let isOpen = first === undefined;
  for (const other of first ? others : []) {
    const answer = first && equal(first, other);
    if (answer === true) return booleanValue(true);
    if (answer === undefined) isOpen = true;
  }
  return isOpen ? call.unknown() : booleanValue(false);
};

/** The words in which templates ask for a value's type. */
function kindNames(value: Value): { kind: string; type: string } | undefined {
  switch (value.kind) {
    case 'text':
      return { kind: 'string', type: 'string' };
    case 'boolean':
      return { kind: 'bool', type: 'bool' };
    case 'number':
      return value.isFloat ? { kind: 'float64', type: 'float64' } : { kind: 'int', type: 'int' };
    case 'list':
      return { kind: 'slice', type: '[]interface {}' };
    case 'map':
      return { kind: 'map', type: 'map[string]interface {}' };
    case 'nil':
      return { kind: 'invalid', type: '<nil>' };
    case 'unknown':
      return undefined;
  }
}

function nameOf(which: 'kind' | 'type'): TemplateFunction {
  return (call, value = NIL) => {
    const names = kindNames(value);
    return names ? textValue(names[which]) : call.unknown();
  };
}

function isOfName(which: 'kind' | 'type'): TemplateFunction {
  return (call, name, value = NIL) => {
    const names = kindNames(value);
    const wanted = knownText(name);
    if (!names || wanted === undefined) return call.unknown();
    return booleanValue(names[which] === wanted || (which === 'kind' && wanted === 'int64' && names.kind === 'int'));
  };
}

/** A version as three numbers and its pre-release. */
function versionOf(text: string): { numbers: readonly number[]; pre: string } | undefined {
  const match = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([\w.-]+))?(?:\+[\w.-]*)?$/.exec(text.trim());
  return match ? { numbers: [match[1], match[2], match[3]].map((part) => Number(part ?? 0)), pre: match[4] ?? '' } : undefined;
}

function compareVersions(a: { numbers: readonly number[]; pre: string }, b: { numbers: readonly number[]; pre: string }): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  if (a.pre === b.pre) return 0;
  if (a.pre === '') return 1;
  return b.pre === '' || a.pre > b.pre ? 1 : -1;
}

/** Whether a version meets a constraint such as `>=1.21-0, <1.30 || ^2.0`; undefined for a form that is not read. */
export function meetsConstraint(constraint: string, version: string): boolean | undefined {
  const own = versionOf(version);
  if (!own) return undefined;
  let any = false;
  for (const alternative of constraint.split('||')) {
    let all = true;
    for (const term of alternative.split(/,|\s+(?=[<>=!~^])/).map((part) => part.trim()).filter((part) => part !== '')) {
      const match = /^(>=|=>|<=|=<|!=|[<>=~^])?\s*(v?[\w.+*-]+)$/.exec(term);
      const text = match?.[2]?.replace(/\.[xX*](?=\.|$|-)/g, '') ?? '';
      const wanted = versionOf(text);
      if (text === '*' || text === 'x') continue;
      if (!match || !wanted) return undefined;
      const parts = text.split('-')[0]?.split('.').length ?? 1;
      if (own.pre !== '' && wanted.pre === '') all = false;
      else if (!meetsTerm(match[1] ?? '', compareVersions(own, wanted), own.numbers, wanted.numbers, parts)) all = false;
    }
    any ||= all;
  }
  return any;
}

function meetsTerm(operator: string, sign: number, own: readonly number[], wanted: readonly number[], parts: number): boolean {
  const agrees = (count: number): boolean => own.slice(0, count).every((number, i) => number === wanted[i]);
  switch (operator) {
    case '>':
      return sign > 0 && !(parts < 3 && agrees(parts));
    case '>=':
    case '=>':
      return sign >= 0;
    case '<':
      return sign < 0;
    case '<=':
    case '=<':
      return sign <= 0 || (parts < 3 && agrees(parts));
    case '!=':
      return !agrees(parts);
    case '~':
      return sign >= 0 && agrees(Math.min(parts, 2));
    case '^':
      return sign >= 0 && agrees((wanted[0] ?? 0) > 0 || parts === 1 ? 1 : (wanted[1] ?? 0) > 0 || parts === 2 ? 2 : 3);
    default:
      return parts < 3 ? agrees(parts) : sign === 0;
  }
}

const semverCompare: TemplateFunction = (call, constraint, version) => {
  const [wanted, own] = [knownText(constraint), knownText(version)];
  const answer = wanted === undefined || own === undefined ? undefined : meetsConstraint(wanted, own === '' ? KUBERNETES_VERSION : own);
  return answer === undefined ? call.unknown() : booleanValue(answer);
};

const ternary: TemplateFunction = (call, yes = NIL, no = NIL, condition = NIL) => {
  const holds = truth(condition);
  return holds === undefined ? call.unknown() : holds ? yes : no;
};

const fallback: TemplateFunction = (_, otherwise = NIL, value = NIL) => {
  const has = truth(value);
  if (has === undefined) return value.kind === 'unknown' ? value : unknown(callLabel('default', [otherwise, value]), value.origin);
  return has ? value : { ...otherwise, origin: value.origin };
};

const coalesce: TemplateFunction = (call, ...args) => {
  for (const arg of args) {
    const has = truth(arg);
    if (has === undefined) return call.unknown();
    if (has) return arg;
  }
  return NIL;
};

export const NUMBER_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  int: integers(([number = 0]) => number),
  int64: integers(([number = 0]) => number),
  float64: floats(([number = 0]) => number),
  toDecimal: (call, value) => {
    const text = knownText(value);
    return text === undefined || !/^[0-7]{1,15}$/.test(text) ? call.unknown() : integerValue(Number.parseInt(text, 8));
  },
  add: integers((numbers) => numbers.reduce((sum, number) => sum + number, 0)),
  add1: integers(([number = 0]) => number + 1),
  sub: integers(([first = 0, ...rest]) => rest.reduce((left, number) => left - number, first)),
  mul: integers((numbers) => numbers.reduce((product, number) => product * number, 1)),
  div: integers(([first = 0, second = 1]) => Math.trunc(first / second)),
  mod: integers(([first = 0, second = 1]) => first % second),
  max: integers((numbers) => Math.max(...numbers)),
  biggest: integers((numbers) => Math.max(...numbers)),
  min: integers((numbers) => Math.min(...numbers)),
  addf: floats((numbers) => numbers.reduce((sum, number) => sum + number, 0)),
  subf: floats(([first = 0, ...rest]) => rest.reduce((left, number) => left - number, first)),
  mulf: floats((numbers) => numbers.reduce((product, number) => product * number, 1)),
  divf: floats(([first = 0, ...rest]) => rest.reduce((left, number) => left / number, first)),
  maxf: floats((numbers) => Math.max(...numbers)),
  minf: floats((numbers) => Math.min(...numbers)),
  floor: floats(([number = 0]) => Math.floor(number)),
  ceil: floats(([number = 0]) => Math.ceil(number)),
  round: floats(([number = 0, digits = 0]) => Number(number.toFixed(Math.min(Math.max(digits, 0), 15)))),
  eq,
  ne: (call, a = NIL, b = NIL) => {
    const answer = equal(a, b);
    return answer === undefined ? call.unknown() : booleanValue(!answer);
  },
  lt: comparison((sign) => sign < 0),
  le: comparison((sign) => sign <= 0),
  gt: comparison((sign) => sign > 0),
  ge: comparison((sign) => sign >= 0),
  not: (call, value = NIL) => {
    const holds = truth(value);
    return holds === undefined ? call.unknown() : booleanValue(!holds);
  },
  empty: (call, value = NIL) => {
    const holds = truth(value);
    return holds === undefined ? call.unknown() : booleanValue(!holds);
  },
  default: fallback,
  coalesce,
  ternary,
  required: (call, _, value = NIL) => (value.kind === 'nil' || (value.kind === 'text' && value.text === '') ? unknown(callLabel('required', [value]), value.origin) : value),
  kindOf: nameOf('kind'),
  typeOf: nameOf('type'),
  kindIs: isOfName('kind'),
  typeIs: isOfName('type'),
  typeIsLike: isOfName('type'),
  semverCompare,
  deepEqual: (call, a = NIL, b = NIL) => {
    if (!isKnown(a, call.spend) || !isKnown(b, call.spend)) return call.unknown();
    return booleanValue(plainText(a) === plainText(b));
  },
};

/** A text that is the same for equal values. */
function plainText(value: Value): string {
  switch (value.kind) {
    case 'list':
      return `[${value.items.map(plainText).join()}]`;
    case 'map':
      return `{${[...value.entries].map(([key, item]) => `${JSON.stringify(key)}:${plainText(item)}`).sort().join()}}`;
    case 'text':
      return JSON.stringify(value.text);
    case 'number':
      return numberText(value.number, value.isFloat);
    case 'boolean':
      return String(value.isTrue);
    default:
      return value.kind;
  }
}
