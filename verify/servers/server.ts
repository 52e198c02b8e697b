// Starts one server on loopback that behaves as a fault says, counts what comes, and ends with all its connections.

import { spawn, type ChildProcess } from 'node:child_process';
import { createServer as createHttp2Server } from 'node:http2';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Fault, Protocol } from '../contract';
import { amqp, mongodb, mqtt, mysql, postgres } from './binary';
import type { Dialogue } from './dialogue';
import { http } from './http';
import { memcached, nats, redis, smtp, websocket } from './text';

export interface RunningServer {
  readonly port: number;
  /** Connections so far. */
  connections(): number;
  /** When each command came, ms since 1970. */
  commands(): readonly number[];
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const dialogues: Readonly<Partial<Record<Protocol, Dialogue>>> = { http, postgres, mysql, redis, mongodb, amqp, smtp, mqtt, nats, memcached, websocket };

/** A server of `protocol` that does what `fault` says. `queue` is silent. Close it: its connections and timers end with it. */
export async function startServer(protocol: Protocol, fault: Fault): Promise<RunningServer> {
  if (fault === 'refuse') return closedPort();
  if (fault === 'blackhole') return blackhole();
  const sockets = new Set<Socket>();
  const times: number[] = [];
  let connections = 0;
  const note = (socket: Socket) => ({
    ready: () => {
      if (fault === 'drop' && protocol !== 'http') setTimeout(() => socket.destroy(), 500).unref();
    },
    command: () => void times.push(performance.timeOrigin + performance.now()),
  });
  const follow = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  let server: Server;
  if (protocol === 'http2' && fault !== 'hang') {
    const http2 = createHttp2Server();
    // Streams are opened and left alone.
    http2.on('stream', (stream) => {
      times.push(performance.timeOrigin + performance.now());
      stream.on('error', () => undefined);
      if (fault === 'stall') stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    });
    http2.on('connection', follow);
    http2.on('sessionError', () => undefined);
    server = http2;
  } else {
    const dialogue = fault === 'hang' ? undefined : dialogues[protocol];
    server = createServer((socket) => {
      follow(socket);
      if (dialogue) dialogue(socket, fault, note(socket));
      else {
        socket.resume();
        note(socket).ready();
      }
    });
  }
  const port = await listening(server);
  return {
    port,
    connections: () => connections,
    commands: () => times,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, () => resolve()));
  return (server.address() as AddressInfo).port;
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<RunningServer> {
  const server = createServer();
  const port = await listening(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, connections: () => 0, commands: () => [], close: async () => undefined };
}

// A listener in a process that never accepts: once its backlog is full, the kernel drops every further connect.
const LISTENER = `
const server = require('node:net').createServer();
server.listen({ port: 0, host: '${HOST}', backlog: 1 }, () => process.send(server.address().port, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120000) && process.exit()));
`;

async function blackhole(): Promise<RunningServer> {
  const child: ChildProcess = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the listener ended')));
  });
  const fillers: Socket[] = [];
  // The backlog of 1 holds two; one more shows that it is full.
  for (let count = 0; count < 16; count += 1) {
    const socket = connect(port, HOST);
    socket.on('error', () => {
      // It is never used: it only fills the backlog.
    });
    fillers.push(socket);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      setTimeout(() => resolve(false), 300);
    });
    if (!isOpen) break;
  }
  return {
    port,
    connections: () => 0,
    commands: () => [],
    close: async () => {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
