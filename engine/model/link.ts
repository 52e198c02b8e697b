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
import { layerServices, type LayeredService } from './compose/layers';
import { environmentOf } from './environment';
import { modelFromCloud } from './cloud/link';
import { composeId, workloadsFromCompose } from './compose/link';
import { imageFromDockerfile } from './images/dockerfile';
import { workloadsFromKubernetes } from './kubernetes/link';
import { mergeParts, type Drill, type Image, type SystemModel } from './model';
import { folderOf, joinPath } from './paths';

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

interface LinkedImages {
  readonly images: readonly Image[];
  imageOf(layered: LayeredService): Image | undefined;
}

/** One image for each Dockerfile and each stage that a service builds. */
function linkImages(dockerfiles: readonly DockerfileFacts[], services: readonly LayeredService[], catalog: CompiledCatalog): LinkedImages {
  const byPath = new Map(dockerfiles.map((file) => [file.path, file]));
  const uses = new Map<string, { readonly path: string; readonly target: string | undefined; readonly context: string; readonly ids: string[] }>();
  const keyOf = new Map<LayeredService, string>();
  for (const layered of services) {
    const build = buildOf(layered);
    if (!build || !byPath.has(build.path)) continue;
    const key = `${build.path}\0${build.target ?? ''}`;
    const use = uses.get(key) ?? { ...build, ids: [] };
    use.ids.push(composeId(layered));
    uses.set(key, use);
    keyOf.set(layered, key);
  }
  const made = new Map<string, Image>();
  for (const file of dockerfiles) {
    const used = [...uses].filter(([, use]) => use.path === file.path);
    for (const [key, use] of used) {
      const image = imageFromDockerfile(file, use.target, use.context, use.ids, catalog);
      if (image) made.set(key, image);
    }
    if (used.length > 0) continue;
    const image = imageFromDockerfile(file, undefined, folderOf(file.path), [], catalog);
    if (image) made.set(`${file.path}\0`, image);
  }
  return { images: [...made.values()], imageOf: (layered) => made.get(keyOf.get(layered) ?? '') };
}

/** The Dockerfile that a service builds, by the strongest layer that builds one. */
function buildOf(layered: LayeredService): { path: string; target: string | undefined; context: string } | undefined {
  const layer = layered.layers.find(({ service }) => service.build.state !== 'absent');
  if (layer?.service.build.state !== 'set') return undefined;
  const { context, dockerfile, target, isInline } = layer.service.build.value;
  if (context === undefined || isInline) return undefined;
  const folder = joinPath(folderOf(layer.file), context);
  const path = folder === undefined ? undefined : joinPath(folder, dockerfile ?? 'Dockerfile');
  return folder === undefined || path === undefined ? undefined : { path, target, context: folder };
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
