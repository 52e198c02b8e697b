// Kubernetes as a format. Its facts are joined in engine/model, together with those of Compose, Dockerfiles and Kubernetes.

import { defineFormat } from '../format';
import { readKubernetes, recogniseKubernetes } from './read';
import { writeKubernetes } from './write';

export const kubernetesFormat = defineFormat({
  name: 'kubernetes',
  title: 'Kubernetes',
  files: 'manifests in YAML and JSON, Kustomize overlays (rendered), Gateway API, Istio, KEDA, Argo Rollouts, Knative, operators',
  languages: ['yaml', 'json'],
  // Named templates of charts.
  claims: /(?:^|\/)templates\/(?:.*\/)?[^/]+\.tpl$/,
  comment: '#',
  recognise: recogniseKubernetes,
  read: readKubernetes,
  write: writeKubernetes,
});
