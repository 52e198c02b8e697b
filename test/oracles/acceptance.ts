// What the tools of the formats say of files in a copy of a repository: which refuse them, and of what they complain. A fix is written into the copy, asked about, and taken back.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { recogniseFormat } from '../../engine/artifacts/formats';
import type { KubernetesFacts } from '../../engine/artifacts/kubernetes/facts';
import { readKubernetes, recogniseKubernetes } from '../../engine/artifacts/kubernetes/read';
import { renderKustomizations } from '../../engine/artifacts/kubernetes/rendering/render';
import { folderOf } from '../../engine/model/paths';
import { withoutMissingDependencies } from './chart-folder';
import { toolPath } from './tools.mjs';

/** The answer of one tool about one file, chart, overlay or module. */
export interface Verdict {
  /** Why it takes it not at all. */
  readonly refused?: string;
  /** Complaints that do not name places, which a fix may move. */
  readonly complaints: readonly string[];
}

type Check = () => Verdict;

const LARGEST = 1_000_000;
/** Overlays and charts of one file that are asked: a base may have dozens. */
const MOST_OF_A_FILE = 3;

export class Copy {
  readonly #root: string;
  readonly #before = new Map<string, Verdict>();
  readonly #overlays = new Map<string, string[]>();

  /** Copies what is no code of a repository; `texts` are its infrastructure files. */
  constructor(source: string, texts: Readonly<Record<string, string>>) {
    this.#root = join(mkdtempSync(join(tmpdir(), 'holdfast-fixes-')), basename(source));
    cpSync(source, this.#root, { recursive: true, verbatimSymlinks: true, filter: (path) => !/\/(?:\.git|node_modules)$|\.[cm]?[jt]sx?$|\.(?:png|jpe?g|gif|svg|pdf|zip|mp4)$/.test(path) && (!existsSync(path) || statSync(path).size <= LARGEST) });
    for (const path of Object.keys(texts)) if (basename(path) === 'Chart.yaml') withoutMissingDependencies(join(this.#root, folderOf(path)));
    this.#findOverlays(texts);
  }

  remove(): void {
    rmSync(folderOf(this.#root), { recursive: true, force: true });
  }

  /** By the name of each check of these files: what is said of them as they are, and with other texts. */
  compare(texts: ReadonlyMap<string, string>): Map<string, { readonly before: Verdict; readonly after: Verdict }> {
    const checks = new Map<string, Check>();
    for (const path of texts.keys()) for (const [name, check] of this.#checksOf(path)) checks.set(name, check);
    for (const [name, check] of checks) if (!this.#before.has(name)) this.#before.set(name, check());
    const kept = [...texts.keys()].map((path) => [path, this.#read(path)] as const);
    for (const [path, text] of texts) writeFileSync(join(this.#root, path), text);
    try {
      return new Map([...checks].map(([name, check]) => [name, { before: this.#before.get(name) ?? { complaints: [] }, after: check() }]));
    } finally {
      for (const [path, text] of kept) {
        if (text === undefined) rmSync(join(this.#root, path), { force: true });
        else writeFileSync(join(this.#root, path), text);
      }
    }
  }

  #read(path: string): string | undefined {
    const full = join(this.#root, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  }

  #findOverlays(texts: Readonly<Record<string, string>>): void {
    const facts = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, text]): KubernetesFacts[] => (recogniseKubernetes(path, text) ? [readKubernetes(path, text).facts] : []));
    for (const overlay of renderKustomizations(facts).overlays) {
      const paths = new Set(overlay.objects.flatMap((one) => [one.facts.path, ...one.object.type === 'workload' ? one.object.containers.map((container) => one.containerRef(container).file) : []]));
      for (const path of paths) this.#overlays.set(path, [...(this.#overlays.get(path) ?? []), overlay.folder]);
    }
  }

  #checksOf(path: string): [string, Check][] {
    const text = this.#read(path) ?? '';
    const full = join(this.#root, path);
    const charts = this.#chartsOf(path);
    if (charts.length > 0) return [...this.#ofTool('helm', charts, (folder) => helm(join(this.#root, folder)))];
    const overlays = (this.#overlays.get(path) ?? []).slice(0, MOST_OF_A_FILE);
    switch (recogniseFormat(path, text)?.name) {
      case 'compose':
        return this.#ofTool('compose-config', [path], () => firstError('compose-config', JSON.stringify([full])));
      case 'dockerfile':
        return this.#ofTool('dockerfile-stages', [path], () => firstError('dockerfile-stages', full));
      case 'terraform':
        return this.#ofTool('terraform-values', [folderOf(path)], (folder) => ({ ...firstError('terraform-values', join(this.#root, folder)), complaints: isFormatted(full) ? [] : [`${path} is not formatted`] }));
      case 'kubernetes':
        return [...this.#ofTool('kubernetes-strict', [path], () => strict(full)), ...this.#ofTool('kustomize', overlays, (folder) => kustomize(join(this.#root, folder)))];
      case 'github-actions':
        return this.#ofTool('actionlint', [path], () => actionlint(this.#read(path) ?? ''));
      case 'prometheus':
        return /^groups:/m.test(text) ? this.#ofTool('prometheus-rules', [path], () => firstError('prometheus-rules', full)) : [];
      default:
        return [];
    }
  }

  #ofTool(name: string, of: readonly string[], check: (one: string) => Verdict): [string, Check][] {
    return toolPath(name) ? of.map((one) => [`${name} ${one}`, () => check(one)]) : [];
  }

  /** Charts that a file belongs to, from the nearest one up. */
  #chartsOf(path: string): string[] {
    const found: string[] = [];
    for (let folder = folderOf(path); folder !== '' && found.length < MOST_OF_A_FILE; folder = folderOf(folder)) if (existsSync(join(this.#root, folder, 'Chart.yaml'))) found.push(folder);
    return found;
  }
}

function run(name: string, argv: readonly string[], input = ''): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(toolPath(name) ?? '', [...argv], { input, encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 28 });
}

/** Programs of ours: one line in, one line of JSON out. */
function firstError(name: string, line: string): Verdict {
  const { stdout, stderr } = run(name, [], line);
  const answer = stdout === '' ? { error: stderr === '' ? 'no answer' : stderr } : (JSON.parse(stdout) as { readonly error?: string });
  return { ...(answer.error === undefined || answer.error === '' ? {} : { refused: answer.error }), complaints: [] };
}

function isFormatted(path: string): boolean {
  return run('terraform-values', ['fmt'], path).stdout.trim() === 'true';
}

function strict(path: string): Verdict {
  if (!toolPath('kubernetes-strict')) return { complaints: [] };
  const { stdout } = run('kubernetes-strict', [], path);
  return { complaints: stdout === '' ? ['no answer'] : (JSON.parse(stdout) as { readonly errors: readonly string[] }).errors.map((error) => error.replace(/\b(?:line|offset) \d+/g, '')) };
}

/** A rendered text is asked about as manifests are. */
function rendered(text: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-rendered-'));
  try {
    writeFileSync(join(folder, 'rendered.yaml'), text);
    return strict(join(folder, 'rendered.yaml')).complaints;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kustomize(folder: string): Verdict {
  const { status, stdout, stderr } = run('kustomize', ['build', '--load-restrictor', 'LoadRestrictionsNone', folder]);
  return status === 0 ? { complaints: rendered(stdout) } : { refused: stderr.slice(0, 300), complaints: [] };
}

function helm(folder: string): Verdict {
  const { status, stdout, stderr } = run('helm', ['template', 'release-name', folder, '--kube-version', '1.34.0']);
  const lint = run('helm', ['lint', folder]).stdout.split('\n').filter((line) => /^\[(?:ERROR|WARNING)\]/.test(line)).map((line) => line.replace(/\d+/g, ''));
  return status === 0 ? { complaints: [...rendered(stdout), ...lint] } : { refused: stderr.slice(0, 300), complaints: lint };
}

function actionlint(text: string): Verdict {
  const { stdout } = run('actionlint', ['-shellcheck=', '-pyflakes=', '-format', '{{json .}}', '-'], text);
  const found = JSON.parse(stdout === '' ? '[]' : stdout) as readonly { readonly kind: string; readonly message: string }[];
  return { complaints: found.map(({ kind, message }) => `${kind}: ${message}`) };
}
