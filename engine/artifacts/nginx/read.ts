// Recognises nginx configuration and reads one file into facts.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import { relevant, type NginxFacts } from './facts';
import { parseNginx } from './parse';

/** `*.conf`, `*.conf.template`, and the files of Debian's folders, which bear any name. */
export const NGINX_PATH = /\.(?:nginx|ngx)$|\.conf(?:\.template|\.tmpl|\.tpl|\.default|\.example|\.sample|\.dist)?$|(?:^|\/)nginx(?:\.[\w-]+)*$|(?:^|\/)(?:sites-available|sites-enabled|locations\.d)\/[^/]+$|nginx[^/]*\.template$/i;

// A block or directive that only nginx has; Apache, syslog and the like share the suffix.
const BLOCK = /^[ \t]*(?:server|http|events|stream|location[ \t][^\n{;]*|upstream[ \t]+\S+)[ \t]*(?:#[^\n]*)?\r?\n?[ \t]*\{/m;
const PROXY = /^[ \t]*(?:proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass|proxy_(?:read|connect|send)_timeout|proxy_set_header|client_max_body_size|ssl_protocols|add_header|gzip_types)[ \t][^;\n]*;/m;

/** A file of nginx by name and text; templates of other languages (`{{`, `{%`, `<%`) are not read: their blocks cannot be told from nginx's. */
export function recogniseNginx(path: string, text: string): boolean {
  if (!NGINX_PATH.test(path) || /\{\{|\{%|<%/.test(text)) return false;
  return BLOCK.test(text) ? /;/.test(text) : PROXY.test(text);
}

/** Facts of one file; never throws. Linear in the text. */
export function readNginx(path: string, text: string): { facts: NginxFacts; problems: FileProblem[] } {
  const parsed = parseNginx(text);
  const [error] = parsed.errors;
  return {
    facts: {
      kind: 'artifact',
      format: 'nginx',
      path,
      suppressions: text.includes('holdfast-') ? [...parseSuppressions(text, parsed.comments)] : [],
      directives: relevant(parsed.directives),
    },
    problems: error ? [{ file: path, extent: 'in-part', because: error.because, span: error.span }] : [],
  };
}
