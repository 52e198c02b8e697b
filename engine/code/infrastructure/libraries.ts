// Which packages declare infrastructure, and how the things that they export are called in the model.

import type { Entity } from '../values';
import type { ConstructDialect } from './facts';

/** An export of an infrastructure library: the module by its present name, and the path inside. */
export interface LibraryMember {
  readonly dialect: ConstructDialect;
  readonly module: string;
  readonly path: readonly string[];
}

const IMPORTS_INFRASTRUCTURE = /['"](?:aws-cdk-lib|@aws-cdk\/|@aws-solutions-constructs\/|monocdk|@pulumi\/|@cdktf\/|cdktf['"]|[./\w-]*\.gen\/providers\/)/;

/** Whether a text imports a library that declares infrastructure; one cheap look. */
export function importsInfrastructure(text: string): boolean {
  return IMPORTS_INFRASTRUCTURE.test(text);
}

/** The library's member that an entity is; undefined for anything else. */
export function libraryMember(entity: Entity): LibraryMember | undefined {
  if (entity.kind !== 'package' && entity.kind !== 'project') return undefined;
  const module = entity.kind === 'package' ? entity.package : entity.module;
  return cdkMember(module, entity.path) ?? pulumiMember(module, entity.path) ?? cdktfMember(module, entity.path);
}

function cdkMember(module: string, path: readonly string[]): LibraryMember | undefined {
  const member = (name: string, rest = path): LibraryMember => ({ dialect: 'cdk', module: name, path: rest });
  if (module === 'aws-cdk-lib' || module === '@aws-cdk/core' || module === 'monocdk') {
    const [first, ...rest] = path;
    return first !== undefined && /^[a-z][a-z\d_]*$/.test(first) ? member(`aws-cdk-lib/${first.replaceAll('_', '-')}`, rest) : member('aws-cdk-lib');
  }
  const inner = /^(?:aws-cdk-lib|monocdk)\/([\w-]+)/.exec(module)?.[1];
  if (inner !== undefined) return member(`aws-cdk-lib/${inner}`);
  const old = /^@aws-cdk\/([\w-]+)/.exec(module)?.[1];
  if (old !== undefined) return member(old.endsWith('-alpha') ? `@aws-cdk/${old}` : `aws-cdk-lib/${old}`);
  return module.startsWith('@aws-solutions-constructs/') ? member(module) : undefined;
}

// `@pulumi/aws/rds` is `aws.rds`, and `@pulumi/aws/rds/instance` has `aws.rds.Instance`.
function pulumiMember(module: string, path: readonly string[]): LibraryMember | undefined {
  const parts = /^@pulumi\/(.+)$/.exec(module)?.[1]?.split('/');
  const [name, ...inner] = parts ?? [];
  if (name === undefined) return undefined;
  const last = path[0];
  const isFile = inner.length > 1 && last !== undefined && inner.at(-1)?.toLowerCase() === last.toLowerCase();
  return { dialect: 'pulumi', module: name, path: [...(isFile ? inner.slice(0, -1) : inner), ...path] };
}

// `@cdktf/provider-aws/lib/db-instance`, `.gen/providers/aws/db-instance`, or everything from the root of either.
function cdktfMember(module: string, path: readonly string[]): LibraryMember | undefined {
  if (module === 'cdktf') return { dialect: 'cdktf', module: 'cdktf', path };
  const match = /^@cdktf\/provider-([\w-]+?)(?:\/lib\/([\w-]+))?(?:\/index(?:\.js)?)?$/.exec(module) ?? /\.gen\/providers\/([\w-]+)(?:\/(?:lib\/)?([\w-]+))?(?:\/index(?:\.js)?)?$/.exec(module);
  if (!match) return undefined;
  const [, provider = '', file] = match;
  return { dialect: 'cdktf', module: provider.replaceAll('-', '_'), path: file === undefined ? path : [file, ...path] };
}

/** What `CloudResource.type` says of a class of a library; undefined where it is none that declares a resource. */
export function resourceType({ dialect, module, path }: LibraryMember): string | undefined {
  const name = path.at(-1);
  if (name === undefined || !/^[A-Z]/.test(name)) return undefined;
  switch (dialect) {
    case 'cdk':
      return path.length === 1 && !(module === 'aws-cdk-lib' && /^(?:App|Stack|NestedStack|Stage)$/.test(name)) ? `${module}.${name}` : undefined;
    case 'pulumi':
      return module === 'pulumi' || path.length < 2 ? undefined : [module, ...path].join('.');
    case 'cdktf': {
      if (module === 'cdktf' || /^Data[A-Z]|Provider$/.test(name)) return undefined;
      const file = path.length > 1 ? path[0] : undefined;
      const isOwnFile = file !== undefined && snakeCase(file).replaceAll('_', '') === name.toLowerCase();
      return `${module}_${isOwnFile ? snakeCase(file) : snakeCase(name)}`;
    }
  }
}

/** A member of a library as values have it: `RemovalPolicy.DESTROY`, without the namespaces before the class. */
export function symbolText({ path }: LibraryMember): string | undefined {
  const start = path.findIndex((part) => /^[A-Z]/.test(part));
  return start < 0 ? undefined : path.slice(start).join('.');
}

/** `multiAz` and `multi-az` as `multi_az`; what is no such word stays. */
export function snakeCase(word: string): string {
  if (!/^[A-Za-z][A-Za-z\d-]*$/.test(word)) return word;
  return word.replace(/^[A-Z]/, (first) => first.toLowerCase()).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_');
}

/** The property that an override names: `multiAz` of `Properties.MultiAZ`. Capitals at the end of an initialism count as one word. */
export function overriddenProperty(path: string): string {
  const name = path.replace(/^Properties\./, '').split('.')[0] ?? '';
  return name === '' ? '*' : name.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase()).replace(/[A-Z]{2,}$/, (end) => `${end.slice(0, 1)}${end.slice(1).toLowerCase()}`);
}
