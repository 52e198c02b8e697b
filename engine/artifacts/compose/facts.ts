import type { Suppression } from '../../lint/suppression';

export interface ComposeFacts {
  readonly kind: 'compose';
  readonly path: string;
  readonly suppressions: readonly Suppression[];
}
