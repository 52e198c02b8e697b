// Imports go one way: who may import whom stands in the table below, and nothing else is allowed.

import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { ts } from '@ts-morph/common';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const FOLDERS = ['catalog', 'engine', 'rules', 'cli', 'server', 'client'] as const;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
  /** `import()` and `require()`: loaded when it is reached. */
  readonly isLater: boolean;
}

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.ts$/.test(path) && !/\.(test|d)\.ts$/.test(path)),
);

/** Imports, re-exports and `import()` of every source; paths of the project are relative to its root. Parsed, since examples in strings hold imports too. */
const imports: readonly Import[] = sources.flatMap((from) => {
  const file = ts.createSourceFile(from, readFileSync(join(root, from), 'utf8'), ts.ScriptTarget.Latest, false);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isTypeOnly: boolean, isLater = false): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    found.push({ from, isTypeOnly, isLater, to: text.startsWith('.') ? join(dirname(from), text).replaceAll('\\', '/') : text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require'))) add(node.arguments[0], false, true);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
});

const isNode = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);
const offenders = (from: RegExp, isForbidden: (one: Import) => boolean): string[] => imports.filter((one) => from.test(one.from) && isForbidden(one)).map(({ from: file, to }) => `${file} imports ${to}`);

describe('imports go one way', () => {
  it('finds imports at all', () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(imports.some(({ to }) => to === 'node:fs')).toBe(true);
  });

  it('the catalogue imports nothing', () => {
    expect(offenders(/^catalog\//, () => true)).toEqual([]);
  });

  it('the engine imports only itself, the catalogue and plain libraries; node only in its adapter', () => {
    const allowed = new Set(['@ts-morph/common', '@ts-morph/common/dist/typescript.js', 'ts-morph', 'yaml', 'js-yaml', 'semver', 'semver/ranges/subset', 'ignore', 'picomatch/posix', 'toml-eslint-parser', '@prometheus-io/lezer-promql', '@lezer/common']);
    expect(offenders(/^engine\/(?!node\/)/, ({ to }) => !/^(engine|catalog)\//.test(to) && !allowed.has(to) && !/^semver\//.test(to))).toEqual([]);
    expect(offenders(/^engine\/(?!node\/)/, ({ to }) => to.startsWith('engine/node/') || isNode(to))).toEqual([]);
    expect(offenders(/^engine\/node\//, ({ to }) => !/^engine\//.test(to) && !isNode(to))).toEqual([]);
  });

  it('only the code reader knows the parser', () => {
    expect(offenders(/./, ({ from, to }) => /^(@ts-morph\/common|ts-morph|typescript)/.test(to) && !from.startsWith('engine/code/'))).toEqual([]);
  });

  it('rules import the rule contract, durations, the model and types, never a reader, node or another rule', () => {
    const allowed = /^(engine\/(lint|model)\/|engine\/(duration|text)$|catalog\/schema$)/;
    const types = /^engine\/(code\/(project|values|(?:[a-z]+-)?facts)|artifacts\/intent)$/;
    const isShared = (from: string, to: string): boolean => to.startsWith('rules/') && !/\/(require|no|bound)-/.test(to) && (dirname(to) === dirname(from) || to.startsWith('rules/shared/') || /^rules\/[a-z-]+$/.test(to));
    expect(offenders(/^rules\/.+\//, ({ from, to, isTypeOnly }) => !allowed.test(to) && !(types.test(to) && isTypeOnly) && !isShared(from, to))).toEqual([]);
    expect(offenders(/^rules\/[^/]+$/, ({ to }) => !/^(rules\/|engine\/(lint|model|text|duration|code|artifacts\/intent)|catalog\/schema$)/.test(to))).toEqual([]);
  });

  it('the command line and the server import engine and rules, not each other', () => {
    expect(offenders(/^cli\//, ({ to }) => /^(client|test|scripts|bench)\/|^vscode/.test(to))).toEqual([]);
    expect(offenders(/^server\//, ({ to }) => /^(cli|client|test|scripts|bench)\//.test(to) || to === 'vscode')).toEqual([]);
  });

  it('the client imports no engine', () => {
    expect(offenders(/^client\//, ({ to, isTypeOnly }) => /^(engine|rules|cli|test)\//.test(to) || (to.startsWith('server/') && !isTypeOnly))).toEqual([]);
  });

  it('the engine has no clock, no randomness and no process of its own', () => {
    const found = sources
      .filter((path) => path.startsWith('engine/') && !path.startsWith('engine/node/'))
      .filter((path) => /\b(Date\.now|new Date\(|Math\.random|performance\.now|process\.(env|argv|cwd|exit|platform|stdout|stderr)|console\.|localeCompare|toLocale)/.test(readFileSync(join(root, path), 'utf8').replace(/\/\/.*|`[^`]*`|'[^'\n]*'|\/(?![*/])(?:\\.|[^/\n\\])+\/[a-z]*/g, '')));
    expect(found).toEqual([]);
  });

  it('a run that finds all facts in the cache loads no parser', () => {
    const loaded = new Set(['engine/workspace.ts', 'rules/index.ts', 'cli/main.ts', 'cli/commands/check.ts', 'server/main.ts']);
    for (const file of loaded) {
      for (const one of imports) if (one.from === file && !one.isTypeOnly && !one.isLater) loaded.add(one.to.startsWith('engine/') || one.to.startsWith('rules/') || one.to.startsWith('cli/') || one.to.startsWith('server/') ? `${one.to}.ts` : one.to);
    }
    expect([...loaded].filter((name) => /typescript|ts-morph/.test(name))).toEqual([]);
    expect(loaded.size).toBeGreaterThan(50);
  });
});
