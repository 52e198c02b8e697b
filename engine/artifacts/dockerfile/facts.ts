import type { Suppression } from '../../lint/suppression';

export interface DockerfileFacts {
  readonly kind: 'dockerfile';
  readonly path: string;
  readonly suppressions: readonly Suppression[];
}
