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
  for (const entry of entries) {
    for (const spelling of entry.spellings) {
      const concept = conceptOf(entry, spelling, (name) => name);
      const add = (dialect: CloudDialect, types: readonly string[] | undefined, known: CloudConcept): void => {
        for (const type of types ?? []) byType.set(`${dialect} ${type}`, known);
      };
      add('terraform', spelling.terraform, concept);
      add('cdktf', spelling.terraform, concept);
      add('cloudformation', spelling.cloudformation, concept);
      add('serverless', spelling.serverless, concept);
      add('cdk', spelling.cdk, concept);
      add('pulumi', spelling.pulumi, spelling.terraform ? conceptOf(entry, spelling, camelFromSnake) : concept);
      if (spelling.cloudformation) add('cdk', spelling.cloudformation.map(levelOneType), conceptOf(entry, spelling, camelFromPascal));
    }
  }
  return (dialect, type) => byType.get(`${dialect} ${type}`);
}

function conceptOf(entry: CloudEntry, spelling: CloudSpelling, rename: (name: string) => string): CloudConcept {
  const fields = Object.entries(spelling.fields).map(([name, field]): [string, CloudField] => [name, renamed(fieldOf(field), rename)]);
  return {
    entry,
    traits: new Set([...(entry.traits ?? []), ...(spelling.traits ?? [])]),
    fields: Object.fromEntries(fields),
    parts: (spelling.parts ?? []).map((part) => ({ ...part, path: renamedPath(part.path, rename) })),
  };
}

function fieldOf(field: string | readonly string[] | CloudField): CloudField {
  return typeof field === 'object' && 'path' in field ? field : { path: field };
}

function renamed(field: CloudField, rename: (name: string) => string): CloudField {
  const { path, fix } = field;
  return {
    ...field,
    path: typeof path === 'string' ? renamedPath(path, rename) : path.map((one) => renamedPath(one, rename)),
    ...(fix ? { fix: Object.fromEntries(Object.entries(fix).map(([key, value]) => [renamedPath(key, rename), renamedValue(value, rename)])) } : {}),
  };
}

function renamedPath(path: string, rename: (name: string) => string): string {
  return path.split('.').map(rename).join('.');
}

function renamedValue(value: CloudFixValue, rename: (name: string) => string): CloudFixValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => renamedValue(item, rename));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => (key.startsWith('$') ? [key, item] : [rename(key), renamedValue(item, rename)])));
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
