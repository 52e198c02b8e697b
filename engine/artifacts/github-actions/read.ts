// Reads one workflow of GitHub Actions into the jobs of the model.

import type { FileProblem } from '../../facts';
import type { CiJob, CiService } from '../../model/ci';
import { environmentOf } from '../../model/environment';
import type { Environment, ResourceRef, Setting } from '../../model/model';
import type { Location, Span } from '../../text';
import { booleanOf, entries, find, get, isCut, items, numberOf, textOf, type Entry } from '../yaml/look-up';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml, type YamlDocument, type YamlNode } from '../yaml/tree';
import type { WorkflowFacts } from './facts';
import { readStep } from './read-step';

const PATH = /(^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/i;

/** docs.github.com, "Workflow syntax for GitHub Actions": `jobs.<job_id>.timeout-minutes`, default 360. */
const DEFAULT_TIMEOUT_MS = 360 * 60_000;

/** A file of the workflow folder with a map of jobs; descriptions of actions (`action.yml`) lie elsewhere. */
export function recogniseWorkflow(path: string, text: string): boolean {
  return PATH.test(path) && /^jobs[ \t]*:/m.test(text);
}

/** What the parts of a job need to know of their file. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
  readonly document: YamlDocument;
}

/** Facts of one workflow; never throws. Linear in the text. */
export function readWorkflow(path: string, text: string): { facts: WorkflowFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const [document] = parsed.documents;
  const file = document && { path, text, document };
  const jobs = file ? entries(get(document.root, 'jobs')).flatMap((entry) => readJob(file, entry) ?? []) : [];
  return {
    facts: { kind: 'artifact', format: 'github-actions', path, suppressions: suppressionsOf(text, parsed), jobs },
    problems: parsed.problems.map((problem) => ({ file: path, ...problem })),
  };
}

function readJob(file: WorkflowFile, { name, pair, value }: Entry): CiJob | undefined {
  if (value?.kind !== 'map') return undefined;
  const { root } = file.document;
  const at: Location = { file: file.path, span: pair.key.span };
  const resource: ResourceRef = { file: file.path, format: 'github-actions', document: 0, path: ['jobs', name] };
  const calls = textOf(get(value, 'uses'));
  const target = textOf(get(value, 'environment', 'name') ?? get(value, 'environment'));
  const own = concurrencyOf(file, value);
  const triggers = triggersOf(get(root, 'on'));
  return {
    name,
    format: 'github-actions',
    at,
    resource,
    environment: environmentOfFile(file.path),
    timeoutMs: timeoutOf(file, value, { state: 'default', value: DEFAULT_TIMEOUT_MS, source: 'GitHub Actions' }),
    ...(calls === undefined ? {} : { calls: calls.replace(/^\.\//, '') }),
    steps: items(get(value, 'steps')).flatMap((step, i) => readStep(file, name, step, i) ?? []),
    ignoresFailure: flagOf(file, value, 'continue-on-error'),
    triggers,
    concurrency: own.state === 'absent' ? concurrencyOf(file, root) : own,
    ...(target === undefined ? {} : { target }),
    isMatrix: get(value, 'strategy', 'matrix') !== undefined,
    services: entries(get(value, 'services')).map((entry) => readService(file, name, entry)),
    isManual: triggers.length === 1 && triggers[0] === 'manual',
  };
}

/** Names of folders only: a workflow called `test.yml` tests, it is not for tests. */
function environmentOfFile(path: string): Environment {
  return environmentOf(path.replace(/\.(?:github|gitea|forgejo)\/workflows\/[^/]+$/i, 'x'));
}

/** `timeout-minutes` of a job or step in ms; `otherwise` where it is not written. */
export function timeoutOf(file: WorkflowFile, node: YamlNode, otherwise: Setting<number>): Setting<number> {
  const found = find(node, 'timeout-minutes');
  if (!found) return isCut(file.document, node) ? { state: 'unknown', because: 'a syntax error cuts it off' } : otherwise;
  const minutes = numberOf(found.node);
  return minutes === undefined ? { state: 'unknown', because: 'an expression' } : { state: 'set', value: minutes * 60_000, at: placeOf(file, found.pair?.span ?? found.node.span) };
}

/** A key that is true or false, or an expression. */
export function flagOf(file: WorkflowFile, node: YamlNode, key: string): Setting<boolean> {
  const found = find(node, key);
  if (!found) return { state: 'absent' };
  const value = booleanOf(found.node);
  return value === undefined ? { state: 'unknown', because: 'an expression' } : { state: 'set', value, at: placeOf(file, found.pair?.span ?? found.node.span) };
}

function placeOf(file: WorkflowFile, span: Span): Location {
  return { file: file.path, span };
}

function concurrencyOf(file: WorkflowFile, node: YamlNode | undefined): CiJob['concurrency'] {
  const found = find(node, 'concurrency');
  if (!found) return { state: 'absent' };
  const cancel = find(found.node, 'cancel-in-progress');
  const at = placeOf(file, cancel?.pair?.span ?? found.pair?.span ?? found.node.span);
  const cancels = cancel ? booleanOf(cancel.node) : false;
  return { state: 'set', value: cancels === undefined ? {} : { cancels }, at };
}

const TRIGGERS: Readonly<Record<string, string>> = { workflow_call: 'call', workflow_dispatch: 'manual', pull_request_target: 'pull_request', merge_group: 'pull_request' };

function triggersOf(node: YamlNode | undefined): string[] {
  const names = node?.kind === 'scalar' ? [{ name: textOf(node) ?? '', value: undefined }] : node?.kind === 'sequence' ? items(node).map((item) => ({ name: textOf(item) ?? '', value: undefined })) : entries(node);
  const triggers = names.map(({ name, value }) => {
    const isTagsOnly = name === 'push' && get(value, 'tags') !== undefined && get(value, 'branches') === undefined;
    return isTagsOnly ? 'tag' : (TRIGGERS[name] ?? name);
  });
  return [...new Set(triggers)];
}

function readService(file: WorkflowFile, job: string, { name, pair, value }: Entry): CiService {
  const written = (key: string): Setting<string> => {
    const node = key === 'image' && value?.kind === 'scalar' ? value : get(value, key);
    const text = textOf(node);
    if (node === undefined || text === undefined) return node === undefined ? { state: 'absent' } : { state: 'unknown', because: 'not a text' };
    return text.includes('${{') ? { state: 'unknown', because: 'an expression' } : { state: 'set', value: text, at: placeOf(file, node.span) };
  };
  return {
    name,
    at: placeOf(file, pair.key.span),
    resource: { file: file.path, format: 'github-actions', document: 0, path: ['jobs', job, 'services', name] },
    image: written('image'),
    options: written('options'),
  };
}
