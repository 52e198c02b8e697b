// Consumers that hold as many messages as the queue has: with no limit of messages in work, a restart loads all of them at once.

import type { ConsumerShape } from '../../catalog/schema';
import type { ConsumerFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedClient, LinkedFile } from '../../engine/code/project';
import type { Budgets } from '../../engine/lint/configuration';
import type { Fix } from '../../engine/lint/fix';
import type { Report } from '../../engine/lint/rule';
import { nameOfFunction, packageFiles, placeIn } from '../code-places';
import { consumerPlace } from '../consumer-places';
import { optionAt } from '../limits';
import { isValue, messagingPlaces } from '../messaging-places';

type Prefetch = NonNullable<ConsumerShape['prefetch']>;

/** The finding on one consumer: only where the channel was made in sight and nobody else could have limited it. */
export function prefetchFinding(file: LinkedFile, consumer: ConsumerFact, code: CodeProject, resolve: EntityResolver, budgets: Budgets): Report<'prefetch'> | undefined {
  const place = consumerPlace(file, consumer, resolve);
  const prefetch = place?.shape.prefetch;
  if (!place?.client || !prefetch?.unlimitedByDefault || isLimitedElsewhere(place.client, file, prefetch.method, code)) return undefined;
  if (prefetch.method !== undefined && place.client.methods.has(prefetch.method)) return undefined;
  if (prefetch.option !== undefined && optionAt(consumer.options, prefetch.option) !== 'absent') return undefined;
  if (prefetch.unless !== undefined && optionAt(place.client.options, prefetch.unless) !== 'absent') return undefined;
  const auto = place.shape.autoAck;
  if (auto && optionAt(consumer.options, auto.option) !== 'absent') return undefined;
  const name = nameOfFunction(file, consumer.function);
  return { at: placeIn(file, consumer.callee), message: 'prefetch', data: { library: place.library.title }, fixes: prefetchFix(file, consumer, prefetch, place.shape.options, budgets.prefetch), subject: `${name}:prefetch` };
}

// A function that makes the channel gives it back: whoever in the package takes it would set the limit by that name.
function isLimitedElsewhere(client: LinkedClient, file: LinkedFile, method: string | undefined, code: CodeProject): boolean {
  if (!client.isOutOfSight || method === undefined) return false;
  if (client.fact.escapes.some((escape) => escape !== 'return' && escape !== 'export' && escape !== 'field')) return true;
  return packageFiles(code, file).some((other) => other.facts.calls.some(({ calleeText }) => calleeText.endsWith(`.${method}`)) || other.clients.some(({ methods }) => methods.has(method)));
}

function prefetchFix(file: LinkedFile, consumer: ConsumerFact, prefetch: Prefetch, argument: ConsumerShape['options'], limit: number): readonly Fix[] {
  const title = `Set \`prefetch\` to ${limit}`;
  const at = { language: 'code', file: file.path } as const;
  if (prefetch.option !== undefined && typeof argument === 'number') return [{ title, safety: 'unsafe', operations: [{ ...at, kind: 'set-option', call: consumer.span, argument, path: prefetch.option, value: String(limit) }] }];
  const receiver = consumer.receiverName;
  const canAwait = consumer.function < 0 ? file.facts.isModule : file.facts.functions[consumer.function]?.isAsync === true;
  if (prefetch.method === undefined || receiver === undefined) return [];
  return [{ title, safety: 'unsafe', operations: [{ ...at, kind: 'insert-before', statement: consumer.span, lines: [`${canAwait ? 'await ' : ''}${receiver}.${prefetch.method}(${limit});`] }] }];
}

/** Receivers that are configured by options: their limit is absent or 0, and they wait for acknowledgements, without which no limit holds. */
export function receiverFindings(file: LinkedFile, resolve: EntityResolver, budgets: Budgets): readonly Report<'prefetch'>[] {
  return messagingPlaces(file, resolve).flatMap(({ fact, row, library, options, argument }): Report<'prefetch'>[] => {
    if (!row.prefetch || !row.autoAck || typeof row.autoAck.value !== 'boolean' || !isValue(optionAt(options, row.autoAck.option), !row.autoAck.value)) return [];
    const value = optionAt(options, row.prefetch.option);
    if (value !== 'absent' && !isValue(value, 0)) return [];
    const limit = String(budgets.prefetch);
    const fixes: readonly Fix[] = [{ title: `Set \`prefetch\` to ${limit}`, safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'set-option', call: fact.span, argument, path: row.prefetch.option, value: limit }] }];
    return [{ at: placeIn(file, fact.callee), message: 'prefetch', data: { library: library.title }, fixes, subject: `${nameOfFunction(file, fact.function)}:prefetch` }];
  });
}
