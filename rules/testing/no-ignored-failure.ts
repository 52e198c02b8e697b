// A test or deploy whose failure nobody sees says that all is well. What it was to prevent then happens in production.

import { defineRule } from '../../engine/lint/rule';
import { intend } from '../../engine/model/questions';
import type { CiJob } from '../../engine/model/ci';
import type { Setting } from '../../engine/model/model';
import { purposeOf, purposeOfStep } from '../../engine/model/ci-steps';

const JOB = 'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 10\n';

export const noIgnoredFailure = defineRule({
  id: 'testing/no-ignored-failure',
  since: '0.1.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    flag: 'A failed {purpose} looks like success: `{key}` is true.',
    command: 'A failed {purpose} looks like success: its command ends in `|| true`.',
  },
  docs: {
    what: 'Reports a test or a deploy in a pipeline whose failure is ignored.',
    why: 'The pipeline stays green while nothing is tested or deployed, until the difference is seen in production.',
    fix: 'Let the step fail, or read its outcome in a later step.',
    not: 'Linters, reports, coverage and notifications; a step whose outcome is read later; a matrix entry that is marked as an experiment; jobs that a person starts.',
    references: ['https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions#jobsjob_idstepscontinue-on-error'],
  },
  check({ system, report }) {
    for (const job of system.jobs) {
      if (job.environment === 'test' || job.environment === 'development' || job.isManual) continue;
      const key = job.format === 'gitlab-ci' ? 'allow_failure' : 'continue-on-error';
      const flag = (setting: Setting<boolean>, purpose: string | undefined, resource: CiJob['resource'], subject: string): void => {
        if (setting.state !== 'set' || !setting.value || purpose === undefined) return;
        report({
          at: setting.at, message: 'flag', data: { purpose, key }, subject,
          fixes: [{ title: `Remove \`${key}\``, safety: 'unsafe', operations: [intend(resource, { kind: 'remove-value', path: [...resource.path, key] })] }],
        });
      };
      const purposes = job.steps.map((step) => purposeOfStep(step, job));
      flag(job.ignoresFailure, purposes.find((purpose) => purpose === 'deploy') ?? purposes.find((purpose) => purpose !== undefined), job.resource, `job/${job.name}`);
      for (const [i, step] of job.steps.entries()) {
        if (step.isOutcomeRead) continue;
        flag(step.ignoresFailure, purposes[i], step.resource, `job/${job.name}/${step.name}`);
        for (const command of step.commands) {
          const purpose = command.ignored ? purposeOf(command, job) : undefined;
          if (purpose !== undefined && command.ignored) report({ at: command.ignored, message: 'command', data: { purpose }, subject: `job/${job.name}/${command.words.slice(0, 3).join(' ')}` });
        }
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'a test step',
        files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: npm test\n        «continue-on-error: true»\n` },
        expect: 'flag',
        fixed: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: npm test\n` },
      },
      { name: 'a command', files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: |\n          npm ci\n          «npm run test:e2e» || true\n          echo done\n` }, expect: 'command' },
      { name: 'a deploy of a whole job', files: { '.github/workflows/cd.yml': 'on: push\nconcurrency: cd\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    timeout-minutes: 10\n    «continue-on-error: true»\n    steps:\n      - run: npx serverless deploy --stage prod\n' }, expect: 'flag' },
      {
        name: 'a GitLab job',
        files: { '.gitlab-ci.yml': 'e2e:\n  script:\n    - npx playwright test\n  «allow_failure: true»\n' },
        expect: 'flag',
        fixed: { '.gitlab-ci.yml': 'e2e:\n  script:\n    - npx playwright test\n' },
      },
    ],
    good: [
      { name: 'a linter', files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: npm run lint\n        continue-on-error: true\n` } },
      { name: 'coverage', files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: npm run test:coverage-upload || true\n` } },
      { name: 'its outcome is read', files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - id: e2e\n        run: npm run e2e\n        continue-on-error: true\n      - if: steps.e2e.outcome == 'failure'\n        run: ./report.sh && exit 1\n` } },
      { name: 'the failure of something else', files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: |\n          docker rm -f db || true\n          npm test\n` } },
      { name: 'a job that a person starts', files: { '.gitlab-ci.yml': 'e2e:\n  script: npx playwright test\n  when: manual\n  allow_failure: true\n' } },
    ],
    unknown: [
      { name: 'an expression', files: { '.github/workflows/ci.yml': `${JOB}    continue-on-error: \${{ matrix.experimental }}\n    steps:\n      - run: npm test\n` } },
      { name: 'a script of its own', files: { '.github/workflows/ci.yml': `${JOB}    steps:\n      - run: ./scripts/build.sh\n        continue-on-error: true\n` } },
    ],
  },
});
