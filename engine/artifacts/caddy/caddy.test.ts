import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';
import { applyEdits } from '../../text';
import { parseCaddyfile } from './parse';
import { writeCaddy } from './write';

describe('the grammar', () => {
  it('reads blocks, quotes, placeholders and comments', () => {
    const { lines, comments, errors } = parseCaddyfile('{\n\temail a@b.c\n}\n# site\na.example, b.example {\n\trespond "x {y}" 200\n\theader X {args[0]}\n}\n');
    expect(errors).toEqual([]);
    expect(lines.map((line) => line.words.map((word) => word.text))).toEqual([[], ['a.example,', 'b.example']]);
    expect(lines[1]?.block?.map((line) => line.words.map((word) => word.text))).toEqual([['respond', 'x {y}', '200'], ['header', 'X', '{args[0]}']]);
    expect(comments.map((one) => one.body)).toEqual(['site']);
  });

  it('reads here-documents and continued lines', () => {
    const { lines, errors } = parseCaddyfile('a {\n\trespond <<TEXT\n\t}\n\tTEXT 200\n\treverse_proxy b \\\n\t\tc\n}\n');
    expect(errors).toEqual([]);
    expect(lines[0]?.block?.map((line) => line.words.length)).toEqual([3, 3]);
  });

  it('counts braces that do not fit', () => {
    expect(parseCaddyfile('a {\n').errors).toHaveLength(1);
    expect(parseCaddyfile('}\n').errors).toHaveLength(1);
  });

  it('never throws', () => {
    for (const text of ['', '{', '}', '"', '`', '<<A', '<<A\n', '\\', '{\n'.repeat(100)]) expect(() => parseCaddyfile(text)).not.toThrow();
  });
});

it('reads a reverse proxy with its options, snippets and matchers', async () => {
  const { system } = await linkFiles({
    'Caddyfile': '(limits) {\n\ttransport http {\n\t\tresponse_header_timeout 5s\n\t}\n}\nshop.example {\n\t@api path /api/*\n\treverse_proxy @api http://a:80 b:81 {\n\t\timport limits\n\t\thealth_uri /\n\t}\n\thandle_path /ws/* {\n\t\treverse_proxy :9000\n\t}\n}\n',
  });
  expect(system.proxyRoutes.map(({ targets, timeout, isStreaming }) => [targets, timeout.state, isStreaming])).toEqual([[['a', 'b'], 'set', false], [['localhost'], 'absent', true]]);
  expect(system.upstreams[0]?.activeCheck.state).toBe('set');
});

it('reads a file of one site without braces', async () => {
  const { system } = await linkFiles({ 'Caddyfile': 'shop.example\n\nreverse_proxy 10.0.0.1:80\n' });
  expect(system.proxyRoutes.map(({ targets }) => targets)).toEqual([['10.0.0.1']]);
});

describe('writing', () => {
  const write = (text: string, name: string, value: string): string | undefined => {
    const edits = writeCaddy(text, { file: 'Caddyfile', format: 'caddy', document: 0, path: ['reverse_proxy', 0] }, { kind: 'set-directive', name, value });
    return edits && applyEdits(text, edits).text;
  };

  it('opens a block', () => {
    expect(write('a {\n\treverse_proxy b:80 # all\n}\n', 'fail_duration', '30s')).toBe('a {\n\treverse_proxy b:80 {\n\t\tfail_duration 30s\n\t} # all\n}\n');
  });

  it('uses the spaces of the file', () => {
    expect(write('a {\n  reverse_proxy b:80 {\n    lb_policy first\n  }\n}\n', 'fail_duration', '30s')).toBe('a {\n  reverse_proxy b:80 {\n    lb_policy first\n    fail_duration 30s\n  }\n}\n');
  });

  it('puts a limit into the transport that is there', () => {
    expect(write('a {\n\treverse_proxy b:80 {\n\t\ttransport http {\n\t\t\tdial_timeout 1s\n\t\t}\n\t}\n}\n', 'response_header_timeout', '30s')).toBe('a {\n\treverse_proxy b:80 {\n\t\ttransport http {\n\t\t\tdial_timeout 1s\n\t\t\tresponse_header_timeout 30s\n\t\t}\n\t}\n}\n');
  });
});
