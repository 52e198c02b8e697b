// The type that a variable is declared with, for results whose origin says less.

import type { Entity } from './values';

/** The typed entity that a declaration makes of a result, or undefined where it has none or was not followed this way. */
export function declaredOf(entity: Entity & { readonly kind: 'result' }): (Entity & { readonly kind: 'typed' }) | undefined {
  const { declared, path } = entity;
  return declared && { kind: 'typed', package: declared.package, type: declared.type, path: path.slice(declared.depth) };
}
