// Volumes and tmpfs of a Compose service, in their short and long forms.

import { get, items, resolve, textOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import type { ComposeMount } from './facts';
import { isTrue } from './field';
import { interpolate, isUnknown } from './interpolate';

/** Every mount; `isOpen` where a part of the list cannot be known. */
export function readMounts(service: YamlNode): { mounts: ComposeMount[]; isOpen: boolean } {
  const volumes = get(service, 'volumes');
  const mounts: ComposeMount[] = [];
  let isOpen = get(service, 'volumes_from') !== undefined || volumes?.tag !== undefined || (volumes !== undefined && volumes.kind !== 'sequence' && textOf(volumes) !== undefined);
  for (const item of items(volumes)) {
    const mount = item.kind === 'map' ? longForm(item) : shortForm(item);
    if (mount) mounts.push(mount);
    else isOpen = true;
  }
  const tmpfs = get(service, 'tmpfs');
  for (const item of tmpfs?.kind === 'scalar' ? [tmpfs] : items(tmpfs)) {
    const target = known(interpolate((textOf(item) ?? '').split(':', 1)[0] ?? ''));
    mounts.push({ kind: 'memory', target, isReadOnly: false, span: item.span });
  }
  return { mounts, isOpen };
}

function known(text: string): string | undefined {
  return isUnknown(text) || text === '' ? undefined : text;
}

function shortForm(node: YamlNode): ComposeMount | undefined {
  const text = textOf(node);
  if (text === undefined) return undefined;
  const span = resolve(node)?.span ?? node.span;
  // A drive letter is no separator.
  const parts = interpolate(text).split(/(?<!^[A-Za-z]):/);
  const [first = '', second, mode] = parts;
  if (second === undefined) return { kind: isUnknown(first) ? 'unknown' : 'anonymous', target: known(first), isReadOnly: false, span };
  const isReadOnly = /(?:^|,)ro(?:,|$)/.test(mode ?? '');
  const target = known(second);
  if (isUnknown(first)) return { kind: 'unknown', target, isReadOnly, span };
  const isHost = /^[./~\\]|^[A-Za-z]:/.test(first);
  return { kind: isHost ? 'host' : 'named', source: first, target, isReadOnly, span };
}

function longForm(map: YamlNode): ComposeMount | undefined {
  const type = textOf(get(map, 'type')) ?? 'volume';
  const target = known(interpolate(textOf(get(map, 'target')) ?? textOf(get(map, 'destination')) ?? textOf(get(map, 'dst')) ?? ''));
  const source = interpolate(textOf(get(map, 'source')) ?? textOf(get(map, 'src')) ?? '');
  const common = { target, isReadOnly: isTrue(get(map, 'read_only')), span: map.span };
  switch (type) {
    case 'bind':
      return { kind: 'host', ...(source === '' ? {} : { source }), ...common };
    case 'tmpfs':
      return { kind: 'memory', ...common };
    case 'volume':
      if (source === '') return { kind: 'anonymous', ...common };
      return isUnknown(source) ? { kind: 'unknown', ...common } : { kind: 'named', source, ...common };
    case 'npipe':
      return { kind: 'config', ...common };
    default:
      return { kind: 'unknown', ...common };
  }
}
