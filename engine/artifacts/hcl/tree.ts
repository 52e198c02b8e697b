// The tree of an HCL file: plain data, JSON-safe, with UTF-16 offsets at every node. Terraform, OpenTofu, Terragrunt and Nomad are written in it.

import type { Span } from '../../text';

export type HclExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly span: Span }
  /** A quoted string or a heredoc with interpolations. */
  | { readonly kind: 'template'; readonly parts: readonly HclPart[]; readonly isHeredoc?: true; readonly span: Span }
  /** The first word of a traversal: `var`, `local`, `aws_lb`, an iterator. */
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'attribute'; readonly of: HclExpression; readonly name: string; readonly span: Span }
  | { readonly kind: 'index'; readonly of: HclExpression; readonly key: HclExpression; readonly span: Span }
  /** `a[*].b.c`: `then` is what is read of each element, over the name `each item`. */
  | { readonly kind: 'splat'; readonly of: HclExpression; readonly then?: HclExpression; readonly span: Span }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly HclExpression[]; readonly isExpanded?: true; readonly span: Span }
  | { readonly kind: 'conditional'; readonly test: HclExpression; readonly yes: HclExpression; readonly no: HclExpression; readonly span: Span }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: HclExpression; readonly right: HclExpression; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly of: HclExpression; readonly span: Span }
  | { readonly kind: 'parentheses'; readonly of: HclExpression; readonly span: Span }
  | { readonly kind: 'tuple'; readonly items: readonly HclExpression[]; readonly span: Span }
  | { readonly kind: 'object'; readonly items: readonly HclItem[]; readonly span: Span }
  | HclFor;

export interface HclFor {
  readonly kind: 'for';
  /** One name, or key and value. */
  readonly names: readonly string[];
  readonly in: HclExpression;
  /** Present where an object is made. */
  readonly key?: HclExpression;
  readonly value: HclExpression;
  readonly if?: HclExpression;
  readonly isGrouped?: true;
  readonly span: Span;
}

/** A part of a template. `directive` is `%{ if … }` and its kind, which nothing evaluates. */
export type HclPart =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  | { readonly kind: 'expression'; readonly expression: HclExpression; readonly span: Span }
  | { readonly kind: 'directive'; readonly span: Span };

export interface HclItem {
  /** A bare word is a literal here. */
  readonly key: HclExpression;
  readonly value: HclExpression;
  readonly span: Span;
}

export interface HclAttribute {
  readonly name: string;
  readonly nameSpan: Span;
  /** Absent where it is half-typed or broken: its value is unknown. */
  readonly value?: HclExpression;
  readonly span: Span;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly { readonly text: string; readonly span: Span }[];
  /** From the type to the opening brace. */
  readonly header: Span;
  readonly body: HclBody;
  /** From the type to behind the closing brace. */
  readonly span: Span;
}

export interface HclBody {
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
  /** Between the braces. */
  readonly span: Span;
  /** A part of it could not be read: what it lacks may stand there. */
  readonly isBroken?: true;
}

export interface HclFile {
  readonly body: HclBody;
  /** Body without the marks. */
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
  readonly errors: readonly { readonly because: string; readonly at: number }[];
}

/** The attribute of this name. */
export function attributeOf(body: HclBody, name: string): HclAttribute | undefined {
  return body.attributes.find((attribute) => attribute.name === name);
}

/** The blocks of this type, in their order. */
export function blocksOf(body: HclBody, type: string): HclBlock[] {
  return body.blocks.filter((block) => block.type === type);
}

/** The value of an expression that is a literal; undefined for all others and for null. */
export function literalOf(expression: HclExpression | undefined): string | number | boolean | undefined {
  if (expression?.kind === 'parentheses') return literalOf(expression.of);
  return expression?.kind === 'literal' && expression.value !== null ? expression.value : undefined;
}

/** Every expression below and including this one, each once. Linear. */
export function walkExpression(expression: HclExpression, visit: (one: HclExpression) => void): void {
  const pending = [expression];
  for (let one = pending.pop(); one; one = pending.pop()) {
    visit(one);
    pending.push(...childrenOf(one).reverse());
  }
}

function childrenOf(one: HclExpression): HclExpression[] {
  switch (one.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'template':
      return one.parts.flatMap((part) => (part.kind === 'expression' ? [part.expression] : []));
    case 'attribute':
    case 'unary':
    case 'parentheses':
      return [one.of];
    case 'index':
      return [one.of, one.key];
    case 'splat':
      return one.then ? [one.of, one.then] : [one.of];
    case 'call':
      return [...one.arguments];
    case 'conditional':
      return [one.test, one.yes, one.no];
    case 'binary':
      return [one.left, one.right];
    case 'tuple':
      return [...one.items];
    case 'object':
      return one.items.flatMap((item) => [item.key, item.value]);
    case 'for':
      return [one.in, ...(one.key ? [one.key] : []), one.value, ...(one.if ? [one.if] : [])];
  }
}
