export declare const ORACLES: string;
export declare const TOOLS: Readonly<Record<string, { readonly kind: 'go' | 'source' | 'goProgram' | 'pip' | 'npm' | 'apt'; readonly from: string; readonly program: string; readonly what: string }>>;
/** Path of a tool's program; undefined where it is not installed. */
export declare function toolPath(name: string): string | undefined;
