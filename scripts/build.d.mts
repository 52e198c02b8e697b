/** The command line with its parts, into a folder. */
export function buildCli(outdir: string): Promise<void>;
/** One server with its parts, into a folder. */
export function buildServer(entry: string, outdir: string): Promise<void>;
/** Everything that ships, into a folder. */
export function buildAll(outdir: string): Promise<void>;
