// What a call or `new` in infrastructure code gives: a construct, a duration in seconds, JSON, a path, an object of a library, or a member of what it is called on.

import { entityOf, returnsOf } from '../resolve';
import { argumentsOf, isAccess, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { leadsSomewhere, memberOfValue, setEntry, unknownValue } from './declared-values';
import type { DeclaredEntry, DeclaredValue } from './facts';
import { libraryMember, resourceType, symbolText } from './libraries';
import { declaredValue, plainValue, spanOf, type InfrastructureCore } from './values';

type Call = TypeScript.CallExpression | TypeScript.NewExpression;

const SECONDS: Readonly<Record<string, number>> = { millis: 0.001, seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** The value of a call. */
export function callValue(state: InfrastructureCore, node: Call, span: DeclaredValue['span']): DeclaredValue {
  const construct = state.constructAt(node);
  if (construct !== undefined) return { kind: 'construct', construct, path: [], span };
  const instance = ts.isNewExpression(node) ? state.instanceAt(node) : undefined;
  if (instance !== undefined) return { kind: 'instance', site: instance, path: [], span };
  const callee = strip(node.expression, false);
  const called = entityOf(state.core, callee);
  const member = libraryMember(called);
  const given = argumentsOf(node).slice(0, 8);
  if (member) return libraryValue(state, node, member, span);
  const first = given[0];
  const name = isAccess(callee) ? memberName(callee) : ts.isIdentifier(callee) ? callee.text : undefined;
  const encloses = isAccess(callee) ? strip(callee.expression) : undefined;
  if (called.kind === 'global' && called.name === 'JSON' && called.path[0] === 'stringify' && first) return declaredValue(state, first);
  if (called.kind === 'global' && /^(?:String|Number|Boolean)$/.test(called.name) && called.path.length === 0 && first) return convertedValue(declaredValue(state, first), called.name, span);
  if (called.kind === 'function' && ts.isCallExpression(node)) return returnedValue(state, called.id, span);
  if (encloses && name !== undefined) {
    const path = /^(?:join|resolve)$/.test(name) ? pathValue(state, given, span) : undefined;
    if (path) return path;
    const base = declaredValue(state, encloses);
    if (base.kind === 'construct') return memberOfValue(base, metricName(state, name, first), span);
    if (/^(?:toString|trim)$/.test(name) && (base.kind === 'text' || base.kind === 'number')) return { kind: 'text', value: String(base.value), span };
    if (leadsSomewhere(base)) return name === 'apply' || given.length > 0 ? unknownValue(span, 'computed', [base, ...given.map((argument) => declaredValue(state, argument))]) : memberOfValue(base, name, span);
  }
  const plain = plainValue(state, node, span);
  return plain.kind === 'unknown' ? unknownValue(span, 'a call', given.map((argument) => declaredValue(state, argument))) : plain;
}

function libraryValue(state: InfrastructureCore, node: Call, member: NonNullable<ReturnType<typeof libraryMember>>, span: DeclaredValue['span']): DeclaredValue {
  const given = argumentsOf(node).slice(0, 8).map((argument) => declaredValue(state, argument));
  const first = given[0];
  const name = member.path.at(-1) ?? '';
  if (member.path.at(-2) === 'Duration') {
    const unit = SECONDS[name];
    if (unit === undefined || !first) return unknownValue(span, 'a duration');
    return first.kind === 'number' ? { ...first, value: first.value * unit, span } : { kind: 'scaled', of: first, factor: unit, span };
  }
  // `pulumi.jsonStringify(…)`, `pulumi.output(…)`, `cdk.Fn.…`, `config.require(…)`
  if (/^(?:jsonStringify|output|secret|unsecret)$/.test(name) && first) return first;
  if (/^(?:Fn|Token|Lazy|Config|Output)$/.test(member.path.at(-2) ?? '') || /^(?:all|concat|interpolate|Config|StackReference)$/.test(name)) return unknownValue(span, 'known when it is deployed', given);
  const symbol = symbolText(member);
  if (symbol === undefined) return unknownValue(span, 'a call of a library', given);
  const isPlain = ts.isCallExpression(node) && given.every((value) => value.kind !== 'text' || libraryMemberOf(state, node, value)) && !given.some(leadsSomewhere);
  return isPlain ? { kind: 'text', value: symbol, span } : objectValue(ts.isNewExpression(node) ? (resourceType(member) ?? symbol) : symbol, given, span);
}

// A symbol is a text too: `InstanceType.of(InstanceClass.T3, InstanceSize.SMALL)` has no text of its own.
function libraryMemberOf(state: InfrastructureCore, node: Call, value: DeclaredValue): boolean {
  return argumentsOf(node).some((argument) => spanOf(state, strip(argument))[0] === value.span[0] && libraryMember(entityOf(state.core, argument)) !== undefined);
}

/** An object of a library as a map: its class or the method that makes it, the keys of its last map, and its further arguments. */
function objectValue(symbol: string, given: readonly DeclaredValue[], span: DeclaredValue['span']): DeclaredValue {
  const options = given.findLast((value) => value.kind === 'map');
  const entries: DeclaredEntry[] = options?.kind === 'map' ? [...options.entries] : [];
  setEntry(entries, { key: '$type', value: { kind: 'text', value: symbol, span } });
  setEntry(entries, { key: '$arguments', value: { kind: 'list', items: given.filter((value) => value !== options), isOpen: false, span } });
  const isOpen = options?.kind === 'map' ? options.isOpen : given.some((value) => value.kind === 'parameter' || value.kind === 'unknown');
  return { kind: 'map', entries, isOpen, span };
}

function convertedValue(value: DeclaredValue, to: string, span: DeclaredValue['span']): DeclaredValue {
  if (to === 'String' && (value.kind === 'number' || value.kind === 'boolean')) return { kind: 'text', value: String(value.value), span };
  if (to === 'Number' && value.kind === 'text') return Number.isFinite(Number(value.value)) && value.value.trim() !== '' ? { kind: 'number', value: Number(value.value), span } : unknownValue(span, 'a number');
  return value.kind === 'unknown' || value.kind === 'either' ? unknownValue(span, 'converted', [value]) : value;
}

// `fn.metric('Errors')` is `fn.metricErrors()`.
function metricName(state: InfrastructureCore, method: string, first: TypeScript.Expression | undefined): string {
  const value = method === 'metric' && first ? declaredValue(state, first) : undefined;
  return value?.kind === 'text' ? `metric${value.value}` : method;
}

// `path.join(__dirname, '../src/orders.ts')`
function pathValue(state: InfrastructureCore, given: readonly TypeScript.Expression[], span: DeclaredValue['span']): DeclaredValue | undefined {
  const parts = given.map((argument) => declaredValue(state, argument));
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.value] : []));
  return texts.length === parts.length && texts.length > 0 ? { kind: 'text', value: texts.join('/'), span } : undefined;
}

// What a function of this file returns, in terms of its parameters.
function returnedValue(state: InfrastructureCore, id: number, span: DeclaredValue['span']): DeclaredValue {
  const node = state.core.scopes.functions[id];
  if (!node?.body) return unknownValue(span, 'a call');
  const values = ts.isBlock(node.body) ? returnsOf(node.body) : [node.body];
  const only = values[0];
  return values.length === 1 && only ? declaredValue(state, only) : unknownValue(span, 'a call', values.slice(0, 4).map((value) => declaredValue(state, value)));
}
