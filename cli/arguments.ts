// The words after `holdfast` turned into one command, or into the answer to a misspelt one. Nothing here looks at files.

import type { Severity } from '../engine/lint/finding';
import { nearestName } from '../engine/nearest';
import { FLAGS, VERBS, type Flag, type Verb } from './flags';
import type { ColorChoice } from './terminal/display';

export type Format = 'text' | 'json' | 'sarif';

/** One command with everything that was asked of it. */
export interface Command {
  readonly verb: Verb;
  /** Paths, or the name to explain. */
  readonly operands: readonly string[];
  readonly format: Format;
  readonly output: string | undefined;
  readonly fix: boolean;
  readonly unsafe: boolean;
  readonly diff: boolean;
  /** `id=severity` pairs, the id as written. */
  readonly severities: readonly { readonly rule: string; readonly severity: Severity | 'off' }[];
  readonly failOn: Severity;
  readonly maxWarnings: number | undefined;
  readonly quiet: boolean;
  readonly advice: boolean;
  readonly all: boolean;
  readonly types: boolean;
  readonly stdin: boolean;
  readonly stdinFilepath: string | undefined;
  readonly config: string | undefined;
  readonly cache: boolean;
  readonly cacheDir: string | undefined;
  readonly installed: boolean;
  readonly formats: boolean;
  readonly files: boolean;
  readonly bug: boolean;
  readonly color: ColorChoice;
  readonly plain: boolean;
  readonly ascii: boolean;
  readonly verbose: boolean;
}

export type Parsed = { readonly kind: 'command'; readonly command: Command } | { readonly kind: 'usage'; readonly message: string; readonly hint: string | undefined };

const SEVERITIES_AND_OFF: readonly string[] = ['error', 'warning', 'info', 'advice', 'off'];

/** Parses the words after the program's name. Never throws. */
export function parseArguments(words: readonly string[]): Parsed {
  const read = readWords(words);
  if ('message' in read) return { kind: 'usage', ...read };
  const { values, operands } = read;
  const verb = verbOf(values, operands);
  const rest = operands[0] === verb ? operands.slice(1) : operands;
  return commandOf(verb, rest, values);
}

type Values = ReadonlyMap<string, readonly string[]>;
interface Usage {
  readonly message: string;
  readonly hint: string | undefined;
}

function readWords(words: readonly string[]): { values: Values; operands: string[] } | Usage {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const written = equals === -1 ? word : word.slice(0, equals);
    const flag = FLAGS.find((candidate) => written === `--${candidate.name}` || written === `-${candidate.short ?? ''}`);
    if (!flag || written === '-') return unknownFlag(written);
    let value = equals === -1 ? undefined : word.slice(equals + 1);
    if (flag.value === undefined && value !== undefined) return { message: `\`--${flag.name}\` takes no value`, hint: undefined };
    if (flag.value !== undefined && value === undefined) {
      value = words[++index];
      if (value === undefined || value.startsWith('--')) return { message: `\`--${flag.name}\` needs a value`, hint: `--${flag.name} ${flag.value}` };
    }
    const checked = checkValue(flag, value);
    if (checked) return checked;
    values.set(flag.name, [...(flag.isRepeatable ? (values.get(flag.name) ?? []) : []), value ?? '']);
  }
  return { values, operands };
}

function unknownFlag(written: string): Usage {
  const near = nearestName(written.replace(/^-+/, ''), FLAGS.map((flag) => flag.name));
  return { message: `there is no flag \`${written}\``, hint: near === undefined ? undefined : `nearest: --${near}` };
}

function checkValue(flag: Flag, value: string | undefined): Usage | undefined {
  if (flag.choices && value !== undefined && !flag.choices.includes(value)) {
    return { message: `\`--${flag.name}\` does not know \`${value}\``, hint: `one of: ${flag.choices.join(', ')}` };
  }
  return undefined;
}

function verbOf(values: Values, operands: readonly string[]): Verb {
  if (values.has('help')) return 'help';
  if (values.has('version')) return 'version';
  const first = operands[0];
  if (first === 'help' || first === 'version') return first;
  return VERBS.find(({ verb }) => verb === first)?.verb ?? 'check';
}

function commandOf(verb: Verb, operands: readonly string[], values: Values): Parsed {
  for (const name of values.keys()) {
    const flag = FLAGS.find((candidate) => candidate.name === name);
    if (flag && verb !== 'help' && verb !== 'version' && !flag.verbs.includes(verb)) return usage(`\`holdfast ${verb}\` has no flag \`--${name}\``, `its flags: holdfast ${verb} --help`);
  }
  if (verb === 'clients' && one(values, 'format') === 'sarif') return usage('`holdfast clients` writes text or json', undefined);
  const severities = (values.get('rule') ?? []).map((written) => {
    const equals = written.lastIndexOf('=');
    return { written, rule: written.slice(0, equals), severity: written.slice(equals + 1) };
  });
  const unreadable = severities.find(({ rule, severity }) => rule === '' || !SEVERITIES_AND_OFF.includes(severity));
  if (unreadable) return usage(`\`--rule ${unreadable.written}\` is not \`ID=SEVERITY\``, `severities: ${SEVERITIES_AND_OFF.join(', ')}`);
  const maxWarnings = one(values, 'max-warnings');
  if (maxWarnings !== undefined && !/^\d{1,9}$/.test(maxWarnings)) return usage(`\`--max-warnings ${maxWarnings}\` is not a number`, undefined);
  if (values.has('stdin') && !values.has('stdin-filepath')) return usage('`--stdin` needs the name that the text goes by', '--stdin-filepath FILE');
  if (values.has('stdin') && operands.length > 0) return usage('`--stdin` takes no paths', undefined);
  const isFix = values.has('fix') || values.has('fix-dry-run');
  const isDiff = values.has('diff') || values.has('fix-dry-run');
  if (values.has('unsafe') && !isFix && !isDiff) return usage('`--unsafe` belongs to a fix', 'holdfast --fix --unsafe');
  return {
    kind: 'command',
    command: {
      verb,
      operands,
      format: choice(one(values, 'format'), ['text', 'json', 'sarif'], 'text'),
      output: one(values, 'output'),
      fix: isFix && !isDiff,
      unsafe: values.has('unsafe'),
      diff: isDiff,
      severities: severities.map(({ rule, severity }) => ({ rule, severity: choice(severity, ['error', 'warning', 'info', 'advice', 'off'], 'off') })),
      failOn: choice(one(values, 'fail-on'), ['error', 'warning', 'info', 'advice'], 'warning'),
      maxWarnings: maxWarnings === undefined ? undefined : Number(maxWarnings),
      quiet: values.has('quiet'),
      advice: values.has('advice'),
      all: values.has('all'),
      types: values.has('types'),
      stdin: values.has('stdin'),
      stdinFilepath: one(values, 'stdin-filepath'),
      config: one(values, 'config'),
      cache: !values.has('no-cache'),
      cacheDir: one(values, 'cache-dir'),
      installed: values.has('installed'),
      formats: values.has('formats'),
      files: values.has('files'),
      bug: values.has('bug'),
      color: choice(one(values, 'color'), ['auto', 'always', 'never'], 'auto'),
      plain: values.has('plain'),
      ascii: values.has('ascii'),
      verbose: values.has('verbose'),
    },
  };
}

function usage(message: string, hint: string | undefined): Parsed {
  return { kind: 'usage', message, hint };
}

function one(values: Values, name: string): string | undefined {
  return values.get(name)?.at(-1);
}

function choice<const T extends string>(value: string | undefined, choices: readonly T[], otherwise: T): T {
  return choices.find((candidate) => candidate === value) ?? otherwise;
}
