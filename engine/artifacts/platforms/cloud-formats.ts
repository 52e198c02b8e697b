// Application platforms of clouds whose files say how many instances run: AWS Copilot and Google App Engine.

import { entries, find, get, textOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import { platformFormat, type PlatformService } from './platform';

const RESTARTED = { state: 'unknown', because: 'the platform restarts' } as const;
const ASKED = { state: 'unknown', because: 'its load balancer asks by default' } as const;
const SERVED = /^(?:Load Balanced Web Service|Backend Service)$/;

/** aws.github.io/copilot-cli/docs/manifest: `count` 1, which `environments` may say anew; a map is a range that is scaled. */
export const copilotFormat = platformFormat({
  name: 'copilot',
  title: 'AWS Copilot',
  files: 'copilot/*/manifest.yml',
  languages: ['yaml'],
  path: /(^|\/)copilot\/[\w.-]+\/manifest\.ya?ml$/i,
  mark: /^type[ \t]*:[ \t]*["']?(?:Load Balanced Web|Backend|Worker) Service\b/m,
  services: (root): readonly PlatformService[] => {
    const name = find(root, 'name');
    if (!name?.pair) return [];
    const production = productionOf(root);
    const type = textOf(get(root, 'type')) ?? '';
    return [{
      name: textOf(name.node) ?? '',
      node: production?.node ?? root,
      path: production?.path ?? [],
      kind: 'service',
      at: name.pair.span,
      isServed: SERVED.test(type) && find(root, 'image', 'port') !== undefined,
      instances: { path: ['count'], otherwise: { state: 'default', value: 1, source: 'AWS Copilot' } },
      restart: { state: 'default', value: 'always', source: 'Amazon ECS' },
      health: ASKED,
    }];
  },
});

/** The overrides of the environment for production, where they say a count. */
function productionOf(root: YamlNode): { readonly node: YamlNode; readonly path: readonly string[] } | undefined {
  const found = entries(get(root, 'environments')).find(({ name, value }) => /^(?:prod|live)/i.test(name) && find(value, 'count') !== undefined);
  return found?.value ? { node: found.value, path: ['environments', found.name] } : undefined;
}

/** cloud.google.com/appengine/docs/standard/reference/app-yaml: only `manual_scaling` fixes a count; the rest scales by itself, in the standard environment from 0 on purpose. */
export const appEngineFormat = platformFormat({
  name: 'app-engine',
  title: 'Google App Engine',
  files: 'app.yaml',
  languages: ['yaml'],
  path: /(^|\/)app(?:[.-][\w-]+)?\.ya?ml$/i,
  mark: /^(?:runtime[ \t]*:[ \t]*["']?(?:nodejs|python|go|java|php|ruby|custom)|env[ \t]*:[ \t]*["']?flex)/m,
  services: (root): readonly PlatformService[] => {
    const runtime = find(root, 'runtime');
    if (!runtime?.pair) return [];
    return [{
      name: textOf(get(root, 'service')) ?? 'default',
      node: root,
      path: [],
      kind: 'service',
      at: find(root, 'service')?.pair?.span ?? runtime.pair.span,
      isServed: true,
      instances: { path: ['manual_scaling', 'instances'], otherwise: { state: 'unknown', because: 'it is scaled' } },
      restart: RESTARTED,
      health: ASKED,
    }];
  },
});
