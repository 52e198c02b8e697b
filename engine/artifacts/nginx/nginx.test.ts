import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';
import { applyEdits } from '../../text';
import { parseTime } from './levels';
import { parseNginx } from './parse';
import { recogniseNginx } from './read';
import { writeNginx } from './write';

describe('the grammar', () => {
  it('reads words, quotes and blocks with their places', () => {
    const text = 'a "b c" \'d;e\';\nf {\n  g h;\n}\n';
    const { directives, errors } = parseNginx(text);
    expect(errors).toEqual([]);
    expect(directives.map((one) => one.name)).toEqual(['a', 'f']);
    expect(directives[0]?.args.map((word) => word.text)).toEqual(['b c', 'd;e']);
    expect(text.slice(...(directives[1]?.block?.[0]?.span ?? [0, 0]))).toBe('g h;');
  });

  it('takes a brace behind a dollar for a variable', () => {
    expect(parseNginx('listen ${PORT};').directives[0]?.args[0]?.text).toBe('${PORT}');
  });

  it('passes over Lua with its own braces, strings and comments', () => {
    const { directives, errors } = parseNginx('content_by_lua_block {\n  local a = { "}" } -- }\n  --[[ } ]]\n  b = [[ } ]]\n}\nroot /srv;\n');
    expect(errors).toEqual([]);
    expect(directives.map((one) => one.name)).toEqual(['content_by_lua_block', 'root']);
  });

  it('takes no comment out of a word', () => {
    const { directives, comments } = parseNginx('rewrite ^/a#b /c; # why\n');
    expect(directives[0]?.args.map((word) => word.text)).toEqual(['^/a#b', '/c']);
    expect(comments.map((one) => one.body)).toEqual(['why']);
  });

  it('goes on behind errors and counts them', () => {
    const { directives, errors } = parseNginx('}\nserver {\n  listen 80\n}\nroot /srv;\nhttp {');
    expect(errors).toHaveLength(3);
    expect(directives.map((one) => one.name)).toEqual(['server', 'root', 'http']);
  });

  it('never throws', () => {
    for (const text of ['', '{', '}', '"', "'", '\\', ';', '{'.repeat(200), 'a_by_lua_block {', '$', '#']) expect(() => parseNginx(text)).not.toThrow();
  });
});

it('reads the times of nginx', () => {
  expect(['60', '60s', '1m30s', '1m 30s', '500ms', '1d', '0', '$x', ''].map(parseTime)).toEqual([60_000, 60_000, 90_000, 90_000, 500, 86_400_000, undefined, undefined, undefined]);
});

it('tells its files from those of others', () => {
  expect(recogniseNginx('conf.d/a.conf', 'server {\n  listen 80;\n}\n')).toBe(true);
  expect(recogniseNginx('conf/a.conf', 'upstream a\n{\n  server b;\n}\n')).toBe(true);
  expect(recogniseNginx('httpd.conf', '<VirtualHost *:80>\n  ProxyPass / http://a/\n</VirtualHost>\n')).toBe(false);
  expect(recogniseNginx('a.conf', '[program:x]\ncommand=/bin/x\n')).toBe(false);
  expect(recogniseNginx('nginx.conf', 'server {\n  listen {{ port }};\n}\n')).toBe(false);
});

describe('inheritance', () => {
  it('goes from http over server to location, and through includes', async () => {
    const { system } = await linkFiles({
      'nginx.conf': 'http {\n  proxy_read_timeout 10s;\n  include /etc/nginx/conf.d/*.conf;\n}\n',
      'conf.d/a.conf': 'server {\n  location / { proxy_pass http://a; }\n  location /b { proxy_read_timeout 20s; proxy_pass http://b; }\n}\n',
    });
    expect(system.proxyRoutes.map((route) => [route.name, route.timeout.state === 'set' ? route.timeout.value : route.timeout.state])).toEqual([['/', 10_000], ['/b', 20_000]]);
  });

  it('leaves open what a file that is not here may set', async () => {
    const { system } = await linkFiles({ 'nginx.conf': 'http {\n  include /etc/nginx/limits.d/*.conf;\n  server { location / { proxy_pass http://a; } }\n}\n' });
    expect(system.proxyRoutes[0]?.timeout.state).toBe('unknown');
  });

  it('ends at files that include each other', async () => {
    const { system } = await linkFiles({ 'a.conf': 'server { listen 80; include b.conf; }\n', 'b.conf': 'include a.conf;\nlocation / { proxy_pass http://x; }\n' });
    expect(system.proxyRoutes.length).toBeLessThan(3);
  });

  it('knows pools, weights aside, and who answers for a name', async () => {
    const { system } = await linkFiles({
      'compose.yaml': 'services:\n  api:\n    image: shop/api:1\n',
      'nginx.conf': 'upstream pool {\n  server api:3000 weight=2;\n  server 10.0.0.1 backup;\n  server unix:/run/a.sock down;\n}\nserver { location / { proxy_pass http://pool/x; } }\n',
    });
    expect(system.upstreams.map(({ name, servers }) => [name, servers.map(({ host, port, isBackup, namedBy }) => [host, port, isBackup, namedBy])])).toEqual([['pool', [['api', 3000, false, 'compose'], ['10.0.0.1', undefined, true, undefined]]]]);
    expect(system.proxyRoutes[0]?.targets).toEqual(['pool']);
  });
});

describe('writing', () => {
  const write = (text: string, path: (string | number)[], name: string, value: string): string | undefined => {
    const edits = writeNginx(text, { file: 'a.conf', format: 'nginx', document: 0, path }, { kind: 'set-directive', name, value });
    return edits && applyEdits(text, edits).text;
  };

  it('puts a directive behind the last one, with its indentation and comment', () => {
    expect(write('server {\n\tlisten 80; # all\n\n\tlocation / {\n\t\troot /srv;\n\t}\n}\n', ['server', 0], 'send_timeout', '30s')).toBe('server {\n\tlisten 80; # all\n\tsend_timeout 30s;\n\n\tlocation / {\n\t\troot /srv;\n\t}\n}\n');
  });

  it('replaces the value of one that is there', () => {
    expect(write('server {\r\n  send_timeout 1d;\r\n}\r\n', ['server', 0], 'send_timeout', '30s')).toBe('server {\r\n  send_timeout 30s;\r\n}\r\n');
  });

  it('stays on the line of a block of one line', () => {
    expect(write('location / { proxy_pass http://a; }', ['location', 0], 'proxy_read_timeout', '30s')).toBe('location / { proxy_pass http://a; proxy_read_timeout 30s; }');
  });

  it('declines where the block is gone', () => {
    expect(write('http {}', ['server', 0], 'a', 'b')).toBeUndefined();
  });
});
