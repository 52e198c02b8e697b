// Which Compose files belong together, and what a service says once its base, its overrides and the services it extends are put over each other.

import type { ComposeFacts, ComposeService, Field } from '../../artifacts/compose/facts';
import { environmentOf } from '../environment';
import type { Setting } from '../model';
import { folderOf, joinPath } from '../paths';

/** A service in one file. */
export interface Layer {
  readonly file: string;
  readonly service: ComposeService;
}

export interface LayeredService {
  /** The file and entry that this is about. */
  readonly own: Layer;
  /** What counts, strongest first: the entry itself, the same service of its base file, and what they extend. */
  readonly layers: readonly Layer[];
  /** The same service in files that may be put over this one. A value that one of them changes is unknown here. */
  readonly overlays: readonly Layer[];
  /** Something that may add to it is not in the workspace or cannot be read. */
  readonly isOpen: boolean;
  /** It says neither image nor build, itself or by a base: absence in it means nothing. */
  readonly isFragment: boolean;
  /** Files that are deployed together, by the first of them. */
  readonly scope: string;
  /** Names of the file's volumes that lie on one machine. */
  readonly localVolumes: ReadonlySet<string>;
}

const AUTOMATIC = /^(?:docker-)?compose\.ya?ml$/i;
const OVERRIDE = /^(?:docker-)?compose\.override\.ya?ml$/i;
const MAX_EXTENDS = 20;

/** Joins the files. Cost: linear in the services, times the files of one folder. */
export function layerServices(files: readonly ComposeFacts[]): LayeredService[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Map<string, ComposeFacts[]>();
  for (const file of files) {
    const folder = folderOf(file.path);
    const siblings = folders.get(folder);
    if (siblings) siblings.push(file);
    else folders.set(folder, [file]);
  }
  const bases = new Map(files.map((file) => [file.path, basesOf(file, folders.get(folderOf(file.path)) ?? [])]));
  const overlays = new Map<ComposeFacts, ComposeFacts[]>();
  for (const file of files) {
    for (const base of bases.get(file.path) ?? []) if (isDeployed(file.path, base.path)) overlays.set(base, [...(overlays.get(base) ?? []), file]);
  }
  const scopes = scopesOf(files, bases, byPath);
  return files.flatMap((file) => {
    const overlaid = overlays.get(file) ?? [];
    return file.services.map((service): LayeredService => {
      const own: Layer = { file: file.path, service };
      const below = (bases.get(file.path) ?? []).flatMap((base) => base.services.filter((other) => other.name === service.name).map((other) => ({ file: base.path, service: other })));
      const layers: Layer[] = [];
      let isOpen = service.isCut;
      for (const layer of [own, ...below.slice(0, 1)]) {
        const chain = extendsChain(layer, byPath);
        layers.push(...chain.layers);
        isOpen ||= chain.isOpen;
      }
      return {
        own,
        layers,
        overlays: overlaid.flatMap((other) => other.services.filter((candidate) => candidate.name === service.name).map((candidate) => ({ file: other.path, service: candidate }))),
        isOpen: isOpen || below.length > 1,
        isFragment: !layers.some((layer) => isComplete(layer.service)) || isPartial(service, below.length > 0),
        scope: scopes.get(file.path) ?? file.path,
        localVolumes: new Set(file.volumes.filter((volume) => volume.isLocal).map((volume) => volume.name)),
      };
    });
  });
}

/** A file for tests or a desk says nothing about what is deployed, unless both do. */
function isDeployed(overlay: string, base: string): boolean {
  const environment = environmentOf(overlay);
  return (environment !== 'development' && environment !== 'test') || environment === environmentOf(base);
}

function isComplete(service: ComposeService): boolean {
  return service.image.state !== 'absent' || service.build.state !== 'absent';
}

/** An entry over a base that names no image of its own: what is found in it is found in the base. */
function isPartial(service: ComposeService, hasBase: boolean): boolean {
  return hasBase && !isComplete(service);
}

/** Files of the same folder that a file is put over: the automatic one for an override, those that complete its partial services otherwise. */
function basesOf(file: ComposeFacts, folder: readonly ComposeFacts[]): readonly ComposeFacts[] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (AUTOMATIC.test(name)) return [];
  const partial = file.services.filter((service) => !isComplete(service) && service.extends === undefined).map((service) => service.name);
  const isOverride = OVERRIDE.test(name) || /[._-]override[._-]/i.test(name);
  if (!isOverride && partial.length === 0) return [];
  const siblings = folder.filter((other) => other !== file);
  const automatic = siblings.filter((other) => AUTOMATIC.test(other.path.slice(other.path.lastIndexOf('/') + 1)));
  if (isOverride) return automatic;
  const completes = (other: ComposeFacts): boolean => other.services.some((service) => partial.includes(service.name) && isComplete(service));
  const fitting = automatic.filter(completes);
  return fitting.length > 0 ? fitting : siblings.filter(completes).slice(0, 1);
}

/** The layer and what it extends, over files. */
function extendsChain(from: Layer, byPath: ReadonlyMap<string, ComposeFacts>): { layers: Layer[]; isOpen: boolean } {
  const layers = [from];
  let at: Layer | undefined = from;
  while (at?.service.extends) {
    const { service: name, file, isKnown }: NonNullable<ComposeService['extends']> = at.service.extends;
    const path: string | undefined = file === undefined ? at.file : joinPath(folderOf(at.file), file);
    const facts: ComposeFacts | undefined = path === undefined ? undefined : byPath.get(path);
    const base: ComposeService | undefined = facts?.services.find((service) => service.name === name);
    if (!isKnown || !facts || !base || layers.length > MAX_EXTENDS || layers.some((layer) => layer.service === base)) return { layers, isOpen: true };
    at = { file: facts.path, service: base };
    layers.push(at);
  }
  return { layers, isOpen: false };
}

/** Groups files by base and `include`; each group is named after its first file. */
function scopesOf(files: readonly ComposeFacts[], bases: ReadonlyMap<string, readonly ComposeFacts[]>, byPath: ReadonlyMap<string, ComposeFacts>): Map<string, string> {
  const parent = new Map(files.map((file) => [file.path, file.path]));
  const rootOf = (path: string): string => {
    let at = path;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  const join = (a: string, b: string): void => {
    const [first = a, second = b] = [rootOf(a), rootOf(b)].sort();
    parent.set(second, first);
  };
  for (const file of files) {
    for (const base of bases.get(file.path) ?? []) join(file.path, base.path);
    for (const include of file.includes) {
      const path = include === undefined ? undefined : joinPath(folderOf(file.path), include);
      if (path !== undefined && byPath.has(path)) join(file.path, path);
    }
  }
  return new Map(files.map((file) => [file.path, rootOf(file.path)]));
}

/** A setting before the platform's default is put in. */
export type Written<T> = Exclude<Setting<T>, { readonly state: 'default' }>;

/** The value that counts: the strongest layer that says something; unknown where an overlay says something else. */
export function pick<T>(layered: LayeredService, select: (service: ComposeService) => Field<T>): Written<T> {
  let found: Written<T> | undefined;
  for (const { file, service } of layered.layers) {
    const field = select(service);
    if (field.state === 'absent') continue;
    found = field.state === 'set' ? { state: 'set', value: field.value, at: { file, span: field.span } } : field;
    break;
  }
  for (const { file, service } of layered.overlays) {
    const field = select(service);
    if (field.state === 'absent') continue;
    const isSame = field.state === 'set' && found?.state === 'set' && JSON.stringify(field.value) === JSON.stringify(found.value);
    if (!isSame) return { state: 'unknown', because: `${file} changes it` };
  }
  if (found) return found;
  return layered.isOpen ? { state: 'unknown', because: 'a part of the service is not in the workspace' } : { state: 'absent' };
}

/** All items of a list over the layers and overlays, each with its file; of equal keys the strongest. */
export function collect<T>(layered: LayeredService, select: (service: ComposeService) => readonly T[], keyOf: (item: T) => string): { readonly file: string; readonly item: T }[] {
  const seen = new Map<string, { file: string; item: T }>();
  for (const { file, service } of [...layered.layers, ...layered.overlays]) {
    for (const item of select(service)) {
      const key = keyOf(item);
      if (!seen.has(key)) seen.set(key, { file, item });
    }
  }
  return [...seen.values()];
}
