// What the files of an object are for: an overlay says it; its base mostly does not.

import type { Placed } from './scopes';
import type { Environment } from '../model';

/** The environment of an overlay, else that of the object's own file. */
export function environmentOfPlaced({ overlay, file }: Placed, environmentOf: (path: string) => Environment): Environment {
  const own = overlay === undefined ? 'unknown' : environmentOf(`${overlay}/kustomization.yaml`);
  return own === 'unknown' ? environmentOf(file.path) : own;
}
