// The numbers of a health check decide how long a dead target keeps getting requests, and whether a living one is thrown out.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { CloudTargetGroup } from '../../engine/model/cloud/things';
import { settled } from '../../engine/model/questions';
import { isLive, subjectOfThing } from '../cloud-fixes';

type Messages = 'slow' | 'overlap';

export const noUnsafeHealthCheckTiming = defineRule<Messages>({
  id: 'load-balancing/no-unsafe-health-check-timing',
  since: '0.2.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    slow: 'A dead target of `{name}` gets requests for {seconds} s: it is noticed after {count} checks, one every {interval} s.',
    overlap: { text: 'Nobody can make `{name}`: its health check waits {timeout} s for an answer, longer than its interval of {interval} s.', severity: 'error' },
  },
  docs: {
    what: 'Reports a health check that takes more than two minutes to notice a dead target, and one that waits for an answer as long as its interval or longer.',
    why: 'Until the check has failed often enough, the dead target keeps its share of the requests.',
    fix: 'Check every 10 s or so, and take a target out after two or three failures.',
    not: 'Numbers that cannot be known, and target groups without targets that fail (functions).',
  },
  check({ system, report }) {
    for (const group of system.cloud.targetGroups) {
      const found = isLive(group) && settled(group.targetType) !== 'lambda' ? judge(group) : undefined;
      if (found) report(found);
    }
  },
  examples: {
    bad: [
      { name: 'five failures, a minute apart', files: { 'main.tf': group('    interval            = «60»\n    unhealthy_threshold = 5') }, expect: 'slow' },
      { name: 'the default of three failures', files: { 'main.tf': group('    interval = «120»') }, expect: 'slow' },
      { name: 'ten failures', files: { 'main.tf': group('    interval            = «15»\n    unhealthy_threshold = 10') }, expect: 'slow' },
      { name: 'waits as long as its interval', files: { 'main.tf': group('    interval = 5\n    timeout  = «10»') }, expect: 'overlap' },
    ],
    good: [
      { name: 'the defaults', files: { 'main.tf': group('    path = "/healthz"') } },
      { name: 'often', files: { 'main.tf': group('    interval            = 10\n    timeout             = 5\n    unhealthy_threshold = 2') } },
      { name: 'functions as targets', files: { 'main.tf': group('    interval = 300', '  target_type = "lambda"\n') } },
      { name: 'slow with one failure', files: { 'main.tf': group('    interval            = 60\n    unhealthy_threshold = 2') } },
    ],
    unknown: [
      { name: 'the interval is a variable', files: { 'main.tf': `variable "every" {}\n${group('    interval = var.every')}` } },
      { name: 'the threshold is a variable', files: { 'main.tf': `variable "times" {}\n${group('    interval            = 60\n    unhealthy_threshold = var.times')}` } },
    ],
  },
});

function judge(one: CloudTargetGroup): Report<Messages> | undefined {
  const [interval, timeout, count] = [settled(one.intervalSeconds), settled(one.timeoutSeconds), settled(one.unhealthyCount)];
  if (interval === undefined || one.intervalSeconds.state !== 'set') return undefined;
  const common = { data: { name: one.name, interval, timeout: timeout ?? 0, count: count ?? 0, seconds: interval * (count ?? 0) }, label: one.title, subject: subjectOfThing(one) };
  if (one.timeoutSeconds.state === 'set' && timeout !== undefined && timeout > interval) return { ...common, at: one.timeoutSeconds.at, message: 'overlap' };
  return count !== undefined && interval * count > 120 ? { ...common, at: one.intervalSeconds.at, message: 'slow' } : undefined;
}

function group(check: string, lines = ''): string {
  return `resource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n  port     = 80\n${lines}\n  health_check {\n${check}\n  }\n}\n`;
}
