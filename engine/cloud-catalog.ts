// The cloud part of the catalogue, indexed by dialect and type. Spellings that follow from others (Pulumi from Terraform, L1 constructs from CloudFormation) are made here.

import type { CloudEntry, CloudField, CloudFixValue, CloudPart, CloudSpelling, CloudTrait } from '../catalog/cloud-schema';
import type { CloudDialect } from './artifacts/cloud';

/** A type of a dialect: its entry, and its fields as that dialect spells them. */
export interface CloudConcept {
  readonly entry: CloudEntry;
  readonly traits: ReadonlySet<CloudTrait>;
  readonly fields: Readonly<Record<string, CloudField>>;
  readonly parts: readonly CloudPart[];
}

/** Gives a look-up by dialect and type. Cost: linear in the catalogue, once. */
export function indexCloud(entries: readonly CloudEntry[]): (dialect: CloudDialect, type: string) => CloudConcept | undefined {
  const byType = new Map<string, CloudConcept>();
  const pulumiTypes = new Map(entries.flatMap((entry) => entry.spellings.flatMap(({ terraform = [], pulumi = [] }) => terraform.flatMap((type, index) => (pulumi[index] === undefined ? [] : [[type, pulumi[index]] as const])))));
  const pulumi: Spelled = { property: camelFromSnake, attribute: camelFromSnake, type: (type) => pulumiTypes.get(type) };
  for (const entry of entries) {
    for (const spelling of entry.spellings) {
      const concept = conceptOf(entry, spelling, AS_WRITTEN);
      const add = (dialect: CloudDialect, types: readonly string[] | undefined, known: CloudConcept): void => {
        for (const type of types ?? []) byType.set(`${dialect} ${type}`, known);
      };
      add('terraform', spelling.terraform, concept);
      add('cdktf', spelling.terraform, concept);
      add('cloudformation', spelling.cloudformation, concept);
      add('serverless', spelling.serverless, concept);
      add('cdk', spelling.cdk, concept);
      add('pulumi', spelling.pulumi, spelling.terraform ? conceptOf(entry, spelling, pulumi) : concept);
      if (spelling.cloudformation) add('cdk', spelling.cloudformation.map(levelOneType), conceptOf(entry, spelling, LEVEL_ONE));
    }
  }
  return (dialect, type) => byType.get(`${dialect} ${type}`);
}

/** How a dialect spells what another one's rows say; a type that it has no name for takes its fix with it. */
interface Spelled {
  readonly property: (name: string) => string;
  readonly attribute: (name: string) => string;
  readonly type: (type: string) => string | undefined;
}

const AS_WRITTEN: Spelled = { property: (name) => name, attribute: (name) => name, type: (type) => type };

function conceptOf(entry: CloudEntry, spelling: CloudSpelling, spelled: Spelled): CloudConcept {
  const fields = Object.entries(spelling.fields).map(([name, field]): [string, CloudField] => [name, renamed(fieldOf(field), spelled)]);
  return {
    entry,
    traits: new Set([...(entry.traits ?? []), ...(spelling.traits ?? [])]),
    fields: Object.fromEntries(fields),
    parts: (spelling.parts ?? []).map((part) => ({ ...part, path: renamedPath(part.path, spelled.property) })),
  };
}

function fieldOf(field: string | readonly string[] | CloudField): CloudField {
  return typeof field === 'object' && 'path' in field ? field : { path: field };
}

function renamed(field: CloudField, spelled: Spelled): CloudField {
  const { path, fix, adds, ...rest } = field;
  const type = adds && spelled.type(adds.type);
  const paths = typeof path === 'string' ? renamedPath(path, spelled.property) : path.map((one) => renamedPath(one, spelled.property));
  if (adds && type === undefined) return { ...rest, path: paths };
  return {
    ...rest,
    path: paths,
    ...(fix ? { fix: Object.fromEntries(Object.entries(fix).map(([key, value]) => [renamedPath(key, spelled.property), renamedValue(value, spelled)])) } : {}),
    ...(adds && type !== undefined ? { adds: { ...adds, type, properties: Object.fromEntries(Object.entries(adds.properties).map(([key, value]) => [spelled.property(key), renamedValue(value, spelled)])) } } : {}),
  };
}

function renamedPath(path: string, rename: (name: string) => string): string {
  return path.split('.').map(rename).join('.');
}

function renamedValue(value: CloudFixValue, spelled: Spelled): CloudFixValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => renamedValue(item, spelled));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === '$reference') return [key, renamedReference(item, spelled)];
      // What stands in JSON is spelled as the service spells it; references in it are not.
      if (key === '$json') return [key, renamedValue(item, { ...spelled, property: (name) => name })];
      return key.startsWith('$') ? [key, item] : [spelled.property(key), renamedValue(item, spelled)];
    }),
  );
}

function renamedReference(value: CloudFixValue, spelled: Spelled): CloudFixValue {
  if (typeof value !== 'object' || value === null || isList(value)) return value;
  const { type, attribute } = value;
  return { ...value, ...(typeof type === 'string' ? { type: spelled.type(type) ?? type } : {}), ...(typeof attribute === 'string' ? { attribute: spelled.attribute(attribute) } : {}) };
}

function isList(value: CloudFixValue): value is readonly CloudFixValue[] {
  return Array.isArray(value);
}

/** `multi_az` -> `multiAz`. */
function camelFromSnake(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `MultiAZ` -> `multiAz`, `DBInstanceIdentifier` -> `dbInstanceIdentifier`, as the CDK spells properties of L1 constructs. */
function camelFromPascal(name: string): string {
  if (name.startsWith('@')) return name;
  return name.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (start) => start.toLowerCase()).replace(/[A-Z]{2,}(?=[A-Z][a-z]|$)/g, (run) => run.charAt(0) + run.slice(1).toLowerCase());
}

/** `AWS::RDS::DBInstance` -> `aws-cdk-lib/aws-rds.CfnDBInstance`. */
function levelOneType(type: string): string {
  const [, service = '', name = ''] = type.split('::');
  return `aws-cdk-lib/aws-${service === 'Serverless' ? 'sam' : service.toLowerCase()}.Cfn${name}`;
}

/** L1 constructs have CloudFormation's properties with a small first letter, and its attributes as `attrArn`. */
const LEVEL_ONE: Spelled = { property: camelFromPascal, attribute: (name) => (name === 'Ref' ? 'ref' : `attr${name}`), type: levelOneType };
