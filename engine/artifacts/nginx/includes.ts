// Which files of the workspace an `include` of nginx means. Paths are those of the machine that runs it (`/etc/nginx/conf.d/*.conf`), so their ends are matched against the folders around.

import { folderOf } from '../../model/paths';

/** Files that come with nginx or with certificates and hold no limits. */
const HARMLESS = /(?:^|\/)(?:mime\.types|fastcgi(?:_params|\.conf|-php\.conf)|(?:uwsgi|scgi)_params|proxy_params|koi-\w+|win-utf|options-ssl-nginx\.conf|modules-enabled\/.*|modules\/.*|ssl[\w-]*\.conf|ssl_\w+|letsencrypt\/.*|security[\w-]*\.conf|gzip[\w-]*\.conf|(?:security-)?headers[\w-]*\.conf|cloudflare[\w-]*(?:\.conf)?)$/i;

export type Included = { readonly kind: 'files'; readonly paths: readonly string[] } | { readonly kind: 'harmless' } | { readonly kind: 'unknown' };

/** Levels above the including file in which the rest of a path may begin. */
const LEVELS = 3;

/** Finds the files of an `include`. Cost: a few walks over the paths of the format. */
export function includedFiles(from: string, pattern: string, paths: readonly string[]): Included {
  const isKnown = !/[${]/.test(pattern);
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  if (isKnown) {
    let folder = folderOf(from);
    for (let level = 0; level <= LEVELS; level++) {
      for (let skip = 0; skip < parts.length; skip++) {
        // A lone `*.conf` would take the including file's own neighbours for others.
        if (skip > 0 && skip === parts.length - 1 && /[*?[]/.test(parts[skip] ?? '')) break;
        const wanted = matcher([...(folder === '' ? [] : [folder]), ...parts.slice(skip)].join('/'));
        const found = paths.filter((path) => path !== from && wanted.test(path));
        if (found.length > 0) return { kind: 'files', paths: found };
      }
      if (folder === '') break;
      folder = folderOf(folder);
    }
  }
  if (HARMLESS.test(pattern)) return { kind: 'harmless' };
  // The image's own folder, which is empty unless something is put there.
  return { kind: 'unknown' };
}

function matcher(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|\\[\]]/g, '\\$&').replace(/\*+/g, '[^/]*').replace(/\?/g, '[^/]');
  // Templates lose their suffix when the image puts their variables in.
  return new RegExp(`^${source}(?:\\.(?:template|tmpl|tpl|default|example|sample|dist))?$`);
}
