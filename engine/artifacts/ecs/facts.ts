// What one ECS task definition says, as plain data with spans.

import type { Expression } from '../cloudformation/expression';
import type { ArtifactFacts } from '../format';

export interface TaskDefinitionFacts extends ArtifactFacts {
  readonly format: 'ecs';
  readonly root: Expression;
}
