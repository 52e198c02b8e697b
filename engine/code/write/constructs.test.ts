import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import { editsOf } from '../../lint/edit';
import type { ArtifactIntent } from '../../artifacts/intent';
import { linkFiles } from '../../../test/lint-files';

/** The text after an intent on the construct of a name. */
async function fixed(text: string, name: string, intents: readonly ArtifactIntent[], file = 'lib/stack.ts'): Promise<string | undefined> {
  const { code } = await linkFiles({ [file]: text });
  const resource = code.resources?.find((candidate) => candidate.name === name)?.resource;
  if (!resource) throw new Error(`no construct ${name}`);
  const operations = intents.map((intent) => ({ language: 'artifact' as const, file, resource, intent }));
  const edits = await editsOf({ title: 'Test', safety: 'unsafe', operations }, () => text);
  const made = edits?.get(file);
  return made && applyEdits(text, made).text;
}

const stack = (head: string, body: string): string => `${head}
export class OrdersStack extends cdk.Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
${body}
  }
}
`;

describe('fixes of constructs', () => {
  it('sets a property in the object that stands there, in the style of the file', async () => {
    const text = stack("import * as cdk from 'aws-cdk-lib';\nimport * as rds from 'aws-cdk-lib/aws-rds';", "    new rds.DatabaseInstance(this, 'Db', {\n      engine,\n      multiAz: false,\n    });");
    expect(await fixed(text, 'Db', [{ kind: 'set-property', path: ['multiAz'], value: true }])).toBe(text.replace('multiAz: false', 'multiAz: true'));
    expect(await fixed(text, 'Db', [{ kind: 'set-property', path: ['backupRetention'], value: { $duration: 604_800 } }])).toBe(text.replace('false,\n', 'false,\n      backupRetention: cdk.Duration.days(7),\n'));
  });

  it('adds the object of properties where there is none, and the import that the value needs', async () => {
    const text = "import { Stack } from 'aws-cdk-lib';\nimport { Queue } from 'aws-cdk-lib/aws-sqs';\n\nnew Queue(new Stack(), 'Orders');\n";
    expect(await fixed(text, 'Orders', [{ kind: 'set-property', path: ['visibilityTimeout'], value: { $duration: 90 } }])).toBe(
      "import { Stack, Duration } from 'aws-cdk-lib';\nimport { Queue } from 'aws-cdk-lib/aws-sqs';\n\nnew Queue(new Stack(), 'Orders', { visibilityTimeout: Duration.seconds(90) });\n",
    );
  });

  it('adds a dead-letter queue before the queue that names it', async () => {
    const text = stack("import * as cdk from 'aws-cdk-lib';\nimport { aws_sqs as sqs } from 'aws-cdk-lib';", "    const orders = new sqs.Queue(this, 'Orders', { fifo: true });");
    const intents: readonly ArtifactIntent[] = [
      { kind: 'add-resource', type: 'aws-cdk-lib/aws-sqs.Queue', name: 'OrdersDeadLetter', properties: { retentionPeriod: { $duration: 1_209_600 } } },
      { kind: 'set-property', path: ['deadLetterQueue'], value: { queue: { $reference: { type: 'aws-cdk-lib/aws-sqs.Queue', name: 'OrdersDeadLetter' } }, maxReceiveCount: 5 } },
    ];
    expect(await fixed(text, 'Orders', intents)).toBe(
      text.replace(
        "    const orders = new sqs.Queue(this, 'Orders', { fifo: true });",
        "    const ordersDeadLetter = new sqs.Queue(this, 'OrdersDeadLetter', { retentionPeriod: cdk.Duration.days(14) });\n    const orders = new sqs.Queue(this, 'Orders', { fifo: true, deadLetterQueue: { queue: ordersDeadLetter, maxReceiveCount: 5 } });",
      ),
    );
  });

  it('adds a resource that names the construct behind it, and gives that a name', async () => {
    const text = 'import * as aws from "@pulumi/aws";\n\nnew aws.efs.FileSystem("files");\n';
    const intents: readonly ArtifactIntent[] = [
      { kind: 'add-resource', type: 'aws.efs.BackupPolicy', name: 'files-backup', properties: { fileSystemId: { $reference: { type: 'aws.efs.FileSystem', name: 'files', attribute: 'id' } }, backupPolicy: { status: 'ENABLED' } } },
    ];
    expect(await fixed(text, 'files', intents, 'index.ts')).toBe(
      'import * as aws from "@pulumi/aws";\n\nconst files = new aws.efs.FileSystem("files");\nnew aws.efs.BackupPolicy("files-backup", { fileSystemId: files.id, backupPolicy: { status: "ENABLED" } });\n',
    );
  });

  it('spells properties of cdktf in camel case and JSON as JSON.stringify', async () => {
    const text = "import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';\nimport { TerraformStack } from 'cdktf';\n\nclass S extends TerraformStack {\n  constructor(scope: Construct) {\n    super(scope, 's');\n    new SqsQueue(this, 'orders', { name: 'orders' });\n  }\n}\n";
    const value = { $json: { deadLetterTargetArn: { $reference: { type: 'aws_sqs_queue', name: 'dead', attribute: 'arn' } }, maxReceiveCount: 5 } };
    const intents: readonly ArtifactIntent[] = [{ kind: 'add-resource', type: 'aws_sqs_queue', name: 'dead', properties: { name: 'dead', message_retention_seconds: 1_209_600 } }, { kind: 'set-property', path: ['redrive_policy'], value }];
    expect(await fixed(text, 'orders', intents)).toBe(
      text.replace(
        "    new SqsQueue(this, 'orders', { name: 'orders' });",
        "    const dead = new SqsQueue(this, 'dead', { name: 'dead', messageRetentionSeconds: 1209600 });\n    new SqsQueue(this, 'orders', { name: 'orders', redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 }) });",
      ),
    );
  });

  it('says a class by what the file imports already', async () => {
    const dead: ArtifactIntent = { kind: 'add-resource', type: 'aws_sqs_queue', name: 'dead', properties: {} };
    const make = (head: string, callee: string): string => `${head}\nexport const make = (stack) => {\n  new ${callee}(stack, 'orders', {});\n};\n`;
    for (const [head, callee, added] of [
      ["import { sqsQueue } from '@cdktf/provider-aws';", 'sqsQueue.SqsQueue', 'sqsQueue.SqsQueue'],
      ["import * as aws from '@cdktf/provider-aws';", 'aws.sqsQueue.SqsQueue', 'aws.sqsQueue.SqsQueue'],
      ["import { SqsQueue as Q } from '../.gen/providers/aws/sqs-queue';", 'Q', 'Q'],
    ] as const) {
      expect(await fixed(make(head, callee), 'orders', [dead])).toBe(make(head, callee).replace('  new ', `  const dead = new ${added}(stack, 'dead');\n  new `));
    }
    const old = "import * as core from '@aws-cdk/core';\nimport * as sns from '@aws-cdk/aws-sns';\n\nnew sns.Topic(new core.Stack(), 'orders');\n";
    expect(await fixed(old, 'orders', [{ kind: 'add-resource', type: 'aws-cdk-lib/aws-sqs.Queue', name: 'dead', properties: { retentionPeriod: { $duration: 60 } } }])).toBe(
      old.replace("sns';\n", "sns';\nimport { Queue } from '@aws-cdk/aws-sqs';\n").replace('new sns', "const dead = new Queue(new core.Stack(), 'dead', { retentionPeriod: core.Duration.minutes(1) });\nnew sns"),
    );
  });

  it('tells a resource that it adds from one of the same name that stands there', async () => {
    const text = "import * as aws from '@pulumi/aws';\n\nconst store = new aws.s3.Bucket('files');\n";
    const intent: ArtifactIntent = { kind: 'add-resource', type: 'aws.s3.BucketVersioning', name: 'files', properties: { bucket: { $reference: { type: 'aws.s3.Bucket', name: 'files', attribute: 'id' } } } };
    expect(await fixed(text, 'files', [intent], 'index.ts')).toBe(`${text}new aws.s3.BucketVersioning('files', { bucket: store.id });\n`);
  });

  it('removes a property', async () => {
    const text = "import * as aws from '@pulumi/aws';\n\nnew aws.rds.Instance('db', {\n  engine: 'postgres',\n  skipFinalSnapshot: true,\n});\n";
    expect(await fixed(text, 'db', [{ kind: 'remove-property', path: ['skipFinalSnapshot'] }], 'index.ts')).toBe(text.replace('  skipFinalSnapshot: true,\n', ''));
  });

  it('declines what it has no word for', async () => {
    const text = "import * as aws from '@pulumi/aws';\n\nnew aws.rds.Instance('db', {});\n";
    expect(await fixed(text, 'db', [{ kind: 'set-instances', count: 2 }], 'index.ts')).toBeUndefined();
    expect(await fixed(text, 'db', [{ kind: 'set-property', path: ['a', 0], value: 1 }], 'index.ts')).toBeUndefined();
    expect(await fixed(text, 'db', [{ kind: 'set-property', path: ['a'], value: { $reference: { type: 'aws.sqs.Queue', name: 'nowhere' } } }], 'index.ts')).toBeUndefined();
  });
});
