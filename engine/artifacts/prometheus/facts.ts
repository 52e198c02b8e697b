// What one file says of alerts: rules of Prometheus, wherever they stand, and the configuration of Prometheus and Alertmanager.

import type { AlertRouter, AlertRule, AlertServer } from '../../model/alerts';
import type { ArtifactFacts } from '../format';

export interface PrometheusFacts extends ArtifactFacts {
  readonly format: 'prometheus';
  readonly rules: readonly AlertRule[];
  readonly servers: readonly AlertServer[];
  readonly routers: readonly AlertRouter[];
}
