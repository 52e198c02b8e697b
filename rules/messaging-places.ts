// What the rules about messages share: the catalogue's row of a call that sets up or sends, and the options given there.

import type { MessagingShape } from '../catalog/schema';
import type { MessagingFact } from '../engine/code/construct-facts';
import type { EntityResolver, InstalledLibrary, LinkedClient, LinkedFile } from '../engine/code/project';
import type { Value } from '../engine/code/values';
import { rowHolds } from '../engine/lint/installed';
import { optionAt } from './limits';

export interface MessagingPlace {
  readonly fact: MessagingFact;
  readonly row: MessagingShape;
  readonly library: InstalledLibrary;
  /** The thing that the call is made on, where that was made in sight. */
  readonly client: LinkedClient | undefined;
  /** `undefined` kind where no options are given. */
  readonly options: Value;
  /** The argument that holds them, or would. */
  readonly argument: number;
}

/** Calls of a file that set up queues, subscribe or send, with the row of the catalogue that holds there. */
export function messagingPlaces(file: LinkedFile, resolve: EntityResolver): readonly MessagingPlace[] {
  return (file.facts.messaging ?? []).flatMap((fact) => placesOf(file, fact, resolve));
}

function placesOf(file: LinkedFile, fact: MessagingFact, resolve: EntityResolver): readonly MessagingPlace[] {
  const resolved = resolve(file.path, fact.entity);
  if (resolved.kind !== 'client' && resolved.kind !== 'instance' && resolved.kind !== 'library') return [];
  const library = resolved.kind === 'client' ? resolved.client.library : resolved.library;
  const instance = resolved.kind === 'client' ? resolved.client.instance : resolved.kind === 'instance' ? resolved.instance : '';
  const path = resolved.path.join('.');
  const full = instance === '' ? path : `${instance}.${path}`;
  const made = file.clients.find(({ fact: { span } }) => span[0] === fact.span[0] && span[1] === fact.span[1]);
  return (library.entry.messaging ?? []).flatMap((row) => {
    if (!row.of.includes(full) || rowHolds(library, row.versions) !== 'yes') return [];
    const argument = row.options.find((index) => mayHoldOptions(fact.arguments[index])) ?? row.options.find((index) => index >= fact.arguments.length) ?? row.options[0] ?? 0;
    const given = fact.arguments[argument] ?? { kind: 'undefined' as const };
    // What the link knows of a client's options (constants of other files, later assignments) is more than the file does.
    const options = made?.construct.options !== undefined && given.kind !== 'undefined' && made.options.kind === 'object' ? made.options : given;
    if (row.when && !names(optionAt(options, row.when.option), row.when.is)) return [];
    return [{ fact, row, library, client: resolved.kind === 'client' ? resolved.client : undefined, options, argument }];
  });
}

function mayHoldOptions(value: Value | undefined): boolean {
  return value !== undefined && value.kind !== 'string' && value.kind !== 'template' && value.kind !== 'number' && value.kind !== 'function';
}

// `Transport.RMQ`
function names(value: Value | 'absent' | 'unknown', path: string): boolean {
  return typeof value === 'object' && value.kind === 'reference' && value.path.join('.').endsWith(path);
}

/** Whether a folded value is this one. */
export function isValue(value: Value | 'absent' | 'unknown', wanted: boolean | number | string): boolean {
  return typeof value === 'object' && (value.kind === 'boolean' || value.kind === 'number' || value.kind === 'string') && value.value === wanted;
}

/** The property of an options object at a dotted path, for the mark and for `replace`. */
export function entryAt(options: Value, path: string): { readonly span: readonly [number, number] } | undefined {
  let value: Value | undefined = options;
  let span: readonly [number, number] | undefined;
  for (const key of path.split('.')) {
    if (value?.kind !== 'object') return undefined;
    const entry: { readonly value: Value; readonly span?: readonly [number, number] } | undefined = value.entries.findLast((candidate) => candidate.key === key);
    if (!entry) return undefined;
    value = entry.value;
    span = entry.span;
  }
  return span && { span };
}
