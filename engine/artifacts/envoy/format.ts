// Envoy's own configuration as a format.

import { defineFormat } from '../format';
import { writeYamlDirective } from '../yaml/write-directive';
import type { EnvoyFacts } from './facts';
import { linkEnvoy } from './link';
import { readEnvoy, recogniseEnvoy } from './read';

export const envoyFormat = defineFormat<EnvoyFacts>({
  name: 'envoy',
  title: 'Envoy',
  files: 'bootstrap and xDS files in YAML or JSON',
  languages: ['yaml', 'json'],
  comment: '#',
  recognise: recogniseEnvoy,
  read: readEnvoy,
  link: linkEnvoy,
  write: writeYamlDirective,
});
