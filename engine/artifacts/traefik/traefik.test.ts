import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';
import { applyEdits } from '../../text';
import { setTomlValue } from '../toml/write-value';
import { durationOf, recogniseTraefik } from './read';

const YAML = 'http:\n  services:\n    api:\n      loadBalancer:\n        healthCheck:\n          path: /\n        servers:\n          - url: http://10.0.0.1:8080/\n          - url: http://10.0.0.2:8080\n';
const TOML = '[http.services.api.loadBalancer]\n  [http.services.api.loadBalancer.healthCheck]\n    path = "/"\n  [[http.services.api.loadBalancer.servers]]\n    url = "http://10.0.0.1:8080/"\n  [[http.services.api.loadBalancer.servers]]\n    url = "http://10.0.0.2:8080"\n';

describe('recognising', () => {
  it('takes static and dynamic files, no Compose files', () => {
    expect(recogniseTraefik('traefik.yml', 'entryPoints:\n  web:\n    address: ":80"\nproviders:\n  docker: {}\n')).toBe(true);
    expect(recogniseTraefik('dynamic.yml', YAML)).toBe(true);
    expect(recogniseTraefik('dynamic.toml', TOML)).toBe(true);
    expect(recogniseTraefik('compose.yaml', 'services:\n  a:\n    image: traefik\n')).toBe(false);
    expect(recogniseTraefik('pyproject.toml', '[tool.x]\na = 1\n')).toBe(false);
  });
});

it('reads the same from YAML and TOML', async () => {
  const of = async (path: string, text: string): Promise<unknown> => (await linkFiles({ [path]: text })).system.upstreams.map(({ name, servers, activeCheck, isOpen }) => ({ name, hosts: servers.map(({ host, port }) => `${host}:${port ?? ''}`), check: activeCheck.state, isOpen }));
  const expected = [{ name: 'api', hosts: ['10.0.0.1:8080', '10.0.0.2:8080'], check: 'set', isOpen: false }];
  expect(await of('dynamic.yml', YAML)).toEqual(expected);
  expect(await of('dynamic.toml', TOML)).toEqual(expected);
});

it('leaves servers of templates open', async () => {
  const { system } = await linkFiles({ 'dynamic.toml': TOML.replace('10.0.0.2', '{{ .Server }}') });
  expect(system.upstreams[0]?.isOpen).toBe(true);
});

it('reads durations of Go and bare seconds', () => {
  expect(['10s', '1m30s', '5', '0', 'x y'].map(durationOf)).toEqual([10_000, 90_000, 5_000, 0, undefined]);
});

describe('writing TOML', () => {
  const write = (text: string, path: string[], value: string): string | undefined => {
    const edits = setTomlValue(text, path, value);
    return edits && applyEdits(text, edits).text;
  };

  it('replaces a value', () => {
    expect(write('[a]\n  b = "0s" # off\n', ['a', 'b'], '30s')).toBe('[a]\n  b = "30s" # off\n');
  });

  it('adds a key to its table, or a table to the end', () => {
    expect(write('[a]\n  c = 1\n\n[d]\n  e = 2\n', ['a', 'b'], '30s')).toBe('[a]\n  c = 1\n  b = "30s"\n\n[d]\n  e = 2\n');
    expect(write('[d]\ne = 2\n', ['a', 'x', 'b'], '30s')).toBe('[d]\ne = 2\n\n[a.x]\nb = "30s"\n');
  });

  it('declines in a broken file', () => {
    expect(write('[a\n', ['a', 'b'], '1')).toBeUndefined();
  });
});
