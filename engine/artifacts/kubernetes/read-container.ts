// Reads one container of a pod template: image, probes, resources, environment, mounts.

import type { Span } from '../../text';
import { booleanOf, find, items, numberOf, resolve, textOf } from '../yaml/look-up';
import { lineEnd, type YamlNode } from '../yaml/tree';
import type { ContainerFact, EnvironmentFact, Field, ProbeFact } from './facts';
import { ask, isMasked, isOpen, itemsAt, nodeAt, numberField, sourceText, textField, textsField, type Source } from './fields';

/** Reads the container at `path` of the document. */
export function readContainer(source: Source, node: YamlNode, list: ContainerFact['list'], index: number, path: readonly (string | number)[]): ContainerFact {
  const name = find(node, 'name');
  const first: Span = [node.span[0], Math.min(lineEnd(source.text, node.span[0]), node.span[1])];
  const ports = nodeAt(source, node, 'ports');
  const environment = nodeAt(source, node, 'env');
  const mounts = ask(source, node, 'volumeMounts');
  return {
    list,
    index,
    path,
    name: sourceText(source, name?.node) ?? '',
    nameSpan: name?.pair?.value.span ?? first,
    block: first,
    image: imageField(source, node),
    ...(ask(source, node, 'image').kind === 'unknown' ? { hasOpenTag: true } : {}),
    ports: items(ports).map((port) => readPort(source, port)),
    hasOpenPorts: isOpen(source, ports) || ask(source, node, 'ports').kind === 'unknown',
    command: textsField(source, node, 'command'),
    arguments: textsField(source, node, 'args'),
    environment: items(environment).flatMap((entry) => readEnvironment(source, entry) ?? []),
    environmentFrom: itemsAt(source, node, 'envFrom').map((entry) => readEnvironmentFrom(source, entry)),
    hasOpenEnvironment: isOpen(source, environment) || ask(source, node, 'env').kind === 'unknown' || ask(source, node, 'envFrom').kind === 'unknown',
    liveness: probeField(source, node, 'livenessProbe'),
    readiness: probeField(source, node, 'readinessProbe'),
    startup: probeField(source, node, 'startupProbe'),
    memoryLimit: textField(source, node, 'resources', 'limits', 'memory'),
    memoryRequest: textField(source, node, 'resources', 'requests', 'memory'),
    cpuLimit: textField(source, node, 'resources', 'limits', 'cpu'),
    cpuRequest: textField(source, node, 'resources', 'requests', 'cpu'),
    preStop: preStopField(source, node),
    mounts: items(nodeAt(source, node, 'volumeMounts')).flatMap((mount) => {
      const target = textOf(find(mount, 'mountPath')?.node);
      const span = find(mount, 'mountPath')?.pair?.span;
      return target === undefined || !span ? [] : [{ name: sourceText(source, find(mount, 'name')?.node) ?? '', target, span }];
    }),
    hasOpenMounts: mounts.kind === 'unknown' || (mounts.kind === 'node' && isOpen(source, mounts.node)),
    restartPolicy: textField(source, node, 'restartPolicy'),
  };
}

function imageField(source: Source, node: YamlNode): Field<string> {
  const answer = ask(source, node, 'image');
  if (answer.kind === 'unknown') {
    // `repository/name:{{ .Values.tag }}` still tells what runs.
    const written = find(node, 'image')?.node;
    const literal = written?.kind === 'scalar' ? /^["']?([\w./-]+):[^/]*$/.exec(written.text.replace(/\uE000+/g, ''))?.[1] : undefined;
    if (literal && written?.kind === 'scalar' && !isMasked(written.text.slice(0, literal.length))) return { state: 'set', value: literal, span: written.span };
  }
  return textField(source, node, 'image');
}

function readPort(source: Source, port: YamlNode): ContainerFact['ports'][number] {
  const found = find(port, 'containerPort');
  const number = numberOf(found?.node);
  const name = sourceText(source, find(port, 'name')?.node);
  return {
    ...(number === undefined ? {} : { number }),
    ...(name === undefined ? {} : { name }),
    protocol: textOf(find(port, 'protocol')?.node) ?? 'TCP',
    span: found?.pair?.span ?? port.span,
  };
}

function readEnvironment(source: Source, entry: YamlNode): EnvironmentFact | undefined {
  const name = textOf(find(entry, 'name')?.node);
  if (name === undefined || isMasked(name)) return undefined;
  const span = find(entry, 'value')?.pair?.span ?? entry.span;
  const value = textField(source, entry, 'value');
  if (value.state === 'set') return { name, kind: 'value', value: value.value, span };
  for (const [key, of] of [['configMapKeyRef', 'ConfigMap'], ['secretKeyRef', 'Secret']] as const) {
    const reference = find(entry, 'valueFrom', key)?.node;
    if (reference) return { name, kind: 'reference', of, object: sourceText(source, find(reference, 'name')?.node) ?? '', key: sourceText(source, find(reference, 'key')?.node) ?? '', span };
  }
  return { name, kind: 'unknown', span };
}

function readEnvironmentFrom(source: Source, entry: YamlNode): ContainerFact['environmentFrom'][number] {
  const prefix = textOf(find(entry, 'prefix')?.node) ?? '';
  for (const [key, kind] of [['configMapRef', 'ConfigMap'], ['secretRef', 'Secret']] as const) {
    const reference = find(entry, key)?.node;
    if (reference) return { kind, name: sourceText(source, find(reference, 'name')?.node) ?? '', prefix };
  }
  return { kind: 'unknown', name: '', prefix };
}

function probeField(source: Source, node: YamlNode, key: string): Field<ProbeFact> {
  const answer = ask(source, node, key);
  if (answer.kind === 'absent') return { state: 'absent' };
  if (answer.kind === 'unknown') return { state: 'unknown', because: answer.because };
  if (resolve(answer.node)?.kind !== 'map') return { state: 'unknown', because: 'it is not of the expected type' };
  const number = (name: string): Field<number> => numberField(source, answer.node, name);
  return {
    state: 'set',
    span: answer.span,
    value: {
      handler: readHandler(source, answer.node),
      initialDelaySeconds: number('initialDelaySeconds'),
      periodSeconds: number('periodSeconds'),
      timeoutSeconds: number('timeoutSeconds'),
      failureThreshold: number('failureThreshold'),
      successThreshold: number('successThreshold'),
      span: answer.span,
      keySpan: answer.keySpan,
    },
  };
}

function readHandler(source: Source, probe: YamlNode): ProbeFact['handler'] {
  const http = nodeAt(source, probe, 'httpGet');
  if (http) {
    const port = portOf(source, http);
    const path = textField(source, http, 'path');
    const scheme = textField(source, http, 'scheme');
    if (!port || path.state === 'unknown') return { kind: 'unknown' };
    return { kind: 'http', path: path.state === 'set' ? path.value : '/', ...port, ...(scheme.state === 'set' ? { scheme: scheme.value } : {}) };
  }
  const tcp = nodeAt(source, probe, 'tcpSocket');
  if (tcp) {
    const port = portOf(source, tcp);
    return port ? { kind: 'tcp', ...port } : { kind: 'unknown' };
  }
  const command = textsField(source, probe, 'exec', 'command');
  if (command.state === 'set') return { kind: 'exec', command: command.value };
  const grpc = numberField(source, probe, 'grpc', 'port');
  return grpc.state === 'set' ? { kind: 'grpc', port: grpc.value } : { kind: 'unknown' };
}

function portOf(source: Source, handler: YamlNode): { port: number | string; portSpan: Span } | undefined {
  const port = textField(source, handler, 'port');
  if (port.state !== 'set') return undefined;
  const number = numberOf(find(handler, 'port')?.node);
  return { port: number ?? port.value, portSpan: port.span };
}

/** A `preStop` and how long it sleeps, where that is a literal. */
function preStopField(source: Source, node: YamlNode): ContainerFact['preStop'] {
  const answer = ask(source, node, 'lifecycle', 'preStop');
  if (answer.kind === 'absent') return { state: 'absent' };
  if (answer.kind === 'unknown') return { state: 'unknown', because: answer.because };
  const native = numberField(source, answer.node, 'sleep', 'seconds');
  if (native.state === 'set') return { state: 'set', value: { sleepSeconds: native.value }, span: answer.span };
  const command = textsField(source, answer.node, 'exec', 'command');
  const seconds = command.state === 'set' ? sleepSeconds(command.value) : undefined;
  return { state: 'set', value: seconds === undefined ? {} : { sleepSeconds: seconds }, span: answer.span };
}

/** Sum of the literal sleeps of a command, in seconds; undefined where it has none. */
export function sleepSeconds(command: readonly string[]): number | undefined {
  const text = command.join(' ');
  let total: number | undefined;
  for (const match of text.matchAll(/(?:^|[\s;&|])(?:\/(?:usr\/)?bin\/)?sleep\s+(\d{1,6}(?:\.\d{1,3})?)(m?)s?(?=$|[\s;&|"'])/g)) {
    total = (total ?? 0) + Number(match[1]) * (match[2] === 'm' ? 60 : 1);
  }
  return total;
}

/** Whether a scalar is a true boolean. */
export function isTrue(node: YamlNode | undefined): boolean {
  return booleanOf(node) === true;
}
