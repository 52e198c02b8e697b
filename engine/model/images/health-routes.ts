// Joins a container with the code that runs in it, by the name of its image or the folder it is built from, and finds the health routes that the code already answers.

import type { CodeProject, LinkedFile } from '../../code/project';
import type { HealthRoute, HealthRoutes, Image } from '../model';

/** Last part of an image name, without registry, tag and digest: `orders` of `registry.example/shop/orders:1.2`. */
export function imageName(image: string): string {
  const path = image.split('@')[0] ?? '';
  return (path.slice(path.lastIndexOf('/') + 1).split(':')[0] ?? '').toLowerCase();
}

/** Folder of the workspace whose code an image holds: its build context, else the package or folder of the same name. Undefined where several fit. */
export function codeFolderOf(image: string, images: readonly Image[], code: CodeProject): string | undefined {
  const name = imageName(image);
  if (name === '') return undefined;
  const folders = new Set<string>();
  for (const built of images) {
    const folder = built.file.split('/').slice(0, -1).join('/');
    const names = [built.buildContext, folder].map((path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase());
    if (names.includes(name)) folders.add(folder === '' ? built.buildContext : folder);
  }
  for (const { folder, name: packageName } of code.packages) {
    const plain = packageName?.slice(packageName.lastIndexOf('/') + 1).toLowerCase();
    if (plain === name || folder.slice(folder.lastIndexOf('/') + 1).toLowerCase() === name) folders.add(folder);
  }
  const all = [...folders].sort((a, b) => a.length - b.length);
  const [first] = all;
  return first !== undefined && all.every((folder) => folder === first || folder.startsWith(`${first}/`)) ? first : undefined;
}

/** Health routes below a folder. `/livez` and its like count as liveness only where their handler awaits nothing. */
export function healthRoutesOf(folder: string, code: CodeProject): HealthRoutes | undefined {
  const files = code.files.filter((file) => file.facts.role === 'server' && (folder === '' || file.path.startsWith(`${folder}/`)));
  const routes = files.flatMap((file) => file.facts.routes.flatMap((route) => (route.isHealth && route.method.toUpperCase() !== 'POST' ? [{ file, route }] : [])));
  if (routes.length === 0) return undefined;
  const toRoute = (found: (typeof routes)[number] | undefined): HealthRoute | undefined => found && { path: found.route.path, at: { file: found.file.path, span: found.route.span } };
  const readiness = routes.find(({ route }) => /read(?:y|iness)/i.test(route.path)) ?? routes.find(({ route }) => !/live/i.test(route.path));
  const liveness = routes.find(({ route }) => /live|alive|ping/i.test(route.path) && route.awaits.length === 0);
  const port = listeningPort(files);
  const readinessRoute = toRoute(readiness);
  const livenessRoute = toRoute(liveness);
  return { ...(readinessRoute ? { readiness: readinessRoute } : {}), ...(livenessRoute ? { liveness: livenessRoute } : {}), ...(port === undefined ? {} : { port }) };
}

/** The one port that the code listens on; undefined where it is unknown or there are several. */
function listeningPort(files: readonly LinkedFile[]): number | undefined {
  const ports = new Set<number>();
  for (const file of files) {
    for (const server of file.facts.servers) {
      const port = server.port?.kind === 'environment' ? server.port.fallback : server.port;
      const value = port?.kind === 'number' ? port.value : port?.kind === 'string' ? Number(port.value) : Number.NaN;
      if (Number.isInteger(value) && value > 0) ports.add(value);
    }
  }
  return ports.size === 1 ? [...ports][0] : undefined;
}
