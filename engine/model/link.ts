// Joins the facts of all artifacts into the system model: Compose services with their layers, Dockerfiles with who builds them, Kubernetes manifests.

import type { ComposeFacts } from '../artifacts/compose/facts';
import type { DockerfileFacts } from '../artifacts/dockerfile/facts';
import type { KubernetesFacts } from '../artifacts/kubernetes/facts';
import type { ArtifactFacts, FormatContext } from '../artifacts/format';
import { FORMATS } from '../artifacts/formats';
import type { HelmFacts } from '../artifacts/helm/facts';
import { renderTemplates } from '../artifacts/helm/join';
import type { CompiledCatalog } from '../catalog';
import type { CodeProject } from '../code/project';
import type { FileFacts } from '../facts';
import { modelFromCloud } from './cloud/link';
import { layerServices } from './compose/layers';
import { workloadsFromCompose } from './compose/link';
import { environmentOf } from './environment';
import { linkImages } from './images/link';
import { workloadsFromKubernetes } from './kubernetes/link';
import { mergeParts, type Drill, type SystemModel } from './model';

/** Joins the facts of all artifacts into the system model. Cost: near linear in the facts. */
export function linkSystem(facts: readonly FileFacts[], code: CodeProject, catalog: CompiledCatalog): SystemModel {
  const services = layerServices(facts.filter((fact): fact is ComposeFacts => fact.kind === 'compose'));
  const dockerfiles = facts.filter((fact): fact is DockerfileFacts => fact.kind === 'dockerfile');
  const { images, imageOf } = linkImages(dockerfiles, services, catalog);
  const compose = workloadsFromCompose(services, { catalog, code, imageOf });
  const manifests = renderTemplates(facts.filter((fact): fact is KubernetesFacts => fact.kind === 'kubernetes'), facts.filter(isHelm));
  const kubernetes = workloadsFromKubernetes(manifests, { catalog, code, images, environmentOf });
  const paths = new Set(facts.map((fact) => fact.path));
  const context: FormatContext = { catalog, code, images, environmentOf, hasFile: (path) => paths.has(path), workloads: [...(compose.workloads ?? []), ...(kubernetes.workloads ?? [])], routes: kubernetes.routes ?? [], factsOf: (format) => factsOf(format, facts) };
  const parts = FORMATS.map((format) => format.link?.(factsOf(format.name, facts), context) ?? {});
  const resources = [...FORMATS.flatMap((format) => format.resources?.(factsOf(format.name, facts), context) ?? []), ...(code.resources ?? [])];
  return mergeParts([compose, kubernetes, { images, drills: drillFolders(facts) }, ...parts, modelFromCloud(resources, context)]);
}

/** A folder of drills is evidence that failures are tried; whom they name stays unknown. */
function drillFolders(facts: readonly FileFacts[]): Drill[] {
  const folders = new Map<string, Drill>();
  for (const { path } of facts) {
    const match = /^(?:.*\/)?(?:drills?|game-?days?|chaos(?:-tests?|-engineering|-experiments?)?)\//i.exec(path);
    if (match && !folders.has(match[0])) folders.set(match[0], { at: { file: path, span: [0, 0] }, kind: 'drill folder', targets: [] });
  }
  return [...folders.values()];
}

function isHelm(fact: FileFacts): fact is HelmFacts {
  return fact.kind === 'artifact' && fact.format === 'helm';
}

function factsOf(format: string, facts: readonly FileFacts[]): ArtifactFacts[] {
  return facts.filter((fact): fact is ArtifactFacts => fact.kind === 'artifact' && fact.format === format);
}
