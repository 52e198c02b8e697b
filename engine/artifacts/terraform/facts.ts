// What one Terraform file says: its tree, cut down to what is evaluated when modules are joined.

import type { ArtifactFacts } from '../format';
import type { HclBody } from '../hcl/tree';

export interface TerraformFacts extends ArtifactFacts {
  readonly format: 'terraform';
  /** `values`: `.tfvars`; `terragrunt`: inputs of a module that stands elsewhere. */
  readonly role: 'configuration' | 'override' | 'values' | 'terragrunt';
  /** Of a configuration: `resource`, `module`, `variable`, `locals`, `output` blocks and the headers of `data`. */
  readonly body: HclBody;
  /** It configures a provider or where state lies: the folder is deployed as it is. */
  readonly isRoot: boolean;
}
