// Kubernetes as a format. Its facts are joined in engine/model, together with those of Compose, Dockerfiles and Kubernetes.

import { defineFormat } from '../format';
import { readKubernetes, recogniseKubernetes } from './read';
import { writeKubernetes } from './write';

export const kubernetesFormat = defineFormat({
  name: 'kubernetes',
  title: 'Kubernetes',
  // Named templates of charts.
  claims: /(?:^|\/)templates\/(?:.*\/)?[^/]+\.tpl$/,
  comment: '#',
  recognise: recogniseKubernetes,
  read: readKubernetes,
  write: writeKubernetes,
});
