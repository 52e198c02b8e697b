// What a template sees beside its values: the release, the chart, the cluster.

import { booleanValue, integerValue, mapValue, textValue, unknown, type MapValue, type Value } from './value';

/** Helm's own name for a release that is only rendered. */
export const RELEASE_NAME = 'release-name';

/** Stands for the namespace that is chosen when the chart is installed. */
export const RELEASE_NAMESPACE = 'release-namespace';

/** The cluster that Helm 3.19 renders for where none is asked. Source: helm.sh/helm v3.19, `chartutil.DefaultCapabilities` (k8s.io/client-go v0.34). */
export const KUBERNETES_VERSION = 'v1.34.0';
const HELM_VERSION = 'v3.19.0';

/** API versions of that cluster that charts ask for; others may or may not be there. */
const SERVED = new Set([
  'v1', 'apps/v1', 'batch/v1', 'policy/v1', 'autoscaling/v1', 'autoscaling/v2', 'networking.k8s.io/v1', 'rbac.authorization.k8s.io/v1', 'storage.k8s.io/v1', 'apiextensions.k8s.io/v1',
  'admissionregistration.k8s.io/v1', 'coordination.k8s.io/v1', 'scheduling.k8s.io/v1', 'discovery.k8s.io/v1', 'apps/v1/Deployment', 'policy/v1/PodDisruptionBudget', 'networking.k8s.io/v1/Ingress',
  'batch/v1/CronJob', 'autoscaling/v2/HorizontalPodAutoscaler',
]);

/** Whether the cluster serves an API version; undefined where that depends on what is installed. */
export function isServed(version: string): boolean | undefined {
  return SERVED.has(version) ? true : undefined;
}

/** The root that a template of a chart is given, besides its values. */
export function builtIns(chart: MapValue, path: string): [string, Value][] {
  const [major = '1', minor = '34'] = KUBERNETES_VERSION.slice(1).split('.');
  const folder = path.split('/').slice(0, -1).join('/');
  return [
    ['Release', mapValue([
      ['Name', textValue(RELEASE_NAME)],
      ['Namespace', textValue(RELEASE_NAMESPACE)],
      ['Service', textValue('Helm')],
      ['IsInstall', booleanValue(true)],
      ['IsUpgrade', booleanValue(false)],
      ['Revision', integerValue(1)],
    ])],
    ['Chart', chart],
    ['Capabilities', mapValue([
      ['KubeVersion', mapValue([['Version', textValue(KUBERNETES_VERSION)], ['GitVersion', textValue(KUBERNETES_VERSION)], ['Major', textValue(major)], ['Minor', textValue(minor)]])],
      ['HelmVersion', mapValue([['Version', textValue(HELM_VERSION)]])],
      ['APIVersions', unknown('.Capabilities.APIVersions')],
    ])],
    ['Template', mapValue([['Name', textValue(path)], ['BasePath', textValue(folder.includes('/templates') ? folder.slice(0, folder.indexOf('/templates') + '/templates'.length) : folder)]])],
    ['Files', unknown('.Files')],
    ['Subcharts', unknown('.Subcharts')],
  ];
}

/** The chart as templates see it: keys of its file with a capital letter. */
export function chartValue(fields: Readonly<Record<string, string>>): MapValue {
  const texts = Object.entries(fields).map(([key, text]) => [key.slice(0, 1).toUpperCase() + key.slice(1), textValue(text)] as const);
  return mapValue([...['Annotations', 'Dependencies', 'Maintainers', 'Keywords', 'Sources'].map((key) => [key, unknown(`.Chart.${key}`)] as const), ...texts]);
}
