// Reads one step of a job: the action that it uses with its inputs, or the commands that it runs.

import type { CiStep } from '../../model/ci';
import { commandsIn } from '../ci-commands';
import { entries, get, isCut, textOf, textsOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import { flagOf, timeoutOf, type WorkflowFile } from './read';

/** Undefined for an item that is no step. */
export function readStep(file: WorkflowFile, job: string, node: YamlNode, index: number): CiStep | undefined {
  if (node.kind !== 'map') return undefined;
  const run = get(node, 'run');
  const uses = textOf(get(node, 'uses'));
  const id = textOf(get(node, 'id'));
  const [first] = entries(node);
  const name = textOf(get(node, 'name')) ?? uses ?? textOf(run)?.split('\n')[0] ?? '';
  return {
    name: name.slice(0, 60),
    at: { file: file.path, span: first?.pair.span ? [first.pair.span[0], Math.min(first.pair.span[1], lineEnd(file.text, first.pair.span[0]))] : node.span },
    resource: { file: file.path, format: 'github-actions', document: 0, path: ['jobs', job, 'steps', index] },
    ...(uses === undefined ? {} : { uses: uses.replace(/@[^@]*$/, '') }),
    inputs: textsOf(get(node, 'with')),
    commands: run?.kind === 'scalar' ? commandsIn(file.path, file.text, run) : [],
    timeoutMs: timeoutOf(file, node, isCut(file.document, node) ? { state: 'unknown', because: 'a syntax error cuts it off' } : { state: 'absent' }),
    ignoresFailure: flagOf(file, node, 'continue-on-error'),
    isOutcomeRead: id !== undefined && isOutcomeRead(file.text, id),
  };
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

function isOutcomeRead(text: string, id: string): boolean {
  return text.includes(`steps.${id}.outcome`) || text.includes(`steps.${id}.conclusion`) || text.includes(`steps['${id}'].outcome`);
}
