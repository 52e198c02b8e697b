import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../test/lint-files';
import { describeWorkload } from './workload';

async function hoverOn(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const { system } = await linkFiles(files);
  const workload = system.workloads.find((one) => one.name === name);
  if (!workload) throw new Error(`no workload ${name}`);
  return describeWorkload(workload, system, workload.at.span).plain;
}

describe('the hover of a workload', () => {
  it('says how it runs, who asks whether it is well, and who needs it', async () => {
    const compose = `services:
  web:
    image: example/web:1
    restart: always
    depends_on:
      orders:
        condition: service_healthy
  orders:
    image: example/orders:1
    stop_grace_period: 30s
    healthcheck:
      test: ["CMD", "node", "health.js"]
`;
    const text = await hoverOn('orders', { 'compose.yaml': compose });
    expect(text).toContain('orders · service');
    expect(text).toContain('health check: node health.js');
    expect(text).toContain('stops within 30 s');
    expect(text).toContain('used by web');
    expect(await hoverOn('web', { 'compose.yaml': compose })).toMatch(/restarted: always[\s\S]*starts after orders \(healthy\)/);
  });

  it('says instances and probes of a Deployment', async () => {
    const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 3
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: app
          image: example/orders:1
          readinessProbe:
            httpGet: { path: /readyz, port: 3000 }
`;
    const text = await hoverOn('orders', { 'deploy/orders.yaml': manifest });
    expect(text).toContain('3 instances');
    expect(text).toContain('ready: GET /readyz on 3000');
    expect(text.split('\n').length).toBeLessThanOrEqual(8);
  });
});
