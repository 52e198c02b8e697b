// Runs a template with values. What cannot be known stays in the text as a marked action: a value as one, a condition as `if … end` around all that may be there.

import type { Span } from '../../text';
import { isServed } from './built-ins';
import { callOf, knownText, numberOf, type TemplateFunction } from './functions';
import { COLLECTION_FUNCTIONS } from './functions-collection';
import { NUMBER_FUNCTIONS } from './functions-number';
import { REGEX_FUNCTIONS } from './functions-regex';
import { TEXT_FUNCTIONS } from './functions-text';
import { Sink, keyOfBody } from './sink';
import { parseTemplate, type Operand, type ParsedTemplate, type Pipe, type TemplateNode } from './syntax';
import { NIL, booleanValue, integerValue, isMarked, mapValue, mark, member, printed, sortedEntries, textValue, truth, unknown, type Origin, type Value } from './value';

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([...Object.entries(TEXT_FUNCTIONS), ...Object.entries(REGEX_FUNCTIONS), ...Object.entries(NUMBER_FUNCTIONS), ...Object.entries(COLLECTION_FUNCTIONS)]);

/** Functions through which a value can still be set where it came from. */
const KEEPS_ORIGIN = new Set(['quote', 'squote', 'toString', 'int', 'int64', 'float64', 'toYaml', 'indent', 'nindent', 'trim', 'tpl', 'toYamlPretty', 'toJson', 'first', 'last', 'lower', 'upper']);

/** Work that was more than allowed; never leaves the evaluation. */
class BudgetSpent extends Error {}

const MAX_INCLUDES = 60;

interface Variable {
  readonly name: string;
  value: Value;
  /** How many unknown conditions stood around it where it was declared. */
  readonly doubt: number;
}

type Flow = 'next' | 'break' | 'continue';

/** One run over the templates of a chart. `steps` bounds its work. */
export class Evaluation {
  private includes = 0;
  /** Unknown conditions around what runs now. */
  private doubt = 0;
  /** What runs now is switched off: it changes nothing. */
  private isOff = false;
  private readonly texts = new Map<string, ParsedTemplate | undefined>();

  constructor(
    private readonly defines: ReadonlyMap<string, readonly TemplateNode[]>,
    private steps: number,
  ) {}

  /** Renders one template file; undefined where that is too much work. */
  render(nodes: readonly TemplateNode[], root: Value): Sink | undefined {
    const sink = new Sink(true);
    this.includes = 0;
    this.doubt = 0;
    this.isOff = false;
    try {
      this.walk(nodes, root, [{ name: '$', value: root, doubt: 0 }], sink);
      return sink;
    } catch (error) {
      if (error instanceof BudgetSpent || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private readonly spend = (steps = 1): void => {
    this.steps -= steps;
    if (this.steps < 0) throw new BudgetSpent();
  };

  private walk(nodes: readonly TemplateNode[], dot: Value, scope: Variable[], sink: Sink): Flow {
    for (const node of nodes) {
      this.spend();
      switch (node.kind) {
        case 'text':
          sink.literal(node.text, node.span);
          break;
        case 'output': {
          const value = this.pipe(node.pipe, dot, scope);
          if (node.pipe.declares.length > 0) break;
          const text = printed(value);
          this.spend(text.length / 64);
          sink.output(text, node.span, value.origin);
          break;
        }
        case 'template': {
          const context = node.pipe ? this.pipe(node.pipe, dot, scope) : NIL;
          sink.output(printed(this.include(node.name, context)), node.span);
          break;
        }
        case 'if':
        case 'with': {
          const flow = this.branch(node, dot, scope, sink);
          if (flow !== 'next') return flow;
          break;
        }
        case 'range':
          this.range(node, dot, scope, sink);
          break;
        default:
          return this.doubt > 0 ? 'next' : node.kind;
      }
    }
    return 'next';
  }

  /** Runs a body in a scope of its own. */
  private scoped(nodes: readonly TemplateNode[], dot: Value, scope: Variable[], sink: Sink): Flow {
    const length = scope.length;
    const flow = this.walk(nodes, dot, scope, sink);
    scope.length = length;
    return flow;
  }

  private branch(node: Extract<TemplateNode, { kind: 'if' | 'with' }>, dot: Value, scope: Variable[], sink: Sink): Flow {
    const length = scope.length;
    const value = this.pipe(node.pipe, dot, scope);
    const holds = truth(value);
    const inner = node.kind === 'with' ? value : dot;
    let flow: Flow = 'next';
    if (holds === undefined) this.both(node, value, inner, dot, scope, sink);
    else {
      flow = holds ? this.scoped(node.body, inner, scope, sink) : this.scoped(node.otherwise, dot, scope, sink);
      const key = holds || !sink.isTraced || !value.origin ? undefined : keyOfBody(node);
      if (key && value.origin) sink.leftOut.push({ at: sink.text.length, ...key, origin: value.origin });
      this.switchedOff(holds ? node.otherwise : node.body, node.kind === 'with' && !holds ? unknown('.', value.origin) : dot, scope, sink);
    }
    scope.length = length;
    return flow;
  }

  /** A whole object that the values leave out is read all the same: whoever switches it on gets what stands there. */
  private switchedOff(nodes: readonly TemplateNode[], dot: Value, scope: Variable[], sink: Sink): void {
    if (!sink.isTraced || this.isOff || this.doubt > 0 || !holdsObject(nodes)) return;
    const part = sink.part();
    this.isOff = true;
    this.scoped(nodes, dot, [...scope], part);
    this.isOff = false;
    sink.off.push(part);
  }

  /** Both branches of a condition that nobody can know. */
  private both(node: Extract<TemplateNode, { kind: 'if' | 'with' }>, value: Value, inner: Value, dot: Value, scope: Variable[], sink: Sink): void {
    const yes = this.doubtful(node.body, inner, scope, sink);
    const no = this.doubtful(node.otherwise, dot, scope, sink);
    this.writeBoth(`${node.kind} ${labelOf(value)}`, yes, no, node.span, sink);
  }

  private doubtful(nodes: readonly TemplateNode[], dot: Value, scope: Variable[], sink: Sink): Sink {
    const part = sink.part();
    this.doubt++;
    this.scoped(nodes, dot, scope, part);
    this.doubt--;
    return part;
  }

  private writeBoth(label: string, yes: Sink, no: Sink, span: Span, sink: Sink): void {
    if (yes.text === no.text) {
      sink.append(yes, span);
      return;
    }
    if (!yes.text.includes('\n') && !no.text.includes('\n')) {
      sink.output(mark(`either ${label}`), span);
      return;
    }
    const isWhole = /^kind:/m.test(yes.text) && /^kind:/m.test(no.text);
    sink.control('if', span);
    sink.append(yes, span);
    if (no.text !== '') {
      if (isWhole) sink.output('\n---\n', span);
      sink.control('else', span);
      sink.append(no, span);
    }
    sink.control('end', span);
  }

  private range(node: Extract<TemplateNode, { kind: 'range' }>, dot: Value, scope: Variable[], sink: Sink): void {
    const length = scope.length;
    const { declares } = node.pipe;
    const value = this.commands(node.pipe, dot, scope);
    const bind = (key: Value, item: Value): void => {
      const [first, second] = declares;
      if (first !== undefined) scope.push({ name: first, value: second === undefined ? item : key, doubt: this.doubt });
      if (second !== undefined) scope.push({ name: second, value: item, doubt: this.doubt });
    };
    const pairs = pairsOf(value);
    if (pairs === undefined) {
      const item = unknown('.');
      bind(unknown('$key'), item);
      const yes = this.doubtful(node.body, item, scope, sink);
      scope.length = length;
      this.writeBoth(`range ${labelOf(value)}`, yes, this.doubtful(node.otherwise, dot, scope, sink), node.span, sink);
      return;
    }
    if (pairs.length === 0) {
      this.scoped(node.otherwise, dot, scope, sink);
      const item = unknown('.');
      bind(unknown('$key'), item);
      this.switchedOff(node.body, item, scope, sink);
    }
    for (const [key, item] of pairs) {
      this.spend();
      scope.length = length;
      bind(key, item);
      if (this.walk(node.body, item, scope, sink) === 'break') break;
    }
    scope.length = length;
  }

  /** Value of a pipe; what it declares goes into the scope. */
  private pipe(pipe: Pipe, dot: Value, scope: Variable[]): Value {
    const value = this.commands(pipe, dot, scope);
    for (const name of pipe.declares) {
      if (!pipe.isAssignment) scope.push({ name, value, doubt: this.doubt });
      else this.assign(name, value, scope);
    }
    return value;
  }

  private assign(name: string, value: Value, scope: readonly Variable[]): void {
    const variable = scope.findLast((candidate) => candidate.name === name);
    if (!variable || this.isOff) return;
    variable.value = this.doubt > variable.doubt ? unknown(name) : value;
  }

  private commands(pipe: Pipe, dot: Value, scope: Variable[]): Value {
    let value: Value | undefined;
    for (const command of pipe.commands) value = this.command(command, value, dot, scope);
    return value ?? NIL;
  }

  private command(operands: readonly Operand[], piped: Value | undefined, dot: Value, scope: Variable[]): Value {
    this.spend();
    const [first, ...rest] = operands;
    if (!first) return NIL;
    if (first.kind === 'function') return this.call(first.name, rest, piped, dot, scope);
    const value = this.operand(first, dot, scope);
    if (rest.length === 0 && piped === undefined) return value;
    const args = [...rest.map((operand) => this.operand(operand, dot, scope)), ...(piped ? [piped] : [])];
    return this.method(first, value, args);
  }

  /** Methods of built-in objects; a value that is no method takes no arguments. */
  private method(operand: Operand, value: Value, args: readonly Value[]): Value {
    const names = operand.kind === 'field' || operand.kind === 'variable' || operand.kind === 'group' ? operand.names : [];
    const asked = knownText(args[0]);
    if (names.at(-1) === 'Has' && names.at(-2) === 'APIVersions' && asked !== undefined) {
      const answer = isServed(asked);
      return answer === undefined ? unknown(`.Capabilities.APIVersions.Has "${asked}"`) : booleanValue(answer);
    }
    return callOf(labelOf(value), args, this.spend).unknown();
  }

  private operand(operand: Operand, dot: Value, scope: Variable[]): Value {
    switch (operand.kind) {
      case 'field':
        return operand.names.reduce(member, dot);
      case 'variable': {
        const found = scope.findLast((variable) => variable.name === operand.name);
        return operand.names.reduce(member, found?.value ?? unknown(operand.name));
      }
      case 'function':
        return this.call(operand.name, [], undefined, dot, scope);
      case 'text':
        return textValue(operand.text);
      case 'number':
        return { kind: 'number', number: operand.number, isFloat: operand.isFloat };
      case 'boolean':
        return booleanValue(operand.isTrue);
      case 'nil':
        return NIL;
      case 'group': {
        const length = scope.length;
        const value = this.pipe(operand.pipe, dot, scope);
        scope.length = length;
        return operand.names.reduce(member, value);
      }
    }
  }

  private call(name: string, operands: readonly Operand[], piped: Value | undefined, dot: Value, scope: Variable[]): Value {
    if (name === 'and' || name === 'or') return this.connective(name, operands, piped, dot, scope);
    const args = [...operands.map((operand) => this.operand(operand, dot, scope)), ...(piped ? [piped] : [])];
    const call = callOf(name, args, this.spend);
    switch (name) {
      case 'include': {
        const asked = knownText(args[0]);
        return asked === undefined ? call.unknown() : this.include(asked, args[1] ?? NIL);
      }
      case 'tpl':
        return this.expand(args[0] ?? NIL, args[1] ?? NIL);
      case 'set':
      case 'unset':
        return this.change(name, args);
      case 'lookup':
        // A chart that is only rendered finds nothing in the cluster.
        return mapValue([]);
      case 'fail':
        return textValue('');
      default: {
        const made = FUNCTIONS.get(name.startsWith('must') ? name.slice(4, 5).toLowerCase() + name.slice(5) : name)?.(call, ...args) ?? call.unknown();
        const origin = KEEPS_ORIGIN.has(name) ? args.at(-1)?.origin : undefined;
        return origin && !made.origin ? { ...made, origin } : made;
      }
    }
  }

  /** `and` and `or` give the operand that decides, and look no further. */
  private connective(name: 'and' | 'or', operands: readonly Operand[], piped: Value | undefined, dot: Value, scope: Variable[]): Value {
    let open: Value | undefined;
    let value: Value = NIL;
    for (let i = 0; i < operands.length + (piped ? 1 : 0); i++) {
      const operand = operands[i];
      value = operand ? this.operand(operand, dot, scope) : (piped ?? NIL);
      const holds = truth(value);
      if (holds === undefined) open ??= value;
      // An unknown one before it does not matter: this one decides whether the whole can hold.
      else if (holds === (name === 'or')) return open && name === 'or' ? booleanValue(true) : value;
    }
    return open ? unknown(`${name} ${labelOf(open)}`) : value;
  }

  private include(name: string, context: Value): Value {
    const nodes = this.defines.get(name);
    if (!nodes || this.includes >= MAX_INCLUDES) return unknown(`include "${name}" ${labelOf(context)}`);
    const sink = new Sink(false);
    this.includes++;
    this.walk(nodes, context, [{ name: '$', value: context, doubt: 0 }], sink);
    this.includes--;
    this.spend(sink.text.length / 64);
    return textValue(sink.text);
  }

  /** `tpl`: a text that is itself a template. */
  private expand(value: Value, context: Value): Value {
    const text = value.kind === 'unknown' ? undefined : printed(value);
    if (text === undefined) return value;
    if (!text.includes('{{')) return textValue(text);
    if (isMarked(text) || this.includes >= MAX_INCLUDES) return unknown('tpl');
    this.spend(text.length / 16);
    if (!this.texts.has(text)) this.texts.set(text, parseTemplate(text));
    const parsed = this.texts.get(text);
    if (!parsed) return unknown('tpl');
    const sink = new Sink(false);
    this.includes++;
    this.walk(parsed.nodes, context, [{ name: '$', value: context, doubt: 0 }], sink);
    this.includes--;
    return textValue(sink.text);
  }

  private change(name: 'set' | 'unset', args: readonly Value[]): Value {
    const [map = NIL, key, value = NIL] = args;
    const asked = knownText(key);
    if (map.kind !== 'map' || this.isOff) return map;
    if (asked === undefined) map.isOpen = true;
    else if (this.doubt > 0) map.entries.set(asked, unknown(`.${asked}`));
    else if (name === 'set') map.entries.set(asked, value);
    else map.entries.delete(asked);
    return map;
  }
}

function labelOf(value: Value): string {
  return value.kind === 'unknown' ? value.label : value.kind === 'text' ? value.text.replace(/[\uE000-\uE004\s]+/g, ' ').trim().slice(0, 60) : '.';
}

/** What a loop runs over; undefined where that is unknown. */
function pairsOf(value: Value): readonly (readonly [Value, Value])[] | undefined {
  switch (value.kind) {
    case 'list':
      return value.items.map((item, i) => [integerValue(i), item.origin || !value.origin ? item : withItemOrigin(item, value.origin, i)] as const);
    case 'map':
      return value.isOpen ? undefined : sortedEntries(value).map(([key, item]) => [textValue(key), item] as const);
    case 'number': {
      const count = numberOf(value) ?? 0;
      return count > 1_000 ? undefined : Array.from({ length: Math.max(0, count) }, (_, i) => [integerValue(i), integerValue(i)] as const);
    }
    case 'nil':
      return [];
    default:
      return undefined;
  }
}

function withItemOrigin(item: Value, origin: Origin, index: number): Value {
  return { ...item, origin: { file: origin.file, path: [...origin.path, index] } };
}

/** Whether the literal text of a body is that of a whole object. */
function holdsObject(nodes: readonly TemplateNode[]): boolean {
  const text = literalText(nodes, 0);
  return /^apiVersion:/m.test(text) && /^kind:/m.test(text) && /^metadata:/m.test(text);
}

function literalText(nodes: readonly TemplateNode[], depth: number): string {
  if (depth > 20) return '';
  return nodes.map((node) => (node.kind === 'text' ? node.text : 'body' in node ? literalText(node.body, depth + 1) + literalText(node.otherwise, depth + 1) : '')).join('');
}
