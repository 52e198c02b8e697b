// What one systemd unit or drop-in says, as plain data with places.

import type { ArtifactFacts } from '../format';
import type { UnitLine, UnitSection } from './lines';

export interface SystemdFacts extends ArtifactFacts {
  readonly format: 'systemd';
  /** Name of the unit with its type: `orders.service`; for a drop-in that of the unit it changes. */
  readonly unit: string;
  readonly isDropIn: boolean;
  readonly sections: readonly UnitSection[];
  readonly lines: readonly UnitLine[];
}
