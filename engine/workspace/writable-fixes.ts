// Keeps only fixes that can be written. In a template a writer refuses what stands in or beside an action, in values what an alias shares, and a fix that is offered is a promise.

import { hasActions } from '../artifacts/kubernetes/template';
import { editsOf } from '../lint/edit';
import type { Finding } from '../lint/finding';
import type { Fix } from '../lint/fix';

/** The findings, without those fixes in templates that their writer refuses. Costs one parse of the document for each such fix; nothing for files without template actions. */
export async function withWritableFixes(findings: readonly Finding[], textOf: (path: string) => string | undefined): Promise<readonly Finding[]> {
  const texts = new Map<string, string | undefined>();
  const cachedText = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, textOf(path));
    return texts.get(path);
  };
  const isInTemplate = (fix: Fix): boolean => fix.operations.some((operation) => operation.language === 'artifact' && (operation.resource.format === 'helm' || hasActions(cachedText(operation.file) ?? '')));
  const result: Finding[] = [];
  for (const finding of findings) {
    if (!finding.fixes.some(isInTemplate)) {
      result.push(finding);
      continue;
    }
    const fixes: Fix[] = [];
    for (const fix of finding.fixes) if (!isInTemplate(fix) || (await editsOf(fix, cachedText))) fixes.push(fix);
    result.push(fixes.length === finding.fixes.length ? finding : { ...finding, fixes });
  }
  return result;
}
