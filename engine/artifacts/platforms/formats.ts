// The platforms that are read: Fly, Render, Railway and Heroku. What a dashboard may say as well is unknown where the file does not say it.

import { parseDuration } from '../../duration';
import type { Setting } from '../../model/model';
import { entries, find, get, items, numberOf, textOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import { platformFormat, type PlatformService } from './platform';

const ELSEWHERE = { state: 'unknown', because: 'its dashboard may say so' } as const;

function secondsOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) * 1_000 : parseDuration(text);
}

function present(file: string, node: YamlNode, ...path: readonly (string | number)[]): Setting<true> {
  const found = find(node, ...path);
  return found ? { state: 'set', value: true, at: { file, span: found.pair?.span ?? found.node.span } } : { state: 'absent' };
}

/** fly.io/docs/reference/configuration: `kill_timeout` 5 s; how many machines there are is said on the command line. */
export const flyFormat = platformFormat({
  name: 'fly',
  title: 'Fly',
  files: 'fly.toml',
  languages: ['toml'],
  path: /(^|\/)fly(?:[.-][\w-]+){0,2}\.toml$/i,
  mark: /^(?:app|primary_region|\[http_service\]|\[\[services\]\])[ \t=]?/m,
  services: (root, file): readonly PlatformService[] => {
    const app = find(root, 'app');
    const service = find(root, 'http_service') ?? find(root, 'services');
    const anchor = app?.pair ?? service?.pair;
    if (!anchor) return [];
    const checks = [find(root, 'checks'), find(root, 'http_service', 'checks'), ...items(get(root, 'services')).flatMap((one) => entries(one).filter(({ name }) => /checks$/.test(name)).map(({ name }) => find(one, name)))].find((found) => found !== undefined);
    return [{
      name: textOf(app?.node) ?? 'this app',
      node: root,
      path: [],
      kind: 'app',
      at: anchor.span,
      isServed: service !== undefined,
      isTiedToNode: find(root, 'mounts') !== undefined,
      instances: { path: ['vm', 'count'], otherwise: ELSEWHERE },
      gracePeriod: { path: ['kill_timeout'], otherwise: { state: 'default', value: 5_000, source: 'Fly' }, convert: secondsOf },
      restart: { state: 'unknown', because: 'the platform restarts' },
      health: checks ? { state: 'set', value: true, at: { file, span: checks.pair?.span ?? checks.node.span } } : { state: 'absent' },
    }];
  },
});

/** render.com/docs/blueprint-spec: `numInstances` 1, `maxShutdownDelaySeconds` 30. */
export const renderFormat = platformFormat({
  name: 'render',
  title: 'Render',
  files: 'render.yaml',
  languages: ['yaml'],
  path: /(^|\/)render\.ya?ml$/i,
  mark: /^[ \t-]*type[ \t]*:[ \t]*["']?(?:web|pserv|worker)\b/m,
  services: (root, file) =>
    items(get(root, 'services')).flatMap((service, i): PlatformService[] => {
      const type = textOf(get(service, 'type')) ?? '';
      const name = find(service, 'name');
      const runtime = textOf(get(service, 'runtime') ?? get(service, 'env'));
      if (!name?.pair || !/^(?:web|pserv|worker)$/.test(type) || runtime === 'static') return [];
      const isServed = type !== 'worker';
      const isScaled = find(service, 'scaling') !== undefined;
      return [{
        name: textOf(name.node) ?? '',
        node: service,
        path: ['services', i],
        kind: type,
        at: name.pair.span,
        isServed,
        // The free plan sleeps and runs one instance: nobody keeps a service up on it.
        ...(textOf(get(service, 'plan')) === 'free' ? { environment: 'development' as const } : {}),
        isTiedToNode: find(service, 'disk') !== undefined,
        instances: { path: ['numInstances'], otherwise: isScaled ? { state: 'unknown', because: 'it is scaled' } : { state: 'default', value: 1, source: 'Render' } },
        gracePeriod: { path: ['maxShutdownDelaySeconds'], otherwise: { state: 'default', value: 30_000, source: 'Render' }, convert: secondsOf },
        restart: { state: 'default', value: 'always', source: 'Render' },
        // Private services are asked by TCP alone; there is no key for them.
        health: type === 'web' ? present(file, service, 'healthCheckPath') : ELSEWHERE,
      }];
    }),
});

/** docs.railway.com/config-as-code/reference: what the file does not say, the dashboard may. */
export const railwayFormat = platformFormat({
  name: 'railway',
  title: 'Railway',
  files: 'railway.json, railway.toml',
  languages: ['json', 'toml'],
  path: /(^|\/)railway(?:[.-][\w-]+){0,2}\.(?:toml|json)$/i,
  mark: /^[ \t]*(?:\[deploy\]|"deploy"[ \t]*:)/m,
  restart: { path: ['deploy', 'restartPolicyType'], always: 'ALWAYS' },
  services: (root, file): readonly PlatformService[] => {
    const deploy = find(root, 'deploy');
    if (!deploy?.pair) return [];
    const policy = find(root, 'deploy', 'restartPolicyType');
    const at = policy && { file, span: policy.pair?.span ?? policy.node.span };
    const word = textOf(policy?.node)?.toUpperCase();
    const attempts = numberOf(get(root, 'deploy', 'restartPolicyMaxRetries'));
    return [{
      name: 'this service',
      node: root,
      path: [],
      kind: 'service',
      at: deploy.pair.key.span,
      isServed: find(root, 'deploy', 'healthcheckPath') !== undefined,
      isOneShot: find(root, 'deploy', 'cronSchedule') !== undefined,
      instances: { path: ['deploy', 'numReplicas'], otherwise: ELSEWHERE },
      gracePeriod: { path: ['deploy', 'drainingSeconds'], otherwise: ELSEWHERE, convert: secondsOf },
      restart: at && word === 'ON_FAILURE' ? { state: 'set', value: 'on-failure', at } : at && word === 'ALWAYS' ? { state: 'set', value: 'always', at } : at && word === 'NEVER' ? { state: 'set', value: 'no', at } : ELSEWHERE,
      ...(word === 'ON_FAILURE' && attempts !== undefined ? { restartAttempts: attempts } : {}),
      health: ELSEWHERE,
    }];
  },
});

/** devcenter.heroku.com/articles/app-json-schema: dynos are restarted at least once a day. */
export const herokuFormat = platformFormat({
  name: 'heroku',
  title: 'Heroku',
  files: 'app.json',
  languages: ['json'],
  path: /(^|\/)app\.json$/i,
  mark: /"formation"\s*:/,
  services: (root) =>
    entries(get(root, 'formation')).map(({ name, pair, value }) => ({
      name,
      node: value ?? pair.value,
      path: ['formation', name],
      kind: 'process',
      at: pair.key.span,
      isServed: name === 'web',
      ...(/^(?:free|eco|hobby)$/i.test(textOf(get(value, 'size')) ?? '') ? { environment: 'development' as const } : {}),
      isOneShot: name === 'release',
      instances: { path: ['quantity'], otherwise: ELSEWHERE },
      restart: { state: 'default', value: 'always', source: 'Heroku' },
      health: ELSEWHERE,
    })),
});
