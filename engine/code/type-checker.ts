// The type checker: says in which package the types of expressions are declared. It reads compiler options, sources and declarations, and executes none of them.
// Only `--types` loads it: it costs seconds and hundreds of megabytes where the rest costs milliseconds.

import type { Project, ProjectOptions } from 'ts-morph';
import type { FileProblem } from '../facts';
import type { Span } from '../text';
import type { DeclaredType, TypeQuestion, TypeSource } from './type-source';
import { ts, type TypeScript } from './typescript';

type Answer = readonly (readonly DeclaredType[])[];

/** Compiler options and the folders above a file, looked up once. */
interface Surroundings {
  /** Path of the nearest `tsconfig.json` inside the workspace. */
  optionsOf(folder: string): string | undefined;
  hasPackages(folder: string): boolean;
}

/** A checker over the workspace in `folder`, an absolute path with `/`. It keeps what it has loaded, and its answers to texts that it has seen. */
export function typeChecker(folder: string): TypeSource {
  const projects = new Map<string, Project>();
  const answered = new Map<string, { readonly text: string; readonly answer: Answer }>();
  return async (questions) => {
    const { Project } = await import('ts-morph');
    const around = surroundings(folder, new Project({ skipLoadingLibFiles: true }).getFileSystem());
    const types = new Map<string, Answer>();
    const problems: FileProblem[] = [];
    const groups = new Map<string, TypeQuestion[]>();
    let withoutPackages = 0;
    for (const question of questions) {
      const known = answered.get(question.path);
      const place = folderOf(question.path);
      if (known?.text === question.text) types.set(question.path, known.answer);
      else if (!around.hasPackages(place)) withoutPackages++;
      else {
        const options = around.optionsOf(place) ?? '';
        groups.set(options, [...(groups.get(options) ?? []), question]);
      }
    }
    for (const [options, group] of groups) {
      try {
        const project = projects.get(options) ?? open(options === '' ? {} : { tsConfigFilePath: `${folder}/${options}` });
        projects.set(options, project);
        for (const [path, answer] of answersOf(project, group)) types.set(path, answer);
      } catch (error) {
        problems.push({ file: options === '' ? '.' : options, extent: 'in-part', because: `types were not asked for: ${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)}` });
      }
    }
    for (const { path, text } of questions) {
      const answer = types.get(path);
      if (answer) answered.set(path, { text, answer });
    }
    return { types, problems, withoutPackages };

    function open(options: ProjectOptions): Project {
      const project = new Project({ ...options, skipAddingFilesFromTsConfig: true, compilerOptions: { allowJs: true, checkJs: false, skipLibCheck: true, noEmit: true, composite: false, incremental: false } });
      // The modules of Node are declared in a package that nobody imports by name.
      if (project.compilerOptions.get().types === undefined) project.compilerOptions.set({ types: ['node'] });
      return project;
    }
  };

  function answersOf(project: Project, group: readonly TypeQuestion[]): (readonly [string, Answer])[] {
    for (const { path, text } of group) project.createSourceFile(`${folder}/${path}`, text, { overwrite: true });
    const program = project.getProgram().compilerObject;
    const checker = program.getTypeChecker();
    return group.map(({ path, spans }) => {
      const source = program.getSourceFile(`${folder}/${path}`);
      return [path, spans.map((span) => (source ? typesAt(checker, source, span) : []))] as const;
    });
  }
}

function surroundings(root: string, disk: { fileExistsSync(path: string): boolean; directoryExistsSync(path: string): boolean }): Surroundings {
  const options = new Map<string, string | undefined>();
  const packages = new Map<string, boolean>();
  const optionsOf = (folder: string): string | undefined => {
    if (!options.has(folder)) {
      const path = folder === '' ? 'tsconfig.json' : `${folder}/tsconfig.json`;
      options.set(folder, disk.fileExistsSync(`${root}/${path}`) ? path : folder === '' ? undefined : optionsOf(folderOf(folder)));
    }
    return options.get(folder);
  };
  const hasPackages = (folder: string): boolean => {
    const known = packages.get(folder) ?? (disk.directoryExistsSync(`${root}/${folder}/node_modules`) || (folder === '' ? isBelowPackages(root) : hasPackages(folderOf(folder))));
    packages.set(folder, known);
    return known;
  };
  // Packages of a workspace lie above it where a part of a repository is looked at.
  const isBelowPackages = (folder: string): boolean => {
    for (let at = folderOf(folder); at !== ''; at = folderOf(at)) if (disk.directoryExistsSync(`${at}/node_modules`)) return true;
    return false;
  };
  return { optionsOf, hasPackages };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function typesAt(checker: TypeScript.TypeChecker, source: TypeScript.SourceFile, span: Span): DeclaredType[] {
  const node = expressionAt(source, span);
  return node ? declaredTypes(checker, checker.getTypeAtLocation(node), 0) : [];
}

function expressionAt(source: TypeScript.SourceFile, [start, end]: Span): TypeScript.Node | undefined {
  let at: TypeScript.Node | undefined = source;
  while (at) {
    at = ts.forEachChild(at, (child): TypeScript.Node | undefined => (child.pos <= start && child.end >= end ? child : undefined));
    if (at && at.end === end && ts.isExpression(at) && at.getStart(source) === start) return at;
  }
  return undefined;
}

// The packages' names of a type: its alias, what it is an instance of, the parts of an intersection, those of a union where one package declares all of them.
function declaredTypes(checker: TypeScript.TypeChecker, given: TypeScript.Type, depth: number): DeclaredType[] {
  const plain = checker.getNonNullableType(given);
  const type = plain.flags & ts.TypeFlags.TypeParameter ? (checker.getBaseConstraintOfType(plain) ?? plain) : plain;
  const alias = type.aliasSymbol ? placesOf(type.aliasSymbol) : [];
  if (type.isIntersection()) return depth > 2 ? alias : [...alias, ...type.types.flatMap((part) => declaredTypes(checker, part, depth + 1))];
  if (type.isUnion()) return depth > 2 ? alias : [...alias, ...onePackage(type.types.map((part) => declaredTypes(checker, part, depth + 1)))];
  return isInstance(type) ? [...alias, ...placesOf(type.symbol)] : alias;
}

// `Pool | Client`: either does what the package does.
function onePackage(parts: readonly (readonly DeclaredType[])[]): readonly DeclaredType[] {
  const owner = parts[0]?.[0]?.package;
  const all = parts.flat();
  return owner !== undefined && parts.every((part) => part.length > 0) && all.every((part) => part.package === owner) ? all : [];
}

// A class as a value has the symbol of its instances, but is none.
function isInstance(type: TypeScript.Type): boolean {
  if (!(type.flags & ts.TypeFlags.Object) || !('objectFlags' in type) || typeof type.objectFlags !== 'number') return false;
  return (type.objectFlags & (ts.ObjectFlags.ClassOrInterface | ts.ObjectFlags.Reference)) !== 0;
}

function placesOf(symbol: TypeScript.Symbol): DeclaredType[] {
  const places = (symbol.declarations ?? []).flatMap((declaration) => placeOf(symbol.name, declaration) ?? []);
  return places.filter((place, index) => places.findIndex((other) => other.package === place.package) === index);
}

function placeOf(symbolName: string, declaration: TypeScript.Declaration): DeclaredType | undefined {
  const declaredName = ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration) ? declaration.name?.text : undefined;
  const name = [declaredName ?? symbolName];
  for (let at: TypeScript.Node = declaration.parent; at; at = at.parent) {
    if (!ts.isModuleDeclaration(at)) continue;
    // `declare module 'http'`
    if (ts.isStringLiteral(at.name)) return at.name.text.startsWith('.') ? undefined : { package: at.name.text, name };
    if (ts.isIdentifier(at.name)) name.unshift(at.name.text);
  }
  const owner = packageOf(declaration.getSourceFile().fileName);
  return owner === undefined ? undefined : { package: owner, name };
}

/** The package that a file is a part of: `pg` of `…/node_modules/@types/pg/index.d.ts`. */
function packageOf(path: string): string | undefined {
  const start = path.lastIndexOf('/node_modules/');
  if (start < 0) return undefined;
  const [first = '', second = ''] = path.slice(start + '/node_modules/'.length).split('/', 2);
  if (!first.startsWith('@')) return first;
  if (first !== '@types') return `${first}/${second}`;
  const scope = second.indexOf('__');
  return scope < 0 ? second : `@${second.slice(0, scope)}/${second.slice(scope + 2)}`;
}
