// A job that hangs, or that is tried again without end, is noticed by what it leaves undone; the next runs wait for it or pile up on top of it.

import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { JobSettings, Workload } from '../../engine/model/model';
import { intend, settled, severityFor, subjectOf } from '../../engine/model/questions';

type Messages = 'never' | 'overlap' | 'stuck' | 'endless' | 'retries';

const OPTIONS = { most: { type: 'number', default: 20, minimum: 1, describe: 'More attempts of one Job than these are too many.' } } as const;

export const boundJobRetries = defineRule<Messages, typeof OPTIONS>({
  id: 'fault-tolerance/bound-job-retries',
  since: '0.2.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'hung',
  options: OPTIONS,
  messages: {
    never: { text: '`{workload}` never runs: its controller looks every 10 s, `startingDeadlineSeconds` is {seconds}.', severity: 'error' },
    overlap: 'Slow runs of `{workload}` pile up: it starts {often}, and `concurrencyPolicy` lets them overlap.',
    stuck: 'One hung run of `{workload}` is its last: the next ones wait for it, and no `activeDeadlineSeconds` ends it.',
    endless: { text: 'A hung run of `{workload}` never ends: it has no `activeDeadlineSeconds`.', severity: 'advice' },
    retries: '`{workload}` fails {count} times before anybody is told: `backoffLimit` is {limit}.',
  },
  docs: {
    what: 'Reports a CronJob that cannot start in time, whose runs overlap or are stopped by one that hangs, and a Job without an end or with very many attempts.',
    why: 'A Job has no time limit of its own. A run that waits for a lock or a dead callee keeps its resources, and what it was to do (a backup, a bill) is missing without any error.',
    fix: 'Set `concurrencyPolicy: Forbid` and an `activeDeadlineSeconds` above the longest run.',
    not: 'Schedules of once an hour or less, unless runs may not overlap; suspended jobs; a policy that was chosen in writing; values that a template or overlay decides.',
    references: ['https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline'],
  },
  check({ system, options, report }) {
    for (const workload of system.workloads) {
      const found = workload.job && !workload.isFragment && !workload.job.isSuspended ? judge(workload, workload.job, options(workload.at.file).most) : undefined;
      if (found) report({ ...found, subject: subjectOf(workload), ...(workload.environment === 'unknown' || workload.environment === 'production' ? {} : { severity: severityFor(workload, 'info') }) });
    }
  },
  examples: {
    bad: [
      {
        name: 'a deadline shorter than the controller looks',
        files: { 'k8s/report.yaml': cronJob('  «startingDeadlineSeconds: 5»\n') },
        expect: 'never',
        fixed: { 'k8s/report.yaml': cronJob('  startingDeadlineSeconds: 200\n') },
      },
      {
        name: 'every five minutes, one over the other',
        files: { 'k8s/sync.yaml': cronJob('', '*/5 * * * *', '«sync»') },
        expect: 'overlap',
        fixed: { 'k8s/sync.yaml': cronJob('', '*/5 * * * *', 'sync').replace('  schedule: "*/5 * * * *"\n', '  schedule: "*/5 * * * *"\n  concurrencyPolicy: Forbid\n').replace('    spec:\n', '    spec:\n      activeDeadlineSeconds: 3600\n') },
      },
      {
        name: 'runs that wait for a hung one',
        files: { 'k8s/backup.yaml': cronJob('  concurrencyPolicy: Forbid\n', '0 3 * * *', '«backup»') },
        expect: 'stuck',
        fixed: { 'k8s/backup.yaml': cronJob('  concurrencyPolicy: Forbid\n', '0 3 * * *', 'backup').replace('    spec:\n', '    spec:\n      activeDeadlineSeconds: 3600\n') },
      },
      { name: 'a Job without an end', files: { 'k8s/migrate.yaml': job('', '«migrate»') }, expect: 'endless' },
      { name: 'a hundred attempts', files: { 'k8s/migrate.yaml': job('  activeDeadlineSeconds: 600\n  «backoffLimit: 100»\n') }, expect: 'retries' },
    ],
    good: [
      { name: 'one at a time, with an end', files: { 'k8s/sync.yaml': cronJob('  concurrencyPolicy: Forbid\n', '*/5 * * * *').replace('    spec:\n', '    spec:\n      activeDeadlineSeconds: 600\n') } },
      { name: 'once a night, with an end', files: { 'k8s/report.yaml': cronJob('', '0 3 * * *').replace('    spec:\n', '    spec:\n      activeDeadlineSeconds: 600\n') } },
      { name: 'a new run replaces the old one', files: { 'k8s/sync.yaml': cronJob('  concurrencyPolicy: Replace\n', '*/5 * * * *') } },
      { name: 'suspended', files: { 'k8s/sync.yaml': cronJob('  suspend: true\n', '*/5 * * * *') } },
      { name: 'overlap allowed in writing', files: { 'k8s/sync.yaml': cronJob('  concurrencyPolicy: Allow\n', '*/5 * * * *').replace('    spec:\n', '    spec:\n      activeDeadlineSeconds: 600\n') } },
    ],
    unknown: [
      { name: 'the schedule and its policy come from template values', files: { 'chart/templates/sync.yaml': cronJob('  concurrencyPolicy: {{ .Values.policy }}\n', '*/5 * * * *').replace('    spec:\n', '    spec:\n      activeDeadlineSeconds: {{ .Values.deadline }}\n') } },
      { name: 'a template may add keys', files: { 'chart/templates/sync.yaml': cronJob('  {{- include "shop.cron" . | nindent 2 }}\n', '*/5 * * * *').replace('    spec:\n', '    spec:\n      {{- include "shop.job" . | nindent 6 }}\n') } },
    ],
  },
});

type Found = Omit<Report<Messages>, 'subject'>;

/** The worst of a job, one finding: what keeps it from running, then what piles up, then what never ends. */
function judge(workload: Workload, job: JobSettings, most: number): Found | undefined {
  const { startingDeadlineSeconds: start, backoffLimit } = job;
  const data = { workload: workload.name };
  if (start.state === 'set' && start.value < 10) {
    const fix: Fix = { title: 'Set `startingDeadlineSeconds` to 200', safety: 'safe', operations: [intend(workload.resource, { kind: 'set-value', path: [...workload.resource.path, 'spec', 'startingDeadlineSeconds'], value: 200 })] };
    return { at: start.at, message: 'never', data: { ...data, seconds: start.value }, fixes: start.at.file === workload.resource.file ? [fix] : [] };
  }
  const often = settled(job.schedule) === undefined ? undefined : howOften(settled(job.schedule) ?? '');
  if (workload.kind === 'CronJob' && often !== undefined && job.concurrency.state === 'default') return { at: workload.at, message: 'overlap', data: { ...data, often }, fixes: [oneAtATime(workload, job)] };
  const isEndless = job.deadlineSeconds.state === 'absent';
  if (isEndless && workload.kind === 'CronJob' && settled(job.concurrency) === 'Forbid') return { at: workload.at, message: 'stuck', data, fixes: [endIt(workload)] };
  if (isEndless && !isHook(workload) && settled(job.concurrency) !== 'Replace') return { at: workload.at, message: 'endless', data, fixes: [endIt(workload)] };
  if (backoffLimit.state === 'set' && backoffLimit.value > most) return { at: backoffLimit.at, message: 'retries', data: { ...data, count: backoffLimit.value + 1, limit: backoffLimit.value } };
  return undefined;
}

/** Whoever runs a hook has a limit of its own. */
function isHook(workload: Workload): boolean {
  return workload.isHook === true;
}

/** A schedule of more than once an hour, in words; undefined for rarer ones. */
function howOften(schedule: string): string | undefined {
  const [minute = ''] = schedule.trim().split(/\s+/);
  if (minute === '*') return 'every minute';
  const step = /^(?:\*|\d+(?:-\d+)?)\/(\d+)$/.exec(minute)?.[1];
  if (step !== undefined) return Number(step) < 60 ? `every ${step} min` : undefined;
  const times = minute.split(',').length;
  return times > 1 ? `${times} times an hour` : undefined;
}

const HOUR = 3_600;

function deadlinePath(workload: Workload): readonly (string | number)[] {
  return [...workload.resource.path, ...(workload.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : ['spec']), 'activeDeadlineSeconds'];
}

function endIt(workload: Workload): Fix {
  return { title: 'End a run after 1 h', safety: 'unsafe', operations: [intend(workload.resource, { kind: 'set-value', path: deadlinePath(workload), value: HOUR })] };
}

/** Forbidding overlap without an end would let one hung run stop all others. */
function oneAtATime(workload: Workload, job: JobSettings): Fix {
  const forbid = intend(workload.resource, { kind: 'set-value', path: [...workload.resource.path, 'spec', 'concurrencyPolicy'], value: 'Forbid' });
  const end = job.deadlineSeconds.state === 'absent' ? [intend(workload.resource, { kind: 'set-value', path: deadlinePath(workload), value: HOUR })] : [];
  return { title: 'Run one at a time', safety: 'unsafe', operations: [forbid, ...end] };
}

function cronJob(lines: string, schedule = '0 3 * * *', name = 'report'): string {
  return `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: ${name}\nspec:\n  schedule: "${schedule}"\n${lines}  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: job\n              image: shop/job:1\n`;
}

function job(lines: string, name = 'migrate'): string {
  return `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${name}\nspec:\n${lines}  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: job\n          image: shop/job:1\n`;
}
