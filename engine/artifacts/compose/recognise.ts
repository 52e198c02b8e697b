// Tells Compose files from other YAML by name, else by a few looks at the text. No parse: this runs over every YAML file of a repository.

const NAME = /(^|\/)(?:docker-)?(?:compose|stack)(?:[._-][^/]*)?\.ya?ml$/i;
const TOP_LEVEL = /^(?:services|include)[ \t]*:/m;

/** By name (and any top-level key of Compose), else by a top-level `services` map whose children have an image, a build or a base. */
export function recogniseCompose(path: string, text: string): boolean {
  if (!/\.ya?ml$/i.test(path)) return false;
  if (/^apiVersion[ \t]*:/m.test(text) && /^kind[ \t]*:/m.test(text)) return false;
  if (NAME.test(path) && TOP_LEVEL.test(text)) return true;
  return hasServices(text);
}

/** A top-level `services` map of things with images: not the lists of CI files, the classes of a dependency container or the upstreams of a gateway. */
function hasServices(text: string): boolean {
  const opened = /^services[ \t]*:[ \t]*(?:&\S+[ \t]*)?(?:#[^\n]*)?\r?\n/m.exec(text);
  if (!opened || /^_format_version[ \t]*:/m.test(text)) return false;
  const start = opened.index + opened[0].length;
  const next = /^[^\s#]/m.exec(text.slice(start));
  const block = text.slice(start, next ? start + next.index : undefined);
  const child = /^([ \t]+)([^\s#][^\n]*)$/m.exec(block);
  if (!child || !/^["']?[\w.-]+["']?[ \t]*:[ \t]*(?:[&#{*].*)?\r?$/.test(child[2] ?? '') || (child[2] ?? '').startsWith('_defaults')) return false;
  if (/^[ \t]+(?:class|arguments|autowire)[ \t]*:/m.test(block)) return false;
  const deeper = new RegExp(`^[ \\t]{${(child[1]?.length ?? 0) + 1},}(?:image|build|extends)[ \\t]*:`, 'm');
  return deeper.test(block);
}
