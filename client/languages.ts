// The languages whose files the server reads, as the editor names them.

/** Languages with files that the server reads. `dockercompose` is the editor's own name for a Compose file. */
export const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'yaml', 'dockercompose', 'dockerfile', 'json', 'jsonc'] as const;
