// What one file of Kubernetes manifests says, as plain data: each object that matters, with spans. Nothing here knows another file.

import type { Suppression } from '../../lint/suppression';
import type { Span } from '../../text';
import type { Field } from '../field';

export type { Field } from '../field';

/** Labels or annotations. `isOpen`: a template may add others, so that an absent one proves nothing. */
export interface Labels {
  readonly entries: Readonly<Record<string, string>>;
  readonly isOpen: boolean;
}

/** `matchLabels` and `matchExpressions`, all of which must hold. `isOpen`: part of it cannot be known. */
export interface Selector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
  readonly isOpen: boolean;
  readonly span: Span;
}

/** What every object has. */
export interface ObjectHeader {
  readonly document: number;
  /** Path of the object inside its document: `[]`, or `['items', 0]` in a List. */
  readonly path: readonly (string | number)[];
  /** API group without version: `apps`, `''` for the core. */
  readonly group: string;
  readonly kind: string;
  /** The entry `kind: Deployment`. */
  readonly kindSpan: Span;
  /** The whole object. */
  readonly span: Span;
  /** As written; a template action stays as its source text. */
  readonly name: string;
  readonly isNameKnown: boolean;
  readonly nameSpan: Span;
  readonly namespace?: string;
  /** It stands under a template condition: it may not exist. */
  readonly isConditional: boolean;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Its text, where a kustomization may change it: enough to render it at link time. Absent in templates and for kinds of which only the name is asked. */
  readonly source?: SourceText;
  /** The chart's own values leave it out: it exists only where somebody switches it on. */
  readonly isOff?: true;
  /** Parts of it that come from values. */
  readonly fromValues?: readonly ValueOrigin[];
  /** Its name or its labels are written by template actions: what they are is known for these values only. */
  readonly isComputed?: true;
}

/** A part of an object that is set in a values file. */
export interface ValueOrigin {
  /** Path in the object. */
  readonly path: readonly (string | number)[];
  readonly file: string;
  /** Path in the values file. */
  readonly at: readonly (string | number)[];
  /** An empty map stands there. */
  readonly isEmpty?: true;
}

/** A part of a file that is parsed again when something is rendered from it. */
export interface SourceText {
  readonly text: string;
  /** Where it begins in its file; may lie before the first line (negative) by the spaces that keep its columns. */
  readonly offset: number;
  /** Set where the text stands in another form in the file (a quoted string): every place in it is this one. */
  readonly span?: Span;
}

export type KubernetesObject =
  | WorkloadObject | ServiceObject | IngressObject | AutoscalerObject | BudgetObject | ClaimObject | ConfigObject | DrillObject | PoolObject | VerticalScalerObject | KustomizationObject | JsonPatchObject | OtherObject;

/** Anything that makes pods. */
export interface WorkloadObject extends ObjectHeader {
  readonly type: 'workload';
  readonly replicas: Field<number>;
  readonly selector: Selector | undefined;
  readonly podLabels: Labels;
  readonly podAnnotations: Labels;
  readonly containers: readonly ContainerFact[];
  /** A template may add containers. */
  readonly hasOpenContainers: boolean;
  readonly volumes: readonly VolumeFact[];
  readonly claimTemplates: readonly { readonly name: string; readonly accessModes: readonly string[] }[];
  readonly hasOpenVolumes: boolean;
  readonly spread: SpreadFact;
  readonly strategy: Field<string>;
  readonly maxUnavailable: Field<number | string>;
  readonly maxSurge: Field<number | string>;
  readonly revisionHistoryLimit: Field<number>;
  readonly gracePeriodSeconds: Field<number>;
  readonly restartPolicy: Field<string>;
  readonly usesHostNetwork: boolean;
  readonly usesHostPort: boolean;
  readonly sharesProcesses: boolean;
  /** No pod template of its own is written here (a patch, or a template include): absence means nothing. */
  readonly hasPodTemplate: boolean;
  /** Minimum number of instances that an annotation sets (Knative `min-scale`). */
  readonly minScale: Field<number>;
  readonly priorityClass: Field<string>;
  /** Ordinal below which a StatefulSet keeps the old version. */
  readonly partition: Field<number>;
  readonly job?: JobFact;
  /** It names an owner, or one that only the running cluster knows. */
  readonly isOwned: boolean;
}

/** Numbers of a Job, or of a CronJob and the Jobs that it makes. */
export interface JobFact {
  readonly schedule: Field<string>;
  readonly concurrency: Field<string>;
  readonly startingDeadlineSeconds: Field<number>;
  readonly deadlineSeconds: Field<number>;
  readonly backoffLimit: Field<number>;
  readonly isSuspended: boolean;
}

/** VerticalPodAutoscaler. */
export interface VerticalScalerObject extends ObjectHeader {
  readonly type: 'vertical-scaler';
  readonly target: { readonly kind: string; readonly name: string; readonly span: Span } | undefined;
  /** `Off` and `Initial` change nothing that runs. */
  readonly mode: Field<string>;
}

export interface ContainerFact {
  readonly list: 'containers' | 'initContainers';
  readonly index: number;
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly nameSpan: Span;
  /** First line of the list item. */
  readonly block: Span;
  readonly image: Field<string>;
  /** Its tag comes from a template: `image` is the name alone. */
  readonly hasOpenTag?: boolean;
  readonly ports: readonly { readonly number?: number; readonly name?: string; readonly protocol: string; readonly span: Span }[];
  readonly hasOpenPorts: boolean;
  readonly command: Field<readonly string[]>;
  readonly arguments: Field<readonly string[]>;
  readonly environment: readonly EnvironmentFact[];
  /** ConfigMaps and Secrets whose keys all become variables, and template blocks. */
  readonly environmentFrom: readonly { readonly kind: 'ConfigMap' | 'Secret' | 'unknown'; readonly name: string; readonly prefix: string }[];
  readonly hasOpenEnvironment: boolean;
  readonly liveness: Field<ProbeFact>;
  readonly readiness: Field<ProbeFact>;
  readonly startup: Field<ProbeFact>;
  readonly memoryLimit: Field<string>;
  readonly memoryRequest: Field<string>;
  readonly cpuLimit: Field<string>;
  readonly cpuRequest: Field<string>;
  readonly preStop: Field<{ readonly sleepSeconds?: number }>;
  readonly mounts: readonly { readonly name: string; readonly target: string; readonly span: Span }[];
  readonly hasOpenMounts: boolean;
  /** Parts of it that come from values; paths are those in the container. */
  readonly fromValues?: readonly ValueOrigin[];
  readonly restartPolicy: Field<string>;
}

export type EnvironmentFact = { readonly name: string; readonly span: Span } & (
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'reference'; readonly of: 'ConfigMap' | 'Secret'; readonly object: string; readonly key: string }
  | { readonly kind: 'unknown' }
);

export interface ProbeFact {
  readonly handler:
    | { readonly kind: 'http'; readonly path: string; readonly port: number | string; readonly portSpan: Span; readonly scheme?: string }
    | { readonly kind: 'tcp'; readonly port: number | string; readonly portSpan: Span }
    | { readonly kind: 'exec'; readonly command: readonly string[] }
    | { readonly kind: 'grpc'; readonly port: number }
    | { readonly kind: 'unknown' };
  readonly initialDelaySeconds: Field<number>;
  readonly periodSeconds: Field<number>;
  readonly timeoutSeconds: Field<number>;
  readonly failureThreshold: Field<number>;
  readonly successThreshold: Field<number>;
  /** The entry, from its key. */
  readonly span: Span;
  readonly keySpan: Span;
}

export interface VolumeFact {
  readonly name: string;
  readonly kind: 'claim' | 'empty' | 'memory' | 'host' | 'config' | 'ephemeral' | 'unknown';
  /** The claim's name. */
  readonly source?: string;
}

/** Terms that spread the instances. */
export interface SpreadFact {
  readonly terms: readonly { readonly form: 'anti-affinity' | 'constraint'; readonly topologyKey: string; readonly selector: Selector | undefined; readonly excludesNamespace: boolean; readonly span: Span }[];
  readonly isOpen: boolean;
}

export interface ServiceObject extends ObjectHeader {
  readonly type: 'service';
  readonly selector: Selector | undefined;
  readonly serviceType: string;
  readonly isHeadless: boolean;
  readonly publishesNotReady: Field<boolean>;
  readonly ports: readonly { readonly port?: number; readonly targetPort?: number | string; readonly name?: string; readonly span: Span }[];
}

/** Ingress, HTTPRoute, VirtualService and others that name Services as backends. */
export interface IngressObject extends ObjectHeader {
  readonly type: 'ingress';
  readonly backends: readonly { readonly service: string; readonly namespace?: string; readonly port?: number | string; readonly weight?: number; readonly span: Span }[];
  readonly routes: readonly RouteFact[];
}

/** One rule of a route: how long it waits, and how often. */
export interface RouteFact {
  /** Path of the rule in its document. */
  readonly path: readonly (string | number)[];
  readonly span: Span;
  /** As written: `10s`. */
  readonly timeout: Field<string>;
  readonly connect?: Field<string>;
  readonly attempts: Field<number>;
  readonly perTry: Field<string>;
  readonly retryOn: Field<string>;
  readonly retriesAt: Span | undefined;
  /** Redirects and fixed answers. */
  readonly isLocal: boolean;
  /** Connections that are long on purpose. */
  readonly upgrades: boolean;
  readonly paths: readonly string[];
  readonly targets: readonly string[];
  /** A template may add keys. */
  readonly hasOpenKeys: boolean;
}

/** DestinationRule: what a mesh does about targets that fail. */
export interface PoolObject extends ObjectHeader {
  readonly type: 'pool';
  readonly host: string;
  /** Labels of the versions among which routes can divide its requests. */
  readonly subsets: readonly Labels[];
  readonly outlier: Field<boolean>;
  readonly failures: Field<number>;
}

export interface AutoscalerObject extends ObjectHeader {
  readonly type: 'autoscaler';
  readonly target: { readonly kind: string; readonly name: string; readonly span: Span } | undefined;
  readonly min: Field<number>;
  readonly max: Field<number>;
  readonly utilisation: readonly string[];
  /** Key and value of the metric's resource, for marks. */
  readonly metricSpans: readonly Span[];
}

export interface BudgetObject extends ObjectHeader {
  readonly type: 'budget';
  readonly selector: Selector | undefined;
  readonly minAvailable: Field<number | string>;
  readonly maxUnavailable: Field<number | string>;
  readonly unhealthyEviction: Field<string>;
}

export interface ClaimObject extends ObjectHeader {
  readonly type: 'claim';
  readonly accessModes: Field<readonly string[]>;
}

/** ConfigMap or Secret; only a ConfigMap's values are kept. */
export interface ConfigObject extends ObjectHeader {
  readonly type: 'config';
  readonly values: Readonly<Record<string, string>>;
  readonly isOpen: boolean;
}

/** An object that makes failures on purpose (Chaos Mesh, Litmus). */
export interface DrillObject extends ObjectHeader {
  readonly type: 'drill';
  readonly selector: Selector | undefined;
  /** Names that it mentions as its targets. */
  readonly targets: readonly string[];
}

export interface KustomizationObject extends ObjectHeader {
  readonly type: 'kustomization';
  /** Files, folders and addresses that it takes in; `bases` among them. */
  readonly resources: readonly string[];
  readonly components: readonly string[];
  /** In the order in which they are applied. */
  readonly patches: readonly KustomizePatch[];
  readonly replicas: readonly { readonly name: string; readonly count: number; readonly span: Span }[];
  readonly images: readonly KustomizeImage[];
  readonly addedLabels: readonly KustomizeLabels[];
  readonly addedAnnotations?: { readonly pairs: Readonly<Record<string, string>>; readonly span: Span };
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly namespace?: string;
  /** Something brings objects that no file shows: charts, generators, plugins. */
  readonly hasOpenObjects: boolean;
  /** Files and folders of further steps, which are read for their kinds only. */
  readonly transformers: readonly string[];
  /** Objects whose fields a replacement sets from elsewhere; a target that names nothing means all. */
  readonly openTargets: readonly KustomizeTarget[];
}

/** Regular expressions over whole names, as kustomize takes them. */
export interface KustomizeTarget {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

export interface KustomizePatch {
  /** Undefined: a merge patch names its object itself. */
  readonly target: KustomizeTarget | undefined;
  readonly file?: string;
  readonly source?: SourceText;
}

export interface KustomizeImage {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
  readonly span: Span;
}

export interface KustomizeLabels {
  readonly pairs: Readonly<Record<string, string>>;
  /** Where they go besides the object itself: nowhere, the pod template, or template and selectors. */
  readonly reach: 'object' | 'templates' | 'selectors';
  readonly span: Span;
}

/** A file of JSON patch operations (RFC 6902), which kustomizations name. */
export interface JsonPatchObject extends ObjectHeader {
  readonly type: 'json-patch';
}

/** Read only for its kind: it may create what other objects select. */
export interface OtherObject extends ObjectHeader {
  readonly type: 'other';
  /** Of custom kinds: numbers of members and what is said of backups, by dotted path (`[]` for items of a list). */
  readonly settings?: readonly { readonly path: string; readonly text: string; readonly span: Span }[];
}

export interface KubernetesFacts {
  readonly kind: 'kubernetes';
  readonly path: string;
  readonly suppressions: readonly Suppression[];
  /** A Helm template: names and blocks may come from values. */
  readonly isTemplate: boolean;
  /** Part of the file could not be read: nothing is said about what is absent in its scope. */
  readonly hasErrors: boolean;
  readonly objects: readonly KubernetesObject[];
  /** Text of a chart's template, to be rendered with the chart's values. */
  readonly template?: string;
}
