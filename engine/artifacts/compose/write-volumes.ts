// Volumes of a Compose service, as a fix writes them: the mount of the service and the volume's own entry at the top.

import type { TextEdit } from '../../text';
import { appendItem, fillEmpty, insertEntry, setEntry, styleOf } from '../yaml/edit';
import { textOf } from '../yaml/look-up';
import { list, map } from '../yaml/render';
import type { YamlPair, YamlScalar } from '../yaml/tree';
import type { ServiceAt } from './service-at';

/** Mounts a named volume and declares it at the top where it is not declared yet. */
export function addVolume({ text, document, root, service }: ServiceAt, volume: string, target: string): TextEdit[] | undefined {
  const own = service.index.get('volumes');
  const mount = `${volume}:${target}`;
  const mounted = mountEdit();
  if (!mounted) return undefined;
  const declared = root.index.get('volumes');
  if (declared?.value.kind === 'map' && declared.value.index.has(volume)) return [mounted];
  const declaration = declareEdit(declared);
  return declaration ? [mounted, declaration] : undefined;

  function mountEdit(): TextEdit | undefined {
    if (!own) return insertEntry(text, document, service, 'volumes', list([mount]));
    return own.value.kind === 'sequence' ? appendItem(text, document, own.value, mount) : undefined;
  }

  function declareEdit(pair: YamlPair | undefined): TextEdit | undefined {
    if (!pair) {
      const edit = insertEntry(text, document, root, 'volumes', map({ [volume]: null }));
      const { lineBreak } = styleOf(text, document);
      return edit && root.style === 'block' ? { ...edit, newText: lineBreak + edit.newText } : edit;
    }
    if (pair.value.kind === 'map') return insertEntry(text, document, pair.value, volume, null);
    return fillEmpty(text, document, pair, volume, null);
  }
}

/** Moves a mount to another directory of the container; the rest of its text stays. */
export function setMountTarget({ text, document, service }: ServiceAt, from: string, to: string): TextEdit[] | undefined {
  const volumes = service.index.get('volumes')?.value;
  if (volumes?.kind !== 'sequence') return undefined;
  for (const item of volumes.items) {
    if (item.kind === 'map') {
      if (textOf(item.index.get('target')?.value) !== from) continue;
      const edit = setEntry(text, document, item, 'target', to);
      return edit && [edit];
    }
    if (item.kind === 'scalar') {
      const edit = shortFormEdit(text, item, from, to);
      if (edit) return [edit];
    }
  }
  return undefined;
}

function shortFormEdit(text: string, item: YamlScalar, from: string, to: string): TextEdit | undefined {
  const raw = text.slice(...item.span);
  const at = raw.lastIndexOf(`:${from}`);
  const next = raw[at + 1 + from.length];
  // The directory must end here: `/data` is no part of `/database`.
  if (at < 0 || (next !== undefined && !/[:"'\s]/.test(next))) return undefined;
  const start = item.span[0] + at + 1;
  return { span: [start, start + from.length], newText: to };
}
