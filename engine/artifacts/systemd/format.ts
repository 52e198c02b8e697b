// Units of systemd: services with their drop-ins, the timers, paths and sockets that start them.

import { defineFormat } from '../format';
import type { SystemdFacts } from './facts';
import { unitLines } from './lines';
import { linkSystemd } from './link';
import { readSystemd, recogniseSystemd, UNIT_PATH } from './read';
import { writeSystemd } from './write';

export const systemdFormat = defineFormat<SystemdFacts>({
  name: 'systemd',
  title: 'systemd',
  files: '*.service, *.timer, *.socket, *.path and their drop-ins',
  languages: ['ini', 'properties', 'systemd-unit-file'],
  claims: UNIT_PATH,
  comment: '#',
  recognise: recogniseSystemd,
  read: readSystemd,
  link: linkSystemd,
  write: writeSystemd,
  syntaxErrors: (text) => unitLines(text).errors,
});
