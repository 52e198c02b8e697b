// A long start and a hung process look the same to a liveness probe. A startup probe tells them apart; a long first delay only looks away.

import type { Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import type { Container, Probe } from '../../engine/model/model';
import { containerLabel, intend, isOnKubernetes, isWanted, settled, severityFor, subjectOf } from '../../engine/model/questions';
import { formatDuration } from '../../engine/duration';
import { PORT, manifest } from '../example-manifests';

const DELAYED = '          livenessProbe:\n            httpGet:\n              path: /livez\n              port: 3000\n            «initialDelaySeconds: 300»\n            periodSeconds: 10';

export const requireStartupProbe = defineRule({
  id: 'monitoring/require-startup-probe',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'hung',
  options: {
    delay: { type: 'duration', default: '60s', describe: 'A first delay of the liveness probe from here on stands in for a startup probe.' },
  },
  messages: {
    delay: 'A hung `{workload}` stays unnoticed for {delay} after each start: `initialDelaySeconds` stands in for a startup probe.',
    slow: 'A slow start of `{workload}` never ends: its liveness probe restarts it after {window}, and it has no startup probe.',
  },
  docs: {
    what: 'Reports a liveness probe that waits long before it first asks, and one that gives up before a slowly starting image has started.',
    why: 'The delay is paid after every restart, also when the start is quick. Without one, a slow start is taken for a hang and begins again, for ever.',
    fix: 'Move the waiting into a startup probe with the same question: it ends as soon as the container answers.',
    not: 'A startup probe that is there or may come from a template; delays below the option; images of which nothing is known and whose delay is short.',
  },
  check({ system, options, report }) {
    for (const workload of system.workloads) {
      if (!isWanted(workload) || !isOnKubernetes(workload)) continue;
      for (const container of workload.containers) {
        if (container.kind === 'init' || container.startup.state !== 'absent' || container.liveness.state !== 'set') continue;
        const probe = container.liveness.value;
        const delaySeconds = settled(probe.initialDelaySeconds) ?? 0;
        const windowSeconds = delaySeconds + (settled(probe.periodSeconds) ?? Number.NaN) * (settled(probe.failureThreshold) ?? Number.NaN);
        const isDelayed = delaySeconds * 1_000 >= options(container.at.file).delay;
        const isShort = container.knownImage?.isSlowStarter === true && windowSeconds < 60;
        if (!isDelayed && !isShort) continue;
        report({
          at: isDelayed && probe.initialDelaySeconds.state === 'set' ? probe.initialDelaySeconds.at : probe.at,
          message: isDelayed ? 'delay' : 'slow',
          data: { workload: containerLabel(workload, container), delay: formatDuration(delaySeconds * 1_000), window: formatDuration(windowSeconds * 1_000) },
          fixes: fixesOf(container, probe, Math.max(delaySeconds, 120)),
          subject: subjectOf(workload, container),
          // A minute or two after a start is what a slow program needs; more is time in which nobody notices.
          severity: severityFor(workload, isDelayed && delaySeconds <= 120 ? 'info' : 'warning'),
        });
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'five minutes without a question',
        files: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED}` }) },
        expect: 'delay',
        fixed: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace('«initialDelaySeconds: 300»', 'initialDelaySeconds: 0')}\n          startupProbe:\n            httpGet:\n              path: /livez\n              port: 3000\n            periodSeconds: 5\n            failureThreshold: 60` }) },
      },
      { name: 'one minute', files: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace('300', '60')}` }) }, expect: 'delay' },
      { name: 'a shorter delay than the option allows', files: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace('300', '45')}` }) }, expect: 'delay', options: { delay: 30_000 } },
      { name: 'an image that starts slowly', files: { 'k8s/search.yaml': manifest('search', { image: 'elasticsearch:8.14.0', container: '          ports:\n            - containerPort: 9200\n          «livenessProbe»:\n            tcpSocket:\n              port: 9200' }) }, expect: 'slow' },
    ],
    good: [
      { name: 'a startup probe', files: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace(/[«»]/g, '')}\n          startupProbe:\n            httpGet:\n              path: /livez\n              port: 3000\n            failureThreshold: 30` }) } },
      { name: 'a short delay', files: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace('«initialDelaySeconds: 300»', 'initialDelaySeconds: 15')}` }) } },
      { name: 'no liveness probe: nothing restarts a slow start', files: { 'k8s/search.yaml': manifest('search', { image: 'elasticsearch:8.14.0' }) } },
      { name: 'a patient liveness probe', files: { 'k8s/search.yaml': manifest('search', { image: 'elasticsearch:8.14.0', container: '          livenessProbe:\n            tcpSocket:\n              port: 9200\n            periodSeconds: 20\n            failureThreshold: 6' }) } },
    ],
    unknown: [
      { name: 'the startup probe comes from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace(/[«»]/g, '')}\n          {{- with .Values.startupProbe }}\n          startupProbe:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}` }) } },
      { name: 'the delay is a template value', files: { 'chart/templates/orders.yaml': manifest('orders', { container: `${PORT}\n${DELAYED.replace('«initialDelaySeconds: 300»', 'initialDelaySeconds: {{ .Values.delay }}')}` }) } },
    ],
  },
});

/** The startup probe asks the same every 5 s, for as long as was waited before. */
function fixesOf(container: Container, probe: Probe, waitSeconds: number): readonly Fix[] {
  const { handler } = probe;
  if (handler.kind !== 'http' && handler.kind !== 'tcp' && handler.kind !== 'exec') return [];
  const asked = handler.kind === 'http' ? { kind: 'http' as const, path: handler.path, port: handler.port } : handler.kind === 'tcp' ? { kind: 'tcp' as const, port: handler.port } : { kind: 'exec' as const, command: handler.command };
  const timeout = settled(probe.timeoutSeconds);
  return [{
    title: 'Wait for the start with a startup probe',
    safety: 'unsafe',
    operations: [
      intend(container.resource, { kind: 'set-probe', probe: 'startup', handler: asked, periodSeconds: 5, ...(timeout === undefined || timeout === 1 ? {} : { timeoutSeconds: Math.min(timeout, 5) }), failureThreshold: Math.ceil(waitSeconds / 5) }),
      ...(probe.initialDelaySeconds.state === 'set' ? [intend(container.resource, { kind: 'set-probe-field', probe: 'liveness', field: 'initialDelaySeconds', value: 0 })] : []),
    ],
  }];
}
