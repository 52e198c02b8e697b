// Reads the apps of a PM2 configuration, in JavaScript or JSON.

import type { FileProblem } from '../../facts';
import { parseDuration } from '../../duration';
import { parseSuppressions } from '../../lint/parse-suppression';
import { environmentOf } from '../../model/environment';
import type { Setting, Workload } from '../../model/model';
import type { Location } from '../../text';
import type { ArtifactFacts } from '../format';
import { entryOf, readLiteral, skipBlank, type Literal } from './literal';

export interface Pm2Facts extends ArtifactFacts {
  readonly format: 'pm2';
  readonly workloads: readonly Workload[];
}

export const PM2_PATH = /(^|\/)(?:ecosystem|pm2|process|processes)(?:[.-][\w-]+){0,3}\.(?:[cm]?js|json)$/i;

/** pm2 7.0.4: constants.js (KILL_TIMEOUT, MIN_UPTIME), lib/God.js (max_restarts 16 within min_uptime * max_restarts), lib/API/schema.json (instances, autorestart, restart_delay). */
const DEFAULTS = { killMs: 1_600, restarts: 16, uptimeMs: 1_000 };

/** By its name, and a list of apps with a script. */
export function recognisePm2(path: string, text: string): boolean {
  return PM2_PATH.test(path) && /["']?\bapps["']?\s*:\s*\[/.test(text) && /["']?\bscript["']?\s*:/.test(text);
}

/** The literal of the configuration: what is exported, or the whole of a JSON file. */
export function configurationOf(path: string, text: string): Literal | undefined {
  if (/\.json$/i.test(path)) return readLiteral(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  const exported = /(?:\bmodule\.exports\s*=|\bexport\s+default\b)\s*/.exec(text);
  if (!exported) return undefined;
  const at = skipBlank(text, exported.index + exported[0].length);
  const name = /^[A-Za-z_$][\w$]*(?=\s*;?\s*$)/m.exec(text.slice(at, at + 100))?.[0];
  const declared = name === undefined || text[at] === '{' ? undefined : new RegExp(`\\b(?:const|let|var)\\s+${name.replaceAll('$', '\\$')}\\s*=\\s*`).exec(text);
  return readLiteral(text, declared ? declared.index + declared[0].length : at);
}

/** Facts of one configuration; never throws. Linear. */
export function readPm2(path: string, text: string): { facts: Pm2Facts; problems: FileProblem[] } {
  const apps = entryOf(configurationOf(path, text), 'apps')?.value;
  const workloads = apps?.kind === 'array' ? apps.items.flatMap((app, i) => toWorkload(path, app, i) ?? []) : [];
  const comments = /\.json$/i.test(path) || !text.includes('holdfast-') ? [] : [...text.matchAll(/\/\/([^\n]*)/g)].map((match) => ({ span: [match.index, match.index + match[0].length] as const, body: (match[1] ?? '').trim() }));
  return { facts: { kind: 'artifact', format: 'pm2', path, suppressions: /\.json$/i.test(path) ? [] : [...parseSuppressions(text, comments)], workloads }, problems: [] };
}

function toWorkload(path: string, app: Literal, index: number): Workload | undefined {
  const script = entryOf(app, 'script');
  if (app.kind !== 'object' || !script) return undefined;
  const named = entryOf(app, 'name') ?? script;
  const at: Location = { file: path, span: named.span };
  const written = <T>(name: string, otherwise: Setting<T>, convert: (value: Literal) => T | undefined): Setting<T> => {
    const entry = entryOf(app, name);
    if (!entry) return app.isOpen ? { state: 'unknown', because: 'a spread may set it' } : otherwise;
    const value = convert(entry.value);
    return value === undefined ? { state: 'unknown', because: 'an expression' } : { state: 'set', value, at: { file: path, span: entry.span } };
  };
  const byDefault = <T>(value: T): Setting<T> => ({ state: 'default', value, source: 'PM2' });
  const delay = written('restart_delay', written('exp_backoff_restart_delay', byDefault(0), milliseconds), milliseconds);
  const restarts = written('max_restarts', byDefault(DEFAULTS.restarts), numberOf);
  const uptime = written('min_uptime', byDefault(DEFAULTS.uptimeMs), milliseconds);
  const known = (setting: Setting<number>): number | undefined => (setting.state === 'set' || setting.state === 'default' ? setting.value : undefined);
  const burst = known(restarts);
  const uptimeMs = known(uptime);
  return {
    id: `pm2/${path}/${index}`,
    name: named.value.kind === 'text' ? named.value.value : 'this app',
    format: 'pm2',
    kind: 'app',
    scope: path,
    at,
    block: at,
    resource: { file: path, format: 'pm2', document: 0, path: ['apps', index] },
    role: 'app',
    environment: environmentOf(path.replace(/[^/]+$/, (name) => name.replace(/^(?:ecosystem|pm2|process(?:es)?)\b/i, ''))),
    isSingleHost: true,
    isServed: false,
    servedBy: [],
    isOneShot: entryOf(app, 'cron_restart') !== undefined || entryOf(app, 'cron') !== undefined,
    isPerNode: false,
    isFragment: false,
    isSingleton: false,
    instances: written('instances', byDefault(1), numberOf),
    autoscalers: [],
    spread: { state: 'absent' },
    budgets: [],
    restart: written<'always' | 'no'>('autorestart', byDefault('always'), (value) => (value.kind === 'boolean' ? (value.value ? 'always' : 'no') : undefined)),
    rollout: { strategy: { state: 'absent' }, maxUnavailable: { state: 'absent' }, maxSurge: { state: 'absent' }, rollsBack: { state: 'absent' } },
    gracePeriodMs: written('kill_timeout', byDefault(DEFAULTS.killMs), milliseconds),
    stopSignal: { state: 'default', value: 'SIGINT', source: 'PM2' },
    dependencies: [],
    containers: [],
    labels: {},
    supervision: {
      stopKey: 'kill_timeout',
      restartDelayMs: delay,
      restartDelay: { key: 'exp_backoff_restart_delay', value: '100' },
      startLimit: { burst, intervalMs: burst === undefined || uptimeMs === undefined ? undefined : burst * uptimeMs },
      misplaced: [],
    },
  };
}

function numberOf(literal: Literal): number | undefined {
  return literal.kind === 'number' ? literal.value : literal.kind === 'text' && /^\d+$/.test(literal.value) ? Number(literal.value) : undefined;
}

/** Numbers are milliseconds; texts may have a unit. */
function milliseconds(literal: Literal): number | undefined {
  return literal.kind === 'text' ? parseDuration(literal.value) : numberOf(literal);
}
