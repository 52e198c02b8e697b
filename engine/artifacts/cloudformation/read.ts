// Reads one template into facts.

import type { FileProblem } from '../../facts';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml } from '../yaml/tree';
import { at, newBudget, readExpression, textAt, type Expression, type ExpressionEntry } from './expression';
import type { CloudFormationFacts, Template, TemplateResource } from './facts';

/** Facts of one template; never throws. Linear in the text. */
export function readCloudFormation(path: string, text: string): { facts: CloudFormationFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const problems = parsed.problems.map((problem): FileProblem => ({ file: path, ...problem }));
  const document = parsed.documents.find(({ root }) => root?.kind === 'map' && root.index.has('Resources')) ?? parsed.documents[0];
  const root = document?.root ? readExpression(document.root, newBudget()) : undefined;
  const template = templateOf(root);
  const isCut = document?.cutAt !== undefined;
  return {
    facts: {
      kind: 'artifact',
      format: 'cloudformation',
      path,
      suppressions: suppressionsOf(text, parsed),
      document: document?.index ?? 0,
      template: isCut ? { ...template, isOpen: true } : template,
    },
    problems,
  };
}

/** Macros of AWS that add nothing which a rule asks about. */
const HARMLESS = /^AWS::(?:Serverless-|LanguageExtensions$|CodeDeployBlueGreen$|CodeDeployHook$|SecretsManager-|ServiceCatalog$|Connectors-)/;

/** The sections of a template's tree. */
export function templateOf(root: Expression | undefined): Template {
  const resources = at(root, 'Resources');
  const transforms = transformsOf(at(root, 'Transform'));
  const globals = at(root, 'Globals');
  const isOpen = root?.kind !== 'map' || root.isOpen === true || (resources !== undefined && (resources.kind !== 'map' || resources.entries.some(({ name }) => name === 'Fn::Transform'))) || transforms.some((name) => !HARMLESS.test(name));
  return {
    parameters: entriesOf(at(root, 'Parameters')),
    mappings: entriesOf(at(root, 'Mappings')),
    conditions: entriesOf(at(root, 'Conditions')),
    outputs: entriesOf(at(root, 'Outputs')),
    resources: entriesOf(resources).flatMap((entry) => (entry.name.startsWith('Fn::') ? loopedResources(entry) : [entry])),
    ...(globals ? { globals } : {}),
    transforms,
    isOpen,
  };
}

/** `Fn::ForEach::Name: [Variable, [a, b], { 'Queue${Variable}': … }]`: each resource of the body once, with how often it is made. */
function loopedResources({ name, value }: ExpressionEntry): TemplateResource[] {
  const [, collection, body] = value.kind === 'list' ? value.items : [];
  if (!name.startsWith('Fn::ForEach') || body?.kind !== 'map') return [];
  const count = collection?.kind === 'list' && collection.items.every((item) => item.kind === 'scalar') ? collection.items.length : null;
  return body.entries.map((entry) => ({ ...entry, loop: { path: [name, 2], count } }));
}

function transformsOf(transform: Expression | undefined): string[] {
  const all = transform?.kind === 'list' ? transform.items : transform ? [transform] : [];
  return all.map((one) => textAt(one) ?? textAt(one, 'Name') ?? '?');
}

function entriesOf(expression: Expression | undefined): readonly ExpressionEntry[] {
  return expression?.kind === 'map' ? expression.entries : [];
}
