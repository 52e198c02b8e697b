import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import { parseHcl } from '../hcl/parse';
import type { ArtifactIntent } from '../intent';
import { writeTerraform } from './write';

function write(text: string, intent: ArtifactIntent, path: readonly string[] = ['resource', 'r', 'one']): string | undefined {
  const edits = writeTerraform(text, { file: 'main.tf', format: 'terraform', document: 0, path }, intent);
  if (!edits) return undefined;
  const made = applyEdits(text, edits);
  expect(made.left).toEqual([]);
  expect(parseHcl(made.text).errors).toEqual([]);
  return made.text;
}

const set = (path: readonly (string | number)[], value: Extract<ArtifactIntent, { kind: 'set-property' }>['value']): ArtifactIntent => ({ kind: 'set-property', path, value });
const block = (...lines: readonly string[]): string => ['resource "r" "one" {', ...lines, '}', ''].join('\n');

describe('fixes of Terraform', () => {
  it.each<[string, string, ArtifactIntent, string]>([
    ['replaces a value', block('  a = var.x # why'), set(['a'], true), block('  a = true # why')],
    ['adds an attribute to its group, aligned', block('  ab = 1', '  c  = 2', '', '  d = 3'), set(['e'], 'x'), block('  ab = 1', '  c  = 2', '  e  = "x"', '', '  d = 3')],
    ['widens a group for a longer name', block('  a = 1', '  b = 2 # two'), set(['long'], 3), block('  a    = 1', '  b    = 2 # two', '  long = 3')],
    ['leaves a group alone that is not aligned', block('  a = 1', '  bcd = 2'), set(['long'], 3), block('  a = 1', '  bcd = 2', '  long = 3')],
    ['goes behind what says how many there are', block('  count = 2', '', '  a = 1'), set(['b'], 3), block('  count = 2', '', '  a = 1', '  b = 3')],
    ['opens an empty block', 'resource "r" "one" {}\n', set(['a'], 1), block('  a = 1')],
    ['opens a block on one line', 'resource "r" "one" { a = 1 }\n', set(['bc'], 2), block('  a  = 1', '  bc = 2')],
    ['adds a block at the end', block('  a = 1', '', '  b {', '  }'), set(['c', 'd'], true), block('  a = 1', '', '  b {', '  }', '', '  c {', '    d = true', '  }')],
    ['adds to a block that is there', block('  c {', '    d = 1', '  }'), set(['c', 'e'], 2), block('  c {', '    d = 1', '    e = 2', '  }')],
    ['adds to the second of several blocks', block('  c {', '  }', '  c {', '    d = 1', '  }'), set(['c', 1, 'd'], 2), block('  c {', '  }', '  c {', '    d = 2', '  }')],
    ['adds to an object', block('  tags = {', '    a = 1', '  }'), set(['tags', 'bcd'], 2), block('  tags = {', '    a   = 1', '    bcd = 2', '  }')],
    ['adds to an object on one line', block('  tags = { a = 1 }'), set(['tags', 'b'], 2), block('  tags = { a = 1, b = 2 }')],
    ['goes into encoded JSON', block('  defs = jsonencode([{', '    name = "x"', '  }])'), set(['defs', 0, 'stop'], 30), block('  defs = jsonencode([{', '    name = "x"', '    stop = 30', '  }])')],
    ['follows the colons of JSON', block('  defs = jsonencode([{', '    "name": "x",', '  }])'), set(['defs', 0, 'stop'], 30), block('  defs = jsonencode([{', '    "name": "x",', '    "stop": 30,', '  }])')],
    ['writes JSON and references', block('  a = 1'), set(['p'], { $json: { t: { $reference: { type: 'q', name: 'new:dead', attribute: 'arn' } }, n: 5 } }), block('  a = 1', '  p = jsonencode({', '    t = q.dead.arn', '    n = 5', '  })')],
    ['escapes what would be a template', block('  a = 1'), set(['b'], 'x${y}"'), block('  a = 1', '  b = "x$${y}\\""')],
    ['removes an attribute with its line', block('  a   = 1', '  bcd = 2 # gone'), { kind: 'remove-property', path: ['bcd'] }, block('  a = 1')],
    ['removes a block with the line that parted it', block('  a = 1', '', '  b {', '    c = 1', '  }'), { kind: 'remove-property', path: ['b'] }, block('  a = 1')],
    ['adds a resource behind', `${block('  a = 1')}\nlocals {}\n`, { kind: 'add-resource', type: 'q', name: 'two', properties: { a: 1, bcd: 'x', e: { f: true } } }, `${block('  a = 1')}\nresource "q" "two" {\n  a   = 1\n  bcd = "x"\n\n  e {\n    f = true\n  }\n}\n\nlocals {}\n`],
    ['sets the default of a variable', `${block('  a = var.n')}variable "n" {\n  default = 1\n}\n`, { kind: 'set-value', path: ['variable', 'n', 'default'], value: 2 }, `${block('  a = var.n')}variable "n" {\n  default = 2\n}\n`],
  ])('%s', (_name, text, intent, wanted) => {
    expect(write(text, intent)).toBe(wanted);
    expect(write(text.replaceAll('\n', '\r\n'), intent)).toBe(wanted.replaceAll('\n', '\r\n'));
  });

  it('changes nothing the second time', () => {
    const intent = set(['c', 'd'], true);
    const once = write(block('  a = 1'), intent) ?? '';
    expect(write(once, intent)).toBe(once);
  });

  it('writes maps of module calls as objects', () => {
    expect(write('module "m" {\n  source = "x"\n}\n', set(['c', 'd'], true), ['module', 'm'])).toBe('module "m" {\n  source = "x"\n  c = {\n    d = true\n  }\n}\n');
  });

  it('declines where something else makes the value, where the place is gone, and where a name is taken', () => {
    expect(write(block('  defs = local.x'), set(['defs', 0, 'stop'], 30))).toBeUndefined();
    expect(write(block('  dynamic "c" {', '    for_each = x', '    content {}', '  }'), set(['c', 'd'], 1))).toBeUndefined();
    expect(write('resource "r" "two" {}\n', set(['a'], 1))).toBeUndefined();
    expect(write(block('  a = 1'), { kind: 'add-resource', type: 'r', name: 'one', properties: {} })).toBeUndefined();
    expect(write(block('  a = '), set(['a'], 1))).toBeUndefined();
  });
});
