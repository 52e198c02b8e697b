// Which folder of the code one container runs, where several are built from one Dockerfile: told by the file that its command starts.

import type { CodeProject } from '../../code/project';
import type { Image } from '../model';

/** Folders into which compilers write; they stand in no source path. */
const OUTPUT = /^(?:\.?\/)*(?:(?:app|usr\/src\/app|srv|home\/node\/app)\/)?(?:(?:dist|build|out|lib|output|src)\/)*/;

/**
 * Folder below `root` that holds the file which the command starts; `root` itself where only this workload is built from it. Undefined where that cannot be told.
 * `argv` is the command of the workload, else of its image.
 */
export function entryFolder(root: string, argv: readonly string[] | undefined, image: Image, code: CodeProject): string | undefined {
  const isShared = image.usedBy.length > 1;
  const started = startedFolders(root, argv, code);
  if (!started) return isShared ? undefined : root;
  if (started.size === 1) return [...started][0];
  return isShared || started.size > 1 ? undefined : root;
}

/** Folders below `root` that hold a file which the command may start: `src/orders` for `node dist/orders/main.js`. Undefined where the command names no file in a folder. */
export function startedFolders(root: string, argv: readonly string[] | undefined, code: CodeProject): ReadonlySet<string> | undefined {
  const script = argv?.findLast((word) => /\.[cm]?[jt]s$/.test(word));
  const rest = script?.replace(OUTPUT, '').replace(/\.[cm]?[jt]s$/, '');
  if (rest === undefined || !rest.includes('/')) return undefined;
  const prefix = root === '' ? '' : `${root}/`;
  const folders = new Set<string>();
  for (const { path } of code.files) {
    const plain = path.replace(/\.[cm]?[jt]sx?$/, '');
    if (path.startsWith(prefix) && (plain === prefix + rest || plain.endsWith(`/${rest}`))) folders.add(path.slice(0, path.lastIndexOf('/')));
  }
  return folders;
}
