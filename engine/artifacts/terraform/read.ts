// Recognises and reads files of Terraform, OpenTofu and Terragrunt.

import { suppressionsIn } from '../../lint/parse-suppression';
import type { FileProblem } from '../../facts';
import { parseHcl } from '../hcl/parse';
import type { HclBlock, HclBody, HclFile } from '../hcl/tree';
import type { TerraformFacts } from './facts';
import { parseJsonConfiguration } from './read-json';

export const TERRAFORM_FILES = /\.(?:tf|tofu|tfvars)$|(?:^|\/)terragrunt\.hcl$/;
const JSON_FILES = /\.(?:tf|tofu|tfvars)\.json$/;
/** Copies that tools make, and templates of files. */
const NOT = /(?:^|\/)(?:\.terraform|\.terragrunt-cache|cdktf\.out|\.boilerplate)\//;
const KEPT = new Set(['resource', 'module', 'variable', 'locals', 'output', 'terraform', 'include', 'dependency']);

export function recogniseTerraform(path: string): boolean {
  return (TERRAFORM_FILES.test(path) || JSON_FILES.test(path)) && !NOT.test(path);
}

/** The tree of a file by its name: HCL, or the JSON form of it. Never throws. */
export function parseTerraform(path: string, text: string): HclFile {
  return JSON_FILES.test(path) ? parseJsonConfiguration(text, /\.tfvars\.json$/.test(path)) : parseHcl(text);
}

/** Never throws. Linear in the text. */
export function readTerraform(path: string, text: string): { facts: TerraformFacts; problems: FileProblem[] } {
  const { body, comments, errors } = parseTerraform(path, text);
  const suppressions = suppressionsIn(text, () => comments, () => body.blocks.map((block) => block.span));
  const first = errors[0];
  const problems: FileProblem[] = first ? [{ file: path, extent: 'in-part', because: first.because, span: [first.at, first.at] }] : [];
  return { facts: { kind: 'artifact', format: 'terraform', path, suppressions, role: roleOf(path), body: keptOf(body), isRoot: body.blocks.some(isDeployment) }, problems };
}

function roleOf(path: string): TerraformFacts['role'] {
  if (/\.tfvars(?:\.json)?$/.test(path)) return 'values';
  if (/\.hcl$/.test(path)) return 'terragrunt';
  return /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/.test(path) ? 'override' : 'configuration';
}

function isDeployment(block: HclBlock): boolean {
  return block.type === 'provider' || (block.type === 'terraform' && block.body.blocks.some((inner) => inner.type === 'backend' || inner.type === 'cloud'));
}

// Of data sources only that they are there is needed; providers and moves not at all.
function keptOf(body: HclBody): HclBody {
  const blocks = body.blocks.flatMap((block) => {
    if (KEPT.has(block.type)) return [block];
    // What is packed says where the code of a function stands.
    if (block.type === 'data' && block.labels[0]?.text === 'archive_file') return [block];
    return block.type === 'data' ? [{ ...block, body: { attributes: [], blocks: [], span: block.body.span } }] : [];
  });
  return { ...body, blocks };
}
