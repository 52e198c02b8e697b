// Compose's `$` syntax. Defaults are taken; a variable without one is unknown, as its value stands in a shell or an `.env` file that is no part of the system's description.

/** Stands for an unknown value; a private-use character that no source text holds. */
export const UNKNOWN = '\uE000';

const MAX_DEPTH = 10;

/** The text with defaults put in; each variable without default becomes `UNKNOWN`. Linear in the text for each level of nested defaults, at most ten. */
export function interpolate(text: string, depth = 0): string {
  if (!text.includes('$')) return text;
  if (depth > MAX_DEPTH) return UNKNOWN;
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return result + text.slice(at);
    result += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === '$') {
      result += '$';
      at = dollar + 2;
    } else if (next === '{') {
      const end = closingBrace(text, dollar + 2);
      if (end < 0) return result + UNKNOWN;
      result += valueOf(text.slice(dollar + 2, end), depth);
      at = end + 1;
    } else {
      const name = /^\w+/.exec(text.slice(dollar + 1, dollar + 201))?.[0];
      result += name === undefined ? '$' : UNKNOWN;
      at = dollar + 1 + (name?.length ?? 0);
    }
  }
  return result;
}

/** Whether a text still holds an unknown part. */
export function isUnknown(text: string): boolean {
  return text.includes(UNKNOWN);
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{' && text[i - 1] === '$') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

function valueOf(expression: string, depth: number): string {
  const match = /^(\w+)(:?[-?+])?/.exec(expression);
  const operator = match?.[2];
  if (operator === ':-' || operator === '-') return interpolate(expression.slice(match?.[0].length), depth + 1);
  return UNKNOWN;
}
