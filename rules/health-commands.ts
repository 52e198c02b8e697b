// Health checks that fixes insert: the known command of an image, or a question to the route that the code of the container already answers.

import type { ArtifactOperation } from '../engine/lint/fix';
import type { Container, Workload } from '../engine/model/model';
import { intend } from '../engine/model/questions';
import { knownHealthCheck } from './known-image';

export interface HealthCommand {
  /** Compose's `test`. */
  readonly test: readonly string[];
  /** Fix title. */
  readonly title: string;
  readonly startPeriod?: string;
}

/** A command that is sure to exist in the container; undefined where none is known. */
export function healthCommandOf(workload: Workload, container: Container): HealthCommand | undefined {
  const test = knownHealthCheck(container);
  const startPeriod = container.knownImage?.startPeriod;
  if (test && canRun(container, test)) {
    return {
      test: workload.format === 'compose' ? test : test.map((word) => word.replaceAll('$$', '$')),
      title: `Check \`${workload.name}\` with \`${programOf(test)}\``,
      ...(startPeriod === undefined ? {} : { startPeriod }),
    };
  }
  return routeCommand(container);
}

/** The first program of a test, behind `CMD`, `bash -c` and the like. */
export function programOf(test: readonly string[]): string {
  const [form, first = ''] = test;
  return form === 'CMD-SHELL' ? (first.split(/\s/, 1)[0] ?? '') : first;
}

function canRun(container: Container, test: readonly string[]): boolean {
  const program = programOf(test);
  return container.tools === undefined || !container.tools.lacks.includes(program);
}

/** Asks the code's own health route with what the image is known to have. */
function routeCommand(container: Container): HealthCommand | undefined {
  const route = container.health?.readiness ?? container.health?.liveness;
  const port = portOf(container);
  if (!route || port === undefined || !container.tools) return undefined;
  const url = `http://127.0.0.1:${port}${route.path}`;
  const title = `Check \`GET ${route.path}\` every 10 s`;
  const has = (tool: string): boolean => container.tools?.has.includes(tool) === true;
  if (title.length > 60 || /['"\s:*]/.test(route.path)) return undefined;
  if (has('node')) return { test: ['CMD', 'node', '-e', `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`], title };
  if (has('curl')) return { test: ['CMD', 'curl', '-fsS', url], title };
  if (has('wget')) return { test: ['CMD', 'wget', '-q', '--spider', url], title };
  return undefined;
}

/** Where the code listens: as its environment says, else the one port that the service names, else as code or Dockerfile say. */
function portOf(container: Container): number | undefined {
  const told = container.environment['PORT'];
  if (told && told.state !== 'set') return undefined;
  const number = Number(told?.value);
  if (number > 0) return number;
  const named = [...new Set(container.ports.flatMap((port) => port.number ?? []))];
  return named.length === 1 ? named[0] : (container.health?.port ?? container.build?.ports[0]);
}

/** The operation that gives a workload its health check. */
export function insertHealthCheck(workload: Workload, command: HealthCommand): ArtifactOperation {
  const { test, startPeriod } = command;
  return intend(workload.resource, { kind: 'set-health-check', test, interval: '10s', timeout: '5s', retries: 5, ...(startPeriod === undefined ? {} : { startPeriod }) });
}
