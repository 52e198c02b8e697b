// Cloud SDKs and object stores, with their endpoint moved to a server of ours.

import type { LibraryCase, Library, Setting } from '../contract';

const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };

function aws(subjects: readonly string[], service: string, command: string, input: Library): LibraryCase[] {
  const shared: Pick<LibraryCase, 'entry' | 'subjects' | 'protocol' | 'make'> = {
    entry: '@aws-sdk/client',
    subjects,
    protocol: 'http',
    make: ({ named }, { url, construct }: Setting) => {
      const client = new named[`${service}Client`]({ region: 'us-east-1', endpoint: url, credentials, forcePathStyle: true, ...construct });
      return { client, command: () => new named[`${command}Command`](input), destroy: () => client.destroy() };
    },
  };
  const send = ({ client, command: make }: Library, { call }: Setting): unknown => client.send(make(), call);
  // The answer is none of the service's: that there was one is enough.
  const answered = (client: Library, setting: Setting): Promise<unknown> => Promise.resolve(send(client, setting)).catch(() => undefined);
  return [
    { ...shared, on: 'Client', method: 'send', places: ['construct', 'call'], base: { construct: { maxAttempts: 1 } }, open: answered, call: send },
    { ...shared, title: 'retries', on: 'none', method: 'none', places: [], faults: [], retry: { of: `${service}Client`, place: 'construct' }, call: send },
  ];
}

export const clouds: readonly LibraryCase[] = [
  ...aws(['client-s3-old', 'aws-sdk__client-s3-3'], 'S3', 'ListBuckets', {}),
  ...aws(['aws-sdk__client-sqs-3'], 'SQS', 'ListQueues', {}),
  ...aws(['aws-sdk__client-dynamodb-3'], 'DynamoDB', 'ListTables', {}),
  {
    entry: 'aws-sdk',
    subjects: ['aws-sdk-2'],
    protocol: 'http',
    on: 'Service',
    method: 'getObject',
    places: ['construct'],
    base: { construct: { maxRetries: 0 } },
    make: ({ main }, { url, construct }) => new main.S3({ region: 'us-east-1', endpoint: url, s3ForcePathStyle: true, ...credentials, ...construct }),
    call: (client) => client.getObject({ Bucket: 'a', Key: 'b' }).promise(),
  },
  {
    entry: 'aws-sdk',
    title: 'retries',
    subjects: ['aws-sdk-2'],
    protocol: 'http',
    on: 'none',
    method: 'none',
    places: [],
    faults: [],
    retry: { of: 'S3', place: 'construct' },
    make: ({ main }, { url, construct }) => new main.S3({ region: 'us-east-1', endpoint: url, s3ForcePathStyle: true, ...credentials, ...construct }),
    call: (client) => client.getObject({ Bucket: 'a', Key: 'b' }).promise(),
  },
  {
    entry: '@azure/storage-blob',
    subjects: ['azure__storage-blob-12'],
    protocol: 'http',
    on: 'BlobServiceClient',
    method: 'getProperties',
    places: ['construct', 'call'],
    skip: { 'retryOptions.tryTimeoutInMs': 'is handed to the server' },
    base: { construct: { retryOptions: { maxTries: 1 } } },
    make: ({ named }, { url, construct }) => new named.BlobServiceClient(`${url}/account`, new named.AnonymousCredential(), construct),
    call: (client, { call }) => client.getContainerClient('a').getProperties(call),
  },
  {
    entry: '@google-cloud/storage',
    subjects: ['google-cloud__storage-7', 'google-cloud__storage-8'],
    protocol: 'http',
    on: 'Storage',
    method: 'getMetadata',
    places: ['construct'],
    base: { construct: { retryOptions: { autoRetry: false, maxRetries: 0 } } },
    make: ({ named }, { url, construct }) => new named.Storage({ apiEndpoint: url, projectId: 'p', ...construct }),
    call: (client) => client.bucket('a').getMetadata(),
  },
  {
    entry: 'minio',
    subjects: ['minio-7', 'minio-8'],
    protocol: 'http',
    on: 'Client',
    method: 'bucketExists',
    places: ['construct'],
    // It asks by HEAD: there is no body to stop in.
    faults: ['hang'],
    make: ({ main, named }, { host, port, construct }) => new (named.Client ?? main.Client)({ endPoint: host, port, useSSL: false, accessKey: 'x', secretKey: 'x', region: 'us-east-1', ...construct }),
    call: (client) => client.bucketExists('bucket'),
  },
];
