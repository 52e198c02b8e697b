// Workflows of GitHub Actions (Gitea and Forgejo read the same).

import type { CiJob } from '../../model/ci';
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
  comment: '#',
  recognise: recogniseWorkflow,
  read: readWorkflow,
  link: (facts) => ({ jobs: withCallers(facts.flatMap((file) => file.jobs)) }),
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
