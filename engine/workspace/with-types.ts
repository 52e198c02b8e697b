// Reads again, with the answers of a type checker, those files whose bindings leave open what some of their calls are made on.

import type { CompiledCatalog } from '../catalog';
import { cataloguedType } from '../code/catalogued';
import { methodNames, type MethodNames } from '../code/method-names';
import { placeOf } from '../code/link-entities';
import type { OpenReceiver } from '../code/open-receivers';
import type { ResolvedEntity } from '../code/project';
import { spanKey, type DeclaredType, type TypedSpans, type TypeQuestion, type TypeSource } from '../code/type-source';
import type { Entity } from '../code/values';
import type { FileProblem } from '../facts';
import type { LinkedWorkspace } from '../link';
import { readFile } from '../read';
import type { StoredFile } from './file-store';

interface TypedFiles {
  /** In the order that they were given in; those that nothing new is known of are the same objects. */
  readonly files: readonly StoredFile[];
  /** Calls whose receiver is known now, in each of the files that were read again. */
  readonly calls: ReadonlyMap<string, number>;
  readonly problems: readonly FileProblem[];
  readonly withoutPackages: number;
}

interface TypeSettings {
  readonly catalog: CompiledCatalog;
  readonly ask: TypeSource;
  textOf(path: string): string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Asks about the open receivers of all files that run on a server. Parses each of them once more; the checker's own time comes on top. */
export async function withTypes(files: readonly StoredFile[], linked: LinkedWorkspace, { catalog, ask, textOf, signal }: TypeSettings): Promise<TypedFiles> {
  const { openReceivers } = await import('../code/open-receivers');
  const names = methodNames(catalog);
  const isOpen = (resolved: ResolvedEntity): boolean => {
    const place = placeOf(resolved);
    return resolved.kind === 'unknown' || (place !== undefined && names.isBeyond(place));
  };
  const open = new Map<string, { readonly text: string; readonly receivers: readonly OpenReceiver[] }>();
  const questions: TypeQuestion[] = [];
  for (const { path, facts } of files) {
    signal?.throwIfAborted();
    if (!facts.some((fact) => fact.kind === 'code' && fact.role === 'server')) continue;
    const text = textOf(path);
    const receivers = text === undefined ? [] : openReceivers(path, text, catalog, names).filter(({ callee }) => isOpen(linked.resolve(path, callee)));
    if (text === undefined || receivers.length === 0) continue;
    open.set(path, { text, receivers });
    questions.push({ path, text, spans: receivers.flatMap(({ candidates }) => candidates.map(({ span }) => span)) });
  }
  if (questions.length === 0) return { files, calls: new Map(), problems: [], withoutPackages: 0 };
  const { types, problems, withoutPackages } = await ask(questions);
  signal?.throwIfAborted();
  const calls = new Map<string, number>();
  const read: StoredFile[] = [];
  for (const file of files) {
    const asked = open.get(file.path);
    const answers = types.get(file.path);
    const found = asked && answers ? typedSpans(asked.receivers, answers, catalog, names) : undefined;
    if (!asked || !found || found.calls === 0) {
      read.push(file);
      continue;
    }
    calls.set(file.path, found.calls);
    read.push({ ...file, ...(await readFile(file.path, asked.text, catalog, found.spans)) });
  }
  return { files: read, calls, problems, withoutPackages };
}

function typedSpans(receivers: readonly OpenReceiver[], answers: readonly (readonly DeclaredType[])[], catalog: CompiledCatalog, names: MethodNames): { readonly spans: TypedSpans; readonly calls: number } {
  const spans = new Map<string, Entity>();
  let calls = 0;
  let index = 0;
  for (const { candidates } of receivers) {
    const types = answers.slice(index, (index += candidates.length));
    const known = candidates.findIndex(({ rest }, at) => entityOf(types[at] ?? [], rest, catalog, names) !== undefined);
    const candidate = candidates[known];
    const entity = candidate && entityOf(types[known] ?? [], candidate.rest, catalog, names);
    if (!candidate || !entity) continue;
    spans.set(spanKey(candidate.inner), entity);
    calls++;
  }
  return { spans, calls };
}

// What the catalogue knows of a type, where it knows the method too. Types of two libraries at once say nothing.
function entityOf(types: readonly DeclaredType[], rest: readonly string[], catalog: CompiledCatalog, names: MethodNames): Entity | undefined {
  const known = types.flatMap((type) => {
    const place = cataloguedType(catalog, type.package, type.name, []);
    return place ? [{ type, place }] : [];
  });
  const first = known.find(({ place }) => names.has(place.library, place.instance, rest.join('.')));
  if (!first || known.some(({ place }) => place.library !== first.place.library)) return undefined;
  return { kind: 'typed', package: first.type.package, type: first.type.name, path: [] };
}
