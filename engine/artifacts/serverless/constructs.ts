// What the Lift plugin makes of `constructs`: a queue comes with its dead letters and a worker function.

import type { CloudMap, CloudResource } from '../cloud';
import { entryOf, textAt } from '../cloudformation/expression';
import { evaluate } from '../cloudformation/evaluate';
import { mentionsOf } from '../cloudformation/mentions';
import type { ServerlessFacts } from './facts';
import { functionOf } from './functions';
import type { Service } from './service';
import { constructId } from './variables';

/** Constructs as resources of the type `constructs/queue`, and the workers of queues as functions that they trigger. */
export function lifted(file: ServerlessFacts, service: Service, hasFile: (path: string) => boolean): CloudResource[] {
  const section = entryOf(file.root, 'constructs')?.value;
  if (section?.kind !== 'map') return [];
  const { scope } = service;
  return section.entries.flatMap((entry): CloudResource[] => {
    const type = textAt(entry.value, 'type');
    const value = evaluate(entry.value, scope);
    if (type === undefined || value?.kind !== 'map') return [];
    const place = { file: file.path, span: entry.nameSpan };
    const id = constructId(file.path, entry.name);
    const construct: CloudResource = {
      id,
      dialect: 'serverless',
      type: `constructs/${type}`,
      name: entry.name,
      scope: file.path,
      at: place,
      block: place,
      resource: { file: file.path, format: 'serverless', document: 0, path: ['constructs', entry.name] },
      properties: value,
      copies: { state: 'default', value: 1, source: 'Serverless Lift' },
      isConditional: false,
      mentions: mentionsOf(entry.value, scope),
      unmanaged: [],
    };
    const worker = entryOf(entry.value, 'worker');
    if (type !== 'queue' || worker?.value.kind !== 'map') return [construct];
    const made = functionOf({ entry: { ...worker, name: `${entry.name}Worker` }, file: file.path, path: ['constructs', entry.name] }, service, file, hasFile);
    return [construct, { ...made, resource: { ...made.resource, path: ['constructs', entry.name, 'worker'] }, properties: withQueue(made.properties, id), mentions: [...made.mentions, id] }];
  });
}

/** The worker is fed by its queue, in the words of an event. */
function withQueue(properties: CloudMap, queue: string): CloudMap {
  const { at } = properties;
  const event: CloudMap = { kind: 'map', isOpen: true, at, entries: { sqs: { kind: 'map', isOpen: true, at, entries: { arn: { kind: 'reference', to: queue, attribute: 'Arn', at } } } } };
  return { ...properties, entries: { ...properties.entries, events: { kind: 'list', items: [event], isOpen: false, at } } };
}
