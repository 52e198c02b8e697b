// `holdfast init`: writes a holdfast.yaml that says the defaults, each with a line on what it is for.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration } from '../../engine/duration';
import { DEFAULT_BUDGETS } from '../../engine/lint/configuration';
import { reasonOf } from '../../engine/node/read-text';
import type { Command } from '../arguments';
import type { ExitCode } from '../report';
import { sayMistake } from '../say';
import type { Shell } from '../shell';

const NAMES = ['holdfast.yaml', 'holdfast.json', 'holdfast.jsonc'];

/** Writes the file into the working folder; an existing one is left alone (exit 2). */
export function init(command: Command, shell: Shell): ExitCode {
  const existing = NAMES.find((name) => existsSync(join(shell.workingFolder, name)));
  if (existing !== undefined) return sayMistake({ message: `\`${existing}\` exists already`, hint: 'it was left as it is' }, shell, command);
  try {
    writeFileSync(join(shell.workingFolder, 'holdfast.yaml'), configurationText(existsSync(join(shell.workingFolder, 'node_modules', 'holdfast', 'holdfast.schema.json'))), { flag: 'wx' });
  } catch (error) {
    return sayMistake({ message: `\`holdfast.yaml\` cannot be written: ${reasonOf(error).replace('to read it', 'to write it')}`, hint: undefined }, shell, command);
  }
  shell.err.write('wrote holdfast.yaml\n');
  return 0;
}

/** The text of a new configuration. `hasSchema` = the package is installed in the project, so that editors find its schema. */
export function configurationText(hasSchema: boolean): string {
  const { http, query, acquire, attempts } = DEFAULT_BUDGETS;
  return [
    ...(hasSchema ? ['# yaml-language-server: $schema=node_modules/holdfast/holdfast.schema.json'] : []),
    '# recommended, strict (shows advice too) or all (also what is off by default).',
    'extends: recommended',
    '',
    '# Severity by rule: error, warning, info, advice or off. Every rule: holdfast rules',
    'rules: {}',
    '',
    '# Files that are not read.',
    'ignore: []',
    '',
    '# Values that fixes insert.',
    'budgets:',
    `  http: ${duration(http)}`,
    `  query: ${duration(query)}`,
    `  acquire: ${duration(acquire)}`,
    `  attempts: ${attempts}`,
    '',
  ].join('\n');
}

function duration(ms: number): string {
  return formatDuration(ms).replace(' ', '');
}
