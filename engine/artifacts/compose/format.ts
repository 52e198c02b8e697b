// Compose as a format. Its facts are joined in engine/model, together with those of Compose, Dockerfiles and Kubernetes.

import { defineFormat } from '../format';
import { readCompose, recogniseCompose } from './read';
import { writeCompose } from './write';

export const composeFormat = defineFormat({
  name: 'compose',
  title: 'Compose',
  files: 'compose.yaml, docker-compose*.yml, stack files, with overrides, extends and include',
  languages: ['yaml', 'dockercompose'],
  comment: '#',
  recognise: recogniseCompose,
  read: readCompose,
  write: writeCompose,
});
