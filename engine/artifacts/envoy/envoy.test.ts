import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';
import { applyEdits } from '../../text';
import { writeYamlDirective } from '../yaml/write-directive';
import { readEnvoy, recogniseEnvoy } from './read';

const ROUTES = 'name: routes\nvirtual_hosts:\n- name: all\n  domains: ["*"]\n  routes:\n  - match: { prefix: /a }\n    route: { cluster: a, timeout: 0.5s }\n  - match: { prefix: /b, grpc: {} }\n    route: { cluster: b, timeout: 0s }\n  - match: { prefix: /c }\n    redirect: { path_redirect: / }\n  - match: { prefix: /d }\n    route:\n      weighted_clusters: { clusters: [{ name: a, weight: 1 }, { name: b, weight: 9 }] }\n';

describe('recognising', () => {
  it('takes bootstrap files and resources of xDS, no objects of Kubernetes', () => {
    expect(recogniseEnvoy('envoy.yaml', 'static_resources:\n  listeners: []\n')).toBe(true);
    expect(recogniseEnvoy('rds.yaml', 'resources:\n- "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration\n')).toBe(true);
    expect(recogniseEnvoy('a.yaml', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  x: |\n    static_resources:\n')).toBe(false);
    expect(recogniseEnvoy('a.yaml', 'services:\n  a: {}\n')).toBe(false);
  });
});

describe('routes', () => {
  const { facts } = readEnvoy('rds.yaml', `resources:\n- "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration\n${ROUTES.replace(/^/gm, '  ').trimEnd()}\n`);

  it('have their limits, clusters and kinds', () => {
    expect(facts.routes.map(({ name, clusters, isStreaming, isLocal, timeout }) => [name, clusters.join(), isStreaming, isLocal, timeout.state === 'set' ? timeout.value : timeout.state])).toEqual([
      ['/a', 'a', false, false, 500],
      ['/b', 'b', true, false, 'none'],
      ['/c', '', false, true, 'absent'],
      ['/d', 'a,b', false, false, 'absent'],
    ]);
  });
});

it('says nothing of clusters that serve Envoy itself', async () => {
  const { system } = await linkFiles({ 'envoy.yaml': 'static_resources:\n  clusters:\n  - name: xds\n    type: STATIC\n    load_assignment:\n      endpoints:\n      - lb_endpoints:\n        - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }\n' });
  expect(system.upstreams).toEqual([]);
});

it('reads JSON, and survives broken and hostile files', () => {
  expect(readEnvoy('envoy.json', '{"static_resources":{"clusters":[{"name":"a","type":"EDS"}]}}').facts.clusters.map(({ name }) => name)).toEqual(['a']);
  for (const text of ['static_resources:', 'static_resources: [', '{"static_resources":', 'static_resources:\n  clusters: 1\n']) expect(() => readEnvoy('envoy.yaml', text)).not.toThrow();
});

it('writes a limit into the route', () => {
  const edits = writeYamlDirective(ROUTES, { file: 'rds.yaml', format: 'envoy', document: 0, path: ['virtual_hosts', 0, 'routes', 1, 'route'] }, { kind: 'set-directive', name: 'timeout', value: '30s' });
  expect(edits && applyEdits(ROUTES, edits).text).toBe(ROUTES.replace('timeout: 0s', 'timeout: 30s'));
});
