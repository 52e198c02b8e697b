// Which programs a RUN, COPY or ADD brings into an image. A hint only: what is not seen here may still be there.

const PACKAGE_MANAGER = /^(?:apk|apt|apt-get|yum|dnf|microdnf|tdnf|zypper|pacman|npm|yarn|pnpm|pip|pip3|gem)$/;
const ADD = /^(?:add|install|i|-S|-Sy|-Syu|in)$/;
const REMOVE = /^(?:del|remove|purge|erase|rm)$/;
/** Tools whose use in a RUN shows that they are there. */
const CALLED = /^(?:curl|wget|bash|nc|ncat|tini|dumb-init|su-exec|gosu)$/;

/** Packages that a RUN installs and removes, versions and flags left out. Linear in the text. */
export function installsOf(run: string): { installs: string[]; removes: string[] } {
  const installs: string[] = [];
  const removes: string[] = [];
  for (const command of run.split(/&&|\|\||[;|\n(){}]/)) {
    const words = command.trim().split(/\s+/);
    const start = words.findIndex((word) => !/^(?:--.*|[A-Za-z_]\w*=.*|sudo|then|do)$/.test(word));
    const tool = words[start] ?? '';
    if (CALLED.test(tool)) installs.push(tool);
    if (!PACKAGE_MANAGER.test(tool)) continue;
    const verb = words.slice(start + 1).find((word) => ADD.test(word) || REMOVE.test(word));
    if (verb === undefined) continue;
    const packages = words.slice(start + 1).filter((word) => word !== verb && !/^[-$"'\\<>]/.test(word)).map((word) => word.replace(/[=@<>~].*$/, ''));
    (ADD.test(verb) ? installs : removes).push(...packages.filter((name) => name !== '' && name !== 'global'));
  }
  return { installs, removes };
}

/** Programs that a COPY or ADD puts into a folder for programs, or brings under its own name: `/tini`, `/bin/grpc_health_probe`. */
export function copiedPrograms(argumentsText: string): string[] {
  const words = argumentsText.split(/\s+/).filter((word) => !word.startsWith('--'));
  const target = words.at(-1)?.replace(/["'\],]/g, '') ?? '';
  const names = words.slice(0, -1).map((word) => word.replace(/["'[\],]/g, '').replace(/\/$/, '').split('/').at(-1) ?? '');
  const own = target.split('/').at(-1) ?? '';
  const isProgramFolder = /^\/(?:usr\/(?:local\/)?)?s?bin(?:\/|$)/.test(target) || /^\/[\w.-]+$/.test(target);
  if (!isProgramFolder) return [];
  return [...names, own].filter((name) => /^[\w.-]+$/.test(name) && name !== 'bin');
}
