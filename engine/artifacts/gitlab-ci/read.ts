// Reads one GitLab CI file into the jobs of the model. `extends` and `default` are resolved inside the file; what another file brings stays unknown.

import { parseDuration } from '../../duration';
import type { FileProblem } from '../../facts';
import type { CiCommand, CiJob } from '../../model/ci';
import { environmentOf } from '../../model/environment';
import type { Setting } from '../../model/model';
import type { Location } from '../../text';
import { commandsIn } from '../ci-commands';
import { booleanOf, entries, find, get, isCut, items, textOf, type Entry, type Found } from '../yaml/look-up';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml, type YamlDocument, type YamlNode } from '../yaml/tree';
import type { GitlabCiFacts } from './facts';

const PATH = /(^|\/)[^/]*\.?gitlab-ci(?:[.-][^/]*)?\.ya?ml$|(^|\/)\.gitlab\/(?:[^/]+\/){0,4}[^/]+\.ya?ml$/i;

/** docs.gitlab.com, "CI/CD YAML syntax reference": keys at the top that are no jobs. */
const KEYWORDS = new Set(['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'cache', 'before_script', 'after_script', 'spec', 'types']);

/** docs.gitlab.com, "Customize pipeline configuration": a project's limit is one hour by default. */
const DEFAULT_TIMEOUT_MS = 60 * 60_000;

/** By its name, and a key that a job needs. */
export function recogniseGitlabCi(path: string, text: string): boolean {
  return PATH.test(path) && /^[ \t]+(?:script|trigger|extends|run)[ \t]*:/m.test(text) && !/^apiVersion[ \t]*:/m.test(text);
}

interface GitlabFile {
  readonly path: string;
  readonly text: string;
  readonly document: YamlDocument;
  /** A file of this name may bring keys of its own to every job. */
  readonly hasIncludes: boolean;
}

/** Facts of one file; never throws. Linear in the text, times the depth of `extends`. */
export function readGitlabCi(path: string, text: string): { facts: GitlabCiFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  // A header of inputs (`spec:`) stands in a document before the pipeline.
  const document = parsed.documents.find((candidate) => get(candidate.root, 'spec') === undefined) ?? parsed.documents[0];
  const file = document && { path, text, document, hasIncludes: get(document.root, 'include') !== undefined };
  return {
    facts: { kind: 'artifact', format: 'gitlab-ci', path, suppressions: suppressionsOf(text, parsed), jobs: file ? entries(file.document.root).flatMap((entry) => readJob(file, entry) ?? []) : [] },
    problems: parsed.problems.map((problem) => ({ file: path, ...problem })),
  };
}

function readJob(file: GitlabFile, { name, pair, value }: Entry): CiJob | undefined {
  if (value?.kind !== 'map' || KEYWORDS.has(name) || name.startsWith('.') || name === '<<') return undefined;
  const { layers, isOpen } = layersOf(file, value);
  const lookUp = (...keys: string[]): Found | undefined => layers.map((layer) => find(layer, ...keys)).find((found) => found !== undefined) ?? (INHERITED.has(keys[0] ?? '') ? find(file.document.root, 'default', ...keys) : undefined);
  if (!isOpen && ['script', 'trigger', 'run'].every((key) => lookUp(key) === undefined)) return undefined;
  const missing = <T>(otherwise: Setting<T>): Setting<T> => (isOpen || isCut(file.document, value) ? { state: 'unknown', because: 'another file may set it' } : otherwise);
  const at: Location = { file: file.path, span: pair.key.span };
  const resource = { file: file.path, format: 'gitlab-ci', document: file.document.index, path: [name] };
  const target = textOf(lookUp('environment', 'name')?.node ?? lookUp('environment')?.node);
  const isConditional = isOpen || file.hasIncludes || ['rules', 'only', 'except', 'when'].some((key) => lookUp(key) !== undefined) || get(file.document.root, 'workflow') !== undefined;
  return {
    name,
    format: 'gitlab-ci',
    at,
    resource,
    environment: environmentOf(file.path.replace(/[^/]+$/, 'x')),
    timeoutMs: timeoutOf(file, lookUp('timeout'), missing({ state: 'default', value: DEFAULT_TIMEOUT_MS, source: 'GitLab' })),
    ...(lookUp('trigger') === undefined ? {} : { calls: name }),
    steps: [{ name, at, resource, inputs: {}, commands: commandsOf(file, lookUp), timeoutMs: { state: 'absent' }, ignoresFailure: { state: 'absent' }, isOutcomeRead: false }],
    ignoresFailure: allowFailure(file, lookUp('allow_failure')),
    triggers: isConditional ? [] : ['push'],
    concurrency: concurrencyOf(file, lookUp, missing),
    ...(target === undefined ? {} : { target }),
    isMatrix: lookUp('parallel') !== undefined,
    services: [],
    isManual: textOf(lookUp('when')?.node) === 'manual' || items(lookUp('rules')?.node).some((rule) => textOf(get(rule, 'when')) === 'manual'),
  };
}

const INHERITED = new Set(['timeout', 'interruptible', 'retry', 'before_script', 'after_script', 'image', 'services', 'tags']);
/** GitLab's own bound. */
const MAX_DEPTH = 11;

/** The job and what it extends, the nearest first. */
function layersOf(file: GitlabFile, job: YamlNode): { layers: readonly YamlNode[]; isOpen: boolean } {
  const layers: YamlNode[] = [];
  let isOpen = false;
  const visit = (node: YamlNode, depth: number): void => {
    if (layers.includes(node) || depth > MAX_DEPTH) return;
    layers.push(node);
    const bases = get(node, 'extends');
    // Of several bases the last one wins.
    for (const base of (bases?.kind === 'sequence' ? items(bases) : bases ? [bases] : []).toReversed()) {
      const target = get(file.document.root, textOf(base) ?? '');
      if (target?.kind === 'map') visit(target, depth + 1);
      else isOpen = true;
    }
  };
  visit(job, 0);
  return { layers, isOpen };
}

type LookUp = (...keys: string[]) => Found | undefined;

function commandsOf(file: GitlabFile, lookUp: LookUp): CiCommand[] {
  return ['before_script', 'script', 'after_script'].flatMap((key) => {
    const node = lookUp(key)?.node;
    // `!reference` names lines that stand elsewhere.
    const lines = node?.kind === 'sequence' ? items(node).flatMap((item) => (item.kind === 'sequence' && item.tag === undefined ? items(item) : [item])) : node ? [node] : [];
    return lines.flatMap((line) => (line.kind === 'scalar' && line.tag === undefined ? commandsIn(file.path, file.text, line) : []));
  });
}

function timeoutOf(file: GitlabFile, found: Found | undefined, otherwise: Setting<number>): Setting<number> {
  if (!found) return otherwise;
  const value = durationOf(textOf(found.node) ?? '');
  return value === undefined ? { state: 'unknown', because: 'a variable' } : { state: 'set', value, at: { file: file.path, span: found.pair?.span ?? found.node.span } };
}

/** `3 hours 30 minutes`, `3h 30m`, `1 week`. */
function durationOf(text: string): number | undefined {
  if (!/^[\w.,\s]{1,60}$/.test(text) || !/[a-z]/i.test(text)) return undefined;
  const short = text.toLowerCase().replace(/,|\band\b/g, ' ').replace(/\bweeks?\b/g, 'w').replace(/\bdays?\b/g, 'd').replace(/\bh(?:ou)?rs?\b/g, 'h').replace(/\bmin(?:ute)?s?\b/g, 'm').replace(/\bsec(?:ond)?s?\b/g, 's').replace(/(\d+)\s*w\b/g, (_, weeks: string) => `${Number(weeks) * 7}d`);
  return parseDuration(short);
}

function allowFailure(file: GitlabFile, found: Found | undefined): Setting<boolean> {
  if (!found) return { state: 'absent' };
  const value = booleanOf(found.node);
  // With exit codes it allows some failures only.
  return value === undefined ? { state: 'unknown', because: 'it names exit codes' } : { state: 'set', value, at: { file: file.path, span: found.pair?.span ?? found.node.span } };
}

/** `resource_group` keeps two apart; with an environment GitLab drops the older of two deploys by itself. */
function concurrencyOf(file: GitlabFile, lookUp: LookUp, missing: <T>(otherwise: Setting<T>) => Setting<T>): CiJob['concurrency'] {
  const place = (found: Found): Location => ({ file: file.path, span: found.pair?.span ?? found.node.span });
  const interruptible = lookUp('interruptible');
  if (interruptible && booleanOf(interruptible.node) === true) return { state: 'set', value: { cancels: true }, at: place(interruptible) };
  const group = lookUp('resource_group') ?? lookUp('environment');
  return group ? { state: 'set', value: { cancels: false }, at: place(group) } : missing({ state: 'absent' });
}
