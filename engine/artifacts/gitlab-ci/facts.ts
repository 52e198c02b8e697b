// What one GitLab CI file says, as plain data with places.

import type { CiJob } from '../../model/ci';
import type { ArtifactFacts } from '../format';

export interface GitlabCiFacts extends ArtifactFacts {
  readonly format: 'gitlab-ci';
  readonly jobs: readonly CiJob[];
}
