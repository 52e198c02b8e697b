// Traefik's static and dynamic configuration as a format.

import { defineFormat } from '../format';
import { setTomlValue } from '../toml/write-value';
import { parseToml } from '../toml/tree';
import { writeYamlDirective } from '../yaml/write-directive';
import { linkTraefik } from './link';
import { readTraefik, recogniseTraefik, TRAEFIK_TOML, type TraefikFacts } from './read';

export const traefikFormat = defineFormat<TraefikFacts>({
  name: 'traefik',
  title: 'Traefik',
  files: 'static and dynamic configuration in YAML or TOML, labels in Compose',
  languages: ['yaml', 'toml'],
  claims: TRAEFIK_TOML,
  comment: '#',
  recognise: recogniseTraefik,
  read: readTraefik,
  link: linkTraefik,
  write: (text, resource, intent) => {
    if (!TRAEFIK_TOML.test(resource.file)) return writeYamlDirective(text, resource, intent);
    if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
    return intent.kind === 'set-directive' ? setTomlValue(text, [...resource.path.map(String), ...intent.name.split('.')], intent.value) : undefined;
  },
  syntaxErrors: (text) => (parseToml(text).error ? 1 : 0),
});
