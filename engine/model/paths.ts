// Paths of the workspace: relative to its root, with `/`.

/** Folder of a path; `''` for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Joins and normalises; undefined where the result leaves the workspace or is absolute. */
export function joinPath(folder: string, relative: string): string | undefined {
  if (/^(?:\/|~|[A-Za-z]:)/.test(relative)) return undefined;
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of relative.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
