// `holdfast clients`: every client library that is known, or those that this project has, with what is known of each.

import { compileCatalog } from '../../engine/catalog';
import type { LibraryEntry } from '../../catalog/schema';
import type { CodeProject, InstalledLibrary } from '../../engine/code/project';
import { installedLibrary, packageNameOf } from '../../engine/code/versions';
import { nearestNames } from '../../engine/nearest';
import type { Command } from '../arguments';
import { clientKnowledge, isClient, type ClientKnowledge } from '../client-knowledge';
import { openPaths } from '../open-workspace';
import type { ExitCode } from '../report';
import { sayMistake } from '../say';
import type { Shell } from '../shell';
import { displayOf, type Display } from '../terminal/display';
import { visibleLine } from '../terminal/escape';
import { style } from '../terminal/style';
import { wrap } from '../terminal/width';
import { count } from '../words';

/** One line of the answer: an entry, and the version of it that was found. */
interface Row {
  readonly entry: LibraryEntry;
  readonly name: string;
  readonly installed: InstalledLibrary | undefined;
}

const LABEL = 12;

/** Prints the list; exit 0, or 2 where no client has one of the names. The operands are parts of names. */
export async function clients(command: Command, shell: Shell): Promise<ExitCode> {
  const found = command.installed ? await installedRows(command, shell) : known(compileCatalog().libraries);
  if ('message' in found) return sayMistake(found, shell, command);
  const names = command.operands.map((name) => name.toLowerCase());
  const rows = found.filter(({ entry, name }) => names.length === 0 || [name, ...(entry.aliases ?? []), entry.title ?? ''].some((text) => names.some((part) => text.toLowerCase().includes(part))));
  if (names.length > 0 && rows.length === 0) return sayMistake(unknownClient(command.operands.join(' '), found), shell, command);
  const display = displayOf(shell.out.target, command, shell.environment);
  shell.out.write(command.format === 'json' ? json(rows) : text(rows, display, command.installed));
  return 0;
}

function known(libraries: readonly LibraryEntry[]): Row[] {
  return libraries.filter(isClient).map((entry) => ({ entry, name: entry.package.replace(/^(global|node):/, ''), installed: undefined })).sort(byName);
}

/** Clients that a package.json names or the code of the project calls, each version once. */
async function installedRows(command: Command, shell: Shell): Promise<Row[] | { readonly message: string; readonly hint: undefined }> {
  const opened = openPaths({ ...command, operands: [] }, shell, []);
  if ('message' in opened) return { message: opened.message, hint: undefined };
  await opened.lint();
  const { workspace } = opened;
  const catalog = compileCatalog(workspace.clients);
  const rows = workspace.linked ? [...declared(workspace.linked.code, (name) => catalog.library(name)), ...called(workspace.linked.code)] : [];
  return [...new Map(rows.filter(({ entry }) => isClient(entry)).map((row) => [`${row.name} ${versionText(row)}`, row])).values()].sort(byName);
}

function declared({ packages }: CodeProject, libraryOf: (name: string) => LibraryEntry | undefined): Row[] {
  return packages.flatMap((info) =>
    Object.keys(info.dependencies).flatMap((name) => {
      const entry = libraryOf(name);
      return entry ? [{ entry, name, installed: installedLibrary(entry, name, [info, ...packages]) }] : [];
    }),
  );
}

/** What needs no package: modules of Node and globals. Clients that only the workspace has are here as well. */
function called({ files, packages }: CodeProject): Row[] {
  const declaredNames = new Set(packages.flatMap(({ dependencies }) => Object.keys(dependencies)));
  return files.flatMap(({ calls, clients: made }) =>
    [...calls, ...made].flatMap(({ library }) => {
      const { entry } = library;
      const isDeclared = [entry.package, ...(entry.aliases ?? [])].some((name) => declaredNames.has(packageNameOf(name)) || (name.endsWith('/*') && [...declaredNames].some((one) => one.startsWith(name.slice(0, -1)))));
      return isDeclared ? [] : [{ entry, name: entry.package.replace(/^(global|node):/, ''), installed: library }];
    }),
  );
}

function unknownClient(name: string, rows: readonly Row[]): { message: string; hint: string } {
  const near = nearestNames(name, rows.map((row) => row.name), 3);
  return { message: `there is no client \`${name}\``, hint: near.length > 0 ? `nearest: ${near.join(', ')}` : 'how to describe your own: docs/clients.md' };
}

function text(rows: readonly Row[], display: Display, isInstalled: boolean): string {
  const blocks = rows.map((row) => {
    const { answer, connection, retries, errorEvent, close, fix } = clientKnowledge(row.entry, row.installed);
    const version = versionText(row);
    const head = `${style(visibleLine(row.name), 'bold', display)}${version === '' ? '' : ` ${visibleLine(version)}`}  ${style(row.entry.role, 'dim', display)}`;
    return [head, ...field('answer', answer, display), ...field('connection', connection, display), ...field('tries again', retries, display), ...field('error event', errorEvent, display), ...field('close', close, display), ...field('fix', fix, display)].join('\n');
  });
  const end = rows.length === 0 ? 'No known client is used here.' : `${count(rows.length, 'client')}${isInstalled ? '' : '. Those of this project: holdfast clients --installed'}`;
  return `${[...blocks, end].join('\n\n')}\n`;
}

function field(label: string, value: string, display: Display): string[] {
  return value === '' ? [] : wrap(visibleLine(value), display.wrap - LABEL - 2).map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL)}${line}`);
}

function versionText({ entry, installed }: Row): string {
  const version = installed?.version ?? (installed?.range === undefined ? '' : `${installed.range} or later`);
  return entry.versionOf === undefined || version === '' ? version : `with ${entry.versionOf} ${version}`;
}

/** The answer for programs: the short form, and the entry's own rows beside it. */
function json(rows: readonly Row[]): string {
  const items = rows.map(({ entry, name, installed }) => {
    const short: ClientKnowledge = clientKnowledge(entry, installed);
    return {
      name,
      role: entry.role,
      ...(entry.title === undefined ? {} : { title: entry.title }),
      ...(installed?.version === undefined ? {} : { version: installed.version }),
      ...(entry.versionOf === undefined ? {} : { versionOf: entry.versionOf }),
      ...(installed?.version === undefined && installed?.range !== undefined ? { lowestVersion: installed.range } : {}),
      ...short,
      bounds: entry.bounds ?? [],
      signals: entry.signals ?? [],
      retryOptions: entry.retries ?? [],
      errorEvents: entry.errorEvents ?? [],
      sources: entry.sources,
    };
  });
  return `${JSON.stringify({ version: 1, clients: items }, null, 2)}\n`;
}

function byName(a: Row, b: Row): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : versionText(a) < versionText(b) ? -1 : 1;
}
