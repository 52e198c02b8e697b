import { defineConfig } from 'vitest/config';

// `npm run test:oracles`: what a format's own tool makes of a file is the truth for our reader. Real files are read from the folders that `HOLDFAST_CORPUS` names; without it only our own samples are compared.
export default defineConfig({
  test: {
    include: ['test/oracles/**/*.oracle.ts'],
    globalSetup: ['test/generate.ts'],
    testTimeout: 1_800_000,
    maxWorkers: 2,
  },
});
