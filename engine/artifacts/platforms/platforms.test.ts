import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import type { FormatDefinition } from '../format';
import { appEngineFormat, copilotFormat } from './cloud-formats';
import { flyFormat, herokuFormat, railwayFormat, renderFormat } from './formats';

function workloads(format: FormatDefinition, path: string, text: string) {
  expect(format.recognise(path, text)).toBe(true);
  return format.link?.([format.read(path, text).facts], {} as never).workloads ?? [];
}

describe('application platforms', () => {
  it('Fly: an app that is asked at a path, with its time to stop', () => {
    const [app] = workloads(flyFormat, 'fly.toml', "app = 'a'\nkill_timeout = '1m0s'\n[http_service]\ninternal_port = 1\n[[http_service.checks]]\npath = '/'\n");
    expect(app).toMatchObject({ name: 'a', isServed: true, gracePeriodMs: { state: 'set', value: 60_000 }, instances: { state: 'unknown' } });
    expect(app?.containers[0]?.healthCheck.state).toBe('set');
  });

  it('Render: web services and workers, no static sites, no count where it is scaled', () => {
    const found = workloads(renderFormat, 'render.yaml', 'services:\n  - type: web\n    name: a\n    scaling: { minInstances: 2, maxInstances: 4 }\n  - type: worker\n    name: b\n  - type: web\n    name: c\n    runtime: static\n');
    expect(found.map((one) => [one.name, one.isServed, one.instances.state])).toEqual([['a', true, 'unknown'], ['b', false, 'default']]);
  });

  it('Railway: only what the file says, in TOML and JSON', () => {
    expect(workloads(railwayFormat, 'railway.toml', '[deploy]\nnumReplicas = 1\n')[0]).toMatchObject({ instances: { state: 'set', value: 1 }, restart: { state: 'unknown' } });
    expect(workloads(railwayFormat, 'railway.json', '{\n  "deploy": { "restartPolicyType": "ON_FAILURE", "restartPolicyMaxRetries": 3 }\n}\n')[0]).toMatchObject({ restart: { value: 'on-failure' }, restartAttempts: 3 });
  });

  it('Heroku: the formation alone', () => {
    expect(workloads(herokuFormat, 'app.json', '{ "formation": { "web": { "quantity": 2 } } }')[0]).toMatchObject({ name: 'web', isServed: true, instances: { value: 2 } });
    expect(herokuFormat.recognise('app.json', '{ "expo": {} }')).toBe(false);
  });

  it('Copilot: a service with its count, as its production environment has it', () => {
    const manifest = 'name: api\ntype: Load Balanced Web Service\nimage:\n  port: 8080\n';
    const read = (more: string) => workloads(copilotFormat, 'copilot/api/manifest.yml', manifest + more)[0];
    expect(read('')).toMatchObject({ name: 'api', isServed: true, instances: { state: 'default', value: 1 } });
    expect(read('count: 1\nenvironments:\n  test: { count: 1 }\n  production:\n    count: 3\n')).toMatchObject({ instances: { state: 'set', value: 3 }, resource: { path: ['environments', 'production'] } });
    expect(read('count:\n  range: 1-10\n')).toMatchObject({ instances: { state: 'unknown' } });
    expect(copilotFormat.recognise('copilot/sync/manifest.yml', 'name: sync\ntype: Scheduled Job\n')).toBe(false);
  });

  it('App Engine: a count only where it is fixed', () => {
    expect(workloads(appEngineFormat, 'app.yaml', 'runtime: nodejs22\nservice: api\nmanual_scaling:\n  instances: 1\n')[0]).toMatchObject({ name: 'api', isServed: true, instances: { state: 'set', value: 1 } });
    expect(workloads(appEngineFormat, 'app.yaml', 'runtime: nodejs22\n')[0]).toMatchObject({ instances: { state: 'unknown' } });
    expect(appEngineFormat.recognise('k8s/app.yaml', 'apiVersion: v1\nkind: Service\n')).toBe(false);
  });

  it('write a count where each has it', () => {
    const text = '[deploy]\nnumReplicas = 1\n';
    const edits = railwayFormat.write(text, { file: 'railway.toml', format: 'railway', document: 0, path: [] }, { kind: 'set-instances', count: 2 });
    expect(applyEdits(text, edits ?? []).text).toBe('[deploy]\nnumReplicas = 2\n');
  });

  it('never throw on a cut file', () => {
    for (const [format, path, text] of [[flyFormat, 'fly.toml', "app = 'a'\n[http_service]\nx = [1, 2]\n"], [renderFormat, 'render.yaml', 'services:\n  - type: web\n    name: a\n'], [herokuFormat, 'app.json', '{ "formation": { "web": { "quantity": 1 } } }']] as const) {
      for (let i = 0; i <= text.length; i++) expect(format.read(path, text.slice(0, i)).facts.path).toBe(path);
    }
  });
});
