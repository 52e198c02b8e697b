// Terraform, OpenTofu and Terragrunt as a format. Its resources are joined in engine/model, together with those of the other dialects.

import { defineFormat } from '../format';
import type { TerraformFacts } from './facts';
import { readTerraform, recogniseTerraform, TERRAFORM_FILES } from './read';
import { terraformResources } from './resources';
import { terraformSyntaxErrors, writeTerraform } from './write';

export const terraformFormat = defineFormat<TerraformFacts>({
  name: 'terraform',
  title: 'Terraform',
  files: '*.tf, *.tofu, *.tfvars, their JSON forms, terragrunt.hcl; local modules are entered, published ones known by name',
  languages: ['terraform', 'terraform-vars', 'opentofu', 'hcl'],
  claims: TERRAFORM_FILES,
  comment: '#',
  recognise: recogniseTerraform,
  read: readTerraform,
  resources: terraformResources,
  write: writeTerraform,
  writesInSequence: true,
  syntaxErrors: terraformSyntaxErrors,
});
