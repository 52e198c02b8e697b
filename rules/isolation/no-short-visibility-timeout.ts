// A queue shows a message again when its visibility timeout is over, whether or not somebody still works on it.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { queueAndFunction } from '../example-templates';

export const noShortVisibilityTimeout = defineRule({
  id: 'isolation/no-short-visibility-timeout',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    shorter: { text: 'A slow message is handled twice at once: `{queue}` shows it again after {visibility} s, `{name}` works on it for up to {timeout} s.', severity: 'error' },
    six: { text: 'Messages of `{queue}` come back while they wait for `{name}`: they are hidden for {visibility} s, six times its {timeout} s are {least} s.', severity: 'info' },
  },
  docs: {
    what: 'Reports a queue whose visibility timeout is shorter than the time that its function may take, or than six times of it.',
    why: 'A message that is shown again while somebody works on it is worked on twice. Throttled batches wait before they start, and that time counts too: AWS asks for six times the function’s timeout.',
    fix: 'Set the visibility timeout to six times the timeout of the function.',
    not: 'Consumers that are no functions (they can extend the time by themselves), and times that cannot be known.',
    references: ['https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html'],
  },
  check({ system, report }) {
    const { eventSources } = system.cloud;
    const queues = new Map(system.cloud.queues.map((queue) => [queue.id, queue]));
    const functions = new Map(system.cloud.functions.map((one) => [one.id, one]));
    for (const source of eventSources) {
      const queue = queues.get(source.queue ?? '');
      const owner = functions.get(source.function ?? '');
      const visibility = queue && settled(queue.visibilitySeconds);
      const timeout = owner && settled(owner.timeoutSeconds);
      if (!queue || !owner || visibility === undefined || timeout === undefined || !isLive(queue) || visibility >= timeout * 6) continue;
      report({
        at: queue.visibilitySeconds.state === 'set' ? queue.visibilitySeconds.at : queue.at,
        message: visibility < timeout ? 'shorter' : 'six',
        data: { queue: queue.name, name: owner.name, visibility, timeout, least: timeout * 6 },
        label: `hidden for ${visibility} s`,
        related: [{ at: owner.timeoutSeconds.state === 'set' ? owner.timeoutSeconds.at : owner.at, text: `takes up to ${timeout} s` }],
        fixes: repairs(queue, 'visibility', 'unsafe', `Hide messages for ${timeout * 6} s`, timeout * 6),
        subject: subjectOfThing(queue),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'shorter than the function may take',
        files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: «30»'], ['Timeout: 60']) },
        expect: 'shorter',
        fixed: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 360'], ['Timeout: 60']) },
      },
      { name: 'the default of 30 s', files: { 'stack.yaml': queueAndFunction(['DelaySeconds: 5'], ['Timeout: 120']).replace('  Orders:', '  «Orders»:') }, expect: 'shorter' },
      { name: 'less than six times', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: «60»'], ['Timeout: 30']) }, expect: 'six' },
      { name: 'a parameter says how long', files: { 'stack.yaml': `Parameters:\n  Hidden:\n    Type: Number\n    Default: 10\n${queueAndFunction(['VisibilityTimeout: «!Ref Hidden»'], ['Timeout: 20'])}` }, expect: 'shorter' },
    ],
    good: [
      { name: 'six times', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 180'], ['Timeout: 30']) } },
      { name: 'both by default: 30 s and 3 s', files: { 'stack.yaml': queueAndFunction(['DelaySeconds: 5'], ['MemorySize: 256']) } },
      { name: 'nobody of the workspace takes its messages', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 1\n' } },
      { name: 'more than enough', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 5400'], ['Timeout: 900']) } },
    ],
    unknown: [
      { name: 'the timeout of the function is a parameter', files: { 'stack.yaml': `Parameters:\n  Limit:\n    Type: Number\n${queueAndFunction(['VisibilityTimeout: 30'], ['Timeout: !Ref Limit'])}` } },
      { name: 'the visibility is imported', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: !ImportValue hidden'], ['Timeout: 60']) } },
    ],
  },
});
