// The languages whose files the server reads, as the editor and its common extensions name them.

/** Languages with files that the server reads. `dockercompose` is the editor's own name for a Compose file. */
export const LANGUAGES = [
  'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'yaml', 'dockercompose', 'dockerfile', 'json', 'jsonc', 'toml', 'ini', 'properties',
  'terraform', 'terraform-vars', 'opentofu', 'hcl', 'nomad', 'helm', 'cloudformation', 'yaml-cfn', 'json-cfn', 'nginx', 'haproxy', 'caddyfile', 'prometheus', 'systemd-unit-file', 'github-actions-workflow',
] as const;

/** Files of formats that an editor without their extension takes for plain text. */
export const PLAIN_FILES = '**/{*.tf,*.tofu,*.tfvars,*.hcl,*.nomad,nginx*.conf,*.conf,haproxy*.cfg,*.cfg,Caddyfile*,*.caddyfile,*.service,*.timer,*.rules,*.template,*.toml,Containerfile*}';
