// The services of a workspace, each joined with the files that it includes.

import type { ArtifactFacts } from '../format';
import { textAt, type Expression } from '../cloudformation/expression';
import type { CloudFormationFacts } from '../cloudformation/facts';
import type { ServerlessFacts } from './facts';
import { joinService, type Parts, type Service } from './service';

/** Templates that a service takes in: their resources are the service's. */
export function includedTemplates(facts: readonly ArtifactFacts[], templates: readonly CloudFormationFacts[]): ReadonlySet<string> {
  const services = joinServices(facts.filter(isServerless), templates);
  return new Set(services.flatMap(({ service }) => [...service.files]));
}

function isServerless(facts: ArtifactFacts): facts is ServerlessFacts {
  return facts.format === 'serverless';
}

/** Facts of a template. */
export function isTemplate(facts: ArtifactFacts): facts is CloudFormationFacts {
  return facts.format === 'cloudformation';
}

/** Every service that is deployed to AWS, joined with what it includes. Linear in its files. */
export function joinServices(facts: readonly ServerlessFacts[], templates: readonly CloudFormationFacts[]): { readonly service: Service; readonly file: ServerlessFacts }[] {
  const trees = new Map<string, Expression>(templates.map((template) => [template.path, treeOf(template)]));
  for (const file of facts) if (!trees.has(file.path)) trees.set(file.path, file.root);
  const partOf: Parts = (path) => trees.get(path);
  return facts.filter((file) => file.holds === 'service' && isOnAws(file.root)).map((file) => ({ service: joinService(file, partOf), file }));
}

/** A template as one tree again, as a service includes it. */
function treeOf({ template }: CloudFormationFacts): Expression {
  const sections = { Parameters: template.parameters, Mappings: template.mappings, Conditions: template.conditions, Outputs: template.outputs, Resources: template.resources };
  const entries = Object.entries(sections).flatMap(([name, members]) => (members.length === 0 ? [] : [{ name, nameSpan: [0, 0] as const, value: { kind: 'map', entries: members, span: [0, 0] } as const }]));
  return { kind: 'map', entries, span: [0, 0] };
}

function isOnAws(root: Expression): boolean {
  const provider = textAt(root, 'provider') ?? textAt(root, 'provider', 'name');
  return provider === undefined || provider === 'aws';
}
