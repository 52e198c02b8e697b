// Two deploys at once overwrite each other, and the older one can win; a deploy that a newer push stops leaves half of its change behind.

import { defineRule } from '../../engine/lint/rule';
import type { CiJob } from '../../engine/model/ci';
import { deploysOf, isPreview } from '../../engine/model/ci-steps';
import { intend } from '../../engine/model/questions';

const STEPS = '    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - run: helm upgrade orders ./chart --atomic\n';

/** Events that can come again while a run is at work. */
const REPEATED = ['push', 'workflow_run', 'repository_dispatch'];

export const noConcurrentDeploy = defineRule({
  id: 'fault-tolerance/no-concurrent-deploy',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    races: 'Two pushes deploy at the same time, and the older one can win: `{job}` has no `{key}`.',
    cancelled: 'A newer push stops `{tool}` halfway: `{key}` is true.',
  },
  docs: {
    what: 'Reports a job that deploys and that a second run can overtake, or that a second run stops halfway.',
    why: 'Runs of two pushes do not end in the order of the pushes: the older version can be the last that is deployed. A tool that is stopped halfway leaves locks and half a change.',
    fix: 'Give the job a `concurrency` group of its own, with `cancel-in-progress: false`: a second deploy then waits for the first.',
    not: 'Previews of pull requests, releases and tags, deploys that a person starts, a workflow that is only called, a group that an expression decides; stopping deploys of platforms that switch whole versions.',
    references: ['https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/control-the-concurrency-of-workflows-and-jobs'],
  },
  check({ system, report }) {
    for (const job of system.jobs) {
      if (job.calls !== undefined || job.environment === 'test' || job.environment === 'development') continue;
      const deploys = job.steps.flatMap((step) => deploysOf(step, job));
      const [first] = deploys;
      if (!first || !job.triggers.some((trigger) => REPEATED.includes(trigger)) || isPreview(job)) continue;
      const related = [{ at: first.at, text: 'deploys' }];
      const subject = `job/${job.name}`;
      const words = wordsOf(job);
      const halfway = deploys.find((deploy) => deploy.isHalfway);
      if (job.concurrency.state === 'absent') report({ at: job.at, message: 'races', data: { job: job.name, key: words.group }, label: `no ${words.group}`, related, subject, fixes: job.isMatrix ? [] : [group(job)], severity: isForDevelopment(job) ? 'advice' : 'warning' });
      else if (job.concurrency.state === 'set' && job.concurrency.value.cancels === true && halfway) {
        const { at } = job.concurrency;
        report({ at, message: 'cancelled', data: { tool: halfway.tool, key: words.cancel }, related, subject, fixes: [{ title: 'Let the run at work end', safety: 'unsafe', operations: [intend(job.resource, { kind: 'replace-text', span: at.span, text: `${words.cancel}: false` })] }] });
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'a deploy on each push',
        files: { '.github/workflows/cd.yml': `on:\n  push:\n    branches: [main]\njobs:\n  «deploy»:\n${STEPS}` },
        expect: 'races',
        fixed: { '.github/workflows/cd.yml': `on:\n  push:\n    branches: [main]\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    concurrency:\n      group: "deploy-\${{ github.ref }}"\n      cancel-in-progress: false\n    timeout-minutes: 20\n    steps:\n      - run: helm upgrade orders ./chart --atomic\n` },
      },
      { name: 'an action that deploys', files: { '.github/workflows/cd.yml': 'on: [push]\njobs:\n  «deploy»:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          service: orders\n          wait-for-service-stability: true\n' }, expect: 'races' },
      {
        name: 'stopped halfway',
        files: { '.github/workflows/cd.yml': 'on: push\nconcurrency:\n  group: ${{ github.ref }}\n  «cancel-in-progress: true»\njobs:\n  apply:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - run: terraform apply -auto-approve\n' },
        expect: 'cancelled',
        fixed: { '.github/workflows/cd.yml': 'on: push\nconcurrency:\n  group: ${{ github.ref }}\n  cancel-in-progress: false\njobs:\n  apply:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - run: terraform apply -auto-approve\n' },
      },
      { name: 'behind other steps, through npx', files: { '.github/workflows/cd.yml': 'on: push\njobs:\n  «release»:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          npm ci\n          npx cdk deploy --all --require-approval never\n' }, expect: 'races' },
      {
        name: 'a GitLab job without conditions',
        files: { '.gitlab-ci.yml': '«deploy»:\n  stage: deploy\n  script:\n    - helm upgrade orders ./chart --atomic\n' },
        expect: 'races',
        fixed: { '.gitlab-ci.yml': 'deploy:\n  stage: deploy\n  resource_group: deploy\n  script:\n    - helm upgrade orders ./chart --atomic\n' },
      },
    ],
    good: [
      { name: 'GitLab drops the older of two deploys to an environment', files: { '.gitlab-ci.yml': 'deploy:\n  environment: production\n  script:\n    - helm upgrade orders ./chart --atomic\n' } },
      { name: 'one after another', files: { '.github/workflows/cd.yml': `on: push\nconcurrency: deploy\njobs:\n  deploy:\n${STEPS}` } },
      { name: 'the group of the job', files: { '.github/workflows/cd.yml': `on: push\njobs:\n  deploy:\n    concurrency: { group: deploy, cancel-in-progress: false }\n${STEPS}` } },
      { name: 'a preview of a pull request', files: { '.github/workflows/preview.yml': `on: pull_request\njobs:\n  preview:\n${STEPS}` } },
      { name: 'a plan changes nothing', files: { '.github/workflows/plan.yml': 'on: push\njobs:\n  plan:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - run: terraform plan\n      - run: kubectl apply --dry-run=server -f k8s\n' } },
      { name: 'a platform that switches whole versions may be stopped', files: { '.github/workflows/cd.yml': 'on: push\nconcurrency: { group: a, cancel-in-progress: true }\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    steps:\n      - run: npx wrangler deploy\n' } },
      { name: 'a person starts it', files: { '.github/workflows/cd.yml': `on: workflow_dispatch\njobs:\n  deploy:\n${STEPS}` } },
    ],
    unknown: [
      { name: 'the base is in another file', files: { '.gitlab-ci.yml': 'include: templates.yml\ndeploy:\n  extends: .deploy\n  script:\n    - terraform apply -auto-approve\n' } },
      { name: 'an expression decides', files: { '.github/workflows/cd.yml': `on: push\nconcurrency:\n  group: a\n  cancel-in-progress: \${{ github.ref != 'refs/heads/main' }}\njobs:\n  deploy:\n${STEPS}` } },
      { name: 'its callers may keep two apart', files: { '.github/workflows/_deploy.yml': `on: workflow_call\njobs:\n  deploy:\n${STEPS}` } },
    ],
  },
});

function wordsOf(job: CiJob): { readonly group: string; readonly cancel: string } {
  return job.format === 'gitlab-ci' ? { group: 'resource_group', cancel: 'interruptible' } : { group: 'concurrency', cancel: 'cancel-in-progress' };
}

function group(job: CiJob): { title: string; safety: 'unsafe'; operations: ReturnType<typeof intend>[] } {
  const key = wordsOf(job).group;
  const value = job.format === 'gitlab-ci' ? job.name : { 'group': `${job.name}-\${{ github.ref }}`, 'cancel-in-progress': false };
  return { title: 'Let a second deploy wait for the first', safety: 'unsafe', operations: [intend(job.resource, { kind: 'set-value', path: [...job.resource.path, key], value })] };
}

/** What it deploys to is called so: nobody's requests depend on which version runs there. */
function isForDevelopment(job: CiJob): boolean {
  const file = job.at.file.split('/').at(-1) ?? '';
  return [job.name, job.target ?? '', file].some((name) => /(?:^|[-_/ .])(?:dev|develop|development|sandbox|playground|docs?|storybook|pages)(?:[-_/ .]|$)/i.test(name));
}
