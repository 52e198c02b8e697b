import { describe, expect, it } from 'vitest';
import { prometheusFormat } from './format';
import { readExpression } from './promql';
import { holdsRules, readPrometheus, recognisePrometheus } from './read';

const read = (text: string, path = 'rules.yml') => readPrometheus(path, text, readExpression).facts;

describe('PromQL', () => {
  it('names series, functions and the longest window', () => {
    expect(readExpression('sum(rate(http_total{job="a"}[5m])) / sum(rate({__name__="all_total"}[1h:1m])) > 0.1')).toMatchObject({ metrics: ['http_total', 'all_total'], functions: ['rate'], rangeMs: 3_600_000, canBeEmpty: true, seesAbsence: false });
  });

  it('knows what can be empty: comparisons, absence and joins, not `bool`', () => {
    expect(readExpression('a > 1')?.canBeEmpty).toBe(true);
    expect(readExpression('a > bool 1')?.canBeEmpty).toBe(false);
    expect(readExpression('a unless b')?.canBeEmpty).toBe(true);
    expect(readExpression('sum(a)')?.canBeEmpty).toBe(false);
  });

  it('knows what one missed scrape makes fire', () => {
    expect(readExpression('up{job="a"} == 0')?.firesOnAbsence).toBe(true);
    expect(readExpression('absent(up) or a > 1')?.firesOnAbsence).toBe(true);
    expect(readExpression('a > 1 and absent(b)')?.firesOnAbsence).toBe(false);
    expect(readExpression('count(up == 0) > 3')?.firesOnAbsence).toBe(false);
  });

  it('knows what always fires on purpose', () => {
    expect(readExpression('vector(1)')?.isConstant).toBe(true);
  });

  it('gives nothing for what is no expression', () => {
    for (const text of ['(((', 'rate(a[5m', 'a > > 1', '']) expect(readExpression(text), text).toBeUndefined();
  });
});

describe('files with alert rules', () => {
  it('are told from others with groups', () => {
    expect(recognisePrometheus('a.rules', 'groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up == 0\n')).toBe(true);
    expect(recognisePrometheus('groups.yml', 'groups:\n  - name: admins\n')).toBe(false);
    expect(recognisePrometheus('firestore.rules', 'service cloud.firestore {}\n')).toBe(false);
    expect(holdsRules('values.yaml', 'rules:\n  groups:\n    - rules:\n        - alert: A\n          expr: up == 0\n')).toBe(true);
  });

  it('give rules with their groups and places', () => {
    const text = 'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up == 0\n        for: 1h30m\n        labels: { severity: page }\n';
    const [rule] = read(text).rules;
    expect(rule).toMatchObject({ name: 'A', group: { name: 'g' }, labels: { severity: 'page' }, waitMs: { state: 'set', value: 5_400_000 }, path: ['groups', 0, 'rules', 0] });
    expect(text.slice(...(rule?.at.span ?? [0, 0]))).toBe('alert: A');
  });

  it('are read inside the text of a ConfigMap, with the places of the file', () => {
    const text = 'kind: ConfigMap\ndata:\n  a.yml: |\n    groups:\n      - name: g\n        rules:\n          - alert: A\n            expr: up == 0\n';
    const [rule] = read(text).rules;
    expect(rule?.resource.path).toEqual(['data', 'a.yml']);
    expect(text.slice(...(rule?.at.span ?? [0, 0]))).toBe('alert: A');
  });

  it('leave open what a chart may write', () => {
    const [rule] = read('spec:\n  groups:\n    - name: g\n      rules:\n        - alert: A\n          expr: up == {{ .Values.x }}\n          {{- if .Values.for }}\n          for: 5m\n          {{- end }}\n').rules;
    expect(rule?.expression.state).toBe('unknown');
  });

  it('keep values of alerts (`{{ $labels }}`) for what they are', () => {
    const [rule] = read('groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up == 0\n        annotations: { a: "{{ $labels.job }}" }\n').rules;
    expect(rule?.waitMs).toMatchObject({ state: 'default', value: 0 });
  });

  it('never throw when they are cut, with and without the grammar', () => {
    const text = 'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: rate(a[5m]) > 1\n        for: 5m\n';
    for (let i = 0; i <= text.length; i++) expect(readPrometheus('a.yml', text.slice(0, i), undefined).facts.format).toBe('prometheus');
  });
});

describe('configuration of Prometheus and Alertmanager', () => {
  it('says how often targets are asked, and whether somebody is told', () => {
    const [server] = read('global: { scrape_interval: 15s }\nrule_files: [a.yml]\nscrape_configs:\n  - job_name: a\n    scrape_interval: 5s\n', 'prometheus.yml').servers;
    expect(server?.scrapeMs).toMatchObject({ value: 5_000 });
    expect(server?.sends).toMatchObject({ value: false });
  });

  it('counts discovered Alertmanagers as somebody', () => {
    const [server] = read('scrape_configs: []\nalerting:\n  alertmanagers:\n    - kubernetes_sd_configs: [{ role: pod }]\n', 'prometheus.yml').servers;
    expect(server?.sends).toMatchObject({ value: true });
  });

  it('follows the routes of a router', () => {
    const text = (config: string): string => `route:\n  receiver: a\n  routes:\n    - receiver: b\nreceivers:\n  - name: a\n  - name: b\n${config}`;
    expect(read(text(''), 'alertmanager.yml').routers[0]?.reaches).toMatchObject({ value: false });
    expect(read(text('    webhook_configs: [{ url: x }]\n'), 'alertmanager.yml').routers[0]?.reaches).toMatchObject({ value: true });
  });
});

describe('writing rules', () => {
  it('declines where the text that held them is gone', () => {
    const resource = { file: 'a.yml', format: 'prometheus', document: 0, path: ['data', 'x'] };
    expect(prometheusFormat.write('data: {}\n', resource, { kind: 'set-value', path: ['groups', 0, 'rules', 0, 'for'], value: '5m' })).toBeUndefined();
  });
});
