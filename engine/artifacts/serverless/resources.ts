// The resources of all services of a workspace: their functions, and what stands under `resources` as CloudFormation.

import type { FormatContext } from '../format';
import type { CloudResource } from '../cloud';
import { resourceOf } from '../cloudformation/resources';
import { lifted } from './constructs';
import type { ServerlessFacts } from './facts';
import { functionOf } from './functions';
import { isTemplate, joinServices } from './join';
import { pluginResources } from './plugins';

/** Resources of every service that is deployed to AWS. Linear in the services and what they include. */
export function serverlessResources(facts: readonly ServerlessFacts[], context: Pick<FormatContext, 'hasFile' | 'factsOf'>): CloudResource[] {
  const templates = context.factsOf('cloudformation').filter(isTemplate);
  return joinServices(facts, templates).flatMap(({ service, file }) => [
    ...service.functions.map((member) => functionOf(member, service, file, context.hasFile)),
    ...lifted(file, service, context.hasFile),
    ...pluginResources(file, service),
    ...service.resources.flatMap((member) => {
      const isPart = member.file !== file.path && templates.some(({ path }) => path === member.file);
      const origin = { scope: file.path, format: isPart ? 'cloudformation' : 'serverless', document: 0, path: member.path, file: member.file, hasFile: context.hasFile };
      return resourceOf(member.entry, service.scope, origin) ?? [];
    }),
  ]);
}
