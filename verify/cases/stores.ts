// Caches.

import type { LibraryCase, Library } from '../contract';

const redisFour = async ({ named }: Library, { host, port, construct, listen }: Library): Promise<unknown> => {
  const client = listen(named.createClient({ ...construct, socket: { host, port, reconnectStrategy: false, ...construct.socket } }));
  await client.connect();
  return client;
};

export const stores: readonly LibraryCase[] = [
  {
    entry: 'redis',
    subjects: ['redis-3'],
    protocol: 'redis',
    on: 'RedisClientType',
    method: 'get',
    places: ['construct'],
    event: { on: 'RedisClientType', fault: 'refuse' },
    make: ({ main }, { host, port, construct, listen }) => listen(main.createClient({ host, port, ...construct })),
    open: (client) => new Promise((resolve) => client.on('ready', resolve)),
    call: (client) => new Promise((resolve, reject) => client.get('a', (error: unknown) => (error ? reject(error) : resolve(undefined)))),
  },
  {
    entry: 'redis',
    subjects: ['redis-4', 'redis-5', 'redis-6'],
    protocol: 'redis',
    on: 'RedisClientType',
    method: 'get',
    places: ['construct'],
    event: { on: 'RedisClientType', fault: 'drop' },
    make: redisFour,
    open: () => undefined,
    call: (client) => client.get('a'),
  },
  {
    entry: 'redis',
    title: 'connect',
    subjects: ['redis-4', 'redis-5', 'redis-6'],
    protocol: 'redis',
    on: 'RedisClientType',
    method: 'connect',
    places: ['construct'],
    faults: ['blackhole'],
    make: redisFour,
    call: () => undefined,
    skip: { 'commandOptions.timeout': 'counts after the connection', 'socket.socketTimeout': 'measured with get' },
  },
  {
    entry: 'ioredis',
    subjects: ['ioredis-4', 'ioredis-5', 'ioredis-6'],
    protocol: 'redis',
    on: 'Redis',
    method: 'get',
    places: ['construct'],
    base: { construct: { retryStrategy: null, enableReadyCheck: false } },
    event: { on: 'Redis', fault: 'drop' },
    make: ({ main }, { host, port, construct, listen }) => listen(new main({ host, port, ...construct })),
    open: (client) => new Promise((resolve) => client.on('ready', resolve)),
    call: (client) => client.get('a'),
  },
  {
    entry: 'memcached',
    subjects: ['memcached-2'],
    protocol: 'memcached',
    on: 'Memcached',
    method: 'get',
    places: ['construct'],
    base: { construct: { retries: 0 } },
    make: ({ main }, { host, port, construct }) => new main(`${host}:${port}`, construct),
    call: (client) => new Promise((resolve, reject) => client.get('a', (error: unknown) => (error ? reject(error) : resolve(undefined)))),
  },
];
