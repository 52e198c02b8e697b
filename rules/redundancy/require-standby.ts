// A data store with one instance is down while that is moved, updated or repaired, and everything that needs it with it.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { CloudStore } from '../../engine/model/cloud/things';
import { leastInstances, isWanted, keepsData, severityFor, subjectOf } from '../../engine/model/questions';
import { hasOtherMembers, isNeededCache } from '../../engine/model/stores';
import { isLive, isSoft, repairs, subjectOfThing } from '../cloud-fixes';

export const requireStandby = defineRule({
  id: 'redundancy/require-standby',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    single: 'What needs `{workload}` fails until it is back: it has one instance and no standby.',
    managed: 'What needs `{store}` fails until it is back: this {title} has no standby.',
    even: '`{workload}` stops when one of {count} members is lost: a majority of {count} is {majority}.',
  },
  docs: {
    what: 'Reports a database, broker, search engine or coordinator with one instance, a managed one that has no standby in another zone, and one whose even number of members survives no more losses than one less.',
    why: 'A store keeps what everybody needs. While its only instance restarts, moves or restores, nothing that needs it works.',
    fix: 'Run it replicated by its own means or an operator, or use a managed service with a standby in a second zone, which costs about as much again. A second copy of the container alone is no standby.',
    not: 'A Compose file for one host, where a standby is no question; caches that hold neither carts nor sessions; members of a cluster that are written as several workloads; read replicas, stores that keep copies in several zones by themselves, what says that it is for development; a count that cannot be known.',
    references: ['https://aws.amazon.com/builders-library/static-stability-using-availability-zones/'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      if (!isWanted(workload) || workload.isSingleHost || workload.isPerNode || !(keepsData(workload) || (workload.role === 'cache' && isNeededCache(workload)))) continue;
      const count = leastInstances(workload);
      if (count === undefined || count === 0 || hasOtherMembers(workload, system)) continue;
      const needsQuorum = workload.needsQuorum === true || workload.containers.some((container) => container.knownImage?.needsQuorum === true);
      const isEven = needsQuorum && count % 2 === 0;
      if (count > 1 && !isEven) continue;
      report({
        at: workload.instances.state === 'set' ? workload.instances.at : workload.at,
        message: isEven ? 'even' : 'single',
        data: { workload: workload.name, count, majority: Math.floor(count / 2) + 1 },
        label: `${workload.role}, ${count} instance${count === 1 ? '' : 's'}`,
        related: workload.servedBy.slice(0, 2),
        subject: subjectOf(workload),
        severity: severityFor(workload, 'warning'),
      });
    }
    for (const store of system.cloud.stores) {
      const found = managed(store);
      if (found) report(found);
    }
  },
  examples: {
    bad: [
      { name: 'one member of an operator', files: { 'k8s/db.yaml': operated('postgresql.cnpg.io/v1', 'Cluster', 'db', '  «instances: 1»\n') }, expect: 'single' },
      { name: 'one member of an operator by default', files: { 'k8s/queue.yaml': operated('rabbitmq.com/v1beta1', 'RabbitmqCluster', '«queue»', '  persistence:\n    storage: 1Gi\n') }, expect: 'single' },
      { name: 'two members of a quorum that an operator runs', files: { 'k8s/db.yaml': operated('mongodbcommunity.mongodb.com/v1', 'MongoDBCommunity', 'db', '  «members: 2»\n') }, expect: 'even' },
      { name: 'a database with one instance by default', files: { 'k8s/db.yaml': store('StatefulSet', '«db»', 'postgres:16') }, expect: 'single' },
      { name: 'a broker with one written instance', files: { 'k8s/queue.yaml': store('StatefulSet', 'queue', 'rabbitmq:3', '  «replicas: 1»\n') }, expect: 'single' },
      { name: 'a search engine in a Deployment', files: { 'k8s/search.yaml': store('Deployment', '«search»', 'docker.elastic.co/elasticsearch/elasticsearch:8.1.0') }, expect: 'single' },
      { name: 'a cache with a claim of its own', files: { 'k8s/redis.yaml': `${store('StatefulSet', '«redis»', 'redis:7')}          volumeMounts:\n            - name: data\n              mountPath: /data\n  volumeClaimTemplates:\n    - metadata:\n        name: data\n      spec:\n        accessModes: [ReadWriteOnce]\n` }, expect: 'single' },
      { name: 'a cache that holds sessions', files: { 'k8s/session-db.yaml': store('Deployment', '«session-db»', 'redis:7') }, expect: 'single' },
      {
        name: 'a database instance in one zone',
        files: { 'stack.yaml': 'Resources:\n  «Orders»:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      AllocatedStorage: 20\n' },
        expect: 'managed',
        fixed: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      AllocatedStorage: 20\n      MultiAZ: true\n' },
      },
      {
        name: 'a database instance whose parameter says one zone',
        files: { 'stack.yaml': "Parameters:\n  Zones:\n    Type: String\n    Default: 'false'\nResources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      MultiAZ: «!Ref Zones»\n" },
        expect: 'managed',
      },
      {
        name: 'in Terraform',
        files: { 'main.tf': 'resource "aws_db_instance" «"orders"» {\n  identifier              = "orders"\n  backup_retention_period = 7\n}\n' },
        expect: 'managed',
        fixed: { 'main.tf': 'resource "aws_db_instance" "orders" {\n  identifier              = "orders"\n  backup_retention_period = 7\n  multi_az                = true\n}\n' },
      },
      {
        name: 'in the CDK',
        files: { 'lib/shop.ts': "import { Duration, Stack } from 'aws-cdk-lib';\nimport { Vpc } from 'aws-cdk-lib/aws-ec2';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nexport class Shop extends Stack {\n  readonly orders = «new rds.DatabaseInstance»(this, 'Orders', { engine: rds.DatabaseInstanceEngine.POSTGRES, vpc: Vpc.fromLookup(this, 'Net', { isDefault: true }), backupRetention: Duration.days(7) });\n}\n" },
        expect: 'managed',
        fixed: { 'lib/shop.ts': "import { Duration, Stack } from 'aws-cdk-lib';\nimport { Vpc } from 'aws-cdk-lib/aws-ec2';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nexport class Shop extends Stack {\n  readonly orders = new rds.DatabaseInstance(this, 'Orders', { engine: rds.DatabaseInstanceEngine.POSTGRES, vpc: Vpc.fromLookup(this, 'Net', { isDefault: true }), backupRetention: Duration.days(7), multiAz: true });\n}\n" },
      },
      {
        name: 'in Pulumi',
        files: { 'index.ts': "import * as aws from '@pulumi/aws';\nexport const orders = «new aws.rds.Instance»('orders', {\n  engine: 'postgres',\n  backupRetentionPeriod: 7,\n});\n" },
        expect: 'managed',
        fixed: { 'index.ts': "import * as aws from '@pulumi/aws';\nexport const orders = new aws.rds.Instance('orders', {\n  engine: 'postgres',\n  backupRetentionPeriod: 7,\n  multiAz: true,\n});\n" },
      },
      { name: 'the module of a registry', files: { 'main.tf': 'module «"orders"» {\n  source                  = "terraform-aws-modules/rds/aws"\n  identifier              = "orders"\n  backup_retention_period = 7\n}\n' }, expect: 'managed' },
      { name: 'of another cloud', files: { 'main.tf': 'resource "google_sql_database_instance" «"orders"» {\n  database_version = "POSTGRES_16"\n\n  settings {\n    tier = "db-custom-2-7680"\n\n    backup_configuration {\n      enabled = true\n    }\n  }\n}\n' }, expect: 'managed' },
      { name: 'a broker of one instance', files: { 'stack.yaml': 'Resources:\n  Broker:\n    Type: AWS::AmazonMQ::Broker\n    Properties:\n      EngineType: RABBITMQ\n      DeploymentMode: «SINGLE_INSTANCE»\n' }, expect: 'managed' },
      { name: 'two members of a quorum', files: { 'k8s/etcd.yaml': store('StatefulSet', 'etcd', 'quay.io/coreos/etcd:v3.5.9', '  «replicas: 2»\n') }, expect: 'even' },
    ],
    good: [
      { name: 'three members of an operator', files: { 'k8s/db.yaml': operated('postgresql.cnpg.io/v1', 'Cluster', 'db', '  instances: 3\n') } },
      { name: 'sets of members that add up', files: { 'k8s/search.yaml': operated('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', 'search', '  nodeSets:\n    - name: a\n      count: 1\n    - name: b\n      count: 2\n') } },
      { name: 'three members', files: { 'k8s/etcd.yaml': store('StatefulSet', 'etcd', 'quay.io/coreos/etcd:v3.5.9', '  replicas: 3\n') } },
      { name: 'a primary and a replica', files: { 'k8s/db.yaml': `${store('StatefulSet', 'db-primary', 'postgres:16')}---\n${store('StatefulSet', 'db-replica', 'postgres:16')}` } },
      { name: 'a database instance with a standby', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      MultiAZ: true\n' } },
      { name: 'a read replica', files: { 'stack.yaml': 'Resources:\n  Reader:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      SourceDBInstanceIdentifier: orders\n' } },
      { name: 'two instances of a cluster', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      Engine: aurora-postgresql\n  One:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      DBClusterIdentifier: !Ref Orders\n  Two:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      DBClusterIdentifier: !Ref Orders\n' } },
      { name: 'a table keeps copies by itself', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n' } },
      { name: 'one host', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n' } },
      { name: 'a cache', files: { 'k8s/cache.yaml': store('Deployment', 'cache', 'redis:7') } },
      { name: 'switched off', files: { 'k8s/db.yaml': store('StatefulSet', 'db', 'postgres:16', '  replicas: 0\n') } },
    ],
    unknown: [
      { name: 'its operator decides how many', files: { 'k8s/db.yaml': operated('k8s.mariadb.com/v1alpha1', 'MariaDB', 'db', '  storage:\n    size: 1Gi\n') } },
      { name: 'a condition that only the deployment decides', files: { 'stack.yaml': 'Parameters:\n  Size:\n    Type: String\nConditions:\n  IsLarge: !Equals [!Ref Size, large]\nResources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MultiAZ: !If [IsLarge, true, false]\n' } },
      { name: 'the count is a template value', files: { 'chart/templates/db.yaml': store('StatefulSet', 'db', 'postgres:16', '  replicas: {{ .Values.replicas }}\n') } },
      { name: 'an overlay sets the count', files: { 'base/db.yaml': store('StatefulSet', 'db', 'mongo:7'), 'base/kustomization.yaml': 'resources: [db.yaml]\n', 'overlays/live/kustomization.yaml': 'resources: [../../base]\nreplicas:\n  - name: db\n    count: 3\n' } },
    ],
  },
});

/** A standby is asked of what keeps data; of a cache only where its name says that it holds what cannot be made again. */
function managed(thing: CloudStore): Report<'managed'> | undefined {
  const isDown = (thing.standby.state === 'set' || thing.standby.state === 'default') && !thing.standby.value;
  if (!isDown || !isLive(thing) || thing.kind === 'object-store' || thing.kind === 'file-system') return undefined;
  if (thing.isReplica.state === 'unknown' || (thing.isReplica.state === 'set' && thing.isReplica.value)) return undefined;
  if (thing.isCache && thing.engine.state === 'set' && thing.engine.value === 'memcached') return undefined;
  const field = thing.repairs['standby'] ? 'standby' : thing.repairs['members'] ? 'members' : 'memberCount';
  return {
    at: thing.standby.state === 'set' ? thing.standby.at : thing.at,
    message: 'managed',
    data: { store: thing.name, title: thing.title },
    label: thing.title,
    fixes: repairs(thing, field, 'unsafe'),
    subject: subjectOfThing(thing),
    // Whoever deploys it is asked by a variable whose default this is.
    severity: isSoft(thing.standby) ? 'advice' : thing.isCache ? 'info' : 'warning',
  };
}

function store(kind: string, name: string, image: string, lines = ''): string {
  const app = name.replace(/[«»]/g, '');
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n${lines}  selector:\n    matchLabels: { app: ${app} }\n  template:\n    metadata:\n      labels: { app: ${app} }\n    spec:\n      containers:\n        - name: ${app}\n          image: ${image}\n`;
}

function operated(api: string, kind: string, name: string, lines: string): string {
  return `apiVersion: ${api}\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n${lines}`;
}
