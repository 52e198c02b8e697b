// The whole command line as a program. Each file in test/cli/ is one script: files, then commands with their exit code and output, word for word.
// `UPDATE=1 npx vitest run test/cli.test.ts` writes what the commands say now into the scripts, to be read before it is committed.

import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildCli, buildServer } from '../scripts/build.mjs';

// Each test starts several processes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SCRIPTS = join(import.meta.dirname, 'cli');
const UPDATE = process.env['UPDATE'] === '1';

let home: string;
let cli: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  chmodSync(home, 0o755);
  cli = join(home, 'dist', 'cli.cjs');
  await buildCli(join(home, 'dist'));
  await buildServer('server/main.ts', join(home, 'dist'));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Setting {
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

/** Runs the program in a folder; nothing of this machine's environment reaches it but PATH. */
function holdfast(folder: string, words: readonly string[], { input = '', environment = {}, uid }: Setting = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
    cwd: folder,
    input,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 28,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, XDG_CACHE_HOME: join(home, 'cache'), LANG: 'C.UTF-8', ...environment },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { code: status, out: stdout, err: stderr };
}

/** A new folder with these files. */
function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(home, 'project-'));
  chmodSync(folder, 0o755);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Times differ between runs; their width does not. */
function withoutTimes(text: string): string {
  return text.replace(/\b(\d\.\d s|\d\d ms)$/gm, '0.0 s').replace(/\b\d ms$/gm, ' 0.0 s').trimEnd();
}

interface Step {
  readonly command: string;
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** `-- PATH --` starts a file, `$ COMMAND` a command; behind it stand its exit code, what it says, and `-- err --` before what it says on standard error. */
function parseScript(text: string): { about: string; files: Record<string, string>; commands: Step[] } {
  const [head = '', ...parts] = text.split(/^(?=-- [^\n]+ --$|\$ )/m);
  const files: Record<string, string> = {};
  const commands: Step[] = [];
  for (const part of parts) {
    const [first = '', ...rest] = part.split('\n');
    const body = rest.join('\n');
    if (first === '-- err --') {
      const last = commands.pop();
      if (last) commands.push({ ...last, err: body.trimEnd() });
    } else if (first.startsWith('$ ')) {
      const [exit = '', ...lines] = rest;
      commands.push({ command: first.slice(2), exit: /^exit \d$/.test(exit) ? Number(exit.slice(5)) : null, out: lines.join('\n').trimEnd(), err: '' });
    } else {
      files[first.slice(3, -3)] = body;
    }
  }
  return { about: head.trim(), files, commands };
}

function scriptText(about: string, files: Readonly<Record<string, string>>, commands: readonly Step[]): string {
  const fileTexts = Object.entries(files).map(([path, text]) => `-- ${path} --\n${text}`);
  const commandTexts = commands.map(({ command, exit, out, err }) => `$ ${command}\nexit ${exit ?? '?'}\n${out === '' ? '' : `${out}\n`}${err === '' ? '' : `-- err --\n${err}\n`}`);
  return `${about}\n\n${fileTexts.join('')}${commandTexts.join('\n')}`;
}

describe('scripts', () => {
  for (const name of readdirSync(SCRIPTS).filter((file) => file.endsWith('.txt')).sort()) {
    const { about, files, commands } = parseScript(readFileSync(join(SCRIPTS, name), 'utf8'));
    it(`${name.replace(/\.txt$/, '')}: ${about}`, () => {
      const folder = folderOf(files);
      const seen = commands.map(({ command }): Step => {
        const [program, ...words] = command.split(' ');
        if (program === 'cat') return { command, exit: 0, out: readFileSync(join(folder, words[0] ?? ''), 'utf8').trimEnd(), err: '' };
        const input = words.includes('--stdin') ? (files['stdin'] ?? '') : '';
        const { code, out, err } = holdfast(folder, words, { input });
        return { command, exit: code, out: withoutTimes(out), err: withoutTimes(err) };
      });
      if (UPDATE) writeFileSync(join(SCRIPTS, name), scriptText(about, files, seen));
      expect(seen).toEqual(commands);
    });
  }
});

const WORKER = { 'compose.yaml': 'services:\n  worker:\n    image: worker:1\n' };

describe('bad input gets an answer', () => {
  it('for a binary .ts, invalid UTF-8 and a line of 20 MB', () => {
    const folder = folderOf({
      'src/video.ts': Buffer.concat([Buffer.from('G'), Buffer.alloc(200, 0)]),
      'src/latin.ts': Buffer.from([0x63, 0x6f, 0x6e, 0x73, 0x74, 0x20, 0xe9, 0xff]),
      'src/long.ts': `const x = "${'a'.repeat(20_000_000)}";\n`,
    });
    const { code, err } = holdfast(folder, ['--no-cache']);
    expect(code).toBe(2);
    expect(err).toMatch(/not read {3}src\/latin\.ts +not valid UTF-8\n/);
    expect(err).toMatch(/not read {3}src\/long\.ts +20 MB, the limit is 2 \(limits\.file\)\n/);
    expect(err).toMatch(/not read {3}src\/video\.ts +binary/);
    expect(err).toContain('3 files were not read in full: findings may be missing. Exit code 2.');
  });

  it('for YAML that starts a line with a tab', () => {
    const folder = folderOf({ 'compose.yaml': 'services:\n  web:\n    image: nginx\n\trestart: always\n' });
    const { code, err } = holdfast(folder, ['--no-cache']);
    expect(code).toBe(2);
    expect(err).toMatch(/(in part|not read) +compose\.yaml:4 +.*tab/);
  });

  it('for a loop of symbolic links', () => {
    const folder = folderOf(WORKER);
    symlinkSync('.', join(folder, 'again'));
    symlinkSync('b.yaml', join(folder, 'a.yaml'));
    symlinkSync('a.yaml', join(folder, 'b.yaml'));
    const { code, err } = holdfast(folder, ['--no-cache', '--fail-on', 'error']);
    expect(err).toContain('1 file');
    expect([0, 2]).toContain(code);
  });

  it.runIf(process.getuid?.() === 0)('for a folder and a file that nobody may read', () => {
    const folder = folderOf({ ...WORKER, 'secret/compose.yaml': 'services: {}\n', 'src/a.ts': 'export {};\n' });
    chmodSync(join(folder, 'secret'), 0);
    chmodSync(join(folder, 'src/a.ts'), 0);
    chownSync(folder, 65_534, 65_534);
    const { code, err } = holdfast(folder, ['--no-cache'], { uid: 65_534 });
    expect(code).toBe(2);
    expect(err).toMatch(/not read {3}secret +no permission to read it\n/);
    expect(err).toMatch(/not read {3}src\/a\.ts +no permission to read it\n/);
  });

  it('for a configuration that is a folder, and a cache that is a file', () => {
    const folder = folderOf({ ...WORKER, 'cache': '' });
    expect(holdfast(folder, ['--no-cache', '--config', '.']).code).toBe(2);
    const { code, err } = holdfast(folder, ['--cache-dir', 'cache/x', '--fail-on', 'error']);
    expect(err).not.toContain('bug of Holdfast');
    expect(code).toBe(0);
  });

  it('for an --output that cannot be written', () => {
    const { code, err } = holdfast(folderOf(WORKER), ['--no-cache', '--output', 'no/such/folder/report.txt']);
    expect(code).toBe(2);
    expect(err).toContain('`no/such/folder/report.txt` cannot be written');
  });

  it('for standard input that is not UTF-8', () => {
    const { code, err } = holdfast(folderOf({}), ['--stdin', '--stdin-filepath', 'a.ts'], { input: Buffer.from([0xff, 0xfe]) });
    expect(code).toBe(2);
    expect(err).toContain('standard input cannot be read: not valid UTF-8');
  });

  it('for any words at all', () => {
    const folder = folderOf({});
    for (const words of [['\u202e'], ['--\u0007'], ['explain', '../../x'], ['explain'], ['rules', '--fix'], ['--rule', '=off'], ['x'.repeat(5000)], ['--config', 'nope.yaml'], ['lsp', 'x', '--formats']]) {
      const { code, err } = holdfast(folder, words);
      expect(code, words.join(' ')).toBe(2);
      expect(err).toMatch(/^error {2}/);
      expect(err).not.toMatch(/[\u0007\u202e]|\n {4}at /);
    }
  });
});

describe('output', () => {
  /** A system of many workloads, each with findings. */
  const many = Array.from({ length: 400 }, (_, index) => `  worker-${index}:\n    image: worker:1\n    volumes: ['./data:/data']\n`).join('');

  it('arrives whole in a slow pipe', async () => {
    const folder = folderOf({ 'compose.yaml': `services:\n${many}` });
    const expected = holdfast(folder, ['--no-cache', '--format', 'json', '--advice', '--rule', 'require-restart=warning']).out;
    const slow = await new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [cli, '--no-cache', '--format', 'json', '--advice', '--rule', 'require-restart=warning'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] ?? '', HOME: home } });
      let text = '';
      child.stdout.once('readable', () => {
        child.stdout.setEncoding('utf8');
        setTimeout(() => child.stdout.on('data', (chunk: string) => (text += chunk)), 200);
      });
      child.once('close', () => resolve(text));
    });
    expect(slow.length).toBeGreaterThan(300_000);
    expect(slow).toBe(expected);
  });

  it('into a pipe that closes early is no crash', async () => {
    const folder = folderOf({ 'compose.yaml': `services:\n${many}` });
    const { code, err } = await new Promise<Outcome>((resolve) => {
      execFile('sh', ['-c', `"$0" "$1" --no-cache | head -1 >/dev/null; exit 0`, process.execPath, cli], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: home } }, (error, out, errors) => resolve({ code: error ? 1 : 0, out, err: errors }));
    });
    expect(code).toBe(0);
    expect(err).not.toContain('EPIPE');
    expect(err).not.toContain('bug of Holdfast');
  });

  it('is the same with and without cache, and from run to run', () => {
    const folder = folderOf({});
    cpSync(join(import.meta.dirname, '..', 'examples', 'shop'), folder, { recursive: true, filter: (path) => !/node_modules|dist/.test(path) });
    for (const format of ['text', 'json', 'sarif']) {
      const plain = holdfast(folder, ['--no-cache', '--format', format]);
      const filling = holdfast(folder, ['--cache-dir', 'cache', '--format', format]);
      const cached = holdfast(folder, ['--cache-dir', 'cache', '--format', format]);
      expect(filling.out).toBe(plain.out);
      expect(cached.out).toBe(plain.out);
      expect(cached.code).toBe(plain.code);
      expect(plain.out).not.toContain(folder);
    }
  });

  it('has no colour in a pipe, and has it on request', () => {
    const folder = folderOf(WORKER);
    expect(holdfast(folder, ['--no-cache']).out).not.toContain('\u001b');
    expect(holdfast(folder, ['--no-cache'], { environment: { FORCE_COLOR: '1' } }).out).toContain('\u001b[');
    expect(holdfast(folder, ['--no-cache', '--color', 'always'], { environment: { NO_COLOR: '1' } }).out).toContain('\u001b[');
  });

  it('is ASCII where the locale is not UTF-8', () => {
    expect(holdfast(folderOf(WORKER), ['--no-cache'], { environment: { LANG: 'C' } }).out).toMatch(/^[\x00-\x7f]+$/);
  });
});

describe('the language server', () => {
  it('answers over standard input and output, and ends when it is told to', async () => {
    const message = (content: object): string => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...content });
      return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    };
    const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { cwd: folderOf(WORKER), stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] ?? '', HOME: home } });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const isNew = !out.includes('"id":1,"result"');
      out += text;
      if (isNew && out.includes('"id":1,"result"')) child.stdin.write(message({ id: 2, method: 'shutdown' }) + message({ method: 'exit' }));
    });
    child.stdin.write(message({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } }));
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    expect(out).toContain('"name":"Holdfast"');
    expect(code).toBe(0);
  });
});

describe('a fault of Holdfast', () => {
  it.each([
    ['in a command', "performance.now = () => { throw new TypeError('broken'); };"],
    ['beside it, while the run itself goes well', "process.nextTick(() => { throw new TypeError('broken'); });"],
    ['in a promise that nobody waits for', "void Promise.reject(new TypeError('broken'));"],
  ])('%s is exit code 2, never 0', (_, fault) => {
    const { code, err } = spawnSyncText(['-e', `process.argv.splice(1, 0, ${JSON.stringify(cli)}); ${fault} require(${JSON.stringify(cli)});`, '--', '--no-cache'], folderOf(WORKER));
    expect(code).toBe(2);
    expect(err).toContain('Holdfast failed. This is a bug of Holdfast, not of your code.');
  });
});

function spawnSyncText(words: readonly string[], folder: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env['PATH'] ?? '', HOME: home } });
  return { code: status, out: stdout, err: stderr };
}
