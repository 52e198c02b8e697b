// Manifests for the examples of rules: one plain workload, with lines added where an example differs.

export interface ManifestParts {
  readonly kind?: string;
  readonly image?: string;
  /** Lines under `spec`, indented by two. */
  readonly spec?: string;
  /** Lines under the pod's `spec`, indented by six. */
  readonly pod?: string;
  /** Lines of the container, indented by ten; without it the container has a port. */
  readonly container?: string;
  /** Value of the label `app`; the name where absent. */
  readonly app?: string;
}

/** A workload named `name` (which may bear a mark) with one container `app`. */
export function manifest(name: string, parts: ManifestParts = {}): string {
  const app = parts.app ?? name.replace(/[«»]/g, '');
  return [
    'apiVersion: apps/v1',
    `kind: ${parts.kind ?? 'Deployment'}`,
    'metadata:',
    `  name: ${name}`,
    'spec:',
    ...(parts.spec === undefined ? [] : [parts.spec]),
    '  selector:',
    '    matchLabels:',
    `      app: ${app}`,
    '  template:',
    '    metadata:',
    '      labels:',
    `        app: ${app}`,
    '    spec:',
    ...(parts.pod === undefined ? [] : [parts.pod]),
    '      containers:',
    '        - name: app',
    `          image: ${parts.image ?? `shop/${app}:1`}`,
    parts.container ?? PORT,
    '',
  ].join('\n');
}

export const PORT = '          ports:\n            - containerPort: 3000';

/** Pod lines that spread the instances of `app` over nodes. */
export function spread(app: string): string {
  return [
    '      topologySpreadConstraints:',
    '        - maxSkew: 1',
    '          topologyKey: kubernetes.io/hostname',
    '          whenUnsatisfiable: ScheduleAnyway',
    '          labelSelector:',
    '            matchLabels:',
    `              app: ${app}`,
  ].join('\n');
}

/** Documents behind one another. */
export function documents(...parts: readonly string[]): string {
  return parts.join('---\n');
}

/** A Service that selects `app`. */
export function service(name: string, app = name.replace(/[«»]/g, ''), more = ''): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n${more}  selector:\n    app: ${app}\n  ports:\n    - port: 80\n      targetPort: 3000\n`;
}

/** An autoscaler of a Deployment; `lines` are those of its spec besides target and maximum, indented by two. */
export function autoscaler(target: string, lines: string, name = target, maximum = '  maxReplicas: 6\n'): string {
  return `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: ${name}\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: ${target}\n${lines}${maximum}`;
}

/** A disruption budget for `app`; `lines` are those of its spec besides the selector, indented by two. */
export function budget(app: string, lines = '  maxUnavailable: 1\n', name = app): string {
  return `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: ${name}\nspec:\n${lines}  selector:\n    matchLabels:\n      app: ${app}\n`;
}
