import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';
import { applyEdits } from '../../text';
import { parseHaproxy } from './parse';
import { recogniseHaproxy } from './read';
import { parseTime } from './values';
import { writeHaproxy } from './write';

describe('the grammar', () => {
  it('reads sections, also indented ones, with words, quotes and comments', () => {
    const { sections, comments, errors } = parseHaproxy("  defaults\n    log-format \"a # b\" # why\n  backend x from base\n    acl y path '/a b'\n");
    expect(errors).toEqual([]);
    expect(sections.map(({ kind, name, from }) => [kind, name, from])).toEqual([['defaults', '', undefined], ['backend', 'x', 'base']]);
    expect(sections[0]?.lines[0]?.words.map((word) => word.text)).toEqual(['log-format', 'a # b']);
    expect(comments.map((one) => one.body)).toEqual(['why']);
  });

  it('joins lines that end in a backslash', () => {
    expect(parseHaproxy('backend x\n  server a 10.0.0.1:80 \\\n    check\n').sections[0]?.lines[0]?.words).toHaveLength(4);
  });

  it('marks what stands under a condition', () => {
    expect(parseHaproxy('global\n.if defined(X)\n  maxconn 1\n.endif\n  daemon\n').sections[0]?.lines.map((line) => line.isConditional)).toEqual([true, false]);
  });

  it('never throws', () => {
    for (const text of ['', '"', "'", '\\', 'backend', 'server a', '\u0000', 'defaults from']) expect(() => parseHaproxy(text)).not.toThrow();
  });
});

it('reads the times of HAProxy', () => {
  expect(['5000', '5s', '1m30s', '100us', '0', '$X', ''].map(parseTime)).toEqual([5_000, 5_000, 90_000, 0.1, 0, undefined, undefined]);
});

it('tells its files from those of others', () => {
  expect(recogniseHaproxy('haproxy.cfg', 'frontend a\n  bind :80\n')).toBe(true);
  expect(recogniseHaproxy('setup.cfg', '[metadata]\nname = a\n')).toBe(false);
  expect(recogniseHaproxy('haproxy.cfg', 'frontend a\n  bind :{{ port }}\n')).toBe(false);
});

describe('defaults', () => {
  it('hold for the sections below, until the next ones', async () => {
    const { system } = await linkFiles({ 'haproxy.cfg': 'defaults a\n  timeout server 1s\nbackend x\n  server s 10.0.0.1:80\ndefaults b\nbackend y\n  server s 10.0.0.1:80\nbackend z from a\n  server s 10.0.0.1:80\n' });
    expect(system.proxyRoutes.map(({ name, timeout }) => [name, timeout.state])).toEqual([['x', 'set'], ['y', 'absent'], ['z', 'set']]);
  });

  it('follow a chain of names that never ends only once', async () => {
    const { system } = await linkFiles({ 'haproxy.cfg': 'defaults a from b\ndefaults b from a\n  timeout server 1s\nbackend x from a\n  server s 10.0.0.1:80\n' });
    expect(system.proxyRoutes).toHaveLength(1);
  });
});

it('reads servers: templates, addresses with a prefix, disabled ones', async () => {
  const { system } = await linkFiles({ 'haproxy.cfg': 'backend x\n  server-template s 3 api.internal:80 resolvers dns\n  server a ipv4@10.0.0.1:80 check\n  server b 10.0.0.2:80 disabled\n' });
  expect(system.upstreams[0]?.servers.map(({ host, port, standsForMany }) => [host, port, standsForMany])).toEqual([['10.0.0.1', 80, false], ['api.internal', 80, true]]);
});

describe('writing', () => {
  const write = (text: string, path: (string | number)[], name: string, value: string): string | undefined => {
    const edits = writeHaproxy(text, { file: 'haproxy.cfg', format: 'haproxy', document: 0, path }, { kind: 'set-directive', name, value });
    return edits && applyEdits(text, edits).text;
  };

  it('puts a line above the servers', () => {
    expect(write('backend x\n\tmode http\n\tserver s 10.0.0.1:80\n', ['backend', 0], 'timeout server', '30s')).toBe('backend x\n\tmode http\n\ttimeout server 30s\n\tserver s 10.0.0.1:80\n');
  });

  it('replaces a value', () => {
    expect(write('defaults\n  timeout server 0 # off\n', ['defaults', 0], 'timeout server', '30s')).toBe('defaults\n  timeout server 30s # off\n');
  });

  it('fills a section without lines', () => {
    expect(write('frontend x\n\nbackend y\n', ['frontend', 0], 'timeout client', '30s')).toBe('frontend x\n    timeout client 30s\n\nbackend y\n');
  });
});
