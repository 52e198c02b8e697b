// The options that fixes insert, looked up in the packages' types: each construct or call of an entry takes an argument in which the option's path exists and takes the value.

import ts from 'typescript';
import { join } from 'node:path';
import { satisfies } from 'semver';
import type { Bound, CallShape, Construct, LibraryEntry } from '../catalog/schema';
import { aliasesOfPackages, decidingVersion, installed, packagesFolder, typesFolder } from './packages';

export interface OptionResult {
  readonly entry: string;
  readonly package: string;
  readonly option: string;
  readonly on: string;
  /** `open` = the type takes any property there. */
  readonly verdict: 'typed' | 'open' | 'not typed' | 'untyped package';
}

/** Looks up the fix options of an entry in one installed alias. */
function optionTypes(program: ts.Program, root: string, entry: LibraryEntry, alias: string, version: string): OptionResult[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(root);
  const declaration = source?.statements.find((node): node is ts.ImportDeclaration => ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text === alias);
  const symbol = declaration ? checker.getSymbolAtLocation(declaration.moduleSpecifier) : undefined;
  const holds = (range: string | undefined): boolean => range === undefined || satisfies(version, range, { includePrerelease: true });
  const fixes = (entry.bounds ?? []).filter((bound) => bound.fix !== undefined && holds(bound.versions) && holds(bound.fix.versions));
  const results: OptionResult[] = [];
  const add = (bound: Bound, on: string, verdict: OptionResult['verdict']): void => void results.push({ entry: entry.package, package: alias, option: bound.option, on, verdict });
  if (!symbol || !declaration) return fixes.map((bound) => ({ entry: entry.package, package: alias, option: bound.option, on: '', verdict: 'untyped package' }));
  const moduleType = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const instances = instanceTypes(checker, declaration, moduleType, symbol, entry, holds);
  for (const bound of fixes) {
    if (bound.at.includes('construct')) {
      for (const construct of (entry.constructs ?? []).filter((one) => holds(one.versions) && one.options !== undefined && (bound.on === undefined || bound.on.includes(one.instance)))) {
        const signatures = signaturesOf(checker, declaration, moduleType, symbol, instances, construct);
        if (signatures.length > 0) add(bound, construct.make.join('|'), bestOf(signatures.map((signature) => takes(checker, declaration, signature, bound.option))));
      }
    }
    if (bound.at.includes('call')) {
      for (const shape of (entry.calls ?? []).filter((one) => holds(one.versions) && one.options !== undefined && (bound.on === undefined || bound.on.includes(one.on)) && (bound.calls === undefined || one.names.some((name) => bound.calls?.includes(name))))) {
        const signatures = callSignatures(checker, declaration, moduleType, symbol, instances, shape);
        if (signatures.length > 0) add(bound, `${shape.on}.${shape.names.slice(0, 3).join('|')}`, bestOf(signatures.map((signature) => takes(checker, declaration, signature, bound.option))));
      }
    }
  }
  return results;
}

type Instances = ReadonlyMap<string, readonly ts.Type[]>;

function instanceTypes(checker: ts.TypeChecker, at: ts.Node, moduleType: ts.Type, module: ts.Symbol, entry: LibraryEntry, holds: (range: string | undefined) => boolean): Instances {
  const found = new Map<string, ts.Type[]>();
  // Constructs may be methods of what other constructs give: a few rounds reach all of them.
  for (let round = 0; round < 4; round++) {
    for (const construct of (entry.constructs ?? []).filter((one) => holds(one.versions))) {
      for (const signature of signaturesOf(checker, at, moduleType, module, found, construct)) {
        const type = awaited(checker, checker.getReturnTypeOfSignature(signature));
        const known = found.get(construct.instance) ?? [];
        if (!known.includes(type)) found.set(construct.instance, [...known, type].slice(0, 20));
      }
    }
  }
  return found;
}

function awaited(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  return checker.getAwaitedType(type) ?? type;
}

function signaturesOf(checker: ts.TypeChecker, at: ts.Node, moduleType: ts.Type, module: ts.Symbol, instances: Instances, construct: Construct): ts.Signature[] {
  return construct.make.filter((path) => !path.includes('*')).flatMap((path) =>
    (construct.from === undefined ? typesAt(checker, at, moduleType, module, path) : (instances.get(construct.from) ?? []).flatMap((type) => member(checker, at, type, path))).flatMap((type) => [
      ...(construct.form === 'call' ? [] : type.getConstructSignatures()),
      ...(construct.form === 'new' ? [] : type.getCallSignatures()),
    ]),
  );
}

function callSignatures(checker: ts.TypeChecker, at: ts.Node, moduleType: ts.Type, module: ts.Symbol, instances: Instances, shape: CallShape): ts.Signature[] {
  return shape.names.filter((name) => name !== '*').flatMap((name) => {
    if (shape.on === '') return typesAt(checker, at, moduleType, module, name).flatMap((type) => type.getCallSignatures());
    const types = instances.get(shape.on) ?? [];
    return (name === '' ? types : types.flatMap((type) => member(checker, at, type, name))).flatMap((type) => type.getCallSignatures());
  });
}

/** Types of a dotted path from a module: its default export, `export =` and namespace count as one. */
function typesAt(checker: ts.TypeChecker, at: ts.Node, moduleType: ts.Type, module: ts.Symbol, path: string): ts.Type[] {
  const roots = [moduleType];
  for (const symbol of checker.getExportsOfModule(module)) if (symbol.name === 'default' || symbol.name === 'export=') roots.push(checker.getTypeOfSymbolAtLocation(symbol, at));
  if (path === '') return roots;
  return path.split('.').reduce<ts.Type[]>((types, name) => types.flatMap((type) => member(checker, at, type, name)), roots);
}

function member(checker: ts.TypeChecker, at: ts.Node, type: ts.Type, name: string): ts.Type[] {
  const symbol = checker.getPropertyOfType(checker.getApparentType(type), name);
  return symbol ? [checker.getTypeOfSymbolAtLocation(symbol, at)] : [];
}

function bestOf(verdicts: readonly OptionResult['verdict'][]): OptionResult['verdict'] {
  return verdicts.includes('typed') ? 'typed' : verdicts.includes('open') ? 'open' : 'not typed';
}

/** Whether any parameter of a signature has the option's path. */
function takes(checker: ts.TypeChecker, at: ts.Node, signature: ts.Signature, option: string): OptionResult['verdict'] {
  return bestOf(signature.getParameters().map((parameter) => takesPath(checker, at, [checker.getTypeOfSymbolAtLocation(parameter, at)], option.split('.'))));
}

function takesPath(checker: ts.TypeChecker, at: ts.Node, types: readonly ts.Type[], path: readonly string[]): OptionResult['verdict'] {
  const parts = types.flatMap((type) => partsOf(checker, type));
  const [name, ...rest] = path;
  if (name === undefined) return types.length > 0 ? 'typed' : 'not typed';
  if (parts.some((type) => isOpen(checker, type))) return 'open';
  const next = parts.flatMap((type) => member(checker, at, type, name));
  return next.length === 0 ? 'not typed' : takesPath(checker, at, next, rest);
}

function isOpen(checker: ts.TypeChecker, type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) !== 0 || checker.getIndexInfosOfType(type).some(({ keyType }) => (keyType.flags & ts.TypeFlags.String) !== 0);
}

// The parts of a union, the elements of a rest parameter (a list or a tuple), what a function of options gives back.
function partsOf(checker: ts.TypeChecker, type: ts.Type): ts.Type[] {
  const plain = checker.getNonNullableType(type);
  const constrained = plain.flags & ts.TypeFlags.TypeParameter ? (checker.getBaseConstraintOfType(plain) ?? plain) : plain;
  const parts = constrained.isUnion() ? constrained.types : [constrained];
  const elements = parts.flatMap((part) => (checker.isArrayType(part) || checker.isTupleType(part) ? checker.getTypeArguments(part as ts.TypeReference) : [part]));
  const unions = elements.flatMap((element) => (element.isUnion() ? element.types : [element]));
  return unions.flatMap((part) => [part, ...checker.getSignaturesOfType(part, ts.SignatureKind.Call).map((one) => awaited(checker, checker.getReturnTypeOfSignature(one)))]);
}

/** Looks up the fix options of all entries in all packages that are measured. */
export function allOptionTypes(entries: readonly LibraryEntry[]): OptionResult[] {
  const aliases = aliasesOfPackages();
  const { program, root } = programOf(packagesFolder, typesFolder, aliases, (alias) => installed(alias)?.name.replace(/^@/, '').replace('/', '__'));
  return aliases.flatMap((alias) => {
    const name = installed(alias)?.name ?? '';
    return entries
      .filter((entry) => [entry.package, ...(entry.aliases ?? [])].some((one) => one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1)))))
      .flatMap((entry) => optionTypes(program, root, entry, alias, decidingVersion(alias, entry.versionOf) ?? ''));
  });
}

// Types of their own package hold for its majors alone: those of Redis 6 say nothing of Redis 3.
function isOfSameMajor(alias: string, resolved: ts.ResolvedModuleFull | undefined): boolean {
  if (!resolved || resolved.resolvedFileName.includes('/node_modules/@types/')) return resolved !== undefined;
  const major = (version: string | undefined): string | undefined => version?.split('.')[0];
  return major(resolved.packageId?.version) === major(installed(alias)?.version);
}

/** A program whose only file imports every alias. */
function programOf(folder: string, types: string, aliases: readonly string[], typesOf: (alias: string) => string | undefined): { program: ts.Program; root: string } {
  const root = join(folder, 'all-packages.ts');
  const text = aliases.map((alias, index) => `import * as p${index} from '${alias}';`).join('\n');
  const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, esModuleInterop: true, skipLibCheck: true, strict: true, noEmit: true, types: ['node'], typeRoots: [join(types, 'node_modules', '@types')] };
  const host = ts.createCompilerHost(options);
  const [readFile, fileExists] = [host.readFile.bind(host), host.fileExists.bind(host)];
  host.readFile = (path) => (path === root ? text : readFile(path));
  host.fileExists = (path) => path === root || fileExists(path);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, language, ...rest) => (path === root ? ts.createSourceFile(path, text, language, true) : getSourceFile(path, language, ...rest));
  host.resolveModuleNameLiterals = (literals, containing, _, compiler) =>
    literals.map(({ text: name }) => {
      const found = ts.resolveModuleName(name, containing, compiler, host);
      const isTyped = found.resolvedModule !== undefined && /\.d\.[cm]?ts$|\.ts$/.test(found.resolvedModule.resolvedFileName);
      const typed = containing === root && !isTyped ? typesOf(name) : undefined;
      const other = typed === undefined ? undefined : ts.resolveModuleName(typed, join(types, 'index.ts'), compiler, host);
      return other && isOfSameMajor(name, other.resolvedModule) ? other : found;
    });
  return { program: ts.createProgram([root], options, host), root };
}
