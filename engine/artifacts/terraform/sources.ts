// Where the source of a module call leads: to a folder of the workspace, or to a module that is published elsewhere and counts as a resource of its own type.

import { folderOf, joinPath } from '../../model/paths';

export type ModuleSource =
  | { readonly kind: 'local'; readonly folder: string }
  /** `terraform-aws-modules/rds/aws`, `terraform-aws-modules/ecs/aws//modules/service`; for others the source itself, without its version. */
  | { readonly kind: 'published'; readonly type: string };

/** Undefined where the source leaves the workspace. */
export function moduleSource(source: string, file: string): ModuleSource | undefined {
  if (/^\.\.?(?:\/|$)/.test(source)) {
    // A double slash tells what is copied together, not another place.
    const folder = joinPath(folderOf(file), source.replaceAll('//', '/'));
    return folder === undefined ? undefined : { kind: 'local', folder };
  }
  return { kind: 'published', type: publishedType(source) };
}

function publishedType(source: string): string {
  const plain = source.replace(/^(?:git|tfr|s3|gcs|hg)::/, '').replace(/\?.*$/s, '');
  const registry = /^(?:tfr:\/\/\/?)?(?:[\w-]+(?:\.[\w-]+)+\/)?([\w-]+\/[\w-]+\/[\w-]+(?:\/\/[\w./-]*)?)$/.exec(plain);
  if (registry && !/^(?:git@|https?:|ssh:)/.test(plain) && !/^github\.com\//.test(plain)) return registry[1] ?? plain;
  // The registry's name of a repository that its convention names: terraform-PROVIDER-NAME.
  const repository = /(?:github\.com[/:])([\w-]+)\/terraform-([a-z0-9]+)-([\w-]+?)(?:\.git)?(?:\/\/([\w./-]*))?$/.exec(plain);
  if (!repository) return plain;
  const [, owner, provider, name, inner] = repository;
  return `${owner}/${name}/${provider}${inner ? `//${inner}` : ''}`;
}
