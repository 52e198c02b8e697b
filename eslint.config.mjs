// The project's own lint: type-checked rules where they find bugs, and the style that no reviewer wants to repeat.

import tseslint from 'typescript-eslint';

const sources = ['{catalog,engine,rules,cli,server,client,scripts,bench,verify,test}/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'examples/**', 'test/projects/**', 'test/fixtures/**', 'test/vscode/workspace/**', 'bench/corpus/**', '.vscode-test/**', 'coverage/**', '**/*.d.mts'] },
  {
    files: sources,
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' },
        { selector: 'TSEnumDeclaration', message: 'A union of strings is plain data; an enum is not.' },
      ],
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'prefer-const': 'error',
      // Contracts are interfaces with methods; what implements them has no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `'last' | string` says which string is meant.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['cli/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'verify/**/*.ts', 'client/**/*.ts', 'server/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Cases load packages that have no types here.
    files: ['**/*.test.ts', 'test/**/*.ts', 'verify/cases/*.ts', 'verify/child.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    // What a package rejects with is handed on as it is.
    files: ['verify/cases/*.ts', 'verify/child.ts'],
    rules: { '@typescript-eslint/prefer-promise-reject-errors': 'off', '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    // What the test runner and foreign modules ask for.
    files: ['test/generate.ts', 'test/oracles/vitest.config.ts', '**/*.d.ts', '**/*.d.mts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['rules/**/*.ts'],
    // A rule is long by its examples.
    rules: { 'max-lines': ['error', { max: 700, skipBlankLines: true, skipComments: true }] },
  },
);
