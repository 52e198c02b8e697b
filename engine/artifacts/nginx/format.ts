// nginx as a format.

import { defineFormat } from '../format';
import type { NginxFacts } from './facts';
import { linkNginx } from './link';
import { parseNginx } from './parse';
import { NGINX_PATH, readNginx, recogniseNginx } from './read';
import { writeNginx } from './write';

export const nginxFormat = defineFormat<NginxFacts>({
  name: 'nginx',
  title: 'nginx',
  files: 'nginx.conf, *.conf, sites-available, *.conf.template',
  languages: ['nginx'],
  claims: NGINX_PATH,
  comment: '#',
  recognise: recogniseNginx,
  read: readNginx,
  link: linkNginx,
  write: writeNginx,
  syntaxErrors: (text) => parseNginx(text).errors.length,
});
