// What the Serverless Framework's own resolver makes of the variables of a service. One JSON line each on standard input: `{ path, stage }`; one on standard output.
// The first argument is the folder that the framework is installed in. Files that are programs are not run: what comes from them stays unresolved.

const { createInterface } = require('node:readline');
const { basename, dirname, join } = require('node:path');

const framework = join(process.argv[2], 'node_modules', 'serverless', 'lib');
const load = (name) => require(join(framework, name));
const readConfiguration = load('configuration/read');
const metaOf = load('configuration/variables/resolve-meta');
const resolveVariables = load('configuration/variables/resolve');
const file = load('configuration/variables/sources/file');

const PROGRAM = /\.[cm]?[jt]s$/;

async function answerOf({ path, stage }) {
  const serviceDir = dirname(path);
  const configuration = await readConfiguration(path);
  const variablesMeta = metaOf(configuration);
  await resolveVariables({
    serviceDir,
    servicePath: serviceDir,
    configuration,
    configurationFilename: basename(path),
    variablesMeta,
    sources: {
      file: { resolve: async (query) => (PROGRAM.test(String(query.params?.[0] ?? '')) ? Promise.reject(new Error('a program')) : file.resolve(query)) },
      opt: load('configuration/variables/sources/opt'),
      self: load('configuration/variables/sources/self'),
      sls: load('configuration/variables/sources/instance-dependent/get-sls')({ configurationInput: configuration, service: configuration }),
    },
    options: { stage },
    fulfilledSources: new Set(['file', 'self', 'opt', 'sls']),
    propertyPathsToResolve: null,
    variableSourcesInConfig: new Set(),
  });
  const merged = (value) => (Array.isArray(value) ? Object.assign({}, ...value) : (value ?? {}));
  const parts = Array.isArray(configuration.resources) ? configuration.resources : [configuration.resources ?? {}];
  return {
    path,
    provider: configuration.provider,
    functions: merged(configuration.functions),
    resources: Object.assign({}, ...parts.map((part) => (part && typeof part === 'object' ? part.Resources : undefined))),
  };
}

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    const query = JSON.parse(line);
    let answer;
    try {
      answer = await answerOf(query);
    } catch (error) {
      answer = { path: query.path, error: String(error?.message ?? error).slice(0, 200) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
})();
