// Makes the model of all cloud resources of the workspace, whatever dialect they are written in. Joins hold over files and dialects: an alarm in one stack watches a store of another.

import type { CloudResource } from '../../artifacts/cloud';
import type { FormatContext } from '../../artifacts/format';
import { NO_CLOUD } from './things';
import { indexResources } from './resource-index';
import { eventSourcesOf, eventTargetsOf, functionsOf, queuesOf } from './messaging';
import { balancersOf, instanceGroupsOf, placementsOf, recordsOf, targetGroupsOf } from './balancers';
import { stateMachinesOf } from './states';
import { alarmsOf, apisOf, networksOf, thingsOf } from './operations';
import { workloadsOf } from './workloads';
import { storesOf } from './stores';
import type { ModelPart } from '../model';

/** Workloads and the cloud's own part of the model. Cost: near linear in the resources and what they mention. */
export function modelFromCloud(resources: readonly CloudResource[], context: Pick<FormatContext, 'catalog' | 'environmentOf'>): ModelPart {
  if (resources.length === 0) return {};
  const index = indexResources(resources, context.catalog, context.environmentOf);
  return {
    workloads: workloadsOf(index, context.catalog),
    cloud: {
      ...NO_CLOUD,
      stores: storesOf(index),
      queues: queuesOf(index),
      functions: functionsOf(index),
      eventSources: eventSourcesOf(index),
      eventTargets: eventTargetsOf(index),
      targetGroups: targetGroupsOf(index),
      balancers: balancersOf(index),
      records: recordsOf(index),
      instanceGroups: instanceGroupsOf(index),
      alarms: alarmsOf(index),
      networks: networksOf(index),
      apis: apisOf(index),
      stateMachines: stateMachinesOf(index),
      placements: placementsOf(index),
      hasMonitors: index.ofKind('monitor', 'composite-alarm').length > 0,
      hasRestoreTests: index.ofKind('restore-test').length > 0,
      backupPlans: thingsOf(index, 'backup-plan'),
    },
  };
}
