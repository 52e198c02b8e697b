// Who declares a name: scopes, bindings, the uses of each binding, and the numbering of functions and classes. One walk of the tree.

import { hasModifier, isAssignmentOperator, isFunctionNode, type FunctionNode } from './syntax';
import { ts, type TypeScript } from './typescript';

export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'variable' | 'parameter' | 'function' | 'class' | 'enum' | 'other';
  /** ImportSpecifier, ImportClause, NamespaceImport, ImportEqualsDeclaration, VariableDeclaration, BindingElement, ParameterDeclaration, a function or a class. */
  readonly node: TypeScript.Node;
}

export interface Scopes {
  /** Functions in document order; the index is the function's id. */
  readonly functions: readonly FunctionNode[];
  readonly classes: readonly TypeScript.ClassLikeDeclaration[];
  functionId(node: TypeScript.Node): number | undefined;
  classId(node: TypeScript.Node): number | undefined;
  /** Id of the innermost function around a node (a function is not around itself), -1 at module level. */
  functionOf(node: TypeScript.Node): number;
  /** The value binding that a name means at a place; undefined = global. */
  lookup(name: string, at: TypeScript.Node): Binding | undefined;
  /** The declaration of a type name at a place: an import's, class's, interface's or alias's. */
  lookupType(name: string, at: TypeScript.Node): Binding | undefined;
  /** Every use of a binding as an expression, declarations left out, in document order. */
  references(binding: Binding): readonly TypeScript.Identifier[];
  /** Expressions or nodes that give a binding a new value after its declaration. */
  writes(binding: Binding): readonly TypeScript.Node[];
  /** `this.name` in the methods of a class. */
  thisMembers(owner: TypeScript.ClassLikeDeclaration, name: string): readonly TypeScript.PropertyAccessExpression[];
  /** Every identifier used as an expression by that name. */
  identifiers(name: string): readonly TypeScript.Identifier[];
}

interface Scope {
  readonly names: Map<string, Binding>;
  readonly types: Map<string, Binding>;
}

/** Collects scopes and uses. Linear in the tree; look-ups climb the parents. */
export function readScopes(sourceFile: TypeScript.SourceFile): Scopes {
  const scopes = new Map<TypeScript.Node, Scope>();
  const functions: FunctionNode[] = [];
  const functionIds = new Map<TypeScript.Node, number>();
  const classes: TypeScript.ClassLikeDeclaration[] = [];
  const classIds = new Map<TypeScript.Node, number>();
  const uses = new Map<string, TypeScript.Identifier[]>();
  const thisUses = new Map<string, TypeScript.PropertyAccessExpression[]>();
  const referencesOf = new Map<string, ReadonlyMap<Binding, readonly TypeScript.Identifier[]>>();
  const writesOf = new Map<Binding, readonly TypeScript.Node[]>();

  const open = (node: TypeScript.Node): Scope => {
    const scope = { names: new Map<string, Binding>(), types: new Map<string, Binding>() };
    scopes.set(node, scope);
    return scope;
  };
  const root = open(sourceFile);
  try {
    for (const statement of sourceFile.statements) walk(statement, root, root);
  } catch (error) {
    // Nesting deeper than the stack: what was seen so far stands.
    if (!(error instanceof RangeError)) throw error;
  }

  return {
    functions,
    classes,
    functionId: (node) => functionIds.get(node),
    classId: (node) => classIds.get(node),
    functionOf(node) {
      for (let at = node.parent; at; at = at.parent) {
        const id = functionIds.get(at);
        if (id !== undefined) return id;
      }
      return -1;
    },
    lookup: (name, at) => find(name, at, 'names'),
    lookupType: (name, at) => find(name, at, 'types') ?? find(name, at, 'names'),
    references(binding) {
      // All uses of a name are shared out among its bindings at once.
      const known = referencesOf.get(binding.name) ?? shareOut(binding.name);
      return known.get(binding) ?? [];
    },
    writes(binding) {
      const known = writesOf.get(binding);
      if (known) return known;
      const found = this.references(binding).flatMap((use) => writeOf(use) ?? []);
      writesOf.set(binding, found);
      return found;
    },
    thisMembers: (owner, name) => (thisUses.get(name) ?? []).filter((use) => classOf(use) === owner),
    identifiers: (name) => uses.get(name) ?? [],
  };

  function find(name: string, at: TypeScript.Node, space: keyof Scope): Binding | undefined {
    for (let node: TypeScript.Node | undefined = at; node; node = node.parent) {
      const binding = scopes.get(node)?.[space].get(name);
      if (binding) return binding;
    }
    return undefined;
  }

  function shareOut(name: string): ReadonlyMap<Binding, readonly TypeScript.Identifier[]> {
    const shares = new Map<Binding, TypeScript.Identifier[]>();
    for (const use of uses.get(name) ?? []) {
      const binding = find(name, use, 'names');
      if (binding) push(shares, binding, use);
    }
    referencesOf.set(name, shares);
    return shares;
  }

  function declare(scope: Scope, name: TypeScript.Node | undefined, kind: Binding['kind'], node: TypeScript.Node): void {
    if (!name) return;
    if (ts.isIdentifier(name)) {
      // The first declaration wins: later ones are overloads, merged namespaces, or `var` again.
      if (!scope.names.has(name.text)) scope.names.set(name.text, { name: name.text, kind, node });
      return;
    }
    if (ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)) {
      for (const element of name.elements) if (ts.isBindingElement(element)) declare(scope, element.name, kind, element);
    }
  }

  // `block` takes let, const, class and function; `hoist` takes var.
  function walk(node: TypeScript.Node, block: Scope, hoist: Scope): void {
    switch (node.kind) {
      case ts.SyntaxKind.ImportDeclaration:
        if (ts.isImportDeclaration(node)) declareImports(node, block);
        return;
      case ts.SyntaxKind.ImportEqualsDeclaration:
        if (ts.isImportEqualsDeclaration(node)) declare(block, node.name, 'import', node);
        return;
      case ts.SyntaxKind.VariableDeclaration:
        if (ts.isVariableDeclaration(node)) {
          const list = node.parent;
          const isVar = ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.BlockScoped) === 0;
          if (!isAmbient(list.parent)) declare(isVar ? hoist : block, node.name, 'variable', node);
        }
        break;
      case ts.SyntaxKind.EnumDeclaration:
        if (ts.isEnumDeclaration(node)) declare(block, node.name, 'enum', node);
        break;
      case ts.SyntaxKind.InterfaceDeclaration:
      case ts.SyntaxKind.TypeAliasDeclaration:
        if ((ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && !block.types.has(node.name.text)) {
          block.types.set(node.name.text, { name: node.name.text, kind: 'other', node });
        }
        return;
      case ts.SyntaxKind.ModuleDeclaration:
        if (ts.isModuleDeclaration(node)) {
          if (isAmbient(node)) return;
          declare(block, node.name, 'other', node);
        }
        break;
      case ts.SyntaxKind.Identifier:
        if (ts.isIdentifier(node) && isUse(node)) push(uses, node.text, node);
        return;
      case ts.SyntaxKind.PropertyAccessExpression:
        if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) push(thisUses, node.name.text, node);
        break;
      default:
        if (node.kind >= ts.SyntaxKind.FirstTypeNode && node.kind <= ts.SyntaxKind.LastTypeNode && node.kind !== ts.SyntaxKind.ExpressionWithTypeArguments) return;
    }
    if (isFunctionNode(node)) {
      functionIds.set(node, functions.length);
      functions.push(node);
      if (ts.isFunctionDeclaration(node) && !isAmbient(node)) declare(block, node.name, 'function', node);
      const inner = open(node);
      if (ts.isFunctionExpression(node)) declare(inner, node.name, 'function', node);
      for (const parameter of node.parameters) declare(inner, parameter.name, 'parameter', parameter);
      ts.forEachChild(node, (child) => {
        if (child !== node.name) walk(child, inner, inner);
      });
      return;
    }
    if (ts.isClassLike(node)) {
      classIds.set(node, classes.length);
      classes.push(node);
      if (ts.isClassDeclaration(node)) declare(block, node.name, 'class', node);
      const inner = open(node);
      if (ts.isClassExpression(node)) declare(inner, node.name, 'class', node);
      ts.forEachChild(node, (child) => {
        if (child !== node.name) walk(child, inner, hoist);
      });
      return;
    }
    if (opensBlock(node)) {
      const inner = open(node);
      ts.forEachChild(node, (child) => walk(child, inner, ts.isModuleBlock(node) ? inner : hoist));
      return;
    }
    ts.forEachChild(node, (child) => walk(child, block, hoist));
  }

  function declareImports(node: TypeScript.ImportDeclaration, scope: Scope): void {
    const clause = node.importClause;
    if (!clause) return;
    declare(scope, clause.name, 'import', clause);
    if (!clause.namedBindings) return;
    if (ts.isNamespaceImport(clause.namedBindings)) declare(scope, clause.namedBindings.name, 'import', clause.namedBindings);
    else for (const specifier of clause.namedBindings.elements) declare(scope, specifier.name, 'import', specifier);
  }
}

/** The class whose `this` a node sees: arrow functions keep it, other functions end it. */
export function classOf(node: TypeScript.Node): TypeScript.ClassLikeDeclaration | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isClassLike(at)) return at;
    if (ts.isFunctionDeclaration(at) || ts.isFunctionExpression(at)) return undefined;
    if (ts.isMethodDeclaration(at) && !ts.isClassLike(at.parent)) return undefined;
  }
  return undefined;
}

/** The node that writes a value into what `use` names, where `use` stands on the left of an assignment, in `++` or in a `for … of` head. */
export function writeOf(use: TypeScript.Node): TypeScript.Node | undefined {
  const parent = use.parent;
  if (ts.isBinaryExpression(parent) && parent.left === use && isAssignmentOperator(parent.operatorToken.kind)) return parent;
  if ((ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) && (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)) return parent;
  if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === use) return parent;
  // `[a, b] = pair`, `({ a } = object)`
  if (ts.isArrayLiteralExpression(parent) || ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === use)) {
    const pattern = ts.isArrayLiteralExpression(parent) ? parent : parent.parent;
    const outer = ts.isParenthesizedExpression(pattern.parent) ? pattern.parent : pattern;
    const target = outer.parent;
    if (ts.isBinaryExpression(target) && target.left === outer && target.operatorToken.kind === ts.SyntaxKind.EqualsToken) return target;
  }
  return undefined;
}

function opensBlock(node: TypeScript.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.Block:
    case ts.SyntaxKind.ModuleBlock:
    case ts.SyntaxKind.CaseBlock:
    case ts.SyntaxKind.CatchClause:
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForOfStatement:
    case ts.SyntaxKind.ForInStatement:
    case ts.SyntaxKind.ClassStaticBlockDeclaration:
      return true;
    default:
      return false;
  }
}

// `declare const fetch: …` describes the global, it does not replace it.
function isAmbient(node: TypeScript.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.DeclareKeyword);
}

// An identifier that is read or written as a value, not a name of something.
function isUse(node: TypeScript.Identifier): boolean {
  const parent = node.parent;
  switch (parent.kind) {
    case ts.SyntaxKind.PropertyAccessExpression:
      return ts.isPropertyAccessExpression(parent) && parent.expression === node;
    case ts.SyntaxKind.PropertyAssignment:
      return ts.isPropertyAssignment(parent) && parent.initializer === node;
    case ts.SyntaxKind.VariableDeclaration:
    case ts.SyntaxKind.Parameter:
    case ts.SyntaxKind.PropertyDeclaration:
    case ts.SyntaxKind.EnumMember:
      return Reflect.get(parent, 'initializer') === node;
    case ts.SyntaxKind.BindingElement:
      return ts.isBindingElement(parent) && parent.initializer === node;
    case ts.SyntaxKind.ExportSpecifier:
      return ts.isExportSpecifier(parent) && (parent.propertyName ?? parent.name) === node && parent.parent.parent.moduleSpecifier === undefined;
    case ts.SyntaxKind.LabeledStatement:
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
    case ts.SyntaxKind.PropertySignature:
    case ts.SyntaxKind.JsxAttribute:
    case ts.SyntaxKind.MetaProperty:
    case ts.SyntaxKind.QualifiedName:
    case ts.SyntaxKind.EnumDeclaration:
    case ts.SyntaxKind.ModuleDeclaration:
    case ts.SyntaxKind.NamespaceExport:
      return false;
    default:
      return true;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
