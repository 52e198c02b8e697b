// Resources that well-known plugins make of their own sections: alarms of functions and queues, capacities of tables. That they exist is known; their values are the plugin's.

import type { CloudResource } from '../cloud';
import { at, entryOf, textAt, type Expression } from '../cloudformation/expression';
import { mentionsOf } from '../cloudformation/mentions';
import type { Span } from '../../text';
import type { ServerlessFacts } from './facts';
import { functionId, type Service } from './service';
import { constructId } from './variables';

/** Alarms and scalable targets of the plugins that a service uses. Linear in their sections. */
export function pluginResources(file: ServerlessFacts, service: Service): CloudResource[] {
  return [...alertsOf(file, service), ...queueAlarms(file), ...capacitiesOf(file, service)];
}

/** serverless-plugin-aws-alerts: `custom.alerts` watches every function. */
function alertsOf(file: ServerlessFacts, service: Service): CloudResource[] {
  const alerts = entryOf(at(file.root, 'custom'), 'alerts');
  if (!alerts || !usesPlugin(file.root, 'serverless-plugin-aws-alerts')) return [];
  const functions = service.functions.map(({ entry }) => functionId(file.path, entry.name));
  return [resource(file, 'AWS::CloudWatch::Alarm', 'alerts', alerts.nameSpan, ['custom', 'alerts'], functions)];
}

/** serverless-lift: `alarm` of a queue watches its dead letters. */
function queueAlarms(file: ServerlessFacts): CloudResource[] {
  const constructs = at(file.root, 'constructs');
  if (constructs?.kind !== 'map') return [];
  return constructs.entries.flatMap(({ name, value }) => {
    const alarm = entryOf(value, 'alarm');
    return alarm && textAt(value, 'type') === 'queue' ? [resource(file, 'AWS::CloudWatch::Alarm', `${name}Alarm`, alarm.nameSpan, ['constructs', name, 'alarm'], [constructId(file.path, name)])] : [];
  });
}

/** serverless-dynamodb-autoscaling: each of `custom.capacities` scales the tables that it names. */
function capacitiesOf(file: ServerlessFacts, service: Service): CloudResource[] {
  const capacities = at(file.root, 'custom', 'capacities');
  if (capacities?.kind !== 'list' || !usesPlugin(file.root, 'serverless-dynamodb-autoscaling')) return [];
  return capacities.items.flatMap((item, index) => {
    const table = at(item, 'table');
    if (!table) return [];
    const names = (table.kind === 'list' ? table.items : [table]).map((one) => textAt(one));
    const tables = [...names.flatMap((name) => (name === undefined ? [] : (service.scope.idOf(name) ?? []))), ...mentionsOf(table, service.scope)];
    return tables.length === 0 ? [] : [resource(file, 'AWS::ApplicationAutoScaling::ScalableTarget', `capacity${index}`, item.span, ['custom', 'capacities', index], [...new Set(tables)])];
  });
}

function resource(file: ServerlessFacts, type: string, name: string, span: Span, path: readonly (string | number)[], mentions: readonly string[]): CloudResource {
  const place = { file: file.path, span };
  return {
    id: `${file.path}#${path.join('.')}`,
    dialect: 'cloudformation',
    type,
    name,
    scope: file.path,
    at: place,
    block: place,
    resource: { file: file.path, format: 'serverless', document: 0, path },
    properties: { kind: 'map', entries: {}, isOpen: true, at: place },
    copies: { state: 'default', value: 1, source: 'a plugin' },
    isConditional: false,
    mentions,
    unmanaged: ['*'],
  };
}

function usesPlugin(root: Expression, name: string): boolean {
  const plugins = at(root, 'plugins');
  const all = plugins?.kind === 'list' ? plugins : at(plugins, 'modules');
  return all?.kind === 'list' && all.items.some((item) => textAt(item) === name);
}
