// Reads one Dockerfile into facts.

import type { FileProblem } from '../../facts';
import { suppressionsIn } from '../../lint/parse-suppression';
import type { Span } from '../../text';
import { splitCommand } from '../words';
import type { DockerfileCommand, DockerfileFacts, DockerfileHealthCheck, DockerfileStage } from './facts';
import { copiedPrograms, installsOf } from './installs';
import { splitInstructions, type Instruction } from './instructions';

const NAME = /(^|\/)(?:dockerfile|containerfile)(?:\.[^/]+)?$|\.(?:dockerfile|containerfile)$/i;
const NOT = /\.(?:md|txt|j2|erb|tmpl|template|tpl|json|ya?ml|[cm]?[jt]sx?|py|go|dockerignore|gotmpl|mustache|hbs|ejs)$/i;

/** By name; its first instruction must be FROM or ARG. Templates are left out. */
export function recogniseDockerfile(path: string, text: string): boolean {
  if (!NAME.test(path) || NOT.test(path)) return false;
  const plain = text.replace(/^\uFEFF/, '').replace(/^[ \t]*#[^\n]*$/gm, '');
  const first = /^\s*([A-Za-z]+)[ \t]/.exec(plain);
  return first !== null && /^(?:from|arg)$/i.test(first[1] ?? '') && /^[ \t]*from[ \t]/im.test(plain);
}

type Variables = ReadonlyMap<string, string>;

interface StageDraft {
  name?: string;
  fromSpan: Span;
  base: string | undefined;
  baseStage?: number;
  command?: DockerfileCommand;
  entrypoint?: DockerfileCommand;
  healthCheck?: DockerfileHealthCheck;
  ports: number[];
  environment: Record<string, string>;
  user?: string;
  stopSignal?: string;
  shell?: readonly string[];
  installs: string[];
  removes: string[];
}

/** Facts of one Dockerfile; never throws. Linear in the text. */
export function readDockerfile(path: string, text: string): { facts: DockerfileFacts; problems: FileProblem[] } {
  const { instructions, comments } = splitInstructions(text);
  const suppressions = suppressionsIn(text, () => comments);
  return { facts: { kind: 'dockerfile', path, suppressions, stages: readStages(instructions) }, problems: [] };
}

function readStages(instructions: readonly Instruction[]): DockerfileStage[] {
  const stages: StageDraft[] = [];
  const global = new Map<string, string>();
  let variables = new Map<string, string>();
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      stages.push(readFrom(instruction, global, stages));
      variables = new Map();
      continue;
    }
    const stage = stages.at(-1);
    if (instruction.name === 'ARG') {
      for (const [name, value] of assignments(instruction.text)) {
        const known = value === undefined ? global.get(name) : substitute(value, stage ? variables : global);
        if (known !== undefined) (stage ? variables : global).set(name, known);
      }
    } else if (stage) {
      readInto(stage, instruction, variables);
    }
  }
  return stages;
}

function readFrom(instruction: Instruction, global: Variables, earlier: readonly StageDraft[]): StageDraft {
  const words = instruction.text.split(/\s+/).filter((word) => !word.startsWith('--'));
  const base = substitute(words[0] ?? '', global);
  const name = words[1]?.toLowerCase() === 'as' ? words[2]?.toLowerCase() : undefined;
  const baseStage = base === undefined ? -1 : earlier.findLastIndex((stage) => stage.name === base.toLowerCase());
  return {
    ...(name === undefined ? {} : { name }),
    ...(baseStage < 0 ? {} : { baseStage }),
    fromSpan: instruction.wordSpan,
    base: base === undefined || base === '' || base.includes('{{') ? undefined : base,
    ports: [],
    environment: {},
    installs: [],
    removes: [],
  };
}

function readInto(stage: StageDraft, instruction: Instruction, variables: Map<string, string>): void {
  const { name, text } = instruction;
  switch (name) {
    case 'CMD':
      stage.command = readCommand(text, instruction.wordSpan);
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = readCommand(text, instruction.wordSpan);
      break;
    case 'HEALTHCHECK':
      stage.healthCheck = readHealthCheck(instruction);
      break;
    case 'EXPOSE':
      for (const word of text.split(/\s+/)) {
        const port = Number.parseInt(substitute(word, variables) ?? '', 10);
        if (port > 0) stage.ports.push(port);
      }
      break;
    case 'ENV':
      for (const [key, value] of environmentOf(text)) {
        const known = substitute(value, variables);
        if (known === undefined) continue;
        stage.environment[key] = known;
        variables.set(key, known);
      }
      break;
    case 'USER': {
      const user = substitute(text, variables);
      if (user !== undefined) stage.user = user;
      break;
    }
    case 'STOPSIGNAL': {
      const signal = substitute(text, variables);
      if (signal !== undefined) stage.stopSignal = signal;
      break;
    }
    case 'SHELL': {
      const argv = jsonWords(text);
      if (argv) stage.shell = argv;
      break;
    }
    case 'RUN': {
      const { installs, removes } = installsOf(jsonWords(text)?.join(' ') ?? text);
      stage.installs.push(...installs);
      stage.removes.push(...removes);
      break;
    }
    case 'COPY':
    case 'ADD':
      stage.installs.push(...copiedPrograms(text));
      break;
  }
}

/** Docker reads brackets as JSON and falls back to the shell form where it is none: single quotes, a trailing comma. */
export function readCommand(text: string, span: Span): DockerfileCommand {
  const words = jsonWords(text);
  if (words) return { form: 'exec', argv: words, text, isBrokenJson: false, span };
  return { form: 'shell', argv: splitCommand(text), text, isBrokenJson: text.trimStart().startsWith('['), span };
}

function jsonWords(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((word): word is string => typeof word === 'string') ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function readHealthCheck(instruction: Instruction): DockerfileHealthCheck {
  const flags = new Map<string, string>();
  let rest = instruction.text;
  for (let match = /^--([\w-]+)=(\S+)\s*/.exec(rest); match; match = /^--([\w-]+)=(\S+)\s*/.exec(rest)) {
    flags.set(match[1] ?? '', match[2] ?? '');
    rest = rest.slice(match[0].length);
  }
  const interval = flags.get('interval');
  const timeout = flags.get('timeout');
  const startPeriod = flags.get('start-period');
  const retries = Number(flags.get('retries') ?? Number.NaN);
  const command = /^cmd\s+/i.exec(rest);
  return {
    isDisabled: /^none\s*$/i.test(rest),
    ...(command ? { command: readCommand(rest.slice(command[0].length), instruction.wordSpan) } : {}),
    ...(interval === undefined ? {} : { interval }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(startPeriod === undefined ? {} : { startPeriod }),
    ...(Number.isInteger(retries) ? { retries } : {}),
    span: instruction.wordSpan,
  };
}

/** `ARG A B=c`: name and default. */
function assignments(text: string): [string, string | undefined][] {
  return splitCommand(text).map((word) => {
    const equals = word.indexOf('=');
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/** `ENV A=b C=d` and the old `ENV A b c`. */
function environmentOf(text: string): [string, string][] {
  const words = splitCommand(text);
  if (words[0] !== undefined && !words[0].includes('=')) return [[words[0], text.slice(text.indexOf(words[0]) + words[0].length).trim()]];
  return words.flatMap((word) => {
    const equals = word.indexOf('=');
    return equals <= 0 ? [] : [[word.slice(0, equals), word.slice(equals + 1)] as [string, string]];
  });
}

/** Puts variables in; undefined where one has no known value. */
function substitute(text: string, variables: Variables): string | undefined {
  if (!text.includes('$')) return text;
  let isKnown = true;
  const result = text.replace(/\$(?:\{(\w+)(?::?([-+])([^}]*))?\}|(\w+))/g, (_whole, braced: string | undefined, operator: string | undefined, word: string | undefined, plain: string | undefined) => {
    const value = variables.get(braced ?? plain ?? '');
    if (operator === '-') return value ?? word ?? '';
    if (operator === '+') return value === undefined ? '' : (word ?? '');
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  return isKnown ? result : undefined;
}
