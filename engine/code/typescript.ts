// The one place where the TypeScript parser enters: the copy that ts-morph bundles, without the lib.d.ts texts that ride along with ts-morph itself.
// The build leaves this import external (dist/typescript.cjs), so that it loads only when a code file survives the prefilter.
import parser from '@ts-morph/common/dist/typescript.js';

export const ts = parser;
export type { ts as TypeScript } from '@ts-morph/common';
