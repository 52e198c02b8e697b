// One image of several programs: the command tells which folder of the code a container runs.

import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';

const MANIFEST = (command: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  selector: { matchLabels: { app: orders } }\n  template:\n    metadata: { labels: { app: orders } }\n    spec:\n      containers:\n        - name: orders\n          image: shop/app:1.4.2\n${command}`;

const CODE = {
  'package.json': '{ "name": "shop", "dependencies": { "express": "5.1.0" } }',
  'src/orders/main.ts': "import express from 'express';\nconst app = express();\napp.get('/readyz', (_request, response) => response.sendStatus(200));\napp.get('/livez', (_request, response) => response.sendStatus(200));\napp.listen(3000);\n",
  'src/web/main.ts': "import express from 'express';\nconst app = express();\napp.get('/healthz', (_request, response) => response.sendStatus(200));\napp.listen(4000);\n",
};

async function healthOf(command: string): Promise<unknown> {
  const { system } = await linkFiles({ ...CODE, 'deploy/orders.yaml': MANIFEST(command) });
  const health = system.workloads[0]?.containers[0]?.health;
  return health && [health.readiness?.path, health.liveness?.path, health.port];
}

describe('the code of a Kubernetes container', () => {
  it('is told by the built file that its command starts', async () => {
    expect(await healthOf('          command: ["node", "dist/orders/main.js"]\n')).toEqual(['/readyz', '/livez', 3000]);
    expect(await healthOf('          command: ["node", "/app/dist/web/main.js"]\n')).toEqual(['/healthz', undefined, 4000]);
  });

  it('stays unknown without one', async () => {
    expect(await healthOf('')).toBeUndefined();
    expect(await healthOf('          command: ["node", "dist/billing/main.js"]\n')).toBeUndefined();
  });
});
