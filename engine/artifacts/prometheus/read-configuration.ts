// Reads the configuration of a Prometheus server and of an Alertmanager: whom it asks how often, and whom it tells.

import { parseDuration } from '../../duration';
import type { AlertRouter, AlertServer } from '../../model/alerts';
import { environmentOf } from '../../model/environment';
import type { Setting } from '../../model/model';
import { entries, find, get, items, textOf } from '../yaml/look-up';
import type { YamlDocument, YamlNode } from '../yaml/tree';

/** prometheus.io, "Configuration": `global.scrape_interval`. */
const DEFAULT_SCRAPE_MS = 60_000;

/** The server that a document configures; undefined where it is none. */
export function readServer(path: string, document: YamlDocument): AlertServer | undefined {
  const { root } = document;
  const jobs = find(root, 'scrape_configs');
  if (!jobs?.pair) return undefined;
  const rules = find(root, 'rule_files');
  const managers = find(root, 'alerting', 'alertmanagers');
  const isOpen = document.cutAt !== undefined || find(root, 'scrape_config_files') !== undefined;
  const global = find(root, 'global', 'scrape_interval');
  const intervals = [global ? parseDuration(textOf(global.node) ?? '') : DEFAULT_SCRAPE_MS, ...items(jobs.node).flatMap((job) => (find(job, 'scrape_interval') ? [parseDuration(textOf(get(job, 'scrape_interval')) ?? '')] : []))];
  const known = intervals.filter((interval) => interval !== undefined);
  const at = { file: path, span: (global ?? jobs).pair?.span ?? jobs.pair.span };
  return {
    environment: environmentOf(path),
    ...(rules?.pair && items(rules.node).length > 0 ? { rules: { file: path, span: rules.pair.key.span } } : {}),
    scrapeMs: isOpen || known.length < intervals.length ? { state: 'unknown', because: 'not every interval is known' } : { state: 'set', value: Math.min(...known), at },
    sends: isOpen ? { state: 'unknown', because: 'a part of it is elsewhere' } : managers && items(managers.node).some(namesTargets) ? { state: 'set', value: true, at } : { state: 'default', value: false, source: 'Prometheus' },
  };
}

/** Targets are named, or found by one of the discoveries (`kubernetes_sd_configs`). */
function namesTargets(manager: YamlNode): boolean {
  return entries(manager).some(({ name, value }) => name.endsWith('_sd_configs') || (name === 'static_configs' && items(value).some((config) => items(get(config, 'targets')).length > 0)));
}

/** The router that a document configures; undefined where it is none. */
export function readRouter(path: string, document: YamlDocument): AlertRouter | undefined {
  const { root } = document;
  const receiver = find(root, 'route', 'receiver');
  const name = textOf(receiver?.node);
  if (!receiver?.pair || name === undefined || !find(root, 'receivers')) return undefined;
  const configured = new Set(items(get(root, 'receivers')).flatMap((one) => (entries(one).some((entry) => entry.name.endsWith('_configs') && items(entry.value).length > 0) ? [textOf(get(one, 'name')) ?? ''] : [])));
  const at = { file: path, span: receiver.pair.span };
  const reaches: Setting<boolean> = document.cutAt === undefined ? { state: 'set', value: receiversOf(get(root, 'route')).some((one) => configured.has(one)), at } : { state: 'unknown', because: 'a syntax error' };
  return { at, environment: environmentOf(path), reaches };
}

const MAX_ROUTES = 1_000;

function receiversOf(route: YamlNode | undefined): string[] {
  const receivers: string[] = [];
  const open = route ? [route] : [];
  for (let i = 0; i < open.length && i < MAX_ROUTES; i++) {
    const receiver = textOf(get(open[i], 'receiver'));
    if (receiver !== undefined) receivers.push(receiver);
    open.push(...items(get(open[i], 'routes')));
  }
  return receivers;
}
