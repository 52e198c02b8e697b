import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{engine,cli,server,client,catalog,rules,scripts,bench,verify}/**/*.test.ts', 'test/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/vscode/**'],
    globalSetup: ['test/generate.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
    passWithNoTests: true,
  },
});
