// The peers: how each is asked and what it answers. One that is not installed is left out by name.

import { isAbsolute, relative } from 'node:path';
import { TOOLS, toolPath } from '../../test/oracles/tools.mjs';
import type { Peer, PeerFinding, PeerRun } from './finding';
import { at, listAt, runTool, textAt } from './run-tool';

type Asked = Pick<Peer, 'reads' | 'run'>;

const isManifest = (path: string, text: string): boolean => /\.ya?ml$/i.test(path) && /^apiVersion:/m.test(text) && /^kind:/m.test(text) && !text.includes('{{');
const isCompose = (path: string, text: string): boolean => /\.ya?ml$/i.test(path) && /^services:/m.test(text) && !/^apiVersion:/m.test(text);
const isDockerfile = (path: string): boolean => /(^|\/)Dockerfile(\.[^/]+)?$/.test(path);
const isTemplate = (path: string, text: string): boolean => /\.(ya?ml|json|template)$/i.test(path) && /["']?Type["']?\s*:\s*["']?AWS::/.test(text);
const isTerraform = (path: string): boolean => /\.tf$/.test(path);
const isWorkflow = (path: string): boolean => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path);

function inside(folder: string, file: string): string {
  return (isAbsolute(file) ? relative(folder, file) : file.replace(/^\.\//, '')).replaceAll('\\', '/');
}

/** Asks a tool once about all files. */
function once(program: string, args: readonly string[], folder: string, read: (json: unknown) => PeerFinding[]): PeerRun {
  const { json, ms, failure } = runTool(program, args, folder);
  return { findings: json === undefined ? [] : read(json), ms, failures: failure === undefined ? [] : [failure] };
}

/** Asks a tool about each file by itself. */
function each(files: readonly string[], ask: (file: string) => PeerRun): PeerRun {
  const runs = files.map(ask);
  return { findings: runs.flatMap((run) => run.findings), ms: runs.reduce((sum, run) => sum + run.ms, 0), failures: runs.flatMap((run) => run.failures) };
}

/** Only its checks that are questions of ours: one of the others loads schemas from the network for every object. */
function kubeLinter(program: string, checks: readonly string[]): Asked {
  return {
    reads: isManifest,
    run: (folder, files) =>
      once(program, ['lint', '--format', 'json', '--do-not-auto-add-defaults', '--include', checks.join(','), ...files], folder, (json) =>
        listAt(json, 'Reports').map((report) => ({
          check: textAt(report, 'Check'),
          file: inside(folder, textAt(report, 'Object', 'Metadata', 'FilePath')),
          object: `${textAt(report, 'Object', 'K8sObject', 'GroupVersionKind', 'Kind')}/${textAt(report, 'Object', 'K8sObject', 'Name')}`,
        })),
      ),
  };
}

/** Grades of kube-score: 1 critical, 5 warning, 7 almost ok, 10 ok. */
const WORST_PASSING = 7;

function kubeScore(program: string): Asked {
  return {
    reads: isManifest,
    // It joins whatever it is given, so that files of different systems are asked about by themselves.
    run: (folder, files) =>
      each(files, (file) =>
        once(program, ['score', '--output-format', 'json', file], folder, (json) =>
          (Array.isArray(json) ? (json as unknown[]) : []).flatMap((object) =>
            listAt(object, 'checks').flatMap((check): PeerFinding[] => {
              const grade = at(check, 'grade');
              if (at(check, 'skipped') === true || typeof grade !== 'number' || grade >= WORST_PASSING) return [];
              return [{ check: textAt(check, 'check', 'id'), file, object: `${textAt(object, 'type_meta', 'kind')}/${textAt(object, 'object_meta', 'name')}` }];
            }),
          ),
        ),
      ),
  };
}

function polaris(program: string): Asked {
  const failed = (results: unknown): string[] => (typeof results === 'object' && results !== null ? Object.entries(results).flatMap(([id, result]) => (at(result, 'Success') === false ? [id] : [])) : []);
  return {
    reads: isManifest,
    run: (folder, files) =>
      each(files, (file) =>
        once(program, ['audit', '--audit-path', file, '--format', 'json'], folder, (json) =>
          listAt(json, 'Results').flatMap((result) => {
            const object = `${textAt(result, 'Kind')}/${textAt(result, 'Name')}`;
            const checks = [...failed(at(result, 'Results')), ...failed(at(result, 'PodResult', 'Results')), ...listAt(result, 'PodResult', 'ContainerResults').flatMap((container) => failed(at(container, 'Results')))];
            return [...new Set(checks)].map((check) => ({ check, file, object }));
          }),
        ),
      ),
  };
}

function checkov(program: string): Asked {
  const frameworks = ['kubernetes', 'dockerfile', 'terraform', 'cloudformation', 'serverless'];
  return {
    reads: (path, text) => isManifest(path, text) || isDockerfile(path) || isTerraform(path) || isTemplate(path, text) || /(^|\/)serverless\.ya?ml$/.test(path),
    run: (folder) =>
      once(program, ['-d', '.', '--framework', ...frameworks, '-o', 'json', '--quiet', '--compact', '--skip-download'], folder, (json) =>
        (Array.isArray(json) ? (json as unknown[]) : [json]).flatMap((part) =>
          listAt(part, 'results', 'failed_checks').map((failed) => {
            const resource = textAt(failed, 'resource');
            const lines = listAt(failed, 'file_line_range').filter((line): line is number => typeof line === 'number');
            const [first = 1, last = first] = lines;
            // Kubernetes resources are `Kind.namespace.name[.more]`, templates `Type.LogicalId`.
            const words = resource.split('.');
            const object = at(part, 'check_type') === 'kubernetes' ? `${words[0] ?? ''}/${words[2] ?? ''}` : resource;
            return { check: textAt(failed, 'check_id'), file: textAt(failed, 'file_path').replace(/^\//, ''), object, lines: [first, last] as const };
          }),
        ),
      ),
  };
}

function cfnLint(program: string): Asked {
  return {
    reads: isTemplate,
    run: (folder, files) =>
      once(program, ['--format', 'json', '--include-checks', 'I', '--', ...files], folder, (json) =>
        (Array.isArray(json) ? (json as unknown[]) : []).map((match) => ({
          check: textAt(match, 'Rule', 'Id'),
          file: inside(folder, textAt(match, 'Filename')),
          lines: [Number(at(match, 'Location', 'Start', 'LineNumber')), Number(at(match, 'Location', 'End', 'LineNumber'))] as const,
        })),
      ),
  };
}

function hadolint(program: string): Asked {
  return {
    reads: isDockerfile,
    run: (folder, files) =>
      once(program, ['-f', 'json', ...files], folder, (json) =>
        (Array.isArray(json) ? (json as unknown[]) : []).map((one) => ({ check: textAt(one, 'code'), file: inside(folder, textAt(one, 'file')), lines: [Number(at(one, 'line')), Number(at(one, 'line'))] as const })),
      ),
  };
}

function dclint(program: string): Asked {
  return {
    reads: isCompose,
    run: (folder, files) =>
      once(program, ['-f', 'json', ...files], folder, (json) =>
        (Array.isArray(json) ? (json as unknown[]) : []).flatMap((one) =>
          listAt(one, 'messages').map((message) => ({ check: textAt(message, 'rule'), file: inside(folder, textAt(one, 'filePath')), lines: [Number(at(message, 'line')), Number(at(message, 'line'))] as const })),
        ),
      ),
  };
}

function actionlint(program: string): Asked {
  return {
    reads: isWorkflow,
    run: (folder, files) =>
      once(program, ['-format', '{{json .}}', '-no-color', '-shellcheck=', '-pyflakes=', ...files], folder, (json) =>
        (Array.isArray(json) ? (json as unknown[]) : []).map((one) => ({ check: textAt(one, 'kind'), file: inside(folder, textAt(one, 'filepath')), lines: [Number(at(one, 'line')), Number(at(one, 'line'))] as const })),
      ),
  };
}

const MAKERS: Readonly<Record<string, (program: string, checks: readonly string[]) => Asked>> = { 'kube-linter': kubeLinter, 'kube-score': kubeScore, polaris, checkov, 'cfn-lint': cfnLint, hadolint, dclint, actionlint };

/** Peers that are installed, and the names of those that are not. `checksOf` gives the checks of a peer that are questions of ours. */
export function installedPeers(checksOf: (peer: string) => readonly string[]): { readonly peers: readonly Peer[]; readonly absent: readonly string[] } {
  const peers: Peer[] = [];
  const absent: string[] = [];
  for (const [name, make] of Object.entries(MAKERS)) {
    const program = toolPath(name);
    if (program) peers.push({ name, version: versionOf(name), ...make(program, checksOf(name)) });
    else absent.push(name);
  }
  return { peers, absent };
}

function versionOf(name: string): string {
  return /(?:==|@v?)([\d.]+)$/.exec(TOOLS[name]?.from ?? '')?.[1] ?? 'built from its main branch';
}
