import { describe, expect, it } from 'vitest';
import { plainValue } from '../../../test/plain-values';
import { applyEdits } from '../../text';
import { readTaskDefinition, recogniseTaskDefinition, taskDefinitions, writeTaskDefinition } from './format';

const TEXT = '{\n  "family": "orders",\n  "containerDefinitions": [\n    {\n      "name": "app",\n      "image": "<IMAGE1_NAME>",\n      "memory": 512,\n      "dockerLabels": { "team": "a" }\n    }\n  ]\n}\n';

describe('a task definition', () => {
  it('is told by its containers and its family or name', () => {
    expect(recogniseTaskDefinition('deploy/orders.json', TEXT)).toBe(true);
    expect(recogniseTaskDefinition('task-definition.json', '{"containerDefinitions": []}')).toBe(true);
    expect(recogniseTaskDefinition('a.json', '{"containerDefinitions": []}')).toBe(false);
    expect(recogniseTaskDefinition('response.json', '{"taskDefinition": {"taskDefinitionArn": "x", "family": "a", "containerDefinitions": []}}')).toBe(false);
  });

  it('is read as a template would say it; labels keep their keys and placeholders are unknown', () => {
    const [made] = taskDefinitions([readTaskDefinition('d/task.json', TEXT).facts]);
    expect(made).toMatchObject({ type: 'AWS::ECS::TaskDefinition', dialect: 'cloudformation', name: 'orders', scope: 'd/task.json' });
    expect(plainValue(made?.properties)).toEqual({ Family: 'orders', ContainerDefinitions: [{ Name: 'app', Image: '?', Memory: 512, DockerLabels: { team: 'a' } }] });
  });

  it('is written in its own case', () => {
    const resource = { file: 'd', format: 'ecs', document: 0, path: [] };
    const edits = writeTaskDefinition(TEXT, resource, { kind: 'set-property', path: ['ContainerDefinitions', 0, 'HealthCheck'], value: { Command: ['CMD-SHELL', 'true'], Interval: 30 } });
    const text = applyEdits(TEXT, edits ?? []).text;
    expect(JSON.parse(text)).toMatchObject({ containerDefinitions: [{ name: 'app', healthCheck: { command: ['CMD-SHELL', 'true'], interval: 30 } }] });
    expect(text.startsWith(TEXT.slice(0, TEXT.indexOf('"dockerLabels"')))).toBe(true);
  });
});
