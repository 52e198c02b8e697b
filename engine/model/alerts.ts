// Alert rules in the model: what they ask, how long it must hold, and with whom they stand.

import type { Location } from '../text';
import type { Environment } from './environment';
import type { ResourceRef } from './resource';
import type { Setting } from './setting';

export interface AlertRule {
  readonly name: string;
  /** The entry that names it. */
  readonly at: Location;
  readonly resource: ResourceRef;
  /** Path from `resource` to it. */
  readonly path: readonly (string | number)[];
  readonly environment: Environment;
  readonly group: { readonly name: string; readonly at: Location };
  readonly expression: Setting<AlertExpression>;
  /** How long the condition must hold before it fires. */
  readonly waitMs: Setting<number>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a PromQL expression asks, as far as its text says. */
export interface AlertExpression {
  /** Names of the series that it selects, each once. */
  readonly metrics: readonly string[];
  readonly functions: readonly string[];
  /** The longest window that it looks back over: `[5m]`. */
  readonly rangeMs?: number;
  /** It can be empty: it compares, asks for absence, or joins by `and`, `unless`. */
  readonly canBeEmpty: boolean;
  /** It sees a target that is gone: `up`, `absent(…)`, `probe_success`. */
  readonly seesAbsence: boolean;
  /** It fires where one scrape fails or a series is gone, whatever else holds. */
  readonly firesOnAbsence: boolean;
  /** `vector(1)`: it always fires, on purpose. */
  readonly isConstant: boolean;
}

/** A Prometheus server, by its configuration. */
export interface AlertServer {
  readonly environment: Environment;
  /** Place of `rule_files`, where it names some. */
  readonly rules?: Location;
  /** The shortest interval at which it asks its targets. */
  readonly scrapeMs: Setting<number>;
  /** It sends alerts to somebody. */
  readonly sends: Setting<boolean>;
}

/** An Alertmanager, by its configuration. */
export interface AlertRouter {
  readonly at: Location;
  readonly environment: Environment;
  /** One of its routes leads to somebody. */
  readonly reaches: Setting<boolean>;
}
