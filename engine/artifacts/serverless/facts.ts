// What one file of the Serverless Framework says, as plain data with spans: a service, or a part that a service includes. Variables are replaced when files are joined.

import type { Expression } from '../cloudformation/expression';
import type { ArtifactFacts } from '../format';

export interface ServerlessFacts extends ArtifactFacts {
  readonly format: 'serverless';
  /** `resources` and `functions` are maps that a service includes: on their own they are nothing. */
  readonly holds: 'service' | 'resources' | 'functions';
  readonly root: Expression;
  /** Files that `${file(…)}` names, as written, relative to this one. */
  readonly includes: readonly string[];
}
