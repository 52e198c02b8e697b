// Rules about the cloud over stacks that are written in code: found in every library, repaired in any hand, and silent where a caller, a condition or an escape hatch has its say.

import { describe, expect, it } from 'vitest';
import { editsOf } from '../engine/lint/edit';
import { applyEdits } from '../engine/text';
import { rules } from '../rules/index';
import { lintFiles } from './lint-files';
import { mutations, parses } from './mutations';

interface Case {
  readonly rule: string;
  readonly name: string;
  readonly file: string;
  readonly bad: string;
}

const HEAD = "import * as cdk from 'aws-cdk-lib';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nimport * as sqs from 'aws-cdk-lib/aws-sqs';\nimport * as dynamodb from 'aws-cdk-lib/aws-dynamodb';\nimport * as ecs from 'aws-cdk-lib/aws-ecs';\nimport { Construct } from 'constructs';\n\n";
const stack = (body: string, parameters = 'scope: Construct, id: string'): string => `${HEAD}export class OrdersStack extends cdk.Stack {\n  constructor(${parameters}) {\n    super(scope, id);\n    ${body}\n  }\n}\n`;
const pulumi = (body: string): string => `import * as aws from '@pulumi/aws';\n\n${body}\n`;
const cdktf = (body: string): string => `import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';\nimport { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';\nimport { TerraformStack } from 'cdktf';\n\nexport class OrdersStack extends TerraformStack {\n  constructor(scope, id) {\n    super(scope, id);\n    ${body}\n  }\n}\n`;

const CASES: readonly Case[] = [
  { rule: 'redundancy/require-standby', name: 'CDK', file: 'lib/stack.ts', bad: stack("new rds.DatabaseInstance(this, 'orders', { engine: rds.DatabaseInstanceEngine.POSTGRES, vpc });") },
  { rule: 'redundancy/require-standby', name: 'Pulumi', file: 'index.ts', bad: pulumi("const orders = new aws.rds.Instance('orders', {\n  engine: 'postgres',\n  instanceClass: 'db.m6g.large',\n});") },
  { rule: 'redundancy/require-standby', name: 'cdktf', file: 'main.ts', bad: cdktf("new DbInstance(this, 'orders', { engine: 'postgres', instanceClass: 'db.m6g.large' });") },
  { rule: 'redundancy/require-backup', name: 'CDK table', file: 'lib/stack.ts', bad: stack("new dynamodb.Table(this, 'orders', {\n      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },\n    });") },
  { rule: 'redundancy/require-backup', name: 'Pulumi', file: 'index.ts', bad: pulumi("new aws.rds.Instance('orders', { engine: 'postgres', multiAz: true });") },
  { rule: 'failover/require-dead-letter', name: 'CDK queue', file: 'lib/stack.ts', bad: stack("const orders = new sqs.Queue(this, 'orders');") },
  { rule: 'failover/require-dead-letter', name: 'Pulumi queue', file: 'index.ts', bad: pulumi("const orders = new aws.sqs.Queue('orders', {});") },
  { rule: 'failover/require-dead-letter', name: 'cdktf queue', file: 'main.ts', bad: cdktf("new SqsQueue(this, 'orders', { name: 'orders' });") },
  { rule: 'fault-tolerance/require-safe-rollout', name: 'CDK', file: 'lib/stack.ts', bad: stack("new ecs.FargateService(this, 'orders', { cluster, taskDefinition, desiredCount: 2 });") },
];

async function findingsOf(rule: string, files: Readonly<Record<string, string>>): Promise<Awaited<ReturnType<typeof lintFiles>>> {
  return lintFiles(files, rules.filter(({ id }) => id === rule));
}

describe('rules of the cloud in code', () => {
  for (const { rule, name, file, bad } of CASES) {
    it(`${rule} is found and repaired in any hand: ${name}`, async () => {
      const hands = ['', ...Object.keys(mutations)];
      for (const [index, hand] of hands.entries()) {
        const text = mutations[hand]?.(file, bad, (bound) => (index * 7) % bound) ?? bad;
        const [finding, ...more] = await findingsOf(rule, { [file]: text });
        expect(more, `${hand}: one finding`).toEqual([]);
        const fix = finding?.fixes[0];
        const edits = fix && (await editsOf(fix, () => text));
        expect(edits, `${hand}: edits for ${fix?.title ?? 'no fix'}`).toBeDefined();
        const fixed = applyEdits(text, edits?.get(file) ?? []).text;
        expect(parses(file, fixed), `${hand}: parses\n${fixed}`).toBe(true);
        expect((await findingsOf(rule, { [file]: fixed })).map(({ message }) => message), `${hand}: gone\n${fixed}`).toEqual([]);
      }
    });
  }

  it('speaks of what all callers give, and of nothing that one of them gives otherwise', async () => {
    const made = stack("new rds.DatabaseInstance(this, 'orders', { vpc, multiAz: props.standby, backupRetention: cdk.Duration.days(7) });", 'scope: Construct, id: string, props: { standby?: boolean }');
    const app = (given: readonly string[]): string => `import { App } from 'aws-cdk-lib';\nimport { OrdersStack } from '../lib/stack';\n\nconst app = new App();\n${given.map((one, index) => `new OrdersStack(app, 'orders-${index}', ${one});`).join('\n')}\n`;
    const found = async (given: readonly string[]): Promise<number> => (await findingsOf('redundancy/require-standby', { 'lib/stack.ts': made, 'bin/app.ts': app(given) })).length;
    expect(await found(['{}'])).toBe(1);
    expect(await found(['{ standby: false }', '{}'])).toBe(1);
    expect(await found(['{ standby: true }'])).toBe(0);
    expect(await found(['{ standby: true }', '{ standby: false }'])).toBe(0);
    expect(await found(['{ ...settings }'])).toBe(0);
    expect(await found([])).toBe(0);
  });

  it('is silent where an escape hatch, a spread or a condition may set the property', async () => {
    for (const body of [
      "const db = new rds.DatabaseInstance(this, 'orders', { vpc });\n    (db.node.defaultChild as rds.CfnDBInstance).addPropertyOverride('MultiAZ', true);",
      "const db = new rds.DatabaseInstance(this, 'orders', { vpc });\n    (db.node.defaultChild as rds.CfnDBInstance).multiAz = true;",
      "new rds.DatabaseInstance(this, 'orders', { vpc, ...shared() });",
      "new rds.DatabaseInstance(this, 'orders', { vpc, multiAz: isProduction() ? true : false });",
      "new rds.DatabaseInstance(this, 'orders', { vpc, ...(isProduction() ? { multiAz: true } : {}) });",
      "const options = { vpc };\n    Object.assign(options, load());\n    new rds.DatabaseInstance(this, 'orders', options);",
    ]) {
      expect((await findingsOf('redundancy/require-standby', { 'lib/stack.ts': stack(body) })).map(({ message }) => message), body).toEqual([]);
    }
  });
});
