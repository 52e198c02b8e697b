// One person's settings (`holdfast.*`). The team's choices live in holdfast.yaml.

import { SEVERITIES, type Severity } from '../engine/lint/finding';
import { asRecord, asStrings } from './client-features';

export interface Settings {
  readonly enable: boolean;
  /** Path of the configuration for every file, relative to the folder; empty = the nearest above each file. */
  readonly configFile: string;
  readonly run: 'onType' | 'onSave';
  readonly scope: 'workspace' | 'openFiles';
  readonly showAdvice: boolean;
  /** Severity by rule (full id or last part), in this editor only. */
  readonly severity: ReadonlyMap<string, Severity | 'off'>;
  /** Most findings of one rule in one file. */
  readonly maxPerFile: number;
  readonly hover: boolean;
  /** Principles that fix-all repairs; empty = all. */
  readonly fixAllKinds: readonly string[];
}

/** Settings from what the client sends for the section `holdfast`; a value of the wrong type counts as absent. */
export function readSettings(value: unknown): Settings {
  const given = asRecord(value);
  return {
    enable: given['enable'] !== false,
    configFile: typeof given['configFile'] === 'string' ? given['configFile'] : '',
    run: given['run'] === 'onSave' ? 'onSave' : 'onType',
    scope: given['scope'] === 'openFiles' ? 'openFiles' : 'workspace',
    showAdvice: given['showAdvice'] === true,
    severity: readSeverities(given['severity']),
    maxPerFile: typeof given['maxPerFile'] === 'number' && given['maxPerFile'] >= 1 ? Math.floor(given['maxPerFile']) : 20,
    hover: asRecord(given['hover'])['enable'] !== false,
    fixAllKinds: asStrings(asRecord(given['fixAll'])['kinds']),
  };
}

function readSeverities(value: unknown): ReadonlyMap<string, Severity | 'off'> {
  const severities = new Map<string, Severity | 'off'>();
  for (const [rule, severity] of Object.entries(asRecord(value))) {
    const known = severity === 'off' ? severity : SEVERITIES.find((one) => one === severity);
    if (known) severities.set(rule, known);
  }
  return severities;
}

/** The severity that a finding has in this editor. */
export function severityFor(settings: Settings, rule: string, own: Severity): Severity | 'off' {
  return settings.severity.get(rule) ?? settings.severity.get(rule.slice(rule.lastIndexOf('/') + 1)) ?? own;
}
