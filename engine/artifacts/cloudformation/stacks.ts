// Which template deploys which: nested stacks whose template the workspace holds, with the parameters that they pass, and names exported from one stack to others.

import { folderOf, joinPath } from '../../model/paths';
import { at, entryOf, textAt, type Expression } from './expression';
import { evaluate } from './evaluate';
import type { CloudFormationFacts } from './facts';
import { PLACEHOLDER } from './mentions';
import { Scope, type Surroundings } from './scope';
import { scalarText, unknownValue, type MaybeValue } from './values';

/** The templates of a workspace, each with its scope. */
export interface Stacks {
  readonly scopes: ReadonlyMap<string, Scope>;
  /** Paths of the templates that a template deploys directly. */
  childrenOf(path: string): readonly string[];
  /** The templates that nobody deploys and from which this one is reached: one, or itself where there are several or none. */
  rootOf(path: string): string;
}

/** Property that holds the place of a nested stack's template. */
const PLACE_OF: Readonly<Record<string, string>> = { 'AWS::CloudFormation::Stack': 'TemplateURL', 'AWS::Serverless::Application': 'Location' };

/** Text that is not known, inside an address. */
const GAP = '\0';

/** Joins templates. Linear in the templates and their nested stacks; values are worked out when they are asked for. */
export function joinStacks(facts: readonly CloudFormationFacts[]): Stacks {
  const byName = new Map<string, string[]>();
  for (const { path } of facts) byName.set(nameOf(path), [...(byName.get(nameOf(path)) ?? []), path]);
  const children = new Map(facts.map((file) => [file.path, nestedOf(file, byName)]));
  const callers = new Map<string, { readonly path: string; readonly stack: string }[]>();
  for (const [path, nested] of children) for (const [stack, child] of nested) callers.set(child, [...(callers.get(child) ?? []), { path, stack }]);

  const scopes = new Map<string, Scope>();
  let exports: ReadonlyMap<string, MaybeValue> | undefined;
  const surroundings: Surroundings = {
    nesting: { depth: 0 },
    childOf: (scope, stack) => scopes.get(children.get(scope.file)?.get(stack) ?? ''),
    passed: (scope, parameter) => (callers.get(scope.file) ?? []).map(({ path, stack }) => passedBy(scopes.get(path), stack, parameter)),
    exported: (name) => {
      if (exports === undefined) {
        // Names of exports that depend on imports find nothing.
        exports = new Map();
        exports = exportsOf([...scopes.values()]);
      }
      return exports.get(name);
    },
  };
  for (const file of facts) scopes.set(file.path, new Scope(file.path, file.template, surroundings));
  const childrenOf = (path: string): string[] => [...new Set(children.get(path)?.values() ?? [])];
  return { scopes, childrenOf, rootOf: rootsOf(facts, callers) };
}

/** A template's nested stacks: path of the child by the logical id of the stack. */
function nestedOf(file: CloudFormationFacts, byName: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const nested = new Map<string, string>();
  for (const { name, value } of file.template.resources) {
    const property = PLACE_OF[textAt(value, 'Type') ?? ''];
    const place = property === undefined ? undefined : at(value, 'Properties', property);
    const child = place && templateAt(literalOf(place), file.path, byName);
    if (child !== undefined && child !== file.path) nested.set(name, child);
  }
  return nested;
}

/** The text of an address, with a gap for each part that is not written out. */
function literalOf(expression: Expression): string {
  if (expression.kind === 'scalar') return String(expression.value ?? '');
  if (expression.kind !== 'call') return GAP;
  const items = expression.argument.kind === 'list' ? expression.argument.items : [expression.argument];
  if (expression.name === 'Fn::Sub') return (textAt(items[0]) ?? GAP).replace(PLACEHOLDER, GAP);
  if (expression.name === 'Fn::Join' && items[1]?.kind === 'list') return items[1].items.map(literalOf).join(textAt(items[0]) ?? GAP);
  return GAP;
}

/** A template of the workspace: beside the file, or the only one whose path ends like the address. */
function templateAt(address: string, from: string, byName: ReadonlyMap<string, readonly string[]>): string | undefined {
  const known = address.slice(address.lastIndexOf(GAP) + 1).replace(/[?#].*$/, '');
  const candidates = byName.get(nameOf(known)) ?? [];
  if (!address.includes(GAP) && !/^[a-z][\w+.-]*:\/\//i.test(address)) return candidates.find((path) => path === joinPath(folderOf(from), address));
  let best: { path: string; length: number } | undefined;
  let isUnique = false;
  for (const path of candidates) {
    const length = commonTail(path, known);
    if (best && length === best.length) isUnique = false;
    if (best && length <= best.length) continue;
    best = { path, length };
    isUnique = true;
  }
  return isUnique ? best?.path : undefined;
}

/** How many of their last path segments are the same. */
function commonTail(a: string, b: string): number {
  const [left, right] = [a.split('/').toReversed(), b.split('/').toReversed()];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs < 0 ? left.length : differs;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function passedBy(parent: Scope | undefined, stack: string, parameter: string): MaybeValue {
  const parameters = at(parent?.resource(stack)?.value, 'Properties', 'Parameters');
  if (!parent || !parameters) return undefined;
  if (parameters.kind !== 'map' || parameters.isOpen) return unknownValue('the stack around it passes what is not known', parent.locate(parameters.span));
  const passed = entryOf(parameters, parameter);
  return passed && evaluate(passed.value, parent);
}

function exportsOf(scopes: readonly Scope[]): Map<string, MaybeValue> {
  const exports = new Map<string, MaybeValue>();
  for (const scope of scopes) {
    for (const output of scope.template.outputs) {
      const written = at(output.value, 'Export', 'Name');
      const name = scalarText(written && evaluate(written, scope));
      // Two stacks cannot export one name; two templates that do are alternatives.
      if (name !== undefined) exports.set(name, exports.has(name) ? undefined : scope.output(output.name));
    }
  }
  return exports;
}

function rootsOf(facts: readonly CloudFormationFacts[], callers: ReadonlyMap<string, readonly { readonly path: string }[]>): (path: string) => string {
  const roots = new Map<string, string>();
  for (const { path } of facts) {
    const found = new Set<string>();
    const seen = new Set<string>();
    const stack = [path];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const above = callers.get(next) ?? [];
      if (above.length === 0) found.add(next);
      stack.push(...above.map((caller) => caller.path));
    }
    const [only] = found;
    roots.set(path, found.size === 1 && only !== undefined ? only : path);
  }
  return (path) => roots.get(path) ?? path;
}
