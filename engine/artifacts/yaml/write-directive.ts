// `set-directive` in formats of YAML and JSON: the name is a dotted path below the resource, the value a scalar or `key: value` pairs.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { CloudLiteral } from '../cloud';
import type { ArtifactIntent } from '../intent';
import { writeValue } from './write-value';

/** Edits for `set-directive` and whatever `writeValue` knows; undefined where the place is gone. */
export function writeYamlDirective(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind !== 'set-directive') return writeValue(text, resource.document, intent);
  return writeValue(text, resource.document, { kind: 'set-value', path: [...resource.path, ...intent.name.split('.')], value: literalOf(intent.value) });
}

/** `30s` is a text, `a: 1, b: 30s` a map of scalars. */
export function literalOf(text: string): CloudLiteral {
  if (!/^\w+: /.test(text)) return scalarOf(text);
  const result: Record<string, CloudLiteral> = {};
  for (const part of text.split(', ')) {
    const colon = part.indexOf(': ');
    if (colon > 0) result[part.slice(0, colon)] = scalarOf(part.slice(colon + 2));
  }
  return result;
}

function scalarOf(text: string): CloudLiteral {
  return /^\d+$/.test(text) ? Number(text) : text === 'true' || text === 'false' ? text === 'true' : text;
}
