// What one Nomad job file says: its tree, cut down to what is evaluated when the model is made.

import type { ArtifactFacts } from '../format';
import type { HclBody } from '../hcl/tree';

export interface NomadFacts extends ArtifactFacts {
  readonly format: 'nomad';
  /** `job`, `variable` and `locals` blocks. */
  readonly body: HclBody;
}
