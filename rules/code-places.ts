// Small questions that several code rules ask of a linked file: where a function stands, which route it answers, which file of the package says what.

import type { CodeProject, LinkedFile } from '../engine/code/project';
import type { Context } from '../engine/code/facts';
import type { Location, Span } from '../engine/text';

/** A span of a file as a location. */
export function placeIn(file: LinkedFile, span: Span): Location {
  return { file: file.path, span };
}

/** Contexts of a function, those of the functions around it included. */
export function contextsOf(file: LinkedFile, id: number): ReadonlySet<Context> {
  const found = new Set<Context>();
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    for (const context of file.contexts[at] ?? file.facts.functions[at]?.contexts ?? []) found.add(context);
  }
  return found;
}

/** Whether a function runs for a request, a message, a timer or an event. */
export function runsOften(file: LinkedFile, id: number): boolean {
  const contexts = contextsOf(file, id);
  return contexts.has('handler') || contexts.has('consumer') || contexts.has('timer') || contexts.has('listener');
}

/** `POST /orders` where the function, or one around it, is that route's handler. */
export function routeOf(file: LinkedFile, id: number): string | undefined {
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    const route = file.facts.functions[at]?.route;
    if (route !== undefined) return route;
  }
  return undefined;
}

/** A name for a function in subjects of findings: its own, its route's, or that of the function around it. */
export function nameOfFunction(file: LinkedFile, id: number): string {
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    const fact = file.facts.functions[at];
    const name = fact?.route ?? fact?.name;
    if (name !== undefined) return name;
  }
  return 'module';
}

const byPackage = new WeakMap<CodeProject, Map<unknown, readonly LinkedFile[]>>();

/** Files of the same package that are part of the running program. Grouped once for each project. */
export function packageFiles(code: CodeProject, file: LinkedFile): readonly LinkedFile[] {
  let groups = byPackage.get(code);
  if (!groups) {
    groups = groupByPackage(code);
    byPackage.set(code, groups);
  }
  return groups.get(file.package) ?? [];
}

function groupByPackage(code: CodeProject): Map<unknown, readonly LinkedFile[]> {
  const groups = new Map<unknown, LinkedFile[]>();
  for (const file of code.files) {
    if (file.facts.role !== 'server') continue;
    const group = groups.get(file.package);
    if (group) group.push(file);
    else groups.set(file.package, [file]);
  }
  return groups;
}
