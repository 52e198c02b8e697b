// Names under which a configuration is looked for.

/** In order of precedence within one folder; package.json counts when it has a key `holdfast`. */
export const CONFIGURATION_NAMES: readonly string[] = ['holdfast.yaml', 'holdfast.yml', 'holdfast.jsonc', 'holdfast.json', 'package.json'];

/** Whether a path may hold a configuration, by its name alone. */
export function isConfigurationFile(path: string): boolean {
  return CONFIGURATION_NAMES.includes(path.slice(path.lastIndexOf('/') + 1));
}
