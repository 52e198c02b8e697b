// The one place where the TypeScript parser enters: the copy that ts-morph bundles, without the lib.d.ts texts that ride along with ts-morph itself.
// The build leaves this import external (dist/typescript.cjs), so that it loads only when a code file survives the prefilter.
import parser from '@ts-morph/common/dist/typescript.js';

// The parser's module hands out each of its 2,500 members by a getter of a dictionary, which costs more than most of them do. What is used is copied into a plain object once;
// whoever needs another member adds its name here, as the types demand.
const {
  JSDocParsingMode, LanguageVariant, NodeFlags, ObjectFlags, ScriptKind, ScriptTarget, SyntaxKind, TypeFlags, canHaveModifiers, createScanner, createSourceFile, findAncestor, forEachChild,
  forEachLeadingCommentRange, forEachTrailingCommentRange, getDecorators, getLeadingCommentRanges, getModifiers, getTrailingCommentRanges, isArrayBindingPattern,
  isArrayLiteralExpression, isArrowFunction, isAsExpression, isAwaitExpression, isBigIntLiteral, isBinaryExpression, isBindingElement, isBlock, isBreakStatement,
  isCallExpression, isCaseBlock, isCaseClause, isCaseOrDefaultClause, isCatchClause, isClassDeclaration, isClassElement, isClassExpression, isClassLike,
  isClassStaticBlockDeclaration, isComputedPropertyName, isConditionalExpression, isConstructorDeclaration, isContinueStatement, isDoStatement, isElementAccessExpression,
  isEmptyStatement, isEnumDeclaration, isExportAssignment, isExportDeclaration, isExportSpecifier, isExpression, isExpressionStatement, isExternalModuleReference,
  isForInStatement, isForOfStatement, isForStatement, isFunctionDeclaration, isFunctionExpression, isFunctionLike, isFunctionTypeNode, isGetAccessor, isGetAccessorDeclaration, isIdentifier,
  isIfStatement, isImportClause, isImportDeclaration, isImportEqualsDeclaration, isImportSpecifier, isImportTypeNode, isIndexedAccessTypeNode, isInterfaceDeclaration, isIntersectionTypeNode,
  isIterationStatement, isJsxAttribute, isJsxExpression, isLiteralTypeNode, isMetaProperty, isMethodDeclaration, isMethodSignature, isModuleBlock, isModuleDeclaration, isNamedExports,
  isNamedImports, isNamespaceExport, isNamespaceImport, isNewExpression, isNoSubstitutionTemplateLiteral, isNonNullExpression, isNumericLiteral, isObjectBindingPattern,
  isObjectLiteralElementLike, isObjectLiteralExpression, isParameter, isParenthesizedExpression, isParenthesizedTypeNode, isPostfixUnaryExpression,
  isPrefixUnaryExpression, isPrivateIdentifier, isPropertyAccessExpression, isPropertyAssignment, isPropertyDeclaration, isPropertySignature, isQualifiedName, isReturnStatement,
  isSatisfiesExpression, isSetAccessor, isShorthandPropertyAssignment, isSourceFile, isSpreadAssignment, isSpreadElement, isStatement, isStringLiteral,
  isStringLiteralLike, isSwitchStatement, isTaggedTemplateExpression, isTemplateExpression, isTemplateSpan, isThrowStatement, isTryStatement, isTypeAliasDeclaration,
  isTypeAssertionExpression, isTypeLiteralNode, isTypeOfExpression, isTypeQueryNode, isTypeReferenceNode, isUnionTypeNode, isVariableDeclaration, isVariableDeclarationList,
  isVariableStatement, isVoidExpression, isWhileStatement, isYieldExpression,
} = parser;

/** The members of TypeScript that are used: enumerations, the parser, walks and type guards of nodes. */
export const ts = {
  JSDocParsingMode, LanguageVariant, NodeFlags, ObjectFlags, ScriptKind, ScriptTarget, SyntaxKind, TypeFlags, canHaveModifiers, createScanner, createSourceFile, findAncestor, forEachChild,
  forEachLeadingCommentRange, forEachTrailingCommentRange, getDecorators, getLeadingCommentRanges, getModifiers, getTrailingCommentRanges, isArrayBindingPattern,
  isArrayLiteralExpression, isArrowFunction, isAsExpression, isAwaitExpression, isBigIntLiteral, isBinaryExpression, isBindingElement, isBlock, isBreakStatement,
  isCallExpression, isCaseBlock, isCaseClause, isCaseOrDefaultClause, isCatchClause, isClassDeclaration, isClassElement, isClassExpression, isClassLike,
  isClassStaticBlockDeclaration, isComputedPropertyName, isConditionalExpression, isConstructorDeclaration, isContinueStatement, isDoStatement, isElementAccessExpression,
  isEmptyStatement, isEnumDeclaration, isExportAssignment, isExportDeclaration, isExportSpecifier, isExpression, isExpressionStatement, isExternalModuleReference,
  isForInStatement, isForOfStatement, isForStatement, isFunctionDeclaration, isFunctionExpression, isFunctionLike, isFunctionTypeNode, isGetAccessor, isGetAccessorDeclaration, isIdentifier,
  isIfStatement, isImportClause, isImportDeclaration, isImportEqualsDeclaration, isImportSpecifier, isImportTypeNode, isIndexedAccessTypeNode, isInterfaceDeclaration, isIntersectionTypeNode,
  isIterationStatement, isJsxAttribute, isJsxExpression, isLiteralTypeNode, isMetaProperty, isMethodDeclaration, isMethodSignature, isModuleBlock, isModuleDeclaration, isNamedExports,
  isNamedImports, isNamespaceExport, isNamespaceImport, isNewExpression, isNoSubstitutionTemplateLiteral, isNonNullExpression, isNumericLiteral, isObjectBindingPattern,
  isObjectLiteralElementLike, isObjectLiteralExpression, isParameter, isParenthesizedExpression, isParenthesizedTypeNode, isPostfixUnaryExpression,
  isPrefixUnaryExpression, isPrivateIdentifier, isPropertyAccessExpression, isPropertyAssignment, isPropertyDeclaration, isPropertySignature, isQualifiedName, isReturnStatement,
  isSatisfiesExpression, isSetAccessor, isShorthandPropertyAssignment, isSourceFile, isSpreadAssignment, isSpreadElement, isStatement, isStringLiteral,
  isStringLiteralLike, isSwitchStatement, isTaggedTemplateExpression, isTemplateExpression, isTemplateSpan, isThrowStatement, isTryStatement, isTypeAliasDeclaration,
  isTypeAssertionExpression, isTypeLiteralNode, isTypeOfExpression, isTypeQueryNode, isTypeReferenceNode, isUnionTypeNode, isVariableDeclaration, isVariableDeclarationList,
  isVariableStatement, isVoidExpression, isWhileStatement, isYieldExpression,
};
export type { ts as TypeScript } from '@ts-morph/common';
