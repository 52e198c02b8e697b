// The health check of a Compose service.

import { get, items, resolve, textOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import type { ComposeHealthCheck, Field } from './facts';
import { ABSENT, durationField, isTrue, numberField, unknown } from './field';
import { interpolate, isUnknown } from './interpolate';

/** Reads `healthcheck`. A check that is switched off is an answer, not an absence. */
export function readHealthCheck(node: YamlNode | undefined): Field<ComposeHealthCheck> {
  const map = resolve(node);
  if (!node) return ABSENT;
  if (map?.tag !== undefined && map.tag.startsWith('!')) return unknown(`\`${map.tag}\` changes what is merged`);
  if (map?.kind === 'scalar' && textOf(map) === undefined) return ABSENT;
  if (map?.kind !== 'map') return unknown('not a map');
  const test = get(map, 'test');
  const read = readTest(test);
  const value: ComposeHealthCheck = {
    isDisabled: isTrue(get(map, 'disable')) || read.isNone,
    test: read.test,
    intervalMs: durationField(get(map, 'interval')),
    timeoutMs: durationField(get(map, 'timeout')),
    retries: numberField(get(map, 'retries')),
    startPeriodMs: durationField(get(map, 'start_period')),
    testSpan: test?.span ?? map.span,
  };
  return { state: 'set', value, span: map.span };
}

function readTest(node: YamlNode | undefined): { test: ComposeHealthCheck['test']; isNone: boolean } {
  const test = resolve(node);
  if (!test) return { test: { form: 'absent' }, isNone: false };
  if (test.kind === 'scalar') {
    const text = textOf(test);
    if (text === undefined) return { test: { form: 'absent' }, isNone: false };
    const command = interpolate(text);
    if (command.trim() === 'NONE') return { test: { form: 'argv', argv: ['NONE'] }, isNone: true };
    return { test: isUnknownCommand(command) ? { form: 'unknown' } : { form: 'shell', command }, isNone: false };
  }
  const argv = items(test).map((item) => interpolate(textOf(item) ?? ''));
  const [form, ...rest] = argv;
  if (form === 'NONE') return { test: { form: 'argv', argv }, isNone: true };
  if (form === undefined || isUnknown(form)) return { test: { form: 'unknown' }, isNone: false };
  if (form === 'CMD-SHELL') return { test: rest.length === 1 && !isUnknownCommand(rest[0] ?? '') ? { form: 'shell', command: rest[0] ?? '' } : { form: 'unknown' }, isNone: false };
  if (form === 'CMD') return { test: isUnknown(rest[0] ?? '') ? { form: 'unknown' } : { form: 'argv', argv: rest }, isNone: false };
  return { test: { form: 'malformed', argv }, isNone: false };
}

/** An unknown value inside an argument does not hide which tool runs; an unknown first word does. */
function isUnknownCommand(command: string): boolean {
  return isUnknown(command.trim().split(/\s/, 1)[0] ?? '');
}
