// HAProxy as a format.

import { defineFormat } from '../format';
import { linkHaproxy } from './link';
import { parseHaproxy } from './parse';
import { HAPROXY_PATH, readHaproxy, recogniseHaproxy, type HaproxyFacts } from './read';
import { writeHaproxy } from './write';

export const haproxyFormat = defineFormat<HaproxyFacts>({
  name: 'haproxy',
  title: 'HAProxy',
  files: 'haproxy.cfg, *.cfg',
  languages: ['haproxy'],
  claims: HAPROXY_PATH,
  comment: '#',
  recognise: recogniseHaproxy,
  read: readHaproxy,
  link: linkHaproxy,
  write: writeHaproxy,
  syntaxErrors: (text) => parseHaproxy(text).errors.length,
});
