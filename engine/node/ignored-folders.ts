// Folders that are never descended into, tracked or not: installed packages, build results, caches.

const NEVER = new Set([
  'node_modules', 'bower_components', 'jspm_packages', 'vendor', '.git', '.hg', '.svn', '.jj', 'dist', 'build', 'coverage', '.nyc_output', '.next', '.nuxt', '.output', '.svelte-kit', '.astro',
  '.angular', '.docusaurus', '.turbo', '.nx', '.cache', '.parcel-cache', '.rollup.cache', '.yarn', '.pnpm-store', '.vercel', '.netlify', '.serverless', '.aws-sam', 'cdk.out', '.terraform',
  '.venv', 'venv', '__pycache__', '.idea', '.vscode-test',
]);

/** Whether a folder of this name is left out. */
export function isNeverRead(name: string): boolean {
  return NEVER.has(name);
}

/** Whether any folder of the path is left out. */
export function isBelowNeverRead(path: string): boolean {
  return path.split('/').slice(0, -1).some(isNeverRead);
}
