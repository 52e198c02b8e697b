// Values that files give to the variables of a root module: `terraform.tfvars`, `*.auto.tfvars`, and those of its environments.

import { environmentOf } from '../../model/environment';
import { folderOf } from '../../model/paths';
import type { TerraformFacts } from './facts';
import { evaluate } from './evaluate';
import type { Module, Scope } from './scope';
import { eitherOf, heldOf, soften, type Value } from './values';

const AUTOMATIC = /(?:^|\/)(?:terraform\.tfvars(?:\.json)?|[^/]+\.auto\.tfvars(?:\.json)?)$/;

/** Files that Terraform loads by itself hold; of those that are passed by name, one for each environment, production counts, else all of them do. */
export function valuesOf(module: Module, files: readonly TerraformFacts[], scope: Scope): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const named: TerraformFacts[] = [];
  const automatic: TerraformFacts[] = [];
  for (const file of files) (AUTOMATIC.test(file.path) && folderOf(file.path) === module.folder ? automatic : named).push(file);
  const isOwn = (name: string): boolean => module.variables.has(name);
  const read = (file: TerraformFacts): Map<string, Value> =>
    new Map(file.body.attributes.flatMap((attribute) => (isOwn(attribute.name) && attribute.value ? [[attribute.name, evaluate(attribute.value, { scope, file: file.path, names: new Map(), depth: 0 })] as const] : [])));
  const production = named.filter((file) => environmentOf(file.path.replace(/\.tfvars(?:\.json)?$/, '')) === 'production');
  const sets = (production.length > 0 ? production : named).map(read).filter((set) => set.size > 0);
  for (const name of new Set(sets.flatMap((set) => [...set.keys()]))) {
    const given = sets.filter((set) => set.has(name));
    // Where one environment leaves it to the default, the default counts as well; then nothing is said of it here.
    if (given.length === sets.length) values.set(name, soften(eitherOf(given.map((set) => heldOf(set.get(name))), { file: module.folder, span: [0, 0] })));
  }
  // Loaded first by name, the later wins: `terraform.tfvars` before `*.auto.tfvars`.
  for (const file of [...automatic].sort((a, b) => Number(/auto\.tfvars/.test(a.path)) - Number(/auto\.tfvars/.test(b.path)))) for (const [name, value] of read(file)) values.set(name, value);
  return values;
}
