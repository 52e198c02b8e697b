// Resources of the Kubernetes provider inside Terraform files. They become objects like those of manifests.

import { defineFormat } from '../format';
import { holdsKubernetes, readKubernetesResources } from './read';
import { writeKubernetesResource } from './write';

export const terraformKubernetesFormat = defineFormat({
  name: 'terraform-kubernetes',
  title: 'Kubernetes in Terraform',
  files: '`kubernetes_*` resources in Terraform files',
  languages: ['terraform'],
  recognise: () => false,
  holdsInside: holdsKubernetes,
  read: readKubernetesResources,
  write: writeKubernetesResource,
});
