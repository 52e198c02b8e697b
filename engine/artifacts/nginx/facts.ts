// What one nginx file says, as plain data: its tree of directives, without those that no question is asked of.

import type { ArtifactFacts } from '../format';
import type { NginxDirective } from './parse';

export interface NginxFacts extends ArtifactFacts {
  readonly format: 'nginx';
  readonly directives: readonly NginxDirective[];
}

const BLOCKS = new Set(['http', 'stream', 'server', 'location', 'upstream', 'if', 'limit_except', 'events']);
const PLAIN = /^(?:include|set|resolver|listen|server_name|server|return|zone|root|internal|proxy_set_header|proxy_buffering|proxy_request_buffering|proxy_timeout|worker_processes|worker_shutdown_timeout|check|health_check|client_(?:body|header)_timeout|client_max_body_size|send_timeout|limit_(?:req|conn)|(?:proxy|grpc|fastcgi|uwsgi|scgi)_(?:pass|(?:read|connect|send)_timeout|next_upstream(?:_tries|_timeout)?))$/;

/** The directives that count, at all depths. Linear. */
export function relevant(directives: readonly NginxDirective[]): NginxDirective[] {
  return directives.flatMap((directive): NginxDirective[] => {
    if (directive.block) return BLOCKS.has(directive.name) ? [{ ...directive, block: relevant(directive.block) }] : [];
    if (directive.name === 'proxy_set_header' && directive.args[0]?.text.toLowerCase() !== 'upgrade') return [];
    return PLAIN.test(directive.name) ? [directive] : [];
  });
}
