import { describe, expect, it } from 'vitest';
import type { CloudResource, CloudValue } from '../cloud';
import { readTerraform, recogniseTerraform } from './read';
import { terraformResources } from './resources';

function resources(files: Readonly<Record<string, string>>): readonly CloudResource[] {
  return terraformResources(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => readTerraform(path, text).facts));
}

/** Values as JavaScript writes them: `~` before a soft one, `?` for unknown, `a|b` for either, `@type.name.attribute` for references. */
function plain(value: CloudValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'text':
    case 'number':
    case 'boolean':
      return value.isSoft ? `~${String(value.value)}` : value.value;
    case 'list':
      return value.isOpen ? [...value.items.map(plain), '…'] : value.items.map(plain);
    case 'map':
      return { ...Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plain(entry)])), ...(value.isOpen ? { '…': true } : {}) };
    case 'reference':
      return `@${value.to.replace(/^.*\/(?=[^/]*$)/, '')}${value.attribute === undefined ? '' : `.${value.attribute}`}`;
    case 'either':
      return value.options.map((option) => String(plain(option))).join('|');
    case 'unknown':
      return '?';
  }
}

/** The property `x` of the only resource, under these declarations. */
function value(expression: string, declarations = ''): unknown {
  const [one] = resources({ 'main.tf': `resource "r" "one" {\n  x = ${expression}\n}\n${declarations}\n` }).filter((resource) => resource.name === 'one');
  return plain(one?.properties.entries['x']);
}

describe('values of Terraform', () => {
  it.each([
    ['1 + 2', '', 3],
    ['null', '', null],
    ['"a-${1 + 1}"', '', 'a-2'],
    ['var.a', 'variable "a" {}', '?'],
    ['var.a', 'variable "a" { default = 2 }', '~2'],
    ['var.a', 'variable "a" {\n  type = number\n  default = "2"\n}', '~2'],
    ['var.a.b', 'variable "a" {\n  type = object({ b = optional(bool, true) })\n  default = {}\n}', '~true'],
    ['local.a.b[1]', 'locals { a = { b = [1, 2] } }', 2],
    ['local.a', 'locals {\n  a = local.b\n  b = local.a\n}', '?'],
    ['data.x.y.z', '', '?'],
    ['r.two.arn', 'resource "r" "two" {}', '@r.two.arn'],
    ['r.two[count.index].arn', 'resource "r" "two" {}', '@r.two.arn'],
    ['r.two[*].id', 'resource "r" "two" {}', ['@r.two.id', '…']],
    ['one(r.two[*].id)', 'resource "r" "two" {}', '?'],
    ['var.a ? 1 : 2', 'variable "a" {}', '1|2'],
    ['var.a ? 1 : null', 'variable "a" {}', '1|null'],
    ['var.a ? 1 : 2', 'variable "a" { default = false }', '~2'],
    ['var.stage == "prod" ? 3 : 1', 'variable "stage" { default = "dev" }', '~3'],
    ['var.stage != "prod" ? 3 : 1', 'variable "stage" {}', '~1'],
    ['merge({ a = 1 }, { b = 2 }, { a = null })', '', { b: 2 }],
    ['merge({ a = 1 }, var.more)', 'variable "more" {}', { a: '?', '…': true }],
    ['lookup({ a = 1 }, "b", 5)', '', 5],
    ['try(local.a.missing, 7)', 'locals { a = {} }', 7],
    ['try(var.a, 7)', 'variable "a" {}', '?'],
    ['coalesce(null, "", "x")', '', 'x'],
    ['concat([1], var.a)', 'variable "a" {}', [1, '?', '…']],
    ['length(concat([1], [2, 3]))', '', 3],
    ['contains(["a", "b"], "b")', '', true],
    ['format("%s-%02d", "a", 3)', '', 'a-03'],
    ['element([1, 2, 3], 4)', '', 2],
    ['[for k, v in { a = 1, b = 2 } : "${k}${v}" if v > 1]', '', ['b2']],
    ['{ for s in ["a"] : s => upper(s) }', '', { a: 'A' }],
    ['flatten([[1], [2, [3]]])', '', [1, 2, 3]],
    ['jsonencode({ a = [1] })', '', { a: [1] }],
    ['"{\\"a\\": ${var.n}}"', 'variable "n" {}', { a: '?' }],
    ['<<EOT\n{ "a": "${r.two.arn}", "b": "p-${r.two.arn}" }\nEOT\n', 'resource "r" "two" {}', { a: '@r.two.arn', b: '?' }],
    ['<<EOT\nplain\nEOT\n', '', 'plain\n'],
    ['file("x.json")', '', '?'],
  ])('%s with %s', (expression, declarations, wanted) => {
    expect(value(expression, declarations)).toEqual(wanted);
  });

  it('takes values of files: those that are loaded by themselves for certain, those of an environment as a default', () => {
    const main = 'variable "a" { default = 1 }\nvariable "b" { default = 1 }\nresource "r" "one" {\n  x = [var.a, var.b]\n}\n';
    const [one] = resources({ 'main.tf': main, 'terraform.tfvars': 'a = 2\n', 'dev.tfvars': 'b = 1\n', 'prod.tfvars': 'b = 3\n' });
    expect(plain(one?.properties.entries['x'])).toEqual([2, '~3']);
  });
});

describe('resources of Terraform', () => {
  it('stand on their line, with blocks as lists and places of their own', () => {
    const text = 'resource "aws_db_instance" "main" {\n  multi_az = var.ha\n  inner {\n    a = 1\n  }\n  inner {\n    a = 2\n  }\n  lifecycle {\n    ignore_changes = [desired_count, scaling_config[0].desired_size]\n    prevent_destroy = true\n  }\n}\nvariable "ha" { default = false }\n';
    const [one] = resources({ 'prod/main.tf': text });
    expect(one).toMatchObject({ dialect: 'terraform', type: 'aws_db_instance', name: 'main', scope: 'prod', stage: 'prod', unmanaged: ['desired_count', 'scaling_config.desired_size'], isConditional: false, copies: { state: 'default', value: 1 } });
    expect(one && text.slice(...one.at.span)).toBe('"main"');
    const ha = one?.properties.entries['multi_az'];
    expect(ha && text.slice(...ha.at.span)).toBe('var.ha');
    expect(plain(one?.properties)).toEqual({ multi_az: '~false', inner: [{ a: 1 }, { a: 2 }], lifecycle: [{ prevent_destroy: true }] });
  });

  it.each([
    ['count = 3', { state: 'set', value: 3 }, false],
    ['count = var.on ? 1 : 0', { state: 'set', value: 1 }, true],
    ['count = var.n', { state: 'unknown' }, true],
    ['for_each = toset(["a", "b"])', { state: 'set', value: 2 }, false],
    ['for_each = var.n', { state: 'unknown' }, true],
    ['count = length(var.none)', { state: 'unknown' }, true],
  ])('counts %s', (meta, copies, isConditional) => {
    const [one] = resources({ 'main.tf': `variable "on" {}\nvariable "n" {}\nvariable "none" { default = [] }\nresource "r" "one" {\n  ${meta}\n}\n` });
    expect(one?.copies).toMatchObject(copies);
    expect(one?.isConditional).toBe(isConditional);
  });

  it('leaves out what there is none of for certain, and gives each element its value', () => {
    const made = resources({ 'main.tf': 'resource "r" "none" { count = 0 }\nresource "r" "some" {\n  for_each = { a = 1, b = 2 }\n  x = each.value\n  y = each.key\n}\n' });
    expect(made.map((one) => [one.name, plain(one.properties)])).toEqual([['some', { x: '1|2', y: 'a|b' }]]);
  });

  it('evaluates dynamic blocks over what is known, and takes others for present', () => {
    const text = 'variable "n" {}\nresource "r" "one" {\n  dynamic "known" {\n    for_each = ["a", "b"]\n    content {\n      v = known.value\n    }\n  }\n  dynamic "open" {\n    for_each = var.n\n    iterator = it\n    content {\n      v = it.value.x\n    }\n  }\n  dynamic "none" {\n    for_each = []\n    content {}\n  }\n}\n';
    const [one] = resources({ 'main.tf': text });
    expect(plain(one?.properties)).toEqual({ known: [{ v: 'a' }, { v: 'b' }], open: [{ v: '?' }, '…'] });
  });

  it('descends into modules with their inputs, once for each call, and never reads a called folder by itself', () => {
    const module = 'variable "size" { default = 1 }\nvariable "topic" { default = null }\nresource "r" "inner" {\n  size = var.size\n  topic = var.topic\n}\noutput "arn" { value = r.inner.arn }\n';
    const root = 'module "a" {\n  source = "../modules/m"\n  size = 2\n  topic = r.topic.arn\n}\nmodule "b" {\n  source = "../modules/m"\n}\nresource "r" "topic" {}\nresource "r" "user" {\n  x = module.a.arn\n}\n';
    const made = resources({ 'modules/m/main.tf': module, 'live/main.tf': root });
    expect(made.map((one) => [one.id, plain(one.properties)])).toEqual([
      ['terraform/live/r.topic', {}],
      ['terraform/live/r.user', { x: '@module.a.r.inner.arn' }],
      ['terraform/live/module.a.r.inner', { size: 2, topic: '@r.topic.arn' }],
      ['terraform/live/module.b.r.inner', { size: 1 }],
    ]);
    expect(made[1]?.mentions).toEqual(['terraform/live/module.a.r.inner']);
    expect(made[2]?.mentions).toEqual(['terraform/live/r.topic']);
  });

  it('takes published modules for resources, by the registry or its repository', () => {
    const made = resources({ 'main.tf': 'module "db" {\n  source = "terraform-aws-modules/rds/aws"\n  version = "6.0"\n  multi_az = true\n}\nmodule "s" { source = "git::https://github.com/terraform-aws-modules/terraform-aws-ecs.git//modules/service?ref=v5" }\nresource "r" "one" {\n  x = module.db.arn\n}\n' });
    expect(made.map((one) => [one.type, plain(one.properties)])).toEqual([['r', { x: '@module.db.arn' }], ['terraform-aws-modules/rds/aws', { multi_az: true }], ['terraform-aws-modules/ecs/aws//modules/service', {}]]);
  });

  it('leaves what override files set to them, and what a library is not told to its callers', () => {
    const [one] = resources({ 'lib/main.tf': 'variable "a" { default = null }\nresource "r" "one" {\n  x = 1\n  y = var.a\n}\n', 'lib/override.tf': 'resource "r" "one" {\n  x = 2\n}\n' });
    expect(one?.unmanaged).toEqual(['x']);
    expect(plain(one?.properties)).toEqual({ x: 1, y: '?' });
  });

  it('binds the inputs of Terragrunt', () => {
    const made = resources({ 'modules/db/main.tf': 'variable "size" {}\nvariable "more" { default = 1 }\nresource "r" "one" {\n  x = [var.size, var.more]\n}\n', 'live/prod/db/terragrunt.hcl': 'include "root" { path = find_in_parent_folders() }\nterraform { source = "${get_repo_root()}//modules/db" }\ninputs = { size = 4 }\n' });
    expect(made.map((one) => [one.scope, plain(one.properties)])).toEqual([['live/prod/db', { x: [4, '?'] }]]);
  });

  it('finds the code of a function by what is packed and its handler', () => {
    const text = 'data "archive_file" "fn" {\n  type = "zip"\n  source_dir = "${path.module}/../src"\n}\nresource "aws_lambda_function" "fn" {\n  filename = data.archive_file.fn.output_path\n  handler = "orders.create"\n}\n';
    const [one] = terraformResources([readTerraform('infra/main.tf', text).facts], { hasFile: (path) => path === 'src/orders.ts' });
    expect(one?.code).toEqual({ file: 'src/orders.ts', handler: 'create' });
  });

  it('reads the JSON form', () => {
    const [one] = resources({ 'main.tf.json': '{ "variable": { "n": { "default": 2 } }, "resource": { "r": { "one": { "x": "${var.n}", "y": "a", "inner": [{ "z": true }] } } } }' });
    expect(plain(one?.properties)).toEqual({ x: '~2', y: 'a', inner: [{ z: true }] });
  });

  it('knows its files by name', () => {
    expect(['a/main.tf', 'main.tofu', 'terraform.tfvars', 'live/terragrunt.hcl', 'x.tf.json'].every(recogniseTerraform)).toBe(true);
    expect(['.terraform/modules/x/main.tf', 'a.tftest.hcl', 'x.hcl', 'cdktf.out/stacks/x/cdk.tf.json', 'a.json'].some(recogniseTerraform)).toBe(false);
  });

  it('ends where modules call each other in a circle, and where locals do', () => {
    expect(resources({ 'a/main.tf': 'module "b" { source = "../b" }\nresource "r" "a" {}\n', 'b/main.tf': 'module "a" { source = "../a" }\n', 'c/main.tf': 'module "a" { source = "../a" }\n' }).length).toBeLessThan(20);
  });
});
