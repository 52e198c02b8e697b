// A job that hangs holds its runner, and whoever waits for it, until the platform gives up: on GitHub after six hours.

import { formatDuration } from '../../engine/duration';
import { defineRule } from '../../engine/lint/rule';
import type { CiJob } from '../../engine/model/ci';
import { intend, settled } from '../../engine/model/questions';

const HEAD = 'on: push\njobs:\n';

export const boundCiJob = defineRule({
  id: 'testing/bound-ci-job',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'hung',
  options: {
    limit: { type: 'duration', default: '60min', describe: 'The limit that the fix sets.' },
    longest: { type: 'duration', default: '2h', describe: "A platform's own default up to this length counts as a limit." },
  },
  messages: {
    missing: 'A hung job runs for {default}: `timeout-minutes` is {minutes} by default.',
    steps: { text: 'A job that hangs between its steps runs for {default}: only its steps have limits.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a job of a pipeline that nothing stops but the default of its platform, where that is hours long.',
    why: 'A test that waits for a port, a lost network connection or a prompt keeps the runner busy. Other jobs queue behind it, and a fix of an outage waits with them.',
    fix: 'Set `timeout-minutes` on the job, to a few times of what it usually takes.',
    not: 'Jobs that call another workflow (they take no limit; the called jobs are judged), a limit that an expression sets, platforms whose default is short (GitLab stops a job after one hour), and workflows of examples and tests.',
    references: ['https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions#jobsjob_idtimeout-minutes'],
  },
  check({ system, options, report }) {
    for (const job of system.jobs) {
      const { limit, longest } = options(job.at.file);
      const common = { subject: `job/${job.name}`, fixes: [{ title: `Stop after ${minutesOf(limit)} min`, safety: 'unsafe' as const, operations: [intend(job.resource, { kind: 'set-value', path: [...job.resource.path, 'timeout-minutes'], value: minutesOf(limit) })] }] };
      if (job.calls !== undefined || job.environment === 'test' || job.environment === 'development') continue;
      const byDefault = job.timeoutMs.state === 'default' ? job.timeoutMs.value : 0;
      if (byDefault <= longest) continue;
      report({ ...common, at: job.at, message: areStepsBound(job) ? 'steps' : 'missing', data: { default: formatDuration(byDefault), minutes: minutesOf(byDefault) }, label: 'no timeout-minutes' });
    }
  },
  examples: {
    bad: [
      {
        name: 'a job without a limit',
        files: { '.github/workflows/ci.yml': `${HEAD}  «test»:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n` },
        expect: 'missing',
        fixed: { '.github/workflows/ci.yml': `${HEAD}  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 60\n    steps:\n      - run: npm test\n` },
      },
      {
        name: 'one of two, with Windows line breaks and a comment',
        files: { '.github/workflows/ci.yml': 'on: push\r\njobs:\r\n  lint:\r\n    runs-on: ubuntu-latest\r\n    timeout-minutes: 5\r\n    steps: []\r\n  «test»:\r\n    needs: lint\r\n    runs-on: [self-hosted, linux] # ours\r\n    steps: []\r\n' },
        expect: 'missing',
        fixed: { '.github/workflows/ci.yml': 'on: push\r\njobs:\r\n  lint:\r\n    runs-on: ubuntu-latest\r\n    timeout-minutes: 5\r\n    steps: []\r\n  test:\r\n    needs: lint\r\n    runs-on: [self-hosted, linux] # ours\r\n    timeout-minutes: 60\r\n    steps: []\r\n' },
      },
      {
        name: 'a job in flow style, and another value',
        files: { '.github/workflows/ci.yaml': `${HEAD}  «test»: { runs-on: ubuntu-latest, steps: [{ run: make }] }\n` },
        options: { limit: 900_000 },
        expect: 'missing',
        fixed: { '.github/workflows/ci.yaml': `${HEAD}  test: { runs-on: ubuntu-latest, timeout-minutes: 15, steps: [{ run: make }] }\n` },
      },
      {
        name: 'a job in a called workflow',
        files: { '.github/workflows/_deploy.yml': 'on: workflow_call\njobs:\n  «deploy»:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./deploy.sh\n' },
        expect: 'missing',
      },
      {
        name: 'every step has a limit',
        files: { '.github/workflows/ci.yml': `${HEAD}  «test»:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm ci\n        timeout-minutes: 5\n      - run: npm test\n        timeout-minutes: 10\n` },
        expect: 'steps',
      },
    ],
    good: [
      { name: 'a limit', files: { '.github/workflows/ci.yml': `${HEAD}  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 10\n    steps: []\n` } },
      { name: 'a caller of another workflow', files: { '.github/workflows/ci.yml': `${HEAD}  deploy:\n    uses: ./.github/workflows/_deploy.yml\n    secrets: inherit\n` } },
      { name: 'the description of an action', files: { '.github/actions/setup/action.yml': 'name: setup\nruns:\n  using: composite\n  steps: []\njobs: {}\n' } },
      { name: 'a workflow of an example', files: { 'examples/shop/.github/workflows/ci.yml': `${HEAD}  test:\n    runs-on: ubuntu-latest\n    steps: []\n` } },
      { name: 'GitLab stops a job after an hour', files: { '.gitlab-ci.yml': 'test:\n  script: npm test\n' } },
    ],
    unknown: [
      { name: 'an expression', files: { '.github/workflows/ci.yml': `${HEAD}  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: \${{ inputs.minutes }}\n    steps: []\n` } },
      { name: 'a syntax error cuts the job off', files: { '.github/workflows/ci.yml': `${HEAD}  test:\n    runs-on: ubuntu-latest\n    name: "test\n    timeout-minutes: 5\n` } },
    ],
  },
});

function minutesOf(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000));
}

function areStepsBound(job: CiJob): boolean {
  return job.steps.length > 0 && job.steps.every((step) => settled(step.timeoutMs) !== undefined);
}
