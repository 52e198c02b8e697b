// Joins Dockerfiles with the Compose services that build them.

import type { DockerfileFacts } from '../../artifacts/dockerfile/facts';
import type { CompiledCatalog } from '../../catalog';
import type { LayeredService } from '../compose/layers';
import { composeId } from '../compose/link';
import { folderOf, joinPath } from '../paths';
import { imageFromDockerfile } from './dockerfile';
import type { Image } from './image';

/** Images with the services that build them. */
export interface LinkedImages {
  readonly images: readonly Image[];
  imageOf(layered: LayeredService): Image | undefined;
}

/** One image for each Dockerfile and each stage that a service builds. Linear in files and services. */
export function linkImages(dockerfiles: readonly DockerfileFacts[], services: readonly LayeredService[], catalog: CompiledCatalog): LinkedImages {
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
