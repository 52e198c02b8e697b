// Why a file has no findings, in one sentence: the answer to the first question of everyone who misses a mark.

import { recogniseFormat } from '../engine/artifacts/formats';
import { kindOfPath } from '../engine/read';
import type { Session } from './session';

/** Cost: one listing of the folder where the file took no part in the last run. */
export async function whyNotChecked(session: Session, uri: string): Promise<string> {
  const place = session.placeOf(uri);
  if (!place) return 'It is not checked: it is no file on this machine.';
  const { folder, path } = place;
  if (!folder.settings.enable) return 'It is not checked: `holdfast.enable` is off for this folder.';
  const kind = kindOfPath(path);
  if (kind === undefined) return 'It is not checked: Holdfast reads TypeScript, JavaScript and the infrastructure files that docs/formats.md lists.';
  const snapshot = await folder.settled();
  if (!snapshot) return 'It is not checked yet: the first run has not ended.';
  const problem = snapshot.result.problems.find((one) => one.file === path);
  if (problem) return problem.extent === 'not-read' ? `It was not read: ${problem.because}.` : `It was read in part: ${problem.because}.`;

  const findings = snapshot.result.findings.filter((finding) => finding.at.file === path).length;
  const suppressed = snapshot.result.suppressed.filter(({ finding }) => finding.at.file === path).length;
  if (findings + suppressed > 0) return `It is checked: ${countOf(findings, 'finding')}${suppressed === 0 ? '' : `, ${suppressed} disabled with a reason`}.`;
  const facts = folder.workspace.linked?.code.files.find((file) => file.path === path)?.facts;
  if (facts && facts.role !== 'server') return `It is read, but not as code of a server: it counts as ${roleWords[facts.role]}.`;
  if (facts && facts.clients.length + facts.calls.length > 0)
    return `It is checked, and nothing was found: ${countOf(facts.calls.length, 'call')} and ${countOf(facts.clients.length, 'client')} were read.`;

  const { files } = await folder.options.host.list([], (listed) => listed === path);
  if (!files.some((file) => file.path === path)) return 'It is not checked: .gitignore, .holdfastignore, `ignore` in the configuration or its folder leaves it out.';
  if (kind === 'code') return 'It is checked, and nothing was found: it holds no call that Holdfast knows.';
  const text = folder.workspace.textOf(path);
  const format = kind === 'yaml' || kind === 'artifact' ? recogniseFormat(path, text ?? '') : undefined;
  if (kind === 'yaml' && !format) return 'It is not checked: it is of no format that Holdfast knows (docs/formats.md).';
  if (format) return `It is read as ${format.title}, and nothing was found.`;
  return 'It is checked, and nothing was found.';
}

const roleWords = { server: 'server', test: 'a test', script: 'a script', browser: 'browser code', generated: 'generated', declaration: 'a declaration' } as const;

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
