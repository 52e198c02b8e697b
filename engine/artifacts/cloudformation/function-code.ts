// Which file of the workspace holds a function's code: the folder that is packed, and the handler inside it.

import { joinPath } from '../../model/paths';

const EXTENSIONS = ['.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.tsx', '.jsx'];

/** Folders into which compilers write: their sources stand in `src`, or one level up. */
const OUTPUT = /^(?:(?:dist|build|lib|out|output|\.build|\.webpack|\.aws-sam)\/)+/;

/** The file of `src/orders.create` below a folder, and the name of its export; undefined where the workspace holds no such file. */
export function handlerFile(folder: string, handler: string, hasFile: (path: string) => boolean): { readonly file: string; readonly handler: string } | undefined {
  const dot = handler.lastIndexOf('.');
  const module = dot > handler.lastIndexOf('/') ? handler.slice(0, dot) : handler;
  const below = joinPath(folder, module);
  if (below === undefined) return undefined;
  const base = folder === '' ? '' : `${folder}/`;
  const inside = below.startsWith(base) ? below.slice(base.length) : below;
  const rest = inside.replace(OUTPUT, '');
  const packed = /(?:^|\/)(?:dist|build|lib|out|output)(?:\/|$)/.exec(folder);
  const above = packed ? folder.slice(0, packed.index) : undefined;
  const behind = packed ? folder.slice(packed.index + packed[0].length) : '';
  const candidates = [
    below,
    `${below}/index`,
    ...(rest === inside ? [] : [`${base}src/${rest}`, `${base}${rest}`]),
    ...(above === undefined ? [] : ['src', ''].map((source) => [above, source, behind, module].filter((part) => part !== '').join('/'))),
  ];
  for (const candidate of candidates) {
    const file = existing(candidate, hasFile);
    if (file !== undefined) return { file, handler: dot < 0 ? handler : handler.slice(dot + 1) };
  }
  return undefined;
}

function existing(base: string, hasFile: (path: string) => boolean): string | undefined {
  const extension = EXTENSIONS.find((one) => hasFile(base + one));
  return extension === undefined ? undefined : base + extension;
}
