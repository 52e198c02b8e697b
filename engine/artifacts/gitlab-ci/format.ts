// Pipelines of GitLab CI.

import { drillsOf } from '../../model/ci-steps';
import { defineFormat } from '../format';
import { writeValue, type Placement } from '../yaml/write-value';
import type { GitlabCiFacts } from './facts';
import { readGitlabCi, recogniseGitlabCi } from './read';

const PLACEMENT: Placement = { resource_group: { after: ['stage', 'extends', 'image'] }, timeout: { after: ['stage', 'extends', 'image'] } };

export const gitlabCiFormat = defineFormat<GitlabCiFacts>({
  name: 'gitlab-ci',
  title: 'GitLab CI',
  files: '.gitlab-ci.yml and what it includes',
  languages: ['yaml'],
  comment: '#',
  recognise: recogniseGitlabCi,
  read: readGitlabCi,
  link: (facts) => ({ jobs: facts.flatMap((file) => file.jobs), drills: drillsOf(facts.flatMap((file) => file.jobs)) }),
  write: (text, resource, intent) => writeValue(text, resource.document, intent, PLACEMENT),
});
