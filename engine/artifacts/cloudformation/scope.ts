// What evaluation may ask of the template around an expression: its parameters, conditions, mappings, resources and outputs, each worked out once.

import type { Location, Span } from '../../text';
import type { CloudValue } from '../cloud';
import { at, entryOf, textAt, type Expression, type ExpressionEntry } from './expression';
import { evaluate } from './evaluate';
import { evaluateCondition, type Truth } from './conditions';
import type { Template } from './facts';
import { isProductionWord, productionParameters } from './production';
import { either, isSoft, scalarValue, soften, unknownValue, type MaybeValue } from './values';

/** Resources and outputs outside a template that its expressions may lead to. */
export interface Surroundings {
  /** How deep evaluation is at the moment, over all templates that lead to each other. */
  readonly nesting: { depth: number };
  /** The template that a stack resource of this one deploys, where the workspace holds it. */
  childOf(scope: Scope, stack: string): Scope | undefined;
  /** Values of one of its parameters, one for each stack that deploys it: undefined where that stack leaves it out. Empty where nothing here deploys it. */
  passed(scope: Scope, parameter: string): readonly MaybeValue[];
  /** What an exported name stands for. */
  exported(name: string): MaybeValue;
}

/** Replaces variables of the text that holds a template (`${self:custom.x}` of a serverless file); undefined where the text holds none. */
export type TextVariables = (text: string, at: Location, scope: Scope) => { readonly expression: Expression; readonly file: string } | { readonly value: MaybeValue } | undefined;

const MAX_DEPTH = 150;
/** Conditions, parameters and outputs that lead to each other at most. */
const MAX_CHAIN = 100;

export class Scope {
  readonly file: string;
  readonly template: Template;
  readonly surroundings: Surroundings;
  readonly variables: TextVariables | undefined;
  /** Id of what a logical id that no section declares stands for: the function of a serverless file. */
  readonly foreign: ReadonlyMap<string, string>;
  private readonly resourceNames: ReadonlySet<string>;
  private readonly prefix: string;
  private readonly production: ReadonlyMap<string, string>;
  private readonly parameters = new Map<string, { readonly value: MaybeValue }>();
  private readonly conditions = new Map<string, { readonly value: Truth }>();
  private readonly outputs = new Map<string, { readonly value: MaybeValue }>();
  private readonly active = new Set<string>();

  constructor(file: string, template: Template, surroundings: Surroundings, options: { readonly prefix?: string; readonly variables?: TextVariables; readonly foreign?: ReadonlyMap<string, string> } = {}) {
    this.file = file;
    this.template = template;
    this.surroundings = surroundings;
    this.prefix = options.prefix ?? file;
    this.variables = options.variables;
    this.foreign = options.foreign ?? new Map();
    this.resourceNames = new Set(template.resources.map(({ name }) => name));
    this.production = productionParameters(template);
  }

  locate(span: Span, file = this.file): Location {
    return { file, span };
  }

  /** Id of a resource of the template; undefined where it has none of that name. */
  idOf(name: string): string | undefined {
    return this.resourceNames.has(name) ? `${this.prefix}#${name}` : this.foreign.get(name);
  }

  hasParameter(name: string): boolean {
    return this.template.parameters.some((entry) => entry.name === name);
  }

  /** Value of a parameter: of the stacks that pass it, of production, of its default. */
  parameter(name: string): MaybeValue {
    return this.once(this.parameters, `parameter ${name}`, name, unknownValue(`parameter \`${name}\` refers to itself`, this.locate([0, 0])), () => this.readParameter(name));
  }

  /** The stage that the parameters say, where one of them knows production. */
  get stage(): string | undefined {
    return [...this.production.values()][0];
  }

  /** Whether a parameter names the stage. */
  isStage(parameter: string): boolean {
    return this.production.has(parameter);
  }

  condition(name: string): Truth {
    const entry = this.template.conditions.find((one) => one.name === name);
    const truth = this.once(this.conditions, `condition ${name}`, name, {}, () => (entry ? evaluateCondition(entry.value, this) : {}));
    return truth.value === undefined && isProductionWord(name) ? { value: true, isSoft: true } : truth;
  }

  mapping(name: string): Expression | undefined {
    return this.template.mappings.find((one) => one.name === name)?.value;
  }

  /** Value of one of the template's outputs; undefined where there is none. */
  output(name: string): MaybeValue {
    const entry = this.template.outputs.find((one) => one.name === name);
    const value = at(entry?.value, 'Value');
    return this.once(this.outputs, `output ${name}`, name, undefined, () => (value ? evaluate(value, this) : undefined));
  }

  /** The expression behind a resource's name. */
  resource(name: string): ExpressionEntry | undefined {
    return this.template.resources.findLast((one) => one.name === name);
  }

  /** Runs what may lead back to itself: too deep a chain is unknown. */
  descend(place: Location, work: () => MaybeValue): MaybeValue {
    const { nesting } = this.surroundings;
    if (nesting.depth >= MAX_DEPTH) return unknownValue('it is nested too deeply', place);
    nesting.depth++;
    try {
      return work();
    } finally {
      nesting.depth--;
    }
  }

  private once<T>(memo: Map<string, { readonly value: T }>, key: string, name: string, circular: T, work: () => T): T {
    const known = memo.get(name);
    if (known) return known.value;
    if (this.active.has(key) || this.active.size > MAX_CHAIN) return circular;
    this.active.add(key);
    const value = work();
    this.active.delete(key);
    memo.set(name, { value });
    return value;
  }

  private readParameter(name: string): MaybeValue {
    const entry = this.template.parameters.find((one) => one.name === name);
    const place = this.locate(entry?.nameSpan ?? [0, 0]);
    const type = textAt(entry?.value, 'Type') ?? 'String';
    const isList = type.startsWith('List<') || type === 'CommaDelimitedList';
    const bound = this.surroundings.passed(this, name);
    const production = this.production.get(name);
    if (bound.length > 0 && (production === undefined || bound.every((value) => value?.kind === 'text' && !isSoft(value)))) {
      // Callers may leave it out: then the default holds.
      const values = bound.map((value) => value ?? this.default(entry, type, isList, place));
      return either(values.map((value) => (isList && value?.kind === 'text' ? listOf(value) : value)), place);
    }
    if (production !== undefined && !isList) return { kind: 'text', value: production, at: place, isSoft: true };
    return this.default(entry, type, isList, place);
  }

  private default(entry: ExpressionEntry | undefined, type: string, isList: boolean, place: Location): MaybeValue {
    if (type.startsWith('AWS::SSM::')) return unknownValue(`parameter \`${entry?.name ?? ''}\` is read from the parameter store`, place);
    const written = entryOf(entry?.value, 'Default')?.value;
    const scalar = written?.kind === 'scalar' ? written.value : undefined;
    if (typeof scalar === 'string' && this.variables) return soften(evaluate(written ?? { kind: 'scalar', value: null, span: [0, 0] }, this));
    if (scalar !== undefined && scalar !== null) {
      const isNumber = type === 'Number' && typeof scalar === 'string' && /^-?\d+(?:\.\d+)?$/.test(scalar);
      const value = soften(scalarValue(isNumber ? Number(scalar) : scalar, place));
      return isList && value && value.kind !== 'unknown' ? listOf({ kind: 'text', value: String(scalar), at: place, isSoft: true }) : value;
    }
    const allowed = at(entry?.value, 'AllowedValues');
    if (allowed?.kind === 'list' && !isList && allowed.items.length > 0) return either(allowed.items.map((item) => evaluate(item, this)), place);
    return unknownValue(`parameter \`${entry?.name ?? ''}\` has no default`, place);
  }
}

function listOf(value: Extract<CloudValue, { kind: 'text' }>): CloudValue {
  const items = value.value.trim() === '' ? [] : value.value.split(',').map((item): CloudValue => ({ ...value, value: item.trim() }));
  return { kind: 'list', items, isOpen: false, at: value.at };
}
