// Queues, functions and events of the cloud: who starts whom, and where that goes which cannot be handled.

import type { CloudEventSource, CloudEventTarget, CloudFunction, CloudQueue, CloudTrigger } from './things';
import { foundOf, type CloudView } from './fields';
import type { CloudIndex } from './resource-index';
import type { Setting } from '../model';

/** Ids of everything that something names as the place for its failures. */
export function deadLetterTargets(index: CloudIndex): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const view of index.views) if ('deadLetterTarget' in view.concept.fields) index.named(view, 'deadLetterTarget').ids.forEach((id) => ids.add(id));
  return ids;
}

const DEAD_LETTER_NAME = /dlq|dead|undeliver|fail(?:ed|ure|ures)?(?:$|[-_])|(?:^|[-_])errors?(?:$|[-_])/i;

/** Every queue of the workspace. */
export function queuesOf(index: CloudIndex): CloudQueue[] {
  const targets = deadLetterTargets(index);
  return index.ofKind('queue').map((view) => {
    const name = index.word(view, 'name');
    const saysSo = index.flag(view, 'deadLetterOf');
    const names = [view.resource.name, ...(view.resource.aliases ?? []), ...(name.state === 'set' ? [name.value] : [])];
    return {
      ...index.thing(view),
      deadLetter: index.flag(view, 'deadLetter'),
      isDeadLetter: targets.has(view.id) || makesOwn(view) || saysSo.state === 'unknown' || (saysSo.state === 'set' && saysSo.value) || names.some((one) => DEAD_LETTER_NAME.test(one)),
      ...(targets.has(view.id) || makesOwn(view) ? { isNamedDeadLetter: true } : {}),
      ...(makesOwn(view) ? { hasAlarm: yes(index.flag(view, 'alarm')) || index.flag(view, 'alarm').state === 'unknown' } : {}),
      maxReceives: index.amount(view, 'maxReceives'),
      visibilitySeconds: index.amount(view, 'visibility'),
      retentionSeconds: index.amount(view, 'retention'),
    };
  });
}

/** A construct that makes a queue together with its dead-letter queue, and an alarm where it is asked for. */
function makesOwn(view: CloudView): boolean {
  return 'alarm' in view.concept.fields;
}

/** Every function, with all that starts it as far as the workspace tells. */
export function functionsOf(index: CloudIndex): CloudFunction[] {
  const starters = startersOf(index);
  return index.ofKind('function').map((view) => ({
    ...index.thing(view),
    timeoutSeconds: index.amount(view, 'timeout'),
    reservedConcurrency: index.amount(view, 'concurrency'),
    triggers: triggersOf(starters.get(view.id) ?? [], index),
    onFailure: index.flag(view, 'onFailure'),
    ...(view.resource.code ? { source: view.resource.code.file } : {}),
  }));
}

/** What may start something, by the id of what it starts: whatever it stands in, or names. */
function startersOf(index: CloudIndex): ReadonlyMap<string, readonly CloudView[]> {
  const starters = new Map<string, CloudView[]>();
  for (const view of index.ofKind('trigger', 'event-source', 'permission', 'subscription', 'event-target')) {
    const ids = new Set([...(view.parent ? [view.parent.id] : []), ...index.named(view, 'function').ids, ...index.named(view, 'targets').ids]);
    for (const id of ids) {
      const known = starters.get(id);
      if (known) known.push(view);
      else starters.set(id, [view]);
    }
  }
  return starters;
}

function triggersOf(starters: readonly CloudView[], index: CloudIndex): CloudTrigger[] {
  const triggers: CloudTrigger[] = [];
  for (const other of starters) {
    const kind = kindOfTrigger(other, index);
    if (!kind) continue;
    const everySeconds = periodOf(scheduleOf(other, index));
    triggers.push({ kind, text: textOf(other, index), at: other.at, ...(everySeconds === undefined ? {} : { everySeconds }) });
  }
  return triggers;
}

function kindOfTrigger(view: CloudView, index: CloudIndex): CloudTrigger['kind'] | undefined {
  const { traits } = view.concept;
  if (traits.has('async')) return 'async';
  if (traits.has('poll')) return 'poll';
  if (traits.has('sync')) return 'sync';
  if (yes(index.flag(view, 'async'))) return 'async';
  return yes(index.flag(view, 'sync')) ? 'sync' : undefined;
}

function yes(setting: Setting<boolean>): boolean {
  return setting.state === 'set' && setting.value;
}

function textOf(view: CloudView, index: CloudIndex): string {
  const word = index.word(view, 'text');
  return word.state === 'set' ? word.value : view.concept.entry.title;
}

/** The schedule that starts it: its own, or that of the rule which it belongs to. */
function scheduleOf(view: CloudView, index: CloudIndex): string | undefined {
  const rules = [view.parent?.concept.entry.kind === 'event-rule' ? view.parent : undefined, ...index.named(view, 'rule').ids.map((id) => index.view(id)), ...index.named(view, 'source').ids.map((id) => index.view(id))];
  for (const one of [view, ...rules]) {
    if (!one || !('schedule' in one.concept.fields)) continue;
    for (const found of foundOf(one, 'schedule')) if (typeof found !== 'string' && found.value.kind === 'text') return found.value.value;
  }
  return undefined;
}

const MINUTES: Readonly<Record<string, number>> = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 };

/** Seconds between two runs: `rate(5 minutes)`, `cron(0/5 * * * ? *)`. */
export function periodOf(schedule: string | undefined): number | undefined {
  const rate = schedule === undefined ? null : /^rate\((\d{1,6}) (minutes?|hours?|days?)\)$/.exec(schedule.trim());
  if (rate) return Number(rate[1]) * (MINUTES[rate[2] ?? ''] ?? 1) * 60;
  const cron = schedule === undefined ? null : /^cron\((\S{1,40}) (\S{1,40}) /.exec(schedule.trim());
  if (!cron) return undefined;
  const [, minute = '', hour = ''] = cron;
  const step = /^(?:\*|\d{1,2})\/(\d{1,2})$/.exec(minute);
  if (minute === '*') return 60;
  if (step && (hour === '*' || hour === '?')) return Number(step[1]) * 60;
  return hour === '*' ? 3600 : undefined;
}

/** Every mapping of a queue or stream to a function. */
export function eventSourcesOf(index: CloudIndex): CloudEventSource[] {
  return index.ofKind('event-source').map((view) => {
    const sources = index.named(view, 'source').ids.map((id) => index.view(id));
    const queue = sources.find((one) => one?.concept.entry.kind === 'queue');
    const [owner] = index.named(view, 'function').ids;
    const functionId = view.parent?.id ?? owner;
    return {
      ...index.thing(view),
      from: queue ? 'queue' : sources.some((one) => one?.concept.entry.kind === 'stream' || one?.concept.entry.kind === 'key-value') ? 'stream' : fromText(index.word(view, 'sourceText')),
      ...(queue ? { queue: queue.id } : {}),
      ...(functionId === undefined ? {} : { function: functionId }),
      batchSize: index.amount(view, 'batchSize'),
      reportsItems: index.flag(view, 'reportsItems'),
      retries: index.amount(view, 'retries'),
      maxAgeSeconds: index.amount(view, 'maxAge'),
      onFailure: index.flag(view, 'onFailure'),
      maxConcurrency: index.amount(view, 'maxConcurrency'),
    };
  });
}

/** By an ARN or the name of the event's type. */
function fromText(word: Setting<string>): CloudEventSource['from'] {
  if (word.state !== 'set' && word.state !== 'default') return 'unknown';
  if (/sqs/i.test(word.value)) return 'queue';
  return /kinesis|dynamo/i.test(word.value) ? 'stream' : 'unknown';
}

/** Targets of rules and schedules, and subscriptions of topics. */
export function eventTargetsOf(index: CloudIndex): CloudEventTarget[] {
  return index.ofKind('event-target', 'subscription').map((view) => {
    const { ids } = index.named(view, 'targets');
    const kinds = ids.map((id) => index.view(id)?.concept.entry.kind);
    const protocol = index.word(view, 'protocol');
    const known = protocol.state === 'set' || protocol.state === 'default' ? protocol.value : kinds.includes('function') ? 'lambda' : kinds.includes('queue') ? 'sqs' : undefined;
    return {
      ...index.thing(view),
      via: view.concept.entry.kind === 'subscription' ? 'subscription' : view.concept.entry.name === 'schedule' ? 'schedule' : 'rule',
      ...(known === undefined ? {} : { protocol: known }),
      deadLetter: index.flag(view, 'deadLetter'),
    };
  });
}
