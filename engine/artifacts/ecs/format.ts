// ECS task definitions as files of their own (`aws ecs register-task-definition`, deploy actions): a resource as a template would say it.

import type { FileProblem } from '../../facts';
import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { CloudResource, CloudValue } from '../cloud';
import { at, entryOf, newBudget, readExpression, textAt, type Expression } from '../cloudformation/expression';
import { defineFormat } from '../format';
import type { ArtifactIntent } from '../intent';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml } from '../yaml/tree';
import { writeValue } from '../yaml/write-value';
import type { TaskDefinitionFacts } from './facts';
import { hasFreeKeys, toApiKey, toApiLiteral, toTemplateKey } from './spelling';

const NAME = /(?:^|\/)[^/]*task[-_.]?def(?:inition)?s?[^/]*\.(?:json|ya?ml)$/i;
const KEY = /(?:^|[\s{,])["']?containerDefinitions["']?\s*:\s*(?:\[|-)/;

/** A task definition by its containers, and by its family or the file's name; responses of the API (`taskDefinition: {…}`) are none. */
export function recogniseTaskDefinition(path: string, text: string): boolean {
  if (!/\.(?:json|ya?ml)$/i.test(path) || !KEY.test(text) || /["']?(?:AWSTemplateFormatVersion|Resources|taskDefinitionArn)["']?\s*:/.test(text)) return false;
  return NAME.test(path) || /(?:^|[\s{,])["']?family["']?\s*:/.test(text);
}

/** Facts of one task definition; never throws. Linear in the text. */
export function readTaskDefinition(path: string, text: string): { facts: TaskDefinitionFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const problems = parsed.problems.map((problem): FileProblem => ({ file: path, ...problem }));
  return { facts: { kind: 'artifact', format: 'ecs', path, suppressions: suppressionsOf(text, parsed), root: readExpression(parsed.documents[0]?.root, newBudget()) }, problems };
}

/** Each file as a resource of the type that CloudFormation gives a task definition. */
export function taskDefinitions(facts: readonly TaskDefinitionFacts[]): CloudResource[] {
  return facts.flatMap(({ path, root }): CloudResource[] => {
    const containers = entryOf(root, 'containerDefinitions');
    const properties = valueOf(root, path);
    if (!containers || properties?.kind !== 'map') return [];
    const family = entryOf(root, 'family');
    const place = { file: path, span: (family ?? containers).nameSpan };
    return [{
      id: `${path}#taskDefinition`,
      dialect: 'cloudformation',
      type: 'AWS::ECS::TaskDefinition',
      name: textAt(at(root, 'family')) ?? path.slice(path.lastIndexOf('/') + 1),
      scope: path,
      at: place,
      block: place,
      resource: { file: path, format: 'ecs', document: 0, path: [] },
      properties,
      copies: { state: 'default', value: 1, source: 'ECS' },
      isConditional: false,
      mentions: [],
      unmanaged: [],
    }];
  });
}

function valueOf(expression: Expression, file: string, isFree = false): CloudValue | undefined {
  const place = { file, span: expression.span };
  switch (expression.kind) {
    case 'scalar': {
      const { value } = expression;
      if (value === null) return undefined;
      if (typeof value === 'number') return { kind: 'number', value, at: place };
      if (typeof value === 'boolean') return { kind: 'boolean', value, at: place };
      // What a pipeline fills in: `${IMAGE}`, `{{ image }}`, `<IMAGE1_NAME>`.
      return /\$\{|\{\{|^<[^<>]+>$|^\$\w+$/.test(value) ? { kind: 'unknown', because: 'the pipeline fills it in', mentions: [], at: place } : { kind: 'text', value, at: place };
    }
    case 'list':
      return { kind: 'list', items: expression.items.flatMap((item) => valueOf(item, file) ?? []), isOpen: false, at: place };
    case 'map': {
      const entries = expression.entries.flatMap(({ name, value }) => {
        const read = valueOf(value, file, hasFreeKeys(name));
        return read === undefined ? [] : [[isFree ? name : toTemplateKey(name), read] as const];
      });
      return { kind: 'map', entries: Object.fromEntries(entries), isOpen: false, at: place };
    }
    case 'call':
      return { kind: 'unknown', because: 'a tag that is not known', mentions: [], at: place };
  }
}

/** Sets or removes a property, spelled as the API spells it. */
export function writeTaskDefinition(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind !== 'set-property' && intent.kind !== 'remove-property') return writeValue(text, resource.document, intent);
  const path = [...resource.path, ...intent.path.map((step) => (typeof step === 'string' ? toApiKey(step) : step))];
  return writeValue(text, resource.document, intent.kind === 'set-property' ? { kind: 'set-value', path, value: toApiLiteral(intent.value) } : { kind: 'remove-value', path });
}

export const ecsFormat = defineFormat({
  name: 'ecs',
  title: 'ECS task definition',
  files: 'task definition files',
  languages: ['json'],
  comment: '#',
  recognise: recogniseTaskDefinition,
  read: readTaskDefinition,
  resources: taskDefinitions,
  write: writeTaskDefinition,
});
