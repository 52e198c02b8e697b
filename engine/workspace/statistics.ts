// What a run read and joined, in numbers.

import type { WorkloadRole } from '../../catalog/schema';
import type { LinkedWorkspace } from '../link';
import type { Statistics } from '../workspace';
import type { StoredFile } from './file-store';

const STORES: ReadonlySet<WorkloadRole> = new Set<WorkloadRole>(['database', 'cache', 'broker', 'queue', 'search', 'coordinator', 'object-store']);

/** Counts of one run. Package files and data files that no reader recognised are not counted. */
export function statisticsOf(files: readonly StoredFile[], linked: LinkedWorkspace, seen: number, timings: Readonly<Record<string, number>>, isWanted: (path: string) => boolean): Statistics {
  const counted = files.filter((file) => isWanted(file.path));
  const code = counted.filter((file) => file.kind === 'code');
  const infrastructure = counted.filter((file) => file.facts.some((facts) => facts.kind !== 'code' && facts.kind !== 'package'));
  const stores = linked.system.workloads.filter((workload) => STORES.has(workload.role)).length;
  return {
    files: code.length + infrastructure.length,
    seenFiles: seen,
    codeFiles: code.length,
    infrastructureFiles: infrastructure.length,
    parsedFiles: code.filter((file) => file.isParsed).length,
    cachedFiles: counted.filter((file) => file.isCached).length,
    workloads: linked.system.workloads.length - stores,
    stores,
    unknownValues: linked.system.unknowns.length,
    timings,
  };
}
