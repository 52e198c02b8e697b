// What the rules about limits share: values of options, names for messages, and the fix that writes a limit.

import type { ArgumentRef, Bound, FixText } from '../catalog/schema';
import type { Context } from '../engine/code/construct-facts';
import type { Value } from '../engine/code/values';
import type { InstalledLibrary, LinkedClient, LinkedFile, OutboundCall } from '../engine/code/project';
import { formatDuration, numberText } from '../engine/duration';
import type { Budgets } from '../engine/lint/configuration';
import type { Severity } from '../engine/lint/finding';
import type { CodeOperation, Fix } from '../engine/lint/fix';
import type { SystemModel } from '../engine/model/model';

/** What stands at a dotted path of an options value; `absent` only where nothing out of sight can set it. */
export function optionAt(options: Value, path: string): Value | 'absent' | 'unknown' {
  let value: Value = options;
  for (const key of path.split('.')) {
    if (value.kind === 'undefined' || value.kind === 'null') return 'absent';
    if (value.kind !== 'object') return 'unknown';
    const entry = value.entries.findLast((candidate) => candidate.key === key);
    if (!entry) return value.isOpen ? 'unknown' : 'absent';
    value = entry.value;
  }
  return value.kind === 'undefined' ? 'absent' : value;
}

/** Whether an object literal could take this option: no value on its way is a string, a function or out of sight. */
function canHold(options: Value, path: string): boolean {
  let value: Value | undefined = options;
  for (const key of path.split('.')) {
    if (!value || value.kind === 'undefined') return true;
    if (value.kind !== 'object' || value.isText) return false;
    value = value.entries.findLast((candidate) => candidate.key === key)?.value;
  }
  return true;
}

/** Contexts in which someone or something waits for the call. */
export function isOnPath(contexts: ReadonlySet<Context>): boolean {
  return contexts.has('handler') || contexts.has('consumer') || contexts.has('timer') || contexts.has('listener');
}

/** Only at start: nobody waits for it but the start itself. */
export function isOnlyStartup(contexts: ReadonlySet<Context>): boolean {
  return contexts.has('startup') && !isOnPath(contexts) && !contexts.has('unknown');
}

/** At module level: nobody waits for it but the start itself. A function that the start calls may be called by others too. */
export function isAtStart({ fact, contexts }: OutboundCall): boolean {
  return fact.function === -1 && !isOnPath(contexts);
}

/** warning where someone waits, advice at start, info where the context is not known. */
export function severityOf(call: OutboundCall): Severity {
  if (isOnPath(call.contexts)) return 'warning';
  return isAtStart(call) ? 'advice' : 'info';
}

/** `axios 1.21.1`, or the name alone where nothing says the version. */
export function nameWithVersion(library: InstalledLibrary): string {
  // The version may be that of a package inside it.
  return library.version === undefined ? library.title : `${library.entry.versionOf ?? library.title} ${library.version}`;
}

/** `no limit: axios 1.21.1, timeout 0 = none`, cut to what a label may hold. */
export function noLimitLabel(library: InstalledLibrary, bound: Bound | undefined): string {
  const short = `no limit: ${nameWithVersion(library)}`;
  if (!bound || bound.option === '') return clip(short, 40);
  const long = `${short}, ${bound.option} ${bound.off?.includes(0) ? '0 = none' : 'unset'}`;
  return long.length <= 40 ? long : clip(short, 40);
}

/** Cuts a name so that a message keeps its length. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** A client's name or, where it has none, its construct: `pool`, `new Pool`. */
export function clientName(client: LinkedClient): string {
  return clip(client.fact.name?.text ?? constructText(client), 40);
}

/** `new Pool`, `mongoose.connect`. */
export function constructText({ fact, instance }: LinkedClient): string {
  const shown = fact.calleeText ?? instance;
  return clip(fact.form === 'new' ? `new ${shown}` : shown, 40);
}

/** Its options, or the object that would hold this one, are another client, which has a finding of its own: `new PrismaPg(pool)`, `requestHandler: handler`. */
export function ridesOnAnother({ options }: LinkedClient, bound?: Bound): boolean {
  let value: Value | undefined = options;
  for (const key of bound?.option.split('.') ?? ['']) {
    if (!value || value.kind === 'client' || value.kind === 'made') break;
    value = value.kind === 'object' ? value.entries.findLast((entry) => entry.key === key)?.value : undefined;
  }
  return value?.kind === 'client' || (value?.kind === 'made' && value === options);
}

/** What a message names as waiting: the first call of a client; undefined where none is in sight. */
export function waitingText(calls: readonly OutboundCall[]): string | undefined {
  const [first] = calls;
  return first && clip(first.fact.calleeText, 40);
}

/** Where a call goes, for people: a host, a workload of the model, or the name of the variable that holds the address. */
export function targetName(target: Value | undefined, system: SystemModel): string | undefined {
  if (!target) return undefined;
  switch (target.kind) {
    case 'string':
      return hostOf(target.value);
    case 'template':
      return templateTarget(target.parts, system);
    case 'environment':
      return workloadBehind(target.name, system) ?? (target.fallback?.kind === 'string' ? hostOf(target.fallback.value) : undefined) ?? target.name;
    default:
      return undefined;
  }
}

function templateTarget(parts: readonly (string | Value)[], system: SystemModel): string | undefined {
  const [first, second] = parts;
  if (typeof first === 'object') return targetName(first, system);
  if (first === undefined || first === '') return typeof second === 'object' ? targetName(second, system) : undefined;
  if (/^[a-z][a-z+]*:\/\/$/i.test(first) && typeof second === 'object') return targetName(second, system);
  return /^[a-z][a-z+]*:\/\/[^/]+[/:?]/i.test(first) ? hostOf(first) : undefined;
}

function hostOf(address: string): string | undefined {
  const host = /^[a-z][a-z+]*:\/\/(?:[^/@\s]*@)?([^/:?#\s]+)/i.exec(address)?.[1];
  return host === undefined ? undefined : clip(host, 40);
}

/** The workload that a variable's value names in some container of the model. */
function workloadBehind(variable: string, system: SystemModel): string | undefined {
  for (const workload of system.workloads) {
    for (const container of workload.containers) {
      const setting = container.environment[variable];
      if (setting?.state !== 'set') continue;
      const host = hostOf(setting.value) ?? setting.value.split(':')[0];
      if (system.workloads.some((other) => other.name === host)) return host;
    }
  }
  return undefined;
}

// Where options could stand there is an address or a statement: nothing can be put into that.
function isText(argument: ArgumentRef, given: readonly Value[], options: Value): boolean {
  const value = typeof argument === 'number' ? given[argument] : undefined;
  if (!value || value.kind === 'object' || value.kind === 'undefined' || value.kind === 'function') return false;
  return options.kind === 'object' && options.entries.length === 0 && !options.isOpen;
}

/** The fix that writes a limit into the options of a client, where they are an object or absent. */
export function clientFix(client: LinkedClient, bound: Bound | undefined, budgets: Budgets): Fix | undefined {
  const argument = client.construct.options;
  if (!bound?.fix || argument === undefined || !bound.at.includes('construct') || !canHold(client.options, bound.option) || isText(argument, client.fact.arguments, client.options)) return undefined;
  if (client.fact.from !== undefined && client.construct.make.length === 0) return undefined;
  const place = { language: 'code', file: client.file, kind: 'set-option', call: client.fact.span, argument } as const;
  return limitFix(bound, bound.fix, budgets, (path, value) => ({ ...place, path, value }));
}

/** The fix that writes a limit into the options of one call: its option, else a signal, else a link of its chain. */
export function callFix(call: OutboundCall, bound: Bound | undefined, budgets: Budgets): Fix | undefined {
  const { shape, fact, file, library } = call;
  const place = { language: 'code', file, kind: 'set-option', call: fact.span, argument: shape.options ?? 0 } as const;
  if (call.through) return wrapperFix(call, call.through, bound, budgets);
  if (bound?.fix && bound.at.includes('chain')) {
    const ms = budgets[bound.fix.budget];
    return { title: `Limit to ${formatDuration(ms)} with \`${bound.option}\``, safety: 'unsafe', operations: [{ language: 'code', file, kind: 'wrap', span: fact.span, before: '', after: `.${bound.option}(${numberText(ms)})` }] };
  }
  if (shape.options === undefined || isText(shape.options, fact.arguments, call.options)) return undefined;
  if (bound?.fix && bound.at.includes('call') && canHold(call.options, bound.option)) return limitFix(bound, bound.fix, budgets, (path, value) => ({ ...place, path, value }));
  const signal = library.entry.signals?.find((option) => option.fix && option.at.includes('call') && (option.on === undefined || option.on.includes(call.instance)));
  if (!signal?.fix || !canHold(call.options, signal.option)) return undefined;
  const ms = budgets[signal.fix.budget];
  return {
    title: `Limit to ${formatDuration(ms)} with \`AbortSignal.timeout\``,
    safety: 'unsafe',
    operations: [{ ...place, path: signal.option, value: `AbortSignal.timeout(${numberText(ms)})` }],
  };
}

// The wrapper's own option takes the limit, in milliseconds as far as its name does not say otherwise.
function wrapperFix({ fact, file, library }: OutboundCall, { argument, path }: NonNullable<OutboundCall['through']>, bound: Bound | undefined, budgets: Budgets): Fix | undefined {
  if (argument === undefined || path === undefined || /sec/i.test(path)) return undefined;
  const budget = bound?.fix?.budget ?? library.entry.signals?.find((option) => option.fix)?.fix?.budget;
  if (budget === undefined || (bound?.unit === 's' && path === bound.option)) return undefined;
  const ms = budgets[budget];
  return { title: clip(`Limit to ${formatDuration(ms)} with \`${path}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file, kind: 'set-option', call: fact.span, argument, path, value: numberText(ms) }] };
}

function limitFix(bound: Bound, fix: FixText, budgets: Budgets, operation: (path: string, value: string) => CodeOperation): Fix {
  const ms = budgets[fix.budget];
  const number = numberText(bound.unit === 's' ? Math.max(1, Math.round(ms / 1_000)) : ms);
  const value = fix.value?.replace('{ms}', number) ?? number;
  const further = Object.entries(fix.with ?? {}).map(([path, text]) => operation(path, text));
  return { title: clip(`Limit to ${formatDuration(ms)} with \`${bound.option}\``, 60), safety: 'unsafe', operations: [operation(bound.option, value), ...further] };
}

/** The function that a call stands in, for fingerprints. */
export function functionName(file: LinkedFile, id: number): string {
  return file.facts.functions[id]?.name ?? '';
}

/** Number of milliseconds that an option's value means; undefined for anything that is no number. */
export function millisecondsOf(value: Value, bound: Bound): number | undefined {
  if (value.kind === 'infinity') return Number.POSITIVE_INFINITY;
  if (value.kind !== 'number') return undefined;
  return bound.unit === 's' ? value.value * 1_000 : value.value;
}

/** A folded value as people write it: `5000`, `false`, `Infinity`. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'string':
      return clip(`'${value.value}'`, 30);
    case 'infinity':
      return 'Infinity';
    case 'null':
    case 'undefined':
      return value.kind;
    default:
      return '…';
  }
}
