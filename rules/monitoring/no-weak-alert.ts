// An alert that cries at every hiccup is switched off by the people it wakes; one that cannot see, or that reaches nobody, is no alert.

import { formatDuration } from '../../engine/duration';
import { defineRule } from '../../engine/lint/rule';
import type { AlertRule } from '../../engine/model/alerts';
import type { Fix } from '../../engine/lint/fix';
import type { Environment, SystemModel } from '../../engine/model/model';
import { intend, settled } from '../../engine/model/questions';

const UP = '      - alert: Down\n        expr: up == 0\n        for: 5m\n';
const UP_RULES = `groups:\n  - name: up\n    rules:\n${UP}`;

/** A certificate that ends and a job that takes too long do not come and go with one sample. */
/** Times until something ends: they only fall, and slowly. */
const ENDS = /expir|not_after|(?:^|_)ttl(?:_|$)/i;
const STEADY: ReadonlySet<string> = new Set(['time', 'timestamp', 'predict_linear', 'changes', 'resets', 'hour', 'day_of_week']);

function rules(lines: string, name = 'orders'): string {
  return `groups:\n  - name: ${name}\n    rules:\n${lines}`;
}

export const noWeakAlert = defineRule({
  id: 'monitoring/no-weak-alert',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'slow',
  options: {
    wait: { type: 'duration', default: '5min', describe: 'How long a condition holds before it fires, as the fix writes it.' },
    window: { type: 'duration', default: '2min', describe: 'A window of the expression from this length on smooths as a wait does.' },
  },
  messages: {
    absent: '`{alert}` fires at one missed scrape: it has no `for`.',
    sample: { text: '`{alert}` fires at a single sample: it has no `for`.', severity: 'advice' },
    always: '`{alert}` fires whatever the value is: its expression compares nothing.',
    window: '`{alert}` sees nothing most of the time: its window of {window} holds less than two scrapes, one each {interval}.',
    unseen: { text: 'A target that vanishes alerts nobody: no rule asks for `up` or `absent`.', severity: 'advice' },
    unsent: 'The alerts of this Prometheus reach nobody: it names no Alertmanager.',
    unheard: 'No alert reaches anybody: no receiver that a route names has a configuration.',
  },
  docs: {
    what: 'Reports alerts that fire at a single sample, that always fire, that cannot see what they ask for, and a Prometheus or Alertmanager that tells nobody.',
    why: 'Whoever is woken for nothing stops looking. And an outage that no alert sees is found by customers.',
    fix: 'Let the condition hold for a few minutes (`for`), compare with a threshold, and keep one rule on `up` or `absent`.',
    not: 'An expression that looks back over a window, times that only grow (`time()`), forecasts, alerts of severity `info` or `none`, alerts that always fire on purpose (`vector(1)`), recorded series, expressions of a template, files for development and tests.',
    references: ['https://prometheus.io/docs/practices/alerting/', 'https://cloudflare.github.io/pint/checks/alerts/absent.html'],
  },
  check({ system, options, report }) {
    const deployed = system.alertRules.filter((rule) => isDeployed(rule.environment));
    const scrape = shortestScrape(system);
    for (const rule of deployed) {
      const { wait, window } = options(rule.at.file);
      const common = { data: { alert: rule.name }, subject: `alert/${rule.group.name}/${rule.name}` };
      const asked = settled(rule.expression);
      if (!asked || asked.isConstant) continue;
      const isQuiet = /^(?:info|none|debug|notice)$/i.test(rule.labels['severity'] ?? '');
      const waits = settled(rule.waitMs);
      const { rangeMs = 0 } = asked;
      if (!asked.canBeEmpty && !asked.metrics.some((metric) => metric.includes(':'))) report({ ...common, at: rule.at, message: 'always', label: 'no comparison' });
      else if (waits === 0 && asked.firesOnAbsence) report({ ...common, at: rule.at, message: 'absent', fixes: [holdFor(rule, wait)] });
      else if (waits === 0 && rangeMs < window && !isQuiet && !asked.functions.some((name) => STEADY.has(name)) && !asked.metrics.some((metric) => ENDS.test(metric))) report({ ...common, at: rule.at, message: 'sample', label: 'no `for`', fixes: [holdFor(rule, wait)] });
      if (scrape !== undefined && rangeMs > 0 && rangeMs < scrape * 2 && asked.functions.some((name) => /^(?:rate|irate|increase|delta|deriv)$/.test(name))) {
        report({ ...common, at: rule.expression.state === 'set' ? rule.expression.at : rule.at, message: 'window', data: { alert: rule.name, window: formatDuration(rangeMs), interval: formatDuration(scrape) } });
      }
    }
    const folders = new Map<string, AlertRule>();
    if (deployed.every((rule) => settled(rule.expression)?.seesAbsence === false)) for (const rule of deployed.toReversed()) folders.set(rule.at.file.slice(0, rule.at.file.lastIndexOf('/') + 1), rule);
    for (const [folder, rule] of folders) report({ at: rule.group.at, message: 'unseen', subject: `folder/${folder}` });
    for (const server of system.alertServers) {
      if (isDeployed(server.environment) && server.rules && settled(server.sends) === false && deployed.length > 0) report({ at: server.rules, message: 'unsent', label: 'no alertmanagers', subject: 'alerting' });
    }
    for (const router of system.alertRouters) {
      if (isDeployed(router.environment) && settled(router.reaches) === false) report({ at: router.at, message: 'unheard', subject: 'route' });
    }
  },
  examples: {
    bad: [
      {
        name: 'one bad sample',
        files: { 'prometheus/alerts.yml': rules(`${UP}      - «alert: QueueFull»\n        expr: queue_length > 100 # messages\n        labels: { severity: page }\n`) },
        expect: 'sample',
        fixed: { 'prometheus/alerts.yml': rules(`${UP}      - alert: QueueFull\n        expr: queue_length > 100 # messages\n        for: 5m\n        labels: { severity: page }\n`) },
      },
      {
        name: 'zero is no wait',
        files: { 'alert.rules': rules('      - «alert: Down»\n        expr: up == 0\n        for: 0m\n') },
        expect: 'absent',
        fixed: { 'alert.rules': rules('      - alert: Down\n        expr: up == 0\n        for: 5m\n') },
      },
      {
        name: 'absence in an object of Kubernetes',
        files: { 'k8s/rules.yaml': 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: orders\nspec:\n  groups:\n    - name: orders\n      rules:\n        - «alert: OrdersGone»\n          expr: absent(up{job="orders"})\n' },
        expect: 'absent',
        fixed: { 'k8s/rules.yaml': 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: orders\nspec:\n  groups:\n    - name: orders\n      rules:\n        - alert: OrdersGone\n          expr: absent(up{job="orders"})\n          for: 5m\n' },
      },
      {
        name: 'in the text of a ConfigMap',
        files: { 'k8s/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rules\ndata:\n  alerts.yml: |\n    groups:\n      - name: orders\n        rules:\n          - «alert: Down»\n            expr: up == 0\n            annotations:\n              summary: "{{ $labels.instance }}"\n' },
        expect: 'absent',
        fixed: { 'k8s/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rules\ndata:\n  alerts.yml: |\n    groups:\n      - name: orders\n        rules:\n          - alert: Down\n            expr: up == 0\n            for: 5m\n            annotations:\n              summary: "{{ $labels.instance }}"\n' },
      },
      { name: 'nothing is compared', files: { 'alerts.yml': rules(`${UP}      - «alert: Errors»\n        expr: sum(rate(http_errors_total[5m]))\n        for: 5m\n`) }, expect: 'always' },
      { name: 'nothing asks for targets that are gone', files: { 'alerts.yml': 'groups:\n  - «name: orders»\n    rules:\n      - alert: QueueFull\n        expr: queue_length > 100\n        for: 5m\n' }, expect: 'unseen' },
      { name: 'a window that holds one scrape', files: { 'prometheus.yml': 'global:\n  scrape_interval: 1m\nalerting:\n  alertmanagers:\n    - static_configs:\n        - targets: [alertmanager:9093]\nrule_files: [alerts.yml]\nscrape_configs: []\n', 'alerts.yml': rules(`${UP}      - alert: Errors\n        expr: «rate(http_errors_total[1m]) > 1»\n        for: 5m\n`) }, expect: 'window' },
      { name: 'rules, and nobody to tell', files: { 'prometheus.yml': 'global:\n  scrape_interval: 15s\n«rule_files»:\n  - alerts.yml\nscrape_configs:\n  - job_name: orders\n', 'alerts.yml': UP_RULES }, expect: 'unsent' },
      { name: 'a receiver without a configuration', files: { 'alertmanager.yml': 'route:\n  «receiver: nobody»\nreceivers:\n  - name: nobody\n' }, expect: 'unheard' },
    ],
    good: [
      { name: 'it must hold', files: { 'alerts.yml': UP_RULES } },
      { name: 'a window smooths', files: { 'alerts.yml': rules(`${UP}      - alert: Errors\n        expr: increase(http_errors_total[5m]) > 10\n`) } },
      { name: 'a heartbeat fires always, on purpose', files: { 'alerts.yml': rules(`${UP}      - alert: Watchdog\n        expr: vector(1)\n`) } },
      { name: 'a time that only grows', files: { 'alerts.yml': rules(`${UP}      - alert: Expires\n        expr: certificate_expiry_seconds - time() < 604800\n`) } },
      { name: 'a certificate that ends soon', files: { 'alerts.yml': rules(`${UP}      - alert: CertificateEnds\n        expr: kubelet_certificate_manager_client_ttl_seconds < 86400\n`) } },
      { name: 'only for information', files: { 'alerts.yml': rules(`${UP}      - alert: Reloaded\n        expr: config_reload_seconds > 0\n        labels: { severity: info }\n`) } },
      { name: 'recording rules', files: { 'alerts.yml': rules(`${UP}      - record: job:errors:rate5m\n        expr: sum by (job) (rate(errors_total[5m]))\n`) } },
      { name: 'a route leads to somebody', files: { 'alertmanager.yml': 'route:\n  receiver: "null"\n  routes:\n    - receiver: team\nreceivers:\n  - name: "null"\n  - name: team\n    slack_configs:\n      - channel: "#ops"\n' } },
      { name: 'other files with groups', files: { 'groups.yml': 'groups:\n  - name: admins\n    rules: [read, write]\n' } },
    ],
    unknown: [
      { name: 'the expression is a template value', files: { 'chart/templates/rules.yaml': 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: orders\nspec:\n  groups:\n    - name: orders\n      rules:\n        - alert: QueueFull\n          expr: queue_length > {{ .Values.limit }}\n' } },
      { name: 'a template may write the wait', files: { 'chart/templates/rules.yaml': 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: orders\nspec:\n  groups:\n    - name: orders\n      rules:\n        - alert: Down\n          expr: up == 0\n          {{- with .Values.for }}\n          for: {{ . }}\n          {{- end }}\n' } },
      { name: 'an expression that cannot be read', files: { 'alerts.yml': rules('      - alert: Odd\n        expr: queue_length > > 100\n') } },
    ],
  },
});

function isDeployed(environment: Environment): boolean {
  return environment !== 'development' && environment !== 'test';
}

/** Where several servers are configured, nobody knows which of them asks a rule's series. */
function shortestScrape(system: SystemModel): number | undefined {
  const [only, ...others] = system.alertServers;
  return only && others.length === 0 ? settled(only.scrapeMs) : undefined;
}

function holdFor(rule: AlertRule, ms: number): Fix {
  const value = `${Math.max(1, Math.round(ms / 60_000))}m`;
  return { title: `Wait \`${value}\` before it fires`, safety: 'unsafe', operations: [intend(rule.resource, { kind: 'set-value', path: [...rule.path, 'for'], value })] };
}
