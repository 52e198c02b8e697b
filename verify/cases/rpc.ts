// gRPC and WebSocket.

import type { LibraryCase, Library } from '../contract';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? '');

export const rpc: readonly LibraryCase[] = [
  {
    entry: '@grpc/grpc-js',
    subjects: ['grpc__grpc-js-1'],
    protocol: 'http2',
    on: 'Client',
    method: 'charge',
    places: ['call'],
    open: (client) => new Promise((resolve, reject) => client.waitForReady(Date.now() + 2_000, (error: unknown) => (error ? reject(error) : resolve(undefined)))),
    make: ({ named }, { host, port }) => new named.Client(`${host}:${port}`, named.credentials.createInsecure()),
    call: (client, { call }) => new Promise((resolve, reject) => client.makeUnaryRequest('/a.B/Charge', bytes, bytes, {}, call, (error: unknown) => (error ? reject(error) : resolve(undefined)))),
  },
  {
    entry: 'etcd3',
    subjects: ['etcd3-1'],
    protocol: 'http2',
    on: 'Etcd3',
    method: 'get',
    places: ['construct'],
    make: ({ named }, { url, construct }) => new named.Etcd3({ hosts: url, ...construct }),
    call: (client) => client.get('a').string(),
  },
  {
    entry: 'ws',
    subjects: ['ws-7', 'ws-8'],
    protocol: 'websocket',
    on: 'WebSocket',
    method: '',
    places: ['construct'],
    event: { on: 'WebSocket', fault: 'refuse' },
    make: ({ main }, { host, port, construct, listen }) => listen(new main(`ws://${host}:${port}`, construct)),
    open: (socket) => new Promise((resolve) => socket.on('open', resolve)),
    call: opened,
  },
  {
    entry: 'socket.io-client',
    subjects: ['socket.io-client-4'],
    protocol: 'tcp',
    on: 'Socket',
    method: 'emitWithAck',
    places: ['construct'],
    hangs: 'total',
    skip: { timeout: 'bounds the connection, which emits connect_error' },
    event: { on: 'Socket', fault: 'refuse' },
    make: ({ named }, { url, construct, listen }) => listen(named.io(url, { forceNew: true, ...construct })),
    call: (socket) => socket.emitWithAck('charge', 1),
  },
];

function opened(socket: Library): Promise<unknown> {
  return new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
}
