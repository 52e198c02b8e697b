// What a member of an entity is, where the entity alone tells.

import { UNKNOWN_ENTITY } from './core';
import type { Entity } from './values';

/** The entity of `entity.name`. `default` of a package is the package itself, for such is how its exports are named everywhere. */
export function memberOf(entity: Entity, name: string): Entity {
  switch (entity.kind) {
    case 'package':
      return name === 'default' ? entity : { ...entity, path: [...entity.path, name] };
    case 'global':
      if (entity.path.length === 0 && GLOBAL_OBJECTS.has(entity.name)) return { kind: 'global', name, path: [] };
      return { ...entity, path: [...entity.path, name] };
    case 'project':
    case 'client':
    case 'typed':
    case 'typed-project':
    case 'parameter':
    case 'result':
      return entity.path.length < 8 ? { ...entity, path: [...entity.path, name] } : UNKNOWN_ENTITY;
    default:
      return UNKNOWN_ENTITY;
  }
}

const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(['globalThis', 'global', 'window', 'self']);

/** `src/db` under a base URL; any other bare name is a package until the link knows better. */
const SOURCE_FOLDER = /^(?:src|app|apps|lib|libs|server|config|common|shared|core|modules|utils|services|db|database|api|packages|infra|infrastructure|domain|helpers|clients|jobs|workers)\//;

// Names of packages of a workspace that no scope tells from those of a registry.
const SOURCE_NAME = /^(?:common|shared|core|lib|libs|utils|helpers|services|db|database|infra|infrastructure|domain|clients|server|api|backend)$/;

/** An import specifier as an entity: a file of the project where it is relative or looks like an alias or workspace name, else a package. */
export function moduleEntity(specifier: string, isCatalogued: boolean): Entity {
  if (isCatalogued) return { kind: 'package', package: specifier, path: [] };
  if (/^[./~#@]/.test(specifier) || SOURCE_FOLDER.test(specifier) || SOURCE_NAME.test(specifier)) return { kind: 'project', module: specifier, path: [] };
  return { kind: 'package', package: specifier, path: [] };
}
