// The grammar of variables: `${source(parameters):address, fallback}`, nested, inside any text.

/** A piece of a text: plain, or a variable with its alternatives in order, each of them a text again. */
export type Piece = { readonly kind: 'plain'; readonly text: string } | { readonly kind: 'variable'; readonly alternatives: readonly string[] };

const SOURCE = /^\s*(?:self|opt|env|param|sls|file|ssm|s3|cf|aws|strToBool|construct|secrets|terraform|vault|doppler|git|output|state|awsSecretsManager)\b\s*[(:.]/;
const MAX_PIECES = 200;

/** Pieces of a text; undefined where it holds no variable of the framework (`${AWS::Region}` is none). Linear in the text. */
export function piecesOf(text: string): readonly Piece[] | undefined {
  if (!text.includes('${')) return undefined;
  const pieces: Piece[] = [];
  let from = 0;
  let hasVariable = false;
  for (let at = text.indexOf('${'); at >= 0 && pieces.length < MAX_PIECES; at = text.indexOf('${', from)) {
    const end = closing(text, at + 2);
    if (end < 0) break;
    const inner = text.slice(at + 2, end);
    const isVariable = SOURCE.test(inner) || /^\s*\$\{/.test(inner);
    if (at > from) pieces.push({ kind: 'plain', text: text.slice(from, at) });
    pieces.push(isVariable ? { kind: 'variable', alternatives: alternativesOf(inner) } : { kind: 'plain', text: text.slice(at, end + 1) });
    hasVariable ||= isVariable;
    from = end + 1;
  }
  if (from < text.length) pieces.push({ kind: 'plain', text: text.slice(from) });
  return hasVariable ? pieces : undefined;
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

/** Splits at commas outside brackets and quotes. */
function alternativesOf(inner: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < inner.length; i++) {
    const c = inner[i] ?? '';
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '{' || c === '[') depth++;
    else if (c === ')' || c === '}' || c === ']') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(inner.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, inner.slice(from).trim()];
}

/** The literal that an alternative is: a quoted text, a number, a boolean; undefined where it is none. */
export function literalOf(alternative: string): string | number | boolean | null | undefined {
  const quoted = /^(['"])([\s\S]*)\1$/.exec(alternative);
  if (quoted) return quoted[2] ?? '';
  if (alternative === 'true' || alternative === 'false') return alternative === 'true';
  if (alternative === 'null' || alternative === '') return null;
  return /^-?\d+(?:\.\d+)?$/.test(alternative) ? Number(alternative) : undefined;
}
