// Managed stores: what takes over when one is lost, what is kept when its data are.

import type { CloudStore } from './things';
import type { CloudView } from './fields';
import { foundOf } from './fields';
import type { CloudIndex } from './resource-index';
import type { Setting } from '../model';

/** Every managed store of the workspace; members of a cluster are counted at the cluster. */
export function storesOf(index: CloudIndex): CloudStore[] {
  const selections = index.ofKind('backup-selection');
  return index.ofKind('database', 'cache', 'search', 'broker', 'file-system', 'object-store', 'key-value', 'volume', 'stream').filter((view) => !isMember(view, index)).map((view) => storeOf(view, index, selections));
}

/** An instance that belongs to a cluster: the cluster is the store. */
function isMember(view: CloudView, index: CloudIndex): boolean {
  return index.written(view, 'memberOf').state === 'set' || index.written(view, 'memberOf').state === 'unknown';
}

function storeOf(view: CloudView, index: CloudIndex, selections: readonly CloudView[]): CloudStore {
  const website = index.flag(view, 'website');
  const members = membersOf(view, index);
  const automaticFailover = index.flag(view, 'automaticFailover');
  const backup = backupOf(view, index, selections);
  return {
    ...index.thing(view),
    kind: kindOf(view),
    engine: index.word(view, 'engine'),
    standby: standbyOf(view, index, members, automaticFailover),
    members,
    automaticFailover,
    backup,
    backupDays: days(index.amount(view, 'backupDays')),
    deletionProtection: index.flag(view, 'deletionProtection'),
    isRetained: index.flag(view, 'retained'),
    ...(view.concept.fields['deletionProtection']?.default === true ? { protectedByDefault: true } : {}),
    isDestroyedWhole: index.flag(view, 'destroyedWhole'),
    isReplica: index.flag(view, 'replicaOf'),
    isCache: view.concept.entry.kind === 'cache',
    expires: index.flag(view, 'expires'),
    hasFixedCapacity: capacityOf(view, index),
    ...(website.state === 'unknown' || (website.state === 'set' && website.value) || servesSite(view, index) ? { isWebsite: true } : {}),
  };
}

/** A distribution or a deployment of files names the bucket, or objects of it that come from files. */
function servesSite(view: CloudView, index: CloudIndex): boolean {
  return view.concept.entry.kind === 'object-store' && index.mentionedBy(view.id).some((type) => /distribution|bucketdeployment|origin_access|_(?:bucket_)?object$|storage_blob$|\.BucketObject(?:v2)?$/i.test(type));
}

function kindOf(view: CloudView): CloudStore['kind'] {
  const { kind } = view.concept.entry;
  switch (kind) {
    case 'cache':
    case 'search':
    case 'broker':
    case 'file-system':
    case 'object-store':
    case 'key-value':
    case 'volume':
    case 'stream':
      return kind;
    default:
      return 'database';
  }
}

const UNKNOWN: Setting<never> = { state: 'unknown', because: 'it cannot be known' };

/** A cluster counts the instances that name it, or those that it writes itself; others say a number. */
function membersOf(view: CloudView, index: CloudIndex): Setting<number> {
  const copies = membersEach(view, index);
  if (copies) return copies;
  if (!view.concept.traits.has('members')) return index.amount(view, 'members');
  const { fields } = view.concept;
  if ('readers' in fields || 'memberCount' in fields) return writtenMembers(view, index);
  if ('memberMap' in fields) return entriesOf(view, 'memberMap');
  const members = [...index.naming(view.id, 'store-member', 'of'), ...index.naming(view.id, 'database', 'memberOf')];
  if (members.length === 0) return UNKNOWN;
  let count = 0;
  for (const member of members) {
    const { copies: each, isConditional } = member.resource;
    if (each.state !== 'set' && each.state !== 'default') return UNKNOWN;
    if (isConditional) return UNKNOWN;
    count += each.value;
  }
  return { state: 'set', value: count, at: view.at };
}

/** Replicas of each shard, besides the primary. */
function membersEach(view: CloudView, index: CloudIndex): Setting<number> | undefined {
  const replicas = index.amount(view, 'replicasEach');
  if (replicas.state === 'set') return { ...replicas, value: replicas.value + 1 };
  return replicas.state === 'unknown' ? replicas : undefined;
}

/** A writer with its readers, or a count. */
function writtenMembers(view: CloudView, index: CloudIndex): Setting<number> {
  const writer = index.flag(view, 'writer');
  const readers = entriesOf(view, 'readers');
  if (writer.state === 'unknown' || readers.state === 'unknown') return UNKNOWN;
  if (writer.state !== 'set') return index.amount(view, 'memberCount');
  return readers.state === 'set' ? { ...readers, value: readers.value + 1 } : { state: 'default', value: 1, source: 'no readers' };
}

/** Items of a list or keys of a map. */
function entriesOf(view: CloudView, field: string): Setting<number> {
  const values = foundOf(view, field);
  const [first] = values;
  if (first === undefined || first === 'absent') return { state: 'absent' };
  if (first === 'unknown' || values.length > 1) return UNKNOWN;
  if (first.value.kind === 'list') return first.value.isOpen ? UNKNOWN : { state: 'set', value: first.value.items.length, at: first.value.at };
  if (first.value.kind === 'map') return first.value.isOpen ? UNKNOWN : { state: 'set', value: Object.keys(first.value.entries).length, at: first.value.at };
  return UNKNOWN;
}

function standbyOf(view: CloudView, index: CloudIndex, members: Setting<number>, automaticFailover: Setting<boolean>): Setting<boolean> {
  const { traits, entry } = view.concept;
  if (index.flag(view, 'oneZone').state === 'set') return negated(index.flag(view, 'oneZone'));
  if ('oneZone' in view.concept.fields && index.flag(view, 'oneZone').state === 'unknown') return UNKNOWN;
  if (traits.has('regional') || 'oneZone' in view.concept.fields) return { state: 'default', value: true, source: entry.sources[0] ?? entry.title };
  if (traits.has('members')) {
    const several = index.flag(view, 'multiZone');
    if (several.state === 'unknown' || (several.state === 'set' && several.value) || index.flag(view, 'serverless').state === 'set') return several.state === 'set' ? several : UNKNOWN;
    return atLeastTwo(members);
  }
  if (entry.kind === 'cache' && 'automaticFailover' in view.concept.fields) {
    // A group that fails over by itself has somewhere to go: the service refuses one node.
    if (automaticFailover.state === 'unknown' || (automaticFailover.state !== 'absent' && automaticFailover.value)) return automaticFailover.state === 'unknown' ? UNKNOWN : { state: 'default', value: true, source: 'automatic failover' };
    return atLeastTwo(members);
  }
  if (entry.kind === 'cache' && 'members' in view.concept.fields) return atLeastTwo(members);
  return index.flag(view, 'standby');
}

function negated(setting: Setting<boolean>): Setting<boolean> {
  return setting.state === 'set' || setting.state === 'default' ? { ...setting, value: !setting.value } : setting;
}

function atLeastTwo(members: Setting<number>): Setting<boolean> {
  if (members.state === 'set' || members.state === 'default') return members.value === 0 ? UNKNOWN : { ...members, value: members.value > 1 };
  return members.state === 'absent' ? UNKNOWN : members;
}

function days(setting: Setting<number>): Setting<number> {
  if (setting.state !== 'set' && setting.state !== 'default') return setting;
  // Durations come in seconds, the services' own numbers in days.
  return { ...setting, value: setting.value >= 86_400 ? Math.round(setting.value / 86_400) : setting.value };
}

/** A selection of a backup plan counts for what it names; one that chooses by tags may mean any store. */
function backupOf(view: CloudView, index: CloudIndex, selections: readonly CloudView[]): Setting<boolean> {
  const { fields, traits, entry } = view.concept;
  if (traits.has('self-backup')) return { state: 'default', value: true, source: entry.sources[0] ?? entry.title };
  const own = 'backup' in fields ? index.flag(view, 'backup') : positive(index.amount(view, 'backupDays'));
  if (own.state === 'unknown' || (own.state !== 'absent' && own.value)) return own;
  for (const selection of selections) {
    const named = index.named(selection, 'resources');
    if (named.ids.includes(view.id)) return { state: 'set', value: true, at: selection.at };
    if (named.isOpen || index.written(selection, 'tags').state !== 'absent') return { state: 'unknown', because: 'a backup plan chooses by tags' };
    const written = index.word(selection, 'resources');
    if (written.state === 'set' && written.value.endsWith('*')) return { state: 'set', value: true, at: selection.at };
  }
  return own;
}

function positive(setting: Setting<number>): Setting<boolean> {
  return setting.state === 'set' || setting.state === 'default' ? { ...setting, value: setting.value > 0 } : setting;
}

function capacityOf(view: CloudView, index: CloudIndex): Setting<boolean> {
  const fixed = index.flag(view, 'fixedCapacity');
  if (fixed.state !== 'set' && fixed.state !== 'default') return fixed;
  if (!fixed.value) return fixed;
  if (index.flag(view, 'scales').state === 'set') return { state: 'default', value: false, source: 'it scales' };
  const scalers = index.ofKind('autoscaler');
  if (index.mentioning(view.id).some((other) => other.concept.entry.kind === 'autoscaler')) return { state: 'default', value: false, source: 'it scales' };
  const name = index.word(view, 'identifier');
  if (scalers.some((scaler) => scalesByText(scaler, index, name.state === 'set' ? name.value : undefined))) return UNKNOWN;
  return fixed;
}

/** `table/orders`, or a text that cannot be known. */
function scalesByText(scaler: CloudView, index: CloudIndex, name: string | undefined): boolean {
  const target = index.word(scaler, 'target');
  if (target.state === 'unknown') return true;
  return target.state === 'set' && name !== undefined && target.value.endsWith(`/${name}`);
}
