// Writes what a fix asks of an object into the resource of Terraform's Kubernetes provider that makes it.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { CloudLiteral } from '../cloud';
import { parseHcl } from '../hcl/parse';
import type { HclBlock } from '../hcl/tree';
import { placeIn, removeInBlock, setInBlock, type HclPath } from '../hcl/write';
import type { ArtifactIntent } from '../intent';
import { kindOfType } from './kinds';

const BLOCKS: Readonly<Record<string, string>> = { containers: 'container', initContainers: 'init_container' };

/** The smallest edits of `text` that do what is asked; undefined where the provider has no word for it or the place is gone. */
export function writeKubernetesResource(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  const block = parseHcl(text).body.blocks.filter((one) => one.type === 'resource' && kindOfType(one.labels[0]?.text ?? '') !== undefined)[resource.document];
  if (!block) return undefined;
  const place = placeIn(text, false);
  const at = resource.path.map((step) => (typeof step === 'string' ? (BLOCKS[step] ?? step) : step));
  const set = (path: HclPath, value: CloudLiteral): TextEdit[] | undefined => setInBlock(place, block, [...at, ...path], value);
  const hasTemplate = inner(inner(block, 'spec'), 'template') !== undefined;
  switch (intent.kind) {
    case 'set-instances':
      return set(['spec', 'replicas'], intent.count);
    case 'remove-instances':
      return removeInBlock(place, block, ['spec', 'replicas']);
    case 'set-stop-grace-period':
      return hasTemplate ? set(['spec', 'template', 'spec', 'termination_grace_period_seconds'], intent.seconds) : undefined;
    case 'set-memory-limit':
      return setMemory(set, blockAt(block, at), intent.memory, intent.cpuRequest);
    case 'set-cpu-request':
      return set(['resources', 'requests', 'cpu'], intent.cpu);
    case 'add-pre-stop':
      return set(['lifecycle', 'pre_stop', 'exec', 'command'], ['sleep', String(intent.seconds)]);
    case 'set-probe':
      return set([`${intent.probe}_probe`], probeOf(intent));
    case 'set-probe-field':
      return intent.field === 'port' || intent.field === 'path' ? undefined : set([`${intent.probe}_probe`, intent.field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)], intent.value);
    default:
      return undefined;
  }
}

function inner(block: HclBlock | undefined, type: string, index = 0): HclBlock | undefined {
  return block?.body.blocks.filter((one) => one.type === type)[index];
}

function blockAt(block: HclBlock, path: HclPath): HclBlock | undefined {
  let found: HclBlock | undefined = block;
  path.forEach((step, i) => {
    const next = path[i + 1];
    if (typeof step === 'string') found = inner(found, step, typeof next === 'number' ? next : 0);
  });
  return found;
}

/** Both amounts in one block where there is none yet. */
function setMemory(set: (path: HclPath, value: CloudLiteral) => TextEdit[] | undefined, container: HclBlock | undefined, memory: string, cpu: string | undefined): TextEdit[] | undefined {
  if (!inner(container, 'resources')) return set(['resources'], { limits: { memory }, ...(cpu === undefined ? {} : { requests: { cpu } }) });
  const limit = set(['resources', 'limits', 'memory'], memory);
  const request = cpu === undefined ? [] : set(['resources', 'requests', 'cpu'], cpu);
  return limit && request && [...limit, ...request];
}

function probeOf(intent: Extract<ArtifactIntent, { kind: 'set-probe' }>): CloudLiteral {
  const { handler } = intent;
  return {
    ...(intent.periodSeconds === undefined ? {} : { period_seconds: intent.periodSeconds }),
    ...(intent.timeoutSeconds === undefined ? {} : { timeout_seconds: intent.timeoutSeconds }),
    ...(intent.failureThreshold === undefined ? {} : { failure_threshold: intent.failureThreshold }),
    ...(handler.kind === 'http' ? { http_get: { path: handler.path, port: handler.port } } : handler.kind === 'tcp' ? { tcp_socket: { port: handler.port } } : { exec: { command: handler.command } }),
  };
}
