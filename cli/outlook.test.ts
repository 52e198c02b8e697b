import { expect, it } from 'vitest';
import { compileCatalog } from '../engine/catalog';
import { workspaceOf } from '../test/lint-example';
import { clientsWithoutEntry, hostNames, importedOf } from './outlook';

const linked = async (files: Readonly<Record<string, string>>) => {
  const workspace = workspaceOf(files);
  await workspace.lint();
  if (!workspace.linked) throw new Error('nothing was linked');
  return workspace.linked;
};

it('names packages that are called clients and have no entry', async () => {
  const dependencies = { 'acme-rpc': '1', soap2: '1', '@acme/billing-client': '1', 'acme-api': '1', pg: '8', '@types/acme-sdk': '1', 'own-sdk': '1', lodash: '4', 'clients-of-mine': '1', '@acme/client-mocks': '1', 'prom-client': '15' };
  const { code } = await linked({ 'package.json': JSON.stringify({ dependencies }), 'packages/own/package.json': '{ "name": "own-sdk" }' });
  const names = clientsWithoutEntry(code, compileCatalog());
  expect(names).toEqual(['@acme/billing-client', 'acme-api', 'acme-rpc', 'soap2']);
  expect(importedOf(names, ['acme-rpc/lib/a', '@acme/billing-client', 'acme-api-more', './soap2'])).toEqual(['@acme/billing-client', 'acme-rpc']);
});

it('joins the host names of an environment with workloads, and names the others', async () => {
  const { system } = await linked({
    'compose.yaml': `services:
  web:
    image: shop/web:1
    environment:
      DATABASE_URL: postgres://user:pass@db:5432/shop
      BILLING_URL: http://legacy-api:8080/v1
      AMQP: amqp://web
      REGION_URL: https://\${REGION}.svc/x
      KAFKA_BROKERS: k1:9092,db:9092
      OWN: http://localhost:3000
      STRIPE: https://api.stripe.com
      LISTEN_ADDR: 0.0.0.0
      NOTE: see http
  db:
    image: postgres:16
`,
  });
  const { all, unowned } = hostNames(system);
  expect(unowned.filter((name) => !name.includes('$'))).toEqual(['k1', 'legacy-api']);
  expect(all - unowned.length).toBe(2);
});
