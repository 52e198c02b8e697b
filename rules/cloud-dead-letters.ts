// Dead letters of cloud resources: queues, functions that nobody waits for, streams and deliveries.

import type { Report } from '../engine/lint/rule';
import type { CloudEventSource, CloudFunction, CloudQueue } from '../engine/model/cloud/things';
import type { SystemModel } from '../engine/model/model';
import { settled } from '../engine/model/questions';
import { isLive, repairs, subjectOfThing } from './cloud-fixes';

export type CloudDeadLetterMessage = 'queue' | 'once' | 'event' | 'shard' | 'delivery';

type Finding = Report<CloudDeadLetterMessage>;

/** A schedule that comes again this soon makes up for a failed run. */
const SOON_SECONDS = 15 * 60;

/** All findings about dead letters of the cloud. Linear in queues, functions and events. */
export function deadLetterFindings(system: SystemModel): readonly Finding[] {
  const { queues, functions, eventSources, eventTargets } = system.cloud;
  return [
    ...queues.flatMap((queue) => queueFinding(queue) ?? []),
    ...functions.flatMap((one) => eventFinding(one) ?? []),
    ...eventSources.flatMap((source) => shardFinding(source, functions) ?? []),
    ...eventTargets.flatMap((target): Finding[] =>
      target.via === 'subscription' && /^https?$/i.test(target.protocol ?? '') && isLive(target) && settled(target.deadLetter) === false
        ? [{ at: target.at, message: 'delivery', data: { name: target.name }, label: `over ${target.protocol ?? ''}`, subject: subjectOfThing(target) }]
        : []),
  ];
}

function queueFinding(queue: CloudQueue): Finding | undefined {
  if (!isLive(queue) || queue.isDeadLetter) return undefined;
  if (settled(queue.maxReceives) === 1 && queue.maxReceives.state === 'set') {
    return { at: queue.maxReceives.at, message: 'once', data: { name: queue.name }, label: queue.title, subject: subjectOfThing(queue) };
  }
  if (settled(queue.deadLetter) !== false) return undefined;
  const seconds = settled(queue.retentionSeconds);
  const days = seconds === undefined ? 'days' : seconds >= 172_800 ? `${Math.round(seconds / 86_400)} days` : `${Math.max(1, Math.round(seconds / 3_600))} h`;
  return { at: queue.at, message: 'queue', data: { name: queue.name, days }, label: queue.title, fixes: repairs(queue, 'deadLetter', 'by-hand', 'Add a dead-letter queue'), subject: subjectOfThing(queue) };
}

/** Only what nobody waits for: a caller that waits hears of the failure, and a queue keeps its message. */
function eventFinding(one: CloudFunction): Finding | undefined {
  if (!isLive(one) || settled(one.onFailure) !== false) return undefined;
  const events = one.triggers.filter((trigger) => trigger.kind === 'async' && !(trigger.everySeconds !== undefined && trigger.everySeconds <= SOON_SECONDS));
  const [first] = events;
  if (!first) return undefined;
  return {
    at: one.at,
    message: 'event',
    data: { name: one.name },
    label: 'started asynchronously',
    related: [{ at: first.at, text: `started by ${first.text}` }],
    fixes: repairs(one, 'onFailure', 'by-hand', 'Add a dead-letter queue'),
    subject: subjectOfThing(one),
  };
}

function shardFinding(source: CloudEventSource, functions: readonly CloudFunction[]): Finding | undefined {
  if (source.from !== 'stream' || !isLive(source)) return undefined;
  const retries = settled(source.retries);
  if (retries === undefined || retries >= 0 || settled(source.onFailure) !== false) return undefined;
  const age = settled(source.maxAgeSeconds);
  if (age === undefined || age >= 0) return undefined;
  const owner = functions.find((one) => one.id === source.function);
  return { at: source.at, message: 'shard', data: { name: owner?.name ?? source.name }, label: 'retries without end', fixes: repairs(source, 'retries', 'unsafe', 'Give up on a record after 5 retries'), subject: subjectOfThing(source) };
}
