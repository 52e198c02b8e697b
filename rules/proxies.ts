// Questions that several rules ask of the routes and pools of proxies.

import type { Fix, Safety } from '../engine/lint/fix';
import type { Severity } from '../engine/lint/finding';
import type { ArtifactIntent } from '../engine/artifacts/intent';
import type { ProxyListener, ProxyRoute, Upstream } from '../engine/model/proxy';
import { intend } from '../engine/model/questions';

type Part = ProxyRoute | Upstream | ProxyListener;

/** Free of lines. */
export function subjectOfPart(part: Part): string {
  return `${part.kind}/${part.name}`;
}

/** What is found in files for development or tests is advice. */
export function severityOfPart(part: Part, severity?: Severity): { readonly severity?: Severity } {
  if (part.environment === 'test' || part.environment === 'development') return { severity: 'advice' };
  return severity === undefined ? {} : { severity };
}

/** One fix of several insertions at a part. */
export function fixAt(part: Part, safety: Safety, fix: { readonly title: string; readonly intents: readonly ArtifactIntent[] } | undefined): readonly Fix[] {
  return fix ? [{ title: fix.title, safety, operations: fix.intents.map((intent) => intend(part.resource, intent)) }] : [];
}
