// Keeps only fixes that can be written. In a template a writer refuses what stands in or beside an action, in values what an alias shares; a file of JSON has no room for a second object, and what an overlay puts together (a probe that only a patch has) has no place of its own. A fix that is offered is a promise.

import { hasActions } from '../artifacts/kubernetes/template';
import { editsOf } from '../lint/edit';
import type { Finding } from '../lint/finding';
import type { Fix } from '../lint/fix';

/** The findings, without those fixes in templates, in JSON and in what overlays put together that their writer refuses. Costs one parse of the document for each such fix; nothing for others. */
export async function withWritableFixes(findings: readonly Finding[], textOf: (path: string) => string | undefined): Promise<readonly Finding[]> {
  const texts = new Map<string, string | undefined>();
  const cachedText = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, textOf(path));
    return texts.get(path);
  };
  const isInDoubt = (fix: Fix): boolean =>
    fix.operations.some((operation) => operation.language === 'artifact' && (operation.resource.format === 'helm' || operation.resource.document < 0 || operation.intent.kind === 'set-probe-field' || operation.file.endsWith('.json') || hasActions(cachedText(operation.file) ?? '')));
  const result: Finding[] = [];
  for (const finding of findings) {
    if (!finding.fixes.some(isInDoubt)) {
      result.push(finding);
      continue;
    }
    const fixes: Fix[] = [];
    for (const fix of finding.fixes) if (!isInDoubt(fix) || (await editsOf(fix, cachedText))) fixes.push(fix);
    result.push(fixes.length === finding.fixes.length ? finding : { ...finding, fixes });
  }
  return result;
}
