// Opens the workspace that a command asked for: folder, configuration, rule severities, cache.

import { existsSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TypeSource } from '../engine/code/type-source';
import type { Severity } from '../engine/lint/finding';
import type { Rule } from '../engine/lint/rule';
import { withSuppressionRule } from '../engine/lint/suppression-rule';
import { nearestName, nearestNames } from '../engine/nearest';
import { userCacheFolder } from '../engine/node/cache-folder';
import { createFactsCache } from '../engine/node/facts-cache';
import { createNodeHost } from '../engine/node/host';
import { createWorkspace, type LintResult, type Workspace } from '../engine/workspace';
import { rules } from '../rules/index';
import type { Command } from './arguments';
import { chooseRoot, pathBetween, type Root } from './root';
import type { Shell } from './shell';
import { sourceReader, type SourceOf } from './source';
import { progressLine } from './terminal/progress';
import { count, elapsed } from './words';

export interface Opened {
  readonly workspace: Workspace;
  readonly root: Root;
  /** Name of the folder. */
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly rootFromWorkingFolder: string | undefined;
  readonly cacheFolder: string | undefined;
  readonly sourceOf: SourceOf;
  lint(): Promise<LintResult>;
}

/** Every rule there is, the one about suppressions included. */
export const allRules: readonly Rule[] = withSuppressionRule(rules);

/** What is wrong with a question, and where to go from there. */
export interface Mistake {
  readonly message: string;
  readonly hint: string | undefined;
}

/** The workspace of these paths, or what is wrong with the question. */
export function openPaths(command: Command, shell: Shell, paths: readonly string[]): Opened | Mistake {
  const root = chooseRoot(shell.workingFolder, paths);
  return 'missing' in root ? missingPath(root.missing) : openWorkspace(command, shell, root);
}

/** The workspace of a root, or what is wrong with the question. */
export function openWorkspace(command: Command, shell: Shell, root: Root): Opened | Mistake {
  const severities = new Map<string, Severity | 'off'>();
  for (const { rule, severity } of command.severities) {
    const id = ruleId(rule);
    if (id === undefined) return unknownRule(rule);
    severities.set(id, severity);
  }
  const configurationFile = command.config === undefined ? undefined : resolve(shell.workingFolder, command.config);
  if (configurationFile !== undefined && !existsSync(configurationFile)) return { message: `there is no such configuration file: ${command.config ?? ''}`, hint: undefined };
  const cacheFolder = command.cache ? cacheFolderOf(root.folder, command, shell) : undefined;
  const workspace = createWorkspace({
    host: createNodeHost(root.folder),
    rules,
    severities,
    today: shell.today,
    clock: shell.clock,
    ...(command.types ? { types: typesOf(root.folder) } : {}),
    ...(cacheFolder === undefined ? {} : { cache: createFactsCache({ folder: cacheFolder, scope: root.folder }) }),
    ...(configurationFile === undefined ? {} : { configurationFile: relativeTo(root.folder, configurationFile) }),
  });
  return {
    workspace,
    root,
    name: basename(root.folder) || root.folder,
    rules: allRules,
    rootFromWorkingFolder: pathBetween(shell.workingFolder, root.folder),
    cacheFolder,
    sourceOf: sourceReader((file) => workspace.textOf(file)),
    lint: () => lintWithProgress(workspace, root.paths, command, shell),
  };
}

/** The type checker of a folder; it loads with the first question. */
function typesOf(folder: string): TypeSource {
  let checker: TypeSource | undefined;
  return async (questions) => {
    checker ??= (await import('../engine/code/type-checker')).typeChecker(folder.split(sep).join('/'));
    return checker(questions);
  };
}

function missingPath(path: string): Mistake {
  const near = nearestName(path, ['check', 'explain', 'rules', 'clients', 'init', 'doctor', 'lsp', 'help']);
  return { message: `there is no such file or folder: ${path}`, hint: near === undefined ? undefined : `nearest command: holdfast ${near}` };
}

/** Full id of a rule by its id or its last part. */
export function ruleId(name: string): string | undefined {
  return allRules.find((rule) => rule.id === name || rule.id.split('/')[1] === name)?.id;
}

/** What to say where there is no such rule. */
export function unknownRule(name: string): Mistake {
  const names = allRules.flatMap((rule) => rule.id.split('/')[1] ?? rule.id);
  const last = name.split('/').at(-1) ?? name;
  const near = [...new Set([...names.filter((known) => last.length >= 4 && known.includes(last)), ...nearestNames(last, names, 3)])].slice(0, 3);
  return { message: `there is no rule \`${name}\``, hint: near.length === 0 ? 'every rule: holdfast rules' : `nearest: ${near.join(', ')}` };
}

async function lintWithProgress(workspace: Workspace, paths: readonly string[], command: Command, shell: Shell): Promise<LintResult> {
  const line = progressLine(shell.err, shell.clock, shell.err.target.isTerminal && !command.verbose && shell.environment['TERM'] !== 'dumb');
  try {
    const result = await workspace.lint({ paths, onProgress: (progress) => line.show(progress) });
    if (command.verbose) shell.err.write(verboseLines(result));
    return result;
  } finally {
    line.erase();
  }
}

function verboseLines({ statistics, types }: LintResult): string {
  const phases = Object.entries(statistics.timings).filter(([name]) => !name.includes('/'));
  const rulesByTime = Object.entries(statistics.timings).filter(([name]) => name.includes('/')).sort((a, b) => b[1] - a[1]).slice(0, 5);
  const lines = [
    ...phases.map(([name, ms]) => `${name.padEnd(14)} ${elapsed(ms)}`),
    ...(rulesByTime.length > 0 ? [`slowest rules  ${rulesByTime.map(([name, ms]) => `${name} ${elapsed(ms)}`).join(', ')}`] : []),
    `files          ${statistics.files} read, ${statistics.parsedFiles} parsed, ${statistics.cachedFiles} from the cache`,
    ...(types && types.withoutPackages > 0 ? [`types          ${count(types.withoutPackages, 'file')} without installed packages: not asked about`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** `--cache-dir`, else the project's own cache folder where packages are installed, else the user's. */
function cacheFolderOf(root: string, command: Command, shell: Shell): string {
  if (command.cacheDir !== undefined) return resolve(shell.workingFolder, command.cacheDir);
  if (existsSync(join(root, 'node_modules'))) return join(root, 'node_modules', '.cache', 'holdfast');
  return userCacheFolder(shell.environment);
}

function relativeTo(folder: string, file: string): string {
  return pathBetween(folder, file) ?? file;
}

/** Address of a rule's page in the package, for terminals that open links. */
export function pageAddress(shell: Shell, rule: string): string | undefined {
  const page = join(shell.packageFolder, 'docs', 'rules', `${rule}.md`);
  return existsSync(page) ? pathToFileURL(page).href : undefined;
}
