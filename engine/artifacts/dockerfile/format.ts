// Dockerfile as a format. Its facts are joined in engine/model, together with those of Compose, Dockerfiles and Kubernetes.

import { defineFormat } from '../format';
import { readDockerfile, recogniseDockerfile } from './read';
import { dockerfileErrors } from './syntax-errors';
import { writeDockerfile } from './write';

export const dockerfileFormat = defineFormat({
  name: 'dockerfile',
  title: 'Dockerfile',
  files: 'Dockerfile, Containerfile, *.Dockerfile',
  languages: ['dockerfile'],
  claims: /(^|\/)(dockerfile|containerfile)(\.[^/]+)?$|\.(dockerfile|containerfile)$/i,
  comment: '#',
  recognise: recogniseDockerfile,
  read: readDockerfile,
  write: writeDockerfile,
  syntaxErrors: dockerfileErrors,
});
