// Numbers of members and words on backups in a resource of an operator, wherever it writes them. The catalogue knows which of them mean what.

import { entries, items, textOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import type { OtherObject } from './facts';
import { isMasked } from './fields';

/** Keys that operators use for the number of members, and for backups. */
const ASKED = /^(?:instances|replicas|size|members|count|numberOfInstances|enabled|enableLogicalBackup)$/;
const BACKUP = /^(?:backups?|plugins|backupSchedules|schedule|tasks|enableLogicalBackup)$/;
const DEEPEST = 5;
const MOST = 40;

/** Scalars of the asked keys below a spec, and the presence of keys on backups (as an empty text). Bounded in depth and number. */
export function settingsOf(spec: YamlNode | undefined): NonNullable<OtherObject['settings']> {
  const found: NonNullable<OtherObject['settings']>[number][] = [];
  const visit = (node: YamlNode | undefined, path: string, depth: number): void => {
    if (depth > DEEPEST) return;
    for (const { name, pair, value } of entries(node)) {
      if (found.length >= MOST) return;
      const at = `${path}.${name}`;
      const text = textOf(value);
      if (ASKED.test(name) && text !== undefined && !isMasked(text)) found.push({ path: at, text, span: pair.span });
      else if (ASKED.test(name) || BACKUP.test(name)) found.push({ path: at, text: '', span: pair.span });
      if (value?.kind === 'map') visit(value, at, depth + 1);
      for (const item of items(value)) visit(item, `${at}[]`, depth + 1);
    }
  };
  visit(spec, 'spec', 0);
  return found;
}
