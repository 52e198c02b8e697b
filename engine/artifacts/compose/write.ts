// Writes what a fix asks of a Compose file: small edits in the file's own style, on its current text.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { fillEmpty, insertEntry, listToMap, removeEntry, replaceWithFlow, setEntry, setPath } from '../yaml/edit';
import { get } from '../yaml/look-up';
import { flowList, flowText, map } from '../yaml/render';
import { parseAgain } from '../yaml/parse-again';
import type { ServiceAt } from './service-at';
import { addVolume, setMountTarget } from './write-volumes';

const IDENTITY = ['image', 'build', 'extends', '<<', 'container_name'];

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeCompose(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
  const at = serviceAt(text, resource);
  if (!at) return undefined;
  const { document, service } = at;
  switch (intent.kind) {
    case 'set-restart':
      return setRestart(at, intent.policy);
    case 'set-health-check':
      return one(setHealthCheck(at, intent));
    case 'set-start-condition':
      return setStartCondition(at, [intent.dependency, ...(intent.also ?? [])], intent.condition);
    case 'set-memory-limit':
      return one(setMemoryLimit(at, intent.memory));
    case 'set-stop-grace-period':
      return one(setEntry(text, document, service, 'stop_grace_period', `${intent.seconds}s`, { after: ['restart', 'stop_signal', ...IDENTITY] }));
    case 'set-instances':
      return one(setPath(text, document, service, ['deploy', 'replicas'], intent.count));
    case 'remove-instances':
      return one(removeInstances(at));
    case 'set-command': {
      const name = intent.instruction === 'CMD' ? 'command' : 'entrypoint';
      const own = service.index.get(name);
      return one(own ? replaceWithFlow(text, own, flowText(flowList(intent.argv), { isJson: false })) : insertEntry(text, document, service, name, flowList(intent.argv), { after: IDENTITY }));
    }
    case 'add-volume':
      return addVolume(at, intent.volume, intent.target);
    case 'set-mount-target':
      return setMountTarget(at, intent.from, intent.to);
    default:
      return undefined;
  }
}

function one(edit: TextEdit | undefined): TextEdit[] | undefined {
  return edit && [edit];
}

function serviceAt(text: string, resource: ResourceRef): ServiceAt | undefined {
  const document = parseAgain(text).documents[resource.document];
  const services = get(document?.root, 'services');
  const name = resource.path[1];
  if (!document || document.root?.kind !== 'map' || services?.kind !== 'map' || typeof name !== 'string') return undefined;
  // A service that is an alias as a whole has no text of its own to write into.
  const service = services.index.get(name)?.value;
  return service?.kind === 'map' ? { text, document, root: document.root, services, service } : undefined;
}

function setRestart({ text, document, service }: ServiceAt, policy: string): TextEdit[] | undefined {
  const deploy = service.index.get('deploy')?.value;
  const restartPolicy = deploy?.kind === 'map' ? deploy.index.get('restart_policy')?.value : undefined;
  // The policy under `deploy` wins over `restart`, and a count of attempts in it over its condition.
  const isCounted = restartPolicy?.kind === 'map' && restartPolicy.index.has('max_attempts');
  if (restartPolicy?.kind !== 'map' || (!isCounted && !restartPolicy.index.has('condition'))) return one(setEntry(text, document, service, 'restart', policy, { after: IDENTITY }));
  const edits = [setEntry(text, document, restartPolicy, 'condition', 'any'), ...(isCounted ? [removeEntry(text, restartPolicy, 'max_attempts')] : [])];
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

function setHealthCheck({ text, document, service }: ServiceAt, intent: Extract<ArtifactIntent, { kind: 'set-health-check' }>): TextEdit | undefined {
  const own = service.index.get('healthcheck')?.value;
  if (own?.kind === 'map') {
    const test = own.index.get('test');
    return test ? replaceWithFlow(text, test, flowText(flowList(intent.test), { isJson: false })) : insertEntry(text, document, own, 'test', flowList(intent.test));
  }
  if (own) return undefined;
  const check = map({
    test: flowList(intent.test),
    interval: intent.interval,
    timeout: intent.timeout,
    retries: intent.retries,
    start_period: intent.startPeriod,
  });
  return insertEntry(text, document, service, 'healthcheck', check);
}

function setStartCondition({ text, document, service }: ServiceAt, dependencies: readonly string[], condition: string): TextEdit[] | undefined {
  const pair = service.index.get('depends_on');
  if (!pair) return undefined;
  if (pair.value.kind === 'sequence') {
    return listToMap(text, document, pair, (name) => ['condition', dependencies.includes(name) ? condition : 'service_started']);
  }
  if (pair.value.kind !== 'map') return undefined;
  const edits: TextEdit[] = [];
  for (const name of dependencies) {
    const own = pair.value.index.get(name);
    if (!own) return undefined;
    const edit = own.value.kind === 'map' ? setEntry(text, document, own.value, 'condition', condition) : fillEmpty(text, document, own, 'condition', condition);
    if (!edit) return undefined;
    edits.push(edit);
  }
  return edits;
}

/** `mem_limit` where the file already writes it so, else the newer `deploy.resources.limits.memory`. */
function setMemoryLimit({ text, document, services, service }: ServiceAt, memory: string): TextEdit | undefined {
  // `Mi` is Kubernetes' word; Compose's `M` means the same.
  const value = memory.replace(/^(\d+(?:\.\d+)?)([KMGT])i$/, '$1$2');
  const isOldStyle = services.pairs.some((pair) => pair.value.kind === 'map' && pair.value.index.has('mem_limit'));
  const hasDeploy = services.pairs.some((pair) => get(pair.value, 'deploy', 'resources', 'limits') !== undefined);
  if (isOldStyle && !hasDeploy) return setEntry(text, document, service, 'mem_limit', value, { after: ['restart', ...IDENTITY] });
  return setPath(text, document, service, ['deploy', 'resources', 'limits', 'memory'], value);
}

function removeInstances({ text, service }: ServiceAt): TextEdit | undefined {
  const deploy = service.index.get('deploy')?.value;
  if (deploy?.kind !== 'map' || !deploy.index.has('replicas')) return removeEntry(text, service, 'scale');
  return deploy.pairs.length === 1 ? removeEntry(text, service, 'deploy') : removeEntry(text, deploy, 'replicas');
}
