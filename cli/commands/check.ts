// `holdfast [check] [PATH…]`: finds, optionally fixes, and reports.

import { writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fix } from '../../engine/lint/fix';
import type { Finding } from '../../engine/lint/finding';
import { gitTop } from '../../engine/node/git-files';
import { reasonOf } from '../../engine/node/read-text';
import { writeText } from '../../engine/node/write-text';
import type { FixResult, LintResult } from '../../engine/workspace';
import type { Command } from '../arguments';
import { openPaths, openWorkspace, pageAddress, type Mistake, type Opened } from '../open-workspace';
import { exitCodeOf, visibleFindings, type ExitCode, type Report } from '../report';
import { addedLinesOf } from '../reporters/added-lines';
import { diffLines } from '../reporters/diff';
import { fixedLines, type FixOutcome } from '../reporters/fixed';
import { jsonReport } from '../reporters/json';
import { problemLines } from '../reporters/problems';
import { sarifReport } from '../reporters/sarif';
import { isFirstLook, remainLines, summaryLines } from '../reporters/summary';
import { textReport } from '../reporters/text';
import { pathBetween, type Root } from '../root';
import { sayMistake } from '../say';
import type { Shell } from '../shell';
import { sourceReader } from '../source';
import { displayOf, type Display } from '../terminal/display';

/** Runs the command; the exit code is the report's, or 2 where the question was wrong. */
export async function check(command: Command, shell: Shell): Promise<ExitCode> {
  const opened = command.stdin ? await openInput(command, shell) : openPaths(command, shell, command.operands);
  if ('message' in opened) return sayMistake(opened, shell, command);
  const found = await opened.lint();
  if (command.diff) return showDifferences(found, opened, command, shell);
  if (command.fix) return command.stdin ? fixInput(found, opened, command, shell) : fixFiles(found, opened, command, shell);
  const report = reportOf(found, opened, command);
  const isWritten = await printFindings(report, opened, command, shell);
  printAround(report, undefined, opened, command, shell);
  return isWritten ? report.exitCode : 2;
}

/** Opens the folder of the file that standard input stands for, with the input in its place. */
async function openInput(command: Command, shell: Shell): Promise<Opened | Mistake> {
  const input = await shell.readInput();
  if ('because' in input) return { message: `standard input cannot be read: ${input.because}`, hint: undefined };
  const file = resolve(shell.workingFolder, command.stdinFilepath ?? '');
  const inside = pathBetween(shell.workingFolder, file);
  const folder = inside === undefined ? (gitTop(dirname(file)) ?? dirname(file)) : shell.workingFolder;
  const path = relative(folder, file).split(sep).join('/');
  const root: Root = { folder, paths: [path] };
  const opened = openWorkspace(command, shell, root);
  if (!('message' in opened)) opened.workspace.setOverlay(path, input.text);
  return opened;
}

function reportOf(result: LintResult, opened: Opened, command: Command): Report {
  const { workspace } = opened;
  const unknowns = new Map<string, number>();
  for (const { at } of workspace.linked?.system.unknowns ?? []) unknowns.set(at.file, (unknowns.get(at.file) ?? 0) + 1);
  return {
    result,
    ...visibleFindings(result.findings, { advice: command.advice, quiet: command.quiet, configurationOf: workspace.configurationOf }),
    exitCode: exitCodeOf(result, command),
    rules: opened.rules,
    sourceOf: sourceReader((file) => workspace.textOf(file)),
    editsOf: workspace.edits,
    unknowns: [...unknowns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, count]) => ({ file, count })),
    rootFromWorkingFolder: opened.rootFromWorkingFolder,
  };
}

/** False where `--output` cannot be written; that is said. */
async function printFindings(report: Report, opened: Opened, command: Command, shell: Shell, sink = shell.out): Promise<boolean> {
  const target = command.output === undefined ? sink.target : { isTerminal: false, columns: undefined };
  const display = displayOf(target, command, shell.environment);
  const text = await render(report, opened, command, shell, display);
  if (command.output === undefined) {
    sink.write(text);
    return true;
  }
  try {
    writeFileSync(resolve(shell.workingFolder, command.output), text);
    return true;
  } catch (error) {
    sayMistake({ message: `\`${command.output}\` cannot be written: ${reasonOf(error).replace('to read it', 'to write it')}`, hint: undefined }, shell, command);
    return false;
  }
}

async function render(report: Report, opened: Opened, command: Command, shell: Shell, display: Display): Promise<string> {
  if (command.format === 'json') return jsonReport(report);
  if (command.format === 'sarif') return sarifReport(report);
  if (display.isTerminal && !command.all && !command.fix && isFirstLook(report)) return '';
  const added = display.isPlain || !display.hasFrames ? new Map<Fix, readonly string[]>() : await addedLinesOf(report.shown, report.editsOf, report.sourceOf);
  return textReport(report, {
    display,
    added,
    all: command.all,
    pageOf: (rule) => pageAddress(shell, rule),
    addressOf: (file) => pathToFileURL(join(opened.root.folder, file)).href,
  });
}

/** What stands around the findings, on standard error: what was not read, what was fixed, the summary. */
function printAround(report: Report, fixed: FixOutcome | undefined, opened: Opened, command: Command, shell: Shell): void {
  const display = displayOf(shell.err.target, command, shell.environment);
  const problems = problemLines(report, display);
  const input = { report, display, elapsedMs: shell.clock(), name: opened.name };
  const saysSummary = command.format === 'text' || command.output !== undefined;
  const done = fixed ? fixedLines(fixed, display) : [];
  const end = saysSummary ? (fixed && !fixed.isDryRun ? remainLines(input) : summaryLines(input)) : [];
  const blocks = [problems, [...done, ...(fixed?.isDryRun ? [] : end)]].filter((lines) => lines.length > 0);
  shell.err.write(blocks.map((lines) => `${lines.join('\n')}\n`).join('\n'));
}

/** Only what would be shown is fixed, also of what the fixes themselves bring to light: advice asks to be seen first. */
function fixes(found: LintResult, opened: Opened, command: Command): Promise<FixResult> {
  const shownOf = (findings: readonly Finding[]): readonly Finding[] =>
    visibleFindings(findings, { advice: command.advice, quiet: command.quiet, configurationOf: opened.workspace.configurationOf }).shown;
  const isAccepted = (finding: Finding, fix: Fix): boolean => (fix.safety === 'safe' || (command.unsafe && fix.safety === 'unsafe')) && shownOf([finding]).length > 0;
  return opened.workspace.fixAll(shownOf(found.findings), isAccepted);
}

async function showDifferences(found: LintResult, opened: Opened, command: Command, shell: Shell): Promise<ExitCode> {
  const result = await fixes(found, opened, command);
  const report = reportOf(found, opened, command);
  const lines = diffLines(result.files, displayOf(shell.out.target, command, shell.environment));
  if (lines.length > 0) shell.out.write(`${lines.join('\n')}\n`);
  if (result.applied.length === 0) shell.err.write('nothing to fix\n');
  printAround(report, { result, unwritten: [], isDryRun: true }, opened, command, shell);
  return report.exitCode;
}

async function fixInput(found: LintResult, opened: Opened, command: Command, shell: Shell): Promise<ExitCode> {
  const [path = ''] = opened.root.paths;
  const result = await fixes(found, opened, command);
  const text = result.files.get(path)?.after ?? opened.workspace.textOf(path) ?? '';
  opened.workspace.setOverlay(path, text);
  const report = reportOf(await opened.lint(), opened, command);
  shell.out.write(text);
  await printFindings(report, opened, command, shell, shell.err);
  printAround(report, { result: { ...result, files: new Map([...result.files].filter(([file]) => file === path)) }, unwritten: [], isDryRun: false }, opened, command, shell);
  return report.exitCode;
}

async function fixFiles(found: LintResult, opened: Opened, command: Command, shell: Shell): Promise<ExitCode> {
  const { workspace, root } = opened;
  const result = await fixes(found, opened, command);
  const unwritten: { file: string; because: string }[] = [];
  for (const [file, { before, after }] of result.files) {
    const because = workspace.textOf(file) === before ? writeText(join(root.folder, file), after) : 'it changed in the meantime';
    if (because !== undefined) unwritten.push({ file, because });
  }
  workspace.invalidate([...result.files.keys()]);
  const report = reportOf(result.files.size === 0 ? found : await opened.lint(), opened, command);
  const isWritten = await printFindings(report, opened, command, shell);
  printAround(report, { result, unwritten, isDryRun: false }, opened, command, shell);
  return unwritten.length > 0 || !isWritten ? 2 : report.exitCode;
}
