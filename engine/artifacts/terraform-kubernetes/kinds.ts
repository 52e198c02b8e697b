// How the Kubernetes provider of Terraform spells what manifests say: types of resources, blocks that repeat, names of fields (registry.terraform.io/providers/hashicorp/kubernetes).

/** API group with version, and kind, by the type without `kubernetes_` and version. */
const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  config_map: ['v1', 'ConfigMap'],
  cron_job: ['batch/v1', 'CronJob'],
  daemon_set: ['apps/v1', 'DaemonSet'],
  daemonset: ['apps/v1', 'DaemonSet'],
  deployment: ['apps/v1', 'Deployment'],
  horizontal_pod_autoscaler: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ingress: ['networking.k8s.io/v1', 'Ingress'],
  job: ['batch/v1', 'Job'],
  limit_range: ['v1', 'LimitRange'],
  persistent_volume_claim: ['v1', 'PersistentVolumeClaim'],
  pod: ['v1', 'Pod'],
  pod_disruption_budget: ['policy/v1', 'PodDisruptionBudget'],
  replication_controller: ['v1', 'ReplicationController'],
  secret: ['v1', 'Secret'],
  service: ['v1', 'Service'],
  stateful_set: ['apps/v1', 'StatefulSet'],
};

/** API version and kind of a resource type; undefined for those that nothing asks about. */
export function kindOfType(type: string): readonly [apiVersion: string, kind: string] | undefined {
  const name = /^kubernetes_([a-z_]+?)(?:_v\d+(?:(?:alpha|beta)\d+)?)?$/.exec(type)?.[1];
  return name !== undefined && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

/** Blocks that repeat, and their name in a manifest. All others stand once. */
const LISTS: Readonly<Record<string, string>> = {
  container: 'containers',
  env: 'env',
  env_from: 'envFrom',
  host_aliases: 'hostAliases',
  http_header: 'httpHeaders',
  image_pull_secrets: 'imagePullSecrets',
  init_container: 'initContainers',
  items: 'items',
  limit: 'limits',
  match_expressions: 'matchExpressions',
  metric: 'metrics',
  node_selector_term: 'nodeSelectorTerms',
  path: 'paths',
  policy: 'policies',
  port: 'ports',
  preferred_during_scheduling_ignored_during_execution: 'preferredDuringSchedulingIgnoredDuringExecution',
  rule: 'rules',
  tls: 'tls',
  toleration: 'tolerations',
  topology_spread_constraint: 'topologySpreadConstraints',
  volume: 'volumes',
  volume_claim_template: 'volumeClaimTemplates',
  volume_device: 'volumeDevices',
  volume_mount: 'volumeMounts',
};

/** Maps whose keys are names, not fields. */
const NAMED = new Set(['labels', 'annotations', 'match_labels', 'node_selector', 'data', 'binary_data', 'string_data', 'limits', 'requests', 'selector']);

const SPELLED: Readonly<Record<string, string>> = { cluster_ip: 'clusterIP', host_ipc: 'hostIPC', host_pid: 'hostPID', target_cpu_utilization_percentage: 'targetCPUUtilizationPercentage' };

export interface FieldName {
  readonly name: string;
  readonly isList: boolean;
  /** The keys of the map below are names. */
  readonly holdsNames: boolean;
}

/** The name of a field or block in a manifest. `parent`: the block around it, in Terraform's spelling. */
export function fieldName(key: string, parent: string): FieldName {
  const holdsNames = NAMED.has(key);
  // Affinity to nodes requires one map of terms, affinity to pods a list of them.
  if (key === 'required_during_scheduling_ignored_during_execution') return { name: 'requiredDuringSchedulingIgnoredDuringExecution', isList: parent !== 'node_affinity', holdsNames };
  // `port` is a block of containers and of services, and a field elsewhere; `path` repeats in rules of an Ingress only.
  const isList = Object.hasOwn(LISTS, key) && !(key === 'path' && parent !== 'http');
  return { name: isList ? (LISTS[key] ?? key) : (SPELLED[key] ?? key.replaceAll(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase())), isList, holdsNames };
}
