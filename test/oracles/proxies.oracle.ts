// Configurations of proxies against the proxies themselves: what nginx and HAProxy accept our readers accept, what we say of timeouts and checks HAProxy says too, and after a fix the file is still accepted.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHaproxy } from '../../engine/artifacts/haproxy/parse';
import { HAPROXY_PATH, recogniseHaproxy } from '../../engine/artifacts/haproxy/read';
import { parseNginx } from '../../engine/artifacts/nginx/parse';
import { NGINX_PATH, recogniseNginx } from '../../engine/artifacts/nginx/read';
import { editsOf } from '../../engine/lint/edit';
import type { Fix } from '../../engine/lint/fix';
import { intend } from '../../engine/model/questions';
import { applyEdits } from '../../engine/text';
import { rules } from '../../rules/index';
import { linkFiles, lintFiles } from '../lint-files';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const nginx = toolPath('nginx');
const haproxy = toolPath('haproxy');

interface Verdict {
  readonly isAccepted: boolean;
  /** Refused for what is not there (modules, files, names, ports), not for its grammar. */
  readonly isElsewhere: boolean;
  readonly text: string;
}

interface Tool {
  readonly name: string;
  readonly wanted: (path: string, text: string) => boolean;
  readonly path: RegExp;
  readonly check: (text: string) => Verdict;
  readonly errors: (text: string) => number;
}

const MISSING = /unknown directive|cannot load|No such file|not found in upstream|host not found|could not|open\(\)|BIO_new_file|is not allowed here|no "ssl_certificate"|unknown log format|invalid port|zero size shared memory|unknown "\w+" variable|directive is duplicate|duplicate listen|no servers are inside|could not build|conflicting|requires? the|permission denied|unable to (?:load|stat|open)|could not resolve|cannot (?:open|find|bind)|unknown keyword|failed to|no such|does not exist|unsupported|not supported|deprecated|not compiled/i;

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-oracle-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of servers is put into an `http` block; includes, certificates and users are left out: they stand elsewhere. */
function checkNginx(text: string): Verdict {
  return inFolder((folder) => {
    mkdirSync(join(folder, 'logs'));
    const { directives } = parseNginx(text);
    const isWhole = directives.some(({ name }) => name === 'http' || name === 'events' || name === 'stream');
    const plain = text.replaceAll(/^([ \t]*)(?:include|user|pid|ssl_\w+|load_module)[ \t][^;]*;/gm, '$1').replaceAll(/(\blisten[^;\n]*?)[ \t]+(?:ssl|quic|http2)\b/g, '$1').replaceAll(/(\blisten[^;\n]*?)[ \t]+(?:ssl|quic|http2)\b/g, '$1');
    const whole = isWhole ? `${/\bevents\s*\{/.test(plain) ? '' : 'events {}\n'}${plain}` : `events {}\nhttp {\n${directives.some(({ name }) => name === 'location') ? `server {\n${plain}\n}` : plain}\n}\n`;
    writeFileSync(join(folder, 'nginx.conf'), whole);
    const run = spawnSync(nginx ?? '', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', `pid ${folder}/pid; error_log stderr;`], { encoding: 'utf8', timeout: 20_000 });
    return { isAccepted: run.status === 0, isElsewhere: MISSING.test(run.stderr), text: run.stderr };
  });
}

/** Names are not resolved: `-dr` leaves a server without an address. */
function checkHaproxy(text: string): Verdict {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'haproxy.cfg'), text);
    const run = spawnSync(haproxy ?? '', ['-c', '-dr', '-f', join(folder, 'haproxy.cfg')], { encoding: 'utf8', timeout: 20_000 });
    return { isAccepted: run.status === 0, isElsewhere: MISSING.test(run.stderr), text: run.stderr };
  });
}

/** First fixes of all findings, and a limit set at a few routes whether they need one or not: what the writers insert is tried on every file. */
async function fixesOf(name: string, text: string): Promise<readonly Fix[]> {
  const found = (await lintFiles({ [name]: text }, rules)).flatMap((finding) => finding.fixes.slice(0, 1));
  const { system } = await linkFiles({ [name]: text });
  const limits = system.proxyRoutes.filter((route) => !route.isLocal).slice(0, 3).map((route): Fix => ({ title: `set ${route.timeoutOption}`, safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-directive', name: route.timeoutOption, value: '30s' })] }));
  return [...found, ...limits];
}

const TOOLS: readonly Tool[] = [
  { name: 'nginx', wanted: recogniseNginx, path: NGINX_PATH, check: checkNginx, errors: (text) => parseNginx(text).errors.length },
  { name: 'haproxy', wanted: recogniseHaproxy, path: HAPROXY_PATH, check: checkHaproxy, errors: (text) => parseHaproxy(text).errors.length },
];

for (const tool of TOOLS) {
  describe.skipIf(!toolPath(tool.name) || repositories().length === 0)(`${tool.name} (needs \`npm run oracles:install ${tool.name}\` and HOLDFAST_CORPUS)`, () => {
    const files = repositories().flatMap((root) => filesBelow(root, (path) => tool.path.test(path)).map((path) => join(root, path))).filter((path) => tool.wanted(path, readFileSync(path, 'utf8')));

    it('reads without errors what the tool accepts, and after a fix it is accepted still', async () => {
      const worse: string[] = [];
      const broken: string[] = [];
      let accepted = 0;
      let refused = 0;
      let fixed = 0;
      for (const file of files) {
        const text = readFileSync(file, 'utf8');
        const before = tool.check(text);
        if (!before.isAccepted) {
          refused++;
          continue;
        }
        accepted++;
        if (tool.errors(text) > 0) worse.push(file);
        const name = basename(file);
        for (const fix of await fixesOf(name, text)) {
          const edits = fix ? (await editsOf(fix, () => text))?.get(name) : undefined;
          if (!edits) continue;
          fixed++;
          const after = tool.check(applyEdits(text, edits).text);
          if (!after.isAccepted) broken.push(`${file}: ${fix.title}\n${after.text}`);
        }
      }
      console.log(`${tool.name}: ${files.length} files, ${accepted} accepted, ${refused} refused (most for what is not on this machine); ${fixed} fixes applied, ${broken.length} refused after one`);
      expect(worse, 'our reader finds errors where the tool finds none').toEqual([]);
      expect(broken).toEqual([]);
    });

    it('finds the errors of grammar that the tool finds', () => {
      const missed: string[] = [];
      let grammar = 0;
      for (const file of files) {
        const text = readFileSync(file, 'utf8');
        const verdict = tool.check(text);
        const isGrammar = /unexpected (?:"[{};]"|end of (?:file|parameter))|unmatched quote/i.test(verdict.text);
        if (!isGrammar) continue;
        grammar++;
        if (tool.errors(text) === 0) missed.push(`${file}: ${verdict.text.slice(0, 200)}`);
      }
      console.log(`${tool.name}: ${grammar} files with errors of grammar, ${missed.length} of them unnoticed by us`);
      expect(missed.length).toBeLessThanOrEqual(Math.ceil(grammar / 10));
    });
  });
}

describe.skipIf(!haproxy || repositories().length === 0)('HAProxy on missing limits', () => {
  it('warns of a missing timeout exactly where we find one', async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const root of repositories()) {
      for (const path of filesBelow(root, (name) => HAPROXY_PATH.test(name))) {
        const text = readFileSync(join(root, path), 'utf8');
        if (!recogniseHaproxy(path, text) || /^\s*\.if/m.test(text)) continue;
        const verdict = checkHaproxy(text);
        if (!verdict.isAccepted) continue;
        // "missing timeouts for backend 'x'": https://github.com/haproxy/haproxy, src/cfgparse.c.
        const told = new Set([...verdict.text.matchAll(/missing timeouts for (?:frontend|backend|proxy|listen) '([^']+)'/g)].map((match) => match[1] ?? ''));
        const found = new Set((await lintFiles({ 'haproxy.cfg': text }, rules)).filter((one) => one.rule === 'fault-tolerance/require-proxy-timeout' && one.messageId !== 'huge' && one.messageId !== 'off' && one.messageId !== 'clientOff').map((one) => one.subject.split('/')[1] ?? ''));
        compared++;
        for (const name of told) if (!found.has(name)) wrong.push(`${path}: HAProxy misses limits of \`${name}\`, we do not`);
        for (const name of found) if (!told.has(name)) wrong.push(`${path}: we miss limits of \`${name}\`, HAProxy does not`);
      }
    }
    console.log(`${compared} HAProxy files compared, ${wrong.length} differences\n${wrong.slice(0, 30).join('\n')}`);
    expect(wrong.length).toBeLessThanOrEqual(compared / 20);
  });
});
