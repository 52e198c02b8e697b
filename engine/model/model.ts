// The system model: what is built, free of any file format. Readers fill it, rules ask it. Each subject has a file; those that everybody needs are named from here.

import type { Location } from '../text';
import type { AlertRouter, AlertRule, AlertServer } from './alerts';
import type { CiJob } from './ci';
import { NO_CLOUD, type CloudModel } from './cloud/things';
import type { Image } from './images/image';
import type { Autoscaler, DisruptionBudget } from './instances';
import type { ProxyListener, ProxyRoute, Upstream } from './proxy';
import type { Route } from './route';
import type { Workload } from './workload';

export type { Container, HealthRoute, HealthRoutes, Mount, Tools } from './container';
export type { Environment } from './environment';
export type { Image, ImageCommand } from './images/image';
export type { Autoscaler, DisruptionBudget, Rollout } from './instances';
export type { HealthCheck, Probe } from './probe';
export type { ArtifactFormat, Evidence, ResourceRef, ValueSource } from './resource';
export type { Route } from './route';
export type { Setting } from './setting';
export type { JobSettings, StartDependency, Workload } from './workload';

/** Artifacts that show failure drills: Chaos Mesh, Litmus, FIS, Toxiproxy, drill folders. */
export interface Drill {
  readonly at: Location;
  readonly kind: string;
  readonly targets: readonly string[];
}

export interface SystemModel {
  readonly workloads: readonly Workload[];
  readonly routes: readonly Route[];
  readonly images: readonly Image[];
  readonly drills: readonly Drill[];
  /** Autoscalers and budgets whose target does not exist in a scope that was read completely. */
  readonly danglingAutoscalers: readonly Autoscaler[];
  readonly danglingBudgets: readonly DisruptionBudget[];
  /** Values that could not be known, for the summary and `doctor`. */
  readonly unknowns: readonly { readonly at: Location; readonly because: string }[];
  readonly proxyRoutes: readonly ProxyRoute[];
  readonly upstreams: readonly Upstream[];
  readonly jobs: readonly CiJob[];
  readonly alertRules: readonly AlertRule[];
  readonly alertServers: readonly AlertServer[];
  readonly alertRouters: readonly AlertRouter[];
  readonly proxyListeners: readonly ProxyListener[];
  /** Managed stores, queues, functions, target groups, alarms: made once from the resources of all dialects. */
  readonly cloud: CloudModel;
}

/** What one format adds to the model. */
export type ModelPart = Partial<SystemModel>;

/** Puts parts together, list by list, in their order. */
export function mergeParts(parts: readonly ModelPart[]): SystemModel {
  return {
    workloads: parts.flatMap((part) => part.workloads ?? []),
    routes: parts.flatMap((part) => part.routes ?? []),
    images: parts.flatMap((part) => part.images ?? []),
    drills: parts.flatMap((part) => part.drills ?? []),
    danglingAutoscalers: parts.flatMap((part) => part.danglingAutoscalers ?? []),
    danglingBudgets: parts.flatMap((part) => part.danglingBudgets ?? []),
    unknowns: parts.flatMap((part) => part.unknowns ?? []),
    proxyRoutes: parts.flatMap((part) => part.proxyRoutes ?? []),
    upstreams: parts.flatMap((part) => part.upstreams ?? []),
    jobs: parts.flatMap((part) => part.jobs ?? []),
    alertRules: parts.flatMap((part) => part.alertRules ?? []),
    alertServers: parts.flatMap((part) => part.alertServers ?? []),
    alertRouters: parts.flatMap((part) => part.alertRouters ?? []),
    proxyListeners: parts.flatMap((part) => part.proxyListeners ?? []),
    cloud: parts.find((part) => part.cloud !== undefined)?.cloud ?? NO_CLOUD,
  };
}
