import type { Suppression } from '../../lint/suppression';

export interface KubernetesFacts {
  readonly kind: 'kubernetes';
  readonly path: string;
  readonly suppressions: readonly Suppression[];
}
