// Whether anything in a workspace keeps copies of what its stores hold: snapshots, backup tools, or a job that dumps.

import type { Placed } from './scopes';
import type { Setting, Workload } from '../model';

/** Groups of tools that back up volumes or whole namespaces. */
const TOOLS = /^(?:velero\.io|k8up\.io|backup\.appuio\.ch|stash\.appscode\.com|core\.kubestash\.com|cr\.kanister\.io|config\.kio\.kasten\.io|snapshot\.storage\.k8s\.io|longhorn\.io|volsync\.backube|gemini\.fairwinds\.com)$/;
const DUMPS = /\b(?:pg_dump(?:all)?|pg_basebackup|mysqldump|mariadb-dump|mariabackup|xtrabackup|mongodump|BGSAVE|restic|kopia|wal-g|wal-e|barman|pgbackrest|etcdctl snapshot|clickhouse-backup)\b/;
const NAMED = /(?:^|[-_/.])(?:backups?|dumps?|snapshots?)(?:$|[-_.:])/i;

/** Whether some object of the manifests is for backups. Linear. */
export function keepsBackups(placed: readonly Placed[]): boolean {
  return placed.some(({ object }) => {
    if (TOOLS.test(object.group)) return true;
    if (object.type !== 'workload') return false;
    const isJob = object.kind === 'Job' || object.kind === 'CronJob';
    return object.containers.some((container) => {
      const words = [container.command, container.arguments].flatMap((field) => (field.state === 'set' ? field.value : [])).join(' ');
      const image = container.image.state === 'set' ? container.image.value : '';
      return DUMPS.test(words) || DUMPS.test(image) || (isJob && (NAMED.test(object.name) || NAMED.test(image)));
    });
  });
}

/** The answer for one workload: only a database whose data lasts is asked. */
export function backupOf(workload: Workload, isKept: boolean): Setting<boolean> | undefined {
  if (workload.role !== 'database' || workload.isOneShot || workload.isFragment) return undefined;
  const lasts = workload.containers.some((container) => container.mounts.some((mount) => mount.kind === 'claim'));
  if (!lasts) return undefined;
  return isKept ? { state: 'set', value: true, at: workload.at } : { state: 'absent' };
}
