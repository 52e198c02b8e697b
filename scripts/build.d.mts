/** One server with its parts, into a folder that is left in place otherwise. */
export function buildServer(entry: string, outdir: string): Promise<void>;
/** Everything that ships, into a folder that is emptied first. */
export function buildAll(outdir: string): Promise<void>;
