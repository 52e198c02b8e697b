// npm run verify:fixes: types. Every fix of every example, and every option that an entry of the catalogue inserts, is checked against the packages' real types: a fix brings no type error that was not there.
//   npm run verify:fixes -- [--json]

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import type { LibraryEntry } from '../catalog/schema';
import { editsOf } from '../engine/lint/edit';
import { applyEdits } from '../engine/text';
import { rules } from '../rules/index';
import { catalogEntries } from '../scripts/generate-catalog';
import { lintFiles } from '../test/lint-files';
import { allOptionTypes } from './option-types';
import { installPackages, installTypes, packagesFolder, typesFolder } from './packages';

const ROOT = '/examples';
/** Options that the code takes and its types leave out. */
const UNTYPED = new Set(['pg Pool.query query_timeout', 'pg Client.query query_timeout', 'pg PoolClient.query query_timeout', 'pg-pool Pool.query query_timeout', 'pg-pool PoolClient.query query_timeout']);

/** One state of an example's files: as written, or with one of its fixes. */
interface Version {
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
}

interface Check {
  readonly rule: string;
  readonly example: string;
  readonly fix: string;
  readonly before: Version;
  readonly after: Version;
}

const { values: asked } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
if (!installPackages() || !installTypes()) {
  console.log('skipped: types of fixes, since the packages could not be installed');
  process.exit(0);
}
const checks = await collectChecks();
const failures = failuresOf(checks);
if (asked.json) console.log(JSON.stringify(failures, null, 1));
else for (const { check, errors } of failures) console.log(`${check.rule}, ${check.example}: "${check.fix}"\n${errors.map((error) => `  ${error}`).join('\n')}`);
const options = allOptionTypes(catalogEntries('libraries').map(({ entry }) => entry as LibraryEntry));
const unknown = options.filter(({ verdict, entry, on, option }) => verdict === 'not typed' && !UNTYPED.has(`${entry} ${on} ${option}`));
for (const one of unknown) console.log(`${one.entry} (${one.package}): the types of \`${one.on}\` have no \`${one.option}\``);
console.log(`${checks.length - failures.length} fixes bring no type error, ${failures.length} do`);
const count = (verdict: string): number => options.filter((one) => one.verdict === verdict).length;
console.log(`${options.length} options of fixes looked up in ${new Set(options.map((one) => one.package)).size} packages: ${count('typed')} typed, ${count('open')} where any property goes, ${count('untyped package')} without types, ${count('not typed')} not typed`);
process.exitCode = failures.length + unknown.length === 0 ? 0 : 1;

async function collectChecks(): Promise<Check[]> {
  const found: Check[] = [];
  for (const rule of rules) {
    for (const example of rule.examples.bad) {
      const files = Object.fromEntries(Object.entries(example.files).map(([path, text]) => [path, text.replace(/[«»]/g, '')]));
      if (!Object.keys(files).some((path) => /\.[cm]?tsx?$/.test(path))) continue;
      const before: Version = { folder: `${ROOT}/${found.length}-before`, files };
      for (const finding of await lintFiles(files, [rule], example.options)) {
        for (const fix of finding.fixes) {
          const fixed: Record<string, string> = { ...files };
          for (const [file, list] of (await editsOf(fix, (file) => files[file])) ?? []) fixed[file] = applyEdits(files[file] ?? '', list).text;
          found.push({ rule: rule.id, example: example.name, fix: fix.title, before, after: { folder: `${ROOT}/${found.length}-after`, files: fixed } });
        }
      }
    }
  }
  return found;
}

function failuresOf(list: readonly Check[]): { check: Check; errors: string[] }[] {
  const texts = new Map<string, string>();
  for (const { before, after } of list) {
    for (const { folder, files } of [before, after]) for (const [path, text] of Object.entries(files)) if (/\.[cm]?tsx?$/.test(path)) texts.set(`${folder}/${path}`, text);
  }
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    esModuleInterop: true,
    experimentalDecorators: true,
    skipLibCheck: true,
    strict: true,
    noImplicitAny: false,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(typesFolder, 'node_modules', '@types')],
  };
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists, directoryExists] = [host.readFile.bind(host), host.fileExists.bind(host), host.directoryExists?.bind(host)];
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.directoryExists = (path) => path.startsWith(ROOT) || (directoryExists?.(path) ?? false);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, language, ...rest) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language, true);
  };
  host.resolveModuleNameLiterals = (literals, containing, _, compiler) =>
    literals.map(({ text }) => {
      const { name, folder } = containing.startsWith(ROOT) && !text.startsWith('.') ? installedName(text) : { name: text };
      return ts.resolveModuleName(name, folder === undefined ? containing : join(folder, 'index.ts'), compiler, host);
    });
  const program = ts.createProgram([...texts.keys()], options, host);
  const errors = new Map<string, string[]>();
  for (const path of texts.keys()) {
    const source = program.getSourceFile(path);
    if (!source) continue;
    const folder = path.slice(0, path.indexOf('/', ROOT.length + 1));
    const own = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ code, messageText }) => `TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 300)}`);
    errors.set(folder, [...(errors.get(folder) ?? []), ...own]);
  }
  return list.flatMap((check) => {
    const was = [...(errors.get(check.before.folder) ?? [])];
    const added = (errors.get(check.after.folder) ?? []).filter((error) => {
      const at = was.indexOf(error);
      if (at >= 0) was.splice(at, 1);
      return at < 0;
    });
    return added.length === 0 ? [] : [{ check, errors: added }];
  });
}

/** Under which name, and out of which folder, a package is found: its own name among the types, or its newest alias among the packages that are measured. */
function installedName(specifier: string): { readonly name: string; readonly folder: string } {
  const own = { name: specifier, folder: typesFolder };
  if (specifier.startsWith('node:')) return own;
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
  const rest = specifier.slice(name.length);
  if (existsSync(join(typesFolder, 'node_modules', name)) || existsSync(join(typesFolder, 'node_modules', '@types', name.replace(/^@/, '').replace('/', '__')))) return own;
  const prefix = `${name.replace(/^@/, '').replace('/', '__')}-`;
  const aliases = readdirSync(join(packagesFolder, 'node_modules')).filter((alias) => alias.startsWith(prefix) && /^\d/.test(alias.slice(prefix.length)) && nameIn(alias) === name);
  const newest = aliases.sort((a, b) => Number.parseFloat(b.slice(prefix.length)) - Number.parseFloat(a.slice(prefix.length)))[0];
  return newest === undefined ? own : { name: newest + rest, folder: packagesFolder };
}

function nameIn(alias: string): unknown {
  return (JSON.parse(readFileSync(join(packagesFolder, 'node_modules', alias, 'package.json'), 'utf8')) as { name: unknown }).name;
}
