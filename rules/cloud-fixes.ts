// Fixes of cloud resources: the model says how a resource's dialect writes a field, a rule says how safe that is.

import type { Fix, Safety } from '../engine/lint/fix';
import type { CloudThing } from '../engine/model/cloud/things';
import { intentsOf } from '../engine/model/cloud/repair';
import type { Setting } from '../engine/model/model';
import { intend } from '../engine/model/questions';
import { clip } from './limits';

/** The fix that brings a field in order, if its dialect has one; `count` fills in a number that the rule decides. */
export function repairs(thing: CloudThing, field: string, safety: Safety, title?: string, count?: number): readonly Fix[] {
  const repair = thing.repairs[field];
  if (!repair) return [];
  const text = repair.text.replace('{count}', String(count ?? 2));
  const added = repair.intents.find((intent) => intent.kind === 'add-resource');
  const own = text === '' && added ? `Add \`${added.type}\`` : `Set \`${text}\``;
  return [{ title: title ?? clip(own, 60), safety: repair.adds ? 'by-hand' : safety, operations: intentsOf(repair, count).map((intent) => intend(thing.resource, intent)) }];
}

/** Names that say development or test are not asked to be highly available. */
export function isLive(thing: CloudThing): boolean {
  return thing.environment !== 'development' && thing.environment !== 'test';
}

/** Its name in words: `OrderTable` -> `order-table`. */
export function wordsOf(thing: CloudThing): string {
  return thing.name.replace(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase();
}

const PASSING = /(?:^|[-_.])(?:locks?|locking|sessions?|caches?|idempoten\w*|tokens?|connections?|counters?|rate-?limits?|state-?locks?|terraform|tfstate)(?:$|[-_.])/;

/** Its name says that what it holds is made again by whoever needs it, or only passes through. */
export function isPassing(thing: CloudThing): boolean {
  return PASSING.test(wordsOf(thing));
}

/** Free of lines: `RDS instance/orders`. */
export function subjectOfThing(thing: CloudThing): string {
  return `${thing.title}/${thing.name}`;
}

/** What a dialect calls the property behind a field: `desired_count`, `DesiredCount`. */
export function propertyOf(thing: CloudThing, field: string): string | undefined {
  const text = thing.repairs[field]?.text;
  const end = text?.search(/ = |: /) ?? -1;
  return text === undefined || end < 0 ? text : text.slice(0, end);
}

/** The value is the default of a variable or parameter: whoever deploys it may say otherwise. */
export function isSoft<T>(setting: Setting<T>): boolean {
  return setting.state === 'set' && setting.isSoft === true;
}
