// Looks up evaluated properties of a job and says how sure they are.

import { parseDuration } from '../../duration';
import type { Setting } from '../../model/model';
import type { CloudMap, CloudValue } from '../cloud';
import { booleanOf, numberOf, textOf } from '../terraform/values';

/** The blocks of a name, in their order; those of dynamic blocks that cannot be known are left out. */
export function blocksIn(map: CloudMap | undefined, name: string): readonly CloudMap[] {
  const value = map?.entries[name];
  const items = value?.kind === 'list' ? value.items : value ? [value] : [];
  return items.flatMap((item) => (item.kind === 'map' ? [item] : []));
}

/** Whether further blocks of a name may be there. */
export function isOpenFor(map: CloudMap | undefined, name: string): boolean {
  const value = map?.entries[name];
  return map?.isOpen === true || (value?.kind === 'list' && value.isOpen) || value?.kind === 'unknown';
}

/** A property as a setting; a default of a variable counts, since that is what runs unless someone says otherwise. */
export function settingIn<T>(map: CloudMap | undefined, name: string, convert: (value: CloudValue) => T | undefined): Setting<T> {
  const value = map?.entries[name];
  if (!value) return map?.isOpen ? { state: 'unknown', because: 'a part of the block cannot be read' } : { state: 'absent' };
  const made = convert(value);
  return made === undefined ? { state: 'unknown', because: 'its value is not known' } : { state: 'set', value: made, at: value.at };
}

export function numberIn(map: CloudMap | undefined, name: string): Setting<number> {
  return settingIn(map, name, numberOf);
}

export function textIn(map: CloudMap | undefined, name: string): Setting<string> {
  return settingIn(map, name, textOf);
}

export function flagIn(map: CloudMap | undefined, name: string): Setting<boolean> {
  return settingIn(map, name, booleanOf);
}

/** Milliseconds of `30s`. */
export function durationIn(map: CloudMap | undefined, name: string): Setting<number> {
  return settingIn(map, name, (value) => (value.kind === 'text' ? parseDuration(value.value) : undefined));
}

/** What holds where nothing is written. `source`: where that default is documented. */
export function orDefault<T>(setting: Setting<T>, value: T, source: string): Setting<T> {
  return setting.state === 'absent' ? { state: 'default', value, source } : setting;
}
