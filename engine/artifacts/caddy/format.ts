// The Caddyfile as a format.

import { defineFormat } from '../format';
import { linkCaddy } from './link';
import { parseCaddyfile } from './parse';
import { CADDY_PATH, readCaddy, recogniseCaddy, type CaddyFacts } from './read';
import { writeCaddy } from './write';

export const caddyFormat = defineFormat<CaddyFacts>({
  name: 'caddy',
  title: 'Caddy',
  files: 'Caddyfile, *.caddyfile',
  languages: ['caddyfile'],
  claims: CADDY_PATH,
  comment: '#',
  recognise: recogniseCaddy,
  read: readCaddy,
  link: linkCaddy,
  write: writeCaddy,
  syntaxErrors: (text) => parseCaddyfile(text).errors.length,
});
