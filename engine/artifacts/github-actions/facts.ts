// What one workflow of GitHub Actions says, as plain data with places.

import type { CiJob } from '../../model/ci';
import type { ArtifactFacts } from '../format';

export interface WorkflowFacts extends ArtifactFacts {
  readonly format: 'github-actions';
  readonly jobs: readonly CiJob[];
}
