// `npm run oracles:install [NAME …]`: installs the tools of test/oracles/tools.mjs into a git-ignored folder. One that cannot be had is said by name and left out; the others are installed all the same.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ORACLES, TOOLS, toolPath } from '../test/oracles/tools.mjs';

const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in TOOLS));
if (unknown.length > 0) {
  console.error(`There is no tool \`${unknown[0]}\`. Tools: ${Object.keys(TOOLS).join(', ')}.`);
  process.exit(2);
}
mkdirSync(join(ORACLES, 'bin'), { recursive: true });
for (const [name, tool] of Object.entries(TOOLS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (toolPath(name)) {
    console.log(`${name}: already installed`);
    continue;
  }
  const failure = install(name, tool);
  console.log(`${name}: ${failure === undefined ? 'installed' : `could not be had (${failure})`}`);
}

function install(name, { kind, from }) {
  switch (kind) {
    case 'go':
      return run('go', ['install', from], { GOBIN: join(ORACLES, 'bin') });
    case 'source': {
      const [folder = '', target = '.'] = from.split(':');
      const sources = process.env['HOLDFAST_SOURCES'];
      return sources === undefined ? `set HOLDFAST_SOURCES to a folder that holds a checkout \`${folder}\`` : run('go', ['build', '-o', join(ORACLES, 'bin', name), target], {}, join(sources, folder));
    }
    case 'goProgram':
      return run('go', ['build', '-o', join(ORACLES, 'bin', name), '.'], {}, join(root, 'test', 'oracles', from));
    case 'pip': {
      const folder = join(ORACLES, 'python', name);
      return run('python3', ['-m', 'venv', folder]) ?? run(join(folder, 'bin', 'pip'), ['install', '--quiet', ...from.split(' ')]);
    }
    case 'npm':
      return run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', join(ORACLES, 'node'), from]);
    case 'apt':
      return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', from]);
    default:
      return `no way to install ${kind}`;
  }
}

/** Undefined where it went well, else the last line of what it said. */
function run(command, args, environment = {}, cwd = root) {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 26 });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? 'it failed';
}
