declare module '@ts-morph/common/dist/typescript.js' {
  import type { ts } from '@ts-morph/common';
  const parser: typeof ts;
  export default parser;
}
