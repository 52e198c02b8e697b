// What a new probe asks: the route that the code already answers, what the catalogue knows of the image, else whether the port is open.

import type { Fix } from '../engine/lint/fix';
import type { Container } from '../engine/model/model';
import type { ArtifactIntent } from '../engine/artifacts/intent';
import { intend } from '../engine/model/questions';
import { knownProbe } from './known-image';

/** Fix that adds a readiness probe; none where nothing tells what to ask. */
export function addReadiness(container: Container): readonly Fix[] {
  const port = portOf(container);
  const route = container.health?.readiness;
  if (route && port !== undefined) {
    return [add(container, 'readiness', `on \`GET ${route.path}\``, 'safe', { handler: { kind: 'http', path: route.path, port }, periodSeconds: 10, timeoutSeconds: 2 })];
  }
  const known = knownProbe(container);
  if (known) {
    const title = known.kind === 'http' ? `on \`GET ${known.path}\`` : known.kind === 'exec' ? `with \`${known.command[0] ?? ''}\`` : `on port ${known.port}`;
    const timeoutSeconds = known.kind === 'exec' ? (known.timeoutSeconds ?? 5) : 2;
    return [add(container, 'readiness', title, 'safe', { handler: known, periodSeconds: Math.max(10, timeoutSeconds), timeoutSeconds })];
  }
  if (port === undefined) return [];
  return [add(container, 'readiness', `on port ${port}`, 'safe', { handler: { kind: 'tcp', port }, periodSeconds: 10, timeoutSeconds: 2 })];
}

/** Fix that adds a liveness probe, only where a route asks nothing but the process itself: any other restarts instances for the fault of a neighbour. */
export function addLiveness(container: Container): readonly Fix[] {
  const port = portOf(container);
  const route = container.health?.liveness;
  if (!route || port === undefined) return [];
  return [add(container, 'liveness', `on \`GET ${route.path}\``, 'unsafe', { handler: { kind: 'http', path: route.path, port }, periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 6 })];
}

type Asked = Omit<Extract<ArtifactIntent, { kind: 'set-probe' }>, 'kind' | 'probe'>;

function add(container: Container, probe: 'readiness' | 'liveness', asks: string, safety: Fix['safety'], asked: Asked): Fix {
  return { title: titled(`Add a ${probe} probe ${asks}`), safety, operations: [intend(container.resource, { kind: 'set-probe', probe, ...asked })] };
}

/** The port to ask: the one the code listens on, else the only declared one. */
function portOf(container: Container): number | string | undefined {
  const declared = container.ports.flatMap((port) => port.number ?? []);
  const listening = container.health?.port;
  if (listening !== undefined && (declared.length === 0 || declared.includes(listening))) return listening;
  return declared.length === 1 ? declared[0] : listening;
}

function titled(title: string): string {
  return title.length <= 60 ? title : `${title.slice(0, 58)}…\``;
}
