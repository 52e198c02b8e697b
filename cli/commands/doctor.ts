// `holdfast doctor`: what is read and joined, what is not and why, and a report for a bug of Holdfast.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compileCatalog } from '../../engine/catalog';
import { fileRole, importedModules, isSilentRole } from '../../engine/code/file-role';
import { FORMATS } from '../../engine/artifacts/formats';
import { kindOfPath } from '../../engine/read';
import { createNodeHost } from '../../engine/node/host';
import type { SystemModel } from '../../engine/model/model';
import { ENGINE_VERSION } from '../../engine/version';
import type { LintResult } from '../../engine/workspace';
import type { Command } from '../arguments';
import { openPaths, type Opened } from '../open-workspace';
import { clientsWithoutEntry, hostNames, importedOf } from '../outlook';
import type { ExitCode } from '../report';
import { errorLine } from '../reporters/places';
import { sayMistake } from '../say';
import type { Shell } from '../shell';
import { asciiSigns, displayOf, type Display } from '../terminal/display';
import { visible, visibleLine } from '../terminal/escape';
import { padEnd, wrap } from '../terminal/width';
import { count, elapsed, numeral, size } from '../words';

const LABEL = 9;
const MOST_SCANNED = 20_000;

/** Prints the report; exit 0, since it only informs. */
export async function doctor(command: Command, shell: Shell): Promise<ExitCode> {
  const display = displayOf(shell.out.target, command, shell.environment);
  if (command.formats) {
    shell.out.write(`${formatLines(display).join('\n')}\n`);
    return 0;
  }
  const opened = openPaths(command, shell, command.operands);
  if ('message' in opened) return sayMistake(opened, shell, command);
  const result = await opened.lint();
  const lines = command.bug ? bugLines(result) : command.files ? await fileLines(result, opened) : overviewLines(result, opened, display, await unknownClients(opened));
  shell.out.write(`${(display.isAscii ? lines.map(asciiSigns) : lines).join('\n')}\n`);
  return 0;
}

function formatLines(display: Display): string[] {
  const rows: [string, string][] = [
    ['code', '.ts .tsx .mts .cts .js .jsx .mjs .cjs'],
    ['packages', 'package.json, package-lock.json, yarn.lock, pnpm-lock.yaml'],
    ...FORMATS.map(({ title, files }): [string, string] => [title, files.replaceAll('`', '')]),
    ['settings', 'holdfast.yaml, holdfast.json, "holdfast" in package.json'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 1;
  return rows.flatMap(([name, what]) => field(name, what, display, width));
}

function overviewLines({ statistics, problems, configurationProblems, findings, suppressed, hasConfiguration }: LintResult, opened: Opened, display: Display, clients: readonly string[]): string[] {
  const { workspace, cacheFolder } = opened;
  const facts = statistics.codeFiles + statistics.infrastructureFiles;
  const cached = facts === 0 ? 0 : Math.min(100, Math.round((statistics.cachedFiles / Math.max(statistics.cachedFiles, facts)) * 100));
  const cache = cacheFolder === undefined ? 'no cache' : `cache ${size(folderSize(cacheFolder))}, ${cached} % used again`;
  const unknowns = workspace.linked?.system.unknowns ?? [];
  const slowest = Object.entries(statistics.timings).sort((a, b) => b[1] - a[1]).slice(0, 4);
  const config = hasConfiguration ? (configurationProblems.length === 0 ? 'read, no error' : count(configurationProblems.length, 'error')) : 'none: defaults used (holdfast init writes one)';
  return [
    `Holdfast ${ENGINE_VERSION} · Node ${process.versions.node} · ${cache}`,
    ...field('config', config, display),
    ...field('read', `${numeral(statistics.parsedFiles)} of ${count(statistics.codeFiles, 'code file')} (the rest holds no known call), ${count(statistics.infrastructureFiles, 'infrastructure file')}`, display),
    ...field('not read', problems.length === 0 ? '' : `${count(problems.length, 'file')}: ${becauses(problems)}. Each one: holdfast doctor --files`, display),
    ...field('unknown', clients.length === 0 ? '' : `${visibleLine(clients.join(', '))}: ${clients.length === 1 ? 'a client' : 'clients'} without an entry`, display),
    ...field(clients.length === 0 ? 'unknown' : '', unknowns.length === 0 ? '' : `${count(unknowns.length, 'value')}: ${becauses(unknowns)}`, display),
    ...field('joined', joinedText(statistics, workspace.linked?.system), display),
    ...field('found', `${count(findings.length, 'finding')}, ${numeral(suppressed.length)} suppressed${acceptedText(suppressed)}`, display),
    ...field('slowest', slowest.map(([name, ms]) => `${name} ${elapsed(ms)}`).join(' · '), display),
  ];
}

/** Whose words accept what is suppressed. */
function acceptedText(suppressed: LintResult['suppressed']): string {
  const peers = [...new Set(suppressed.flatMap(({ peer }) => peer ?? []))].sort();
  const theirs = suppressed.filter(({ peer }) => peer !== undefined).length;
  return peers.length === 0 ? ' with a reason' : `, ${numeral(theirs)} of them accepted for ${peers.join(', ')}`;
}

function joinedText({ workloads, stores }: LintResult['statistics'], system: SystemModel | undefined): string {
  const { all, unowned } = system ? hostNames(system) : { all: 0, unowned: [] };
  const named = unowned.slice(0, 5).map((host) => `\`${visibleLine(host)}\``);
  const rest = unowned.length > named.length ? ` and ${numeral(unowned.length - named.length)} more` : '';
  const hosts = all === 0 ? '' : `; ${numeral(all - unowned.length)} of ${count(all, 'host name')}${unowned.length === 0 ? '' : `; without owner: ${named.join(', ')}${rest}`}`;
  return `${count(workloads, 'workload')}, ${count(stores, 'store')}${hosts}`;
}

/** Clients without an entry that a file of a server imports. Costs nothing where package.json names none. */
async function unknownClients({ workspace, root }: Opened): Promise<string[]> {
  const project = workspace.linked?.code;
  const names = project ? clientsWithoutEntry(project, compileCatalog(workspace.clients)) : [];
  if (names.length === 0) return [];
  const host = createNodeHost(root.folder);
  const modules = new Set<string>();
  for (const entry of (await host.list(root.paths, (path) => kindOfPath(path) === 'code')).files.slice(0, MOST_SCANNED)) {
    const read = entry.size > 2_000_000 ? undefined : host.read(entry);
    if (read?.kind !== 'text' || !names.some((name) => read.text.includes(name))) continue;
    const imported = importedModules(read.text);
    if (!isSilentRole(fileRole(entry.path, read.text, imported))) imported.forEach((module) => modules.add(module));
  }
  return importedOf(names, modules);
}

/** The three most common reasons with their numbers. */
function becauses(items: readonly { readonly because: string }[]): string {
  const counts = new Map<string, number>();
  for (const { because } of items) counts.set(because, (counts.get(because) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const named = sorted.slice(0, 3).map(([because, number]) => `${number > 1 ? `${numeral(number)} ` : ''}${visibleLine(because)}`);
  return [...named, ...(sorted.length > 3 ? [`${sorted.length - 3} other reasons`] : [])].join(', ');
}

/** Every file that Holdfast could read, and what became of it. */
async function fileLines(result: LintResult, opened: Opened): Promise<string[]> {
  const listed = await createNodeHost(opened.root.folder).list(opened.root.paths, (path) => kindOfPath(path) !== undefined);
  const problems = new Map(result.problems.map((problem) => [problem.file, problem]));
  const findings = new Map<string, number>();
  for (const { at } of result.findings) findings.set(at.file, (findings.get(at.file) ?? 0) + 1);
  const code = new Map((opened.workspace.linked?.code.files ?? []).map((file) => [file.path, file.facts]));
  const unlisted = [...problems.values()].filter((problem) => !listed.files.some((file) => file.path === problem.file));
  const paths = [...listed.files.map((file) => file.path), ...unlisted.map((problem) => problem.file)].sort();
  return paths.map((path) => {
    const problem = problems.get(path);
    if (problem) return `${padEnd(problem.extent === 'not-read' ? 'not read' : 'in part', LABEL + 2)}${visible(path)}  ${visibleLine(problem.because)}`;
    const facts = code.get(path);
    const role = facts && facts.role !== 'server' ? `  counts as ${facts.role}` : '';
    const number = findings.get(path) ?? 0;
    return `${padEnd('looked at', LABEL + 2)}${visible(path)}${role}${number > 0 ? `  ${count(number, 'finding')}` : ''}`;
  });
}

/** Versions, sizes and where our own code failed: nothing of the user's text, names or paths. */
function bugLines({ statistics, failures }: LintResult): string[] {
  return [
    `Holdfast ${ENGINE_VERSION}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `${count(statistics.files, 'file')} (${numeral(statistics.codeFiles)} code, ${numeral(statistics.infrastructureFiles)} infrastructure), ${count(statistics.workloads, 'workload')}, ${count(statistics.stores, 'store')}`,
    ...(failures.length === 0 ? ['No rule failed.'] : failures.flatMap(({ rule, error }) => [`failed in ${rule}`, ...ownFrames(error)])),
  ];
}

/** The kind of error and our own stack, without its message: that may quote the user's code. */
function ownFrames(error: string): string[] {
  const kind = /^[A-Za-z]*Error/.exec(error)?.[0] ?? 'Error';
  const frames = error.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12);
  return [`  ${kind}`, ...frames.map((line) => `    ${errorLine(line.trim())}`)];
}

function field(label: string, text: string, display: Display, width = LABEL): string[] {
  return text === '' ? [] : wrap(text, display.wrap - width).map((line, index) => (index === 0 ? label.padEnd(width) : ' '.repeat(width)) + line);
}

function folderSize(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0;
  }
}
