// Writes what a fix asks of a unit: one line in its section.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { unitLines } from './lines';

/** The smallest edits that do what is asked; undefined where the format has no word for it. */
export function writeSystemd(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  switch (intent.kind) {
    case 'replace-text':
      return [{ span: intent.span, newText: intent.text }];
    case 'set-restart': {
      const hasDelay = intent.delaySeconds === undefined || unitLines(text).lines.some((line) => line.section === 'Service' && line.key === 'RestartSec');
      const policy = intent.policy === 'unless-stopped' ? 'always' : intent.policy;
      return setLines(text, 'Service', [['Restart', policy], ...(hasDelay ? [] : [['RestartSec', `${intent.delaySeconds ?? 0}s`] as const])]);
    }
    case 'set-stop-grace-period':
      return setLines(text, 'Service', [['TimeoutStopSec', `${intent.seconds}s`]]);
    case 'set-directive':
      return setLines(text, intent.section ?? String(resource.path[0] ?? 'Service'), [[intent.name, intent.value]]);
    default:
      return undefined;
  }
}

/** Replaces a line that is there, else adds lines behind the last one of their section, which is made where it is absent. */
function setLines(text: string, section: string, pairs: readonly (readonly [key: string, value: string])[]): TextEdit[] | undefined {
  const { lines, sections } = unitLines(text);
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [key, value] of pairs) {
    const own = lines.findLast((line) => line.section === section && line.key === key);
    if (own) edits.push({ span: own.span, newText: `${key}=${value}` });
    else added.push(`${key}=${value}`);
  }
  if (added.length === 0) return edits;
  const last = lines.findLast((line) => line.section === section);
  const header = sections.find((candidate) => candidate.name === section);
  const at = last?.span[1] ?? header?.span[1];
  if (at !== undefined) edits.push({ span: [at, at], newText: lineBreak + added.join(lineBreak) });
  else {
    const first = sections[0]?.span[0] ?? text.length;
    edits.push({ span: [first, first], newText: [`[${section}]`, ...added, '', ''].join(lineBreak) });
  }
  return edits;
}
