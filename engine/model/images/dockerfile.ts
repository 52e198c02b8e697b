// Turns the stages of Dockerfiles into images of the model: what the last stage, or the one that a build names, comes to with all it inherits.

import type { DockerfileCommand, DockerfileFacts, DockerfileStage } from '../../artifacts/dockerfile/facts';
import type { CompiledCatalog } from '../../catalog';
import { parseDuration } from '../../duration';
import { imageEntry, imageTools, isInitProgram } from './known-images';
import type { HealthCheck, Image, ImageCommand, Setting } from '../model';

/** The stages that make up one image, the last one first. */
function chainOf(facts: DockerfileFacts, target: string | undefined): { readonly index: number; readonly stage: DockerfileStage }[] {
  const wanted = target === undefined ? facts.stages.length - 1 : facts.stages.findIndex((stage, i) => stage.name === target.toLowerCase() || String(i) === target);
  const chain: { index: number; stage: DockerfileStage }[] = [];
  for (let index: number | undefined = wanted; index !== undefined && index >= 0 && chain.length <= facts.stages.length;) {
    const stage: DockerfileStage | undefined = facts.stages[index];
    if (!stage) break;
    chain.push({ index, stage });
    index = stage.baseStage;
  }
  return chain;
}

/** The image of a Dockerfile (or of one of its stages); undefined where the target is no stage of it. */
export function imageFromDockerfile(facts: DockerfileFacts, target: string | undefined, buildContext: string, usedBy: readonly string[], catalog: CompiledCatalog): Image | undefined {
  const chain = chainOf(facts, target);
  const [last] = chain;
  if (!last) return undefined;
  const file = facts.path;
  const base = chain.at(-1)?.stage.base;
  const ownEntrypoint = chain.findIndex(({ stage }) => stage.entrypoint !== undefined);
  // An ENTRYPOINT drops the CMD that a stage below it has set.
  const commands = ownEntrypoint < 0 ? chain : chain.slice(0, ownEntrypoint + 1);
  const first = <T>(select: (stage: DockerfileStage) => T | undefined, over = chain): T | undefined => over.map(({ stage }) => select(stage)).find((value) => value !== undefined);
  const toSetting = <T>(value: T | undefined, span = last.stage.fromSpan): Setting<T> => (value === undefined ? { state: 'absent' } : { state: 'set', value, at: { file, span } });
  const found = (select: (stage: DockerfileStage) => DockerfileCommand | undefined, over = chain): ImageCommand | undefined => {
    const holder = over.find(({ stage }) => select(stage) !== undefined);
    const written = holder && select(holder.stage);
    return written && { ...convertCommand(file, written), resource: { file, format: 'dockerfile', document: 0, path: ['stages', holder.index] } };
  };
  const command = found((stage) => stage.command, commands);
  const entrypoint = found((stage) => stage.entrypoint);
  const removed = new Set(last.stage.removes);
  const shell = first((stage) => stage.shell);
  const entry = base === undefined ? undefined : imageEntry(base, catalog);
  const baseShell = base === undefined || !entry ? undefined : imageTools(base, entry).shell;
  const start = entrypoint ?? command;
  return {
    file,
    resource: { file, format: 'dockerfile', document: 0, path: ['stages', last.index] },
    base: base === undefined ? { state: 'unknown', because: 'a build argument without default' } : { state: 'set', value: base, at: { file, span: chain.at(-1)?.stage.fromSpan ?? last.stage.fromSpan } },
    command: toSetting(command, command?.at.span),
    entrypoint: toSetting(entrypoint, entrypoint?.at.span),
    healthCheck: healthCheckOf(file, chain.map(({ stage }) => stage)),
    ports: [...new Set(chain.flatMap(({ stage }) => stage.ports))],
    stopSignal: toSetting(first((stage) => stage.stopSignal)),
    installs: [...new Set(chain.flatMap(({ stage }) => stage.installs))].filter((name) => !removed.has(name)),
    removes: [...removed],
    usedBy,
    buildContext,
    ...(baseShell ? { baseShell } : {}),
    hasInit: start !== undefined && isInitProgram(start.argv.find((word) => word !== 'exec') ?? ''),
    ...(shell ? { shell } : {}),
  };
}

function convertCommand(file: string, command: DockerfileCommand): ImageCommand {
  return { form: command.form, argv: command.argv, text: command.text, at: { file, span: command.span }, isBrokenJson: command.isBrokenJson };
}

function healthCheckOf(file: string, chain: readonly DockerfileStage[]): Setting<HealthCheck> {
  const check = chain.find((stage) => stage.healthCheck !== undefined)?.healthCheck;
  if (!check) return { state: 'absent' };
  const at = { file, span: check.span };
  const duration = (text: string | undefined, fallback: number): Setting<number> => {
    const value = text === undefined ? undefined : parseDuration(text);
    if (text === undefined) return { state: 'default', value: fallback, source: 'Docker' };
    return value === undefined ? { state: 'unknown', because: 'a build argument' } : { state: 'set', value, at };
  };
  const { command } = check;
  const value: HealthCheck = {
    isDisabled: check.isDisabled,
    test: !command ? { form: 'unknown' } : command.form === 'exec' ? { form: 'argv', argv: command.argv } : { form: 'shell', command: command.text },
    intervalMs: duration(check.interval, 30_000),
    timeoutMs: duration(check.timeout, 30_000),
    retries: check.retries === undefined ? { state: 'default', value: 3, source: 'Docker' } : { state: 'set', value: check.retries, at },
    startPeriodMs: duration(check.startPeriod, 0),
    at,
  };
  return { state: 'set', value, at };
}
