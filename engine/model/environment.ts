// What the path of a file says about where its system runs.

export type Environment = 'production' | 'development' | 'test' | 'unknown';

const TEST = new Set([
  'test', 'tests', 'testing', 'testdata', 'ci', 'e2e', 'integration', 'fixtures', 'fixture', 'spec', 'smoke', 'bench', 'benchmark', 'benchmarks',
  'perf', 'loadtest', 'chaos', 'drills', 'drill',
]);
const DEVELOPMENT = new Set([
  'dev', 'devel', 'develop', 'development', 'local', 'localhost', 'debug', 'devcontainer', 'sandbox', 'playground', 'kind', 'minikube', 'k3d',
  'tilt', 'skaffold', 'example', 'examples', 'sample', 'samples', 'tutorial', 'tutorials', 'hotreload', 'watch', 'archived', 'deprecated',
]);
const PRODUCTION = new Set([
  'prod', 'production', 'prd', 'live', 'staging', 'stage', 'selfhost', 'selfhosted',
]);
/** Say on what it runs: production, where nothing else tells. */
const CLUSTER = new Set(['stack', 'swarm']);

/** Production words win over development words, the file's own name over its folders. `unknown` where the path says nothing: it is then judged as if it were deployed. */
export function environmentOf(path: string): Environment {
  const parts = path.toLowerCase().split('/');
  const name = wordsOf((parts.at(-1) ?? '').replace(/\.(?:ya?ml|json)$/, ''));
  const folders = parts.slice(0, -1).flatMap(wordsOf);
  for (const words of [name, folders]) {
    if (words.some((word) => PRODUCTION.has(word))) return 'production';
    if (words.some((word) => TEST.has(word))) return 'test';
    if (words.some((word) => DEVELOPMENT.has(word))) return 'development';
  }
  return [...name, ...folders].some((word) => CLUSTER.has(word)) ? 'production' : 'unknown';
}

function wordsOf(part: string): string[] {
  return part.split(/[^a-z0-9]+/).filter((word) => word !== '');
}
