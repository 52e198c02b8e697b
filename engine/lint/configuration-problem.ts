// What is wrong in a configuration, as a sentence with its place and the nearest valid name.

import type { ConfigurationProblem } from './configuration';
import type { SchemaError } from './schema';

/** The problem of one error of the schema. */
export function problemOf(file: string, error: SchemaError): ConfigurationProblem {
  const parts = error.path.map(String);
  const name = parts[parts.length - 1] ?? '';
  const where = parts.slice(0, -1).filter((part) => !/^\d+$/.test(part));
  const isRule = where[where.length - 1] === 'rules';
  const place = where.length === 0 ? '' : ` in \`${where.join('.')}\``;
  const message = messageOf(error, name, isRule, place);
  const nearest = isRule && error.kind === 'unknown-key' && !error.written.includes('/') ? error.nearest : lastPart(error.nearest);
  return { file, span: [...error.span], message, ...(nearest === undefined ? {} : { nearest }) };
}

function messageOf(error: SchemaError, name: string, isRule: boolean, place: string): string {
  switch (error.kind) {
    case 'unknown-key':
      return isRule ? `there is no rule \`${error.written}\`` : `there is no setting \`${error.written}\`${place}`;
    case 'missing-key':
      return `\`${error.written}\` is missing here`;
    case 'value':
      return `\`${error.written}\` is no value of \`${name}\`, which takes ${error.expected}`;
    case 'type':
      return `\`${name === '' ? 'the file' : name}\` takes ${error.expected}, not ${error.written === 'a mapping' || error.written === 'a list' ? error.written : `\`${error.written}\``}`;
  }
}

/** The last part of a rule's id. */
export function lastPart(name: string | undefined): string | undefined {
  return name?.slice(name.indexOf('/') + 1);
}
