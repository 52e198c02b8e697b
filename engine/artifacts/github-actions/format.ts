// Workflows of GitHub Actions (Gitea and Forgejo read the same).

import type { CompiledCatalog } from '../../catalog';
import type { CiJob, CiService } from '../../model/ci';
import { drillsOf } from '../../model/ci-steps';
import { imageEntry } from '../../model/images/known-images';
import { defineFormat } from '../format';
import { writeValue, type Placement } from '../yaml/write-value';
import type { WorkflowFacts } from './facts';
import { readWorkflow, recogniseWorkflow } from './read';

const PLACEMENT: Placement = {
  'timeout-minutes': { after: ['runs-on', 'name'] },
  'concurrency': { after: ['environment', 'runs-on', 'permissions', 'on'] },
  'options': { after: ['image'] },
};

export const githubActionsFormat = defineFormat<WorkflowFacts>({
  name: 'github-actions',
  title: 'GitHub Actions',
  files: '.github/workflows/*.yml, also of Gitea and Forgejo',
  languages: ['yaml', 'github-actions-workflow'],
  comment: '#',
  recognise: recogniseWorkflow,
  read: readWorkflow,
  link: (facts, { catalog }) => ({ jobs: withCallers(facts.flatMap((file) => file.jobs)).map((job) => ({ ...job, services: job.services.map((service) => withKnown(service, catalog)) })), drills: drillsOf(facts.flatMap((file) => file.jobs)) }),
  write: (text, resource, intent) => writeValue(text, resource.document, intent, PLACEMENT),
});

/** A workflow that is only called runs when its callers do, and what keeps two runs of each caller apart keeps its own apart. */
function withCallers(jobs: readonly CiJob[]): CiJob[] {
  return jobs.map((job) => {
    const isOnlyCalled = job.triggers.length === 1 && job.triggers[0] === 'call';
    if (!isOnlyCalled || job.concurrency.state !== 'absent') return job;
    return { ...job, concurrency: { state: 'unknown', because: 'its callers may keep two runs apart' } };
  });
}

function withKnown(service: CiService, catalog: CompiledCatalog): CiService {
  const entry = service.image.state === 'set' ? imageEntry(service.image.value, catalog) : undefined;
  if (!entry) return service;
  const [form, ...words] = entry.healthCheck ?? [];
  const command = entry.checkHolds?.needs === undefined && form !== undefined ? words.join(' ').replaceAll('$$', '$') : undefined;
  return { ...service, known: { role: entry.role, hasHealthCheck: entry.hasHealthCheck === true, ...(command === undefined || command === '' ? {} : { healthCommand: command }) } };
}
