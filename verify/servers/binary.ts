// Handshakes of binary protocols, just enough that a driver believes it is connected.

import type { Dialogue } from './dialogue';
import { reply } from './dialogue';

/** A Postgres message: type, length, body. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const READY = message('Z', Buffer.from('I'));
const LONG_ROW = Buffer.from([0x44, 0x00, 0x0f, 0x42, 0x40]);
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/** Postgres 3.0: no TLS, no password. A statement_timeout of the startup message is kept, as a server that is alive does. */
export const postgres: Dialogue = (socket, fault, note) => {
  let isReady = false;
  let limitMs = 0;
  socket.on('data', (data) => {
    if (!isReady) {
      const code = data.length >= 8 ? data.readInt32BE(4) : 0;
      if (code === SSL_REQUEST) return void socket.write('N');
      if (code === CANCEL_REQUEST) return void socket.end();
      isReady = true;
      limitMs = Number(/statement_timeout\0(\d+)/.exec(data.toString('latin1'))?.[1] ?? 0);
      const keys = Buffer.alloc(8);
      keys.writeInt32BE(1, 0);
      socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('S', Buffer.from('server_version\x0016.0\0')), message('K', keys), READY]));
      return note.ready();
    }
    if (data[0] === 0x58) return void socket.end();
    if (data[0] !== 0x51 && data[0] !== 0x50) return;
    note.command();
    if (limitMs > 0) setTimeout(() => socket.write(Buffer.concat([message('E', Buffer.from('SERROR\0C57014\0Mcanceling statement due to statement timeout\0\0')), READY])), limitMs).unref();
    else reply(socket, fault, { answer: Buffer.concat([message('C', Buffer.from('SELECT 0\0')), READY]), longHead: LONG_ROW });
  });
};

const MYSQL_OK = Buffer.from([0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00]);

function mysqlPacket(sequence: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([body.length & 0xff, (body.length >> 8) & 0xff, (body.length >> 16) & 0xff, sequence]), body]);
}

const MYSQL_INTERRUPTED = Buffer.concat([Buffer.from([0xff, 0xb1, 0x07]), Buffer.from('#70100Query execution was interrupted (max_statement_time exceeded)')]);

/** MySQL protocol 10 as MariaDB speaks it, with mysql_native_password; any password will do. Settings of a session and pings are always answered, and max_statement_time is kept, as a server that is alive does. */
export const mysql: Dialogue = (socket, fault, note) => {
  let isReady = false;
  let limitMs = 0;
  const capabilities = 0x00_0f_a2_0f | 0x00_08_00_00;
  const greeting = Buffer.concat([
    Buffer.from([10]), Buffer.from('5.5.5-10.6.18-MariaDB\0'), Buffer.from([1, 0, 0, 0]), Buffer.from('abcdefgh\0'), Buffer.from([capabilities & 0xff, (capabilities >> 8) & 0xff, 45, 2, 0, (capabilities >> 16) & 0xff, (capabilities >> 24) & 0xff, 21]),
    Buffer.alloc(10), Buffer.from('ijklmnopqrst\0'), Buffer.from('mysql_native_password\0'),
  ]);
  socket.write(mysqlPacket(0, greeting));
  let pending = Buffer.alloc(0);
  socket.on('data', (some) => {
    pending = Buffer.concat([pending, some]);
    // A driver may send several packets at once.
    while (pending.length >= 4 && pending.length >= pending.readUIntLE(0, 3) + 4) {
      const end = pending.readUIntLE(0, 3) + 4;
      const data = pending.subarray(0, end);
      pending = pending.subarray(end);
      take(data);
    }
  });
  const take = (data: Buffer): void => {
    if (!isReady) {
      isReady = true;
      socket.write(mysqlPacket((data[3] ?? 1) + 1, MYSQL_OK));
      return note.ready();
    }
    const command = data[4];
    const text = data.toString('latin1', 5);
    if (command === 0x01) return void socket.end();
    const limit = /max_statement_time=([\d.]+)/.exec(text);
    if (limit) limitMs = Number(limit[1]) * 1_000;
    if (command === 0x0e || /^\0?\x01?(?:SET (?!STATEMENT)|SELECT @@)/i.test(text)) return void socket.write(mysqlPacket(1, MYSQL_OK));
    note.command();
    if (limitMs > 0) setTimeout(() => socket.write(mysqlPacket(1, MYSQL_INTERRUPTED)), limitMs).unref();
    else reply(socket, fault, { answer: mysqlPacket(1, MYSQL_OK), longHead: Buffer.from([0xff, 0xff, 0x0f, 0x01]) });
  };
};

/** BSON of a flat document of numbers and booleans. */
function bson(document: Readonly<Record<string, number | boolean>>): Buffer {
  const parts = Object.entries(document).map(([name, value]) => {
    const body = typeof value === 'boolean' ? Buffer.from([value ? 1 : 0]) : Buffer.alloc(4);
    if (typeof value === 'number') body.writeInt32LE(value);
    return Buffer.concat([Buffer.from([typeof value === 'boolean' ? 8 : 16]), Buffer.from(`${name}\0`), body]);
  });
  const body = Buffer.concat([...parts, Buffer.from([0])]);
  const head = Buffer.alloc(4);
  head.writeInt32LE(body.length + 4);
  return Buffer.concat([head, body]);
}

const HELLO = bson({ ismaster: true, isWritablePrimary: true, helloOk: true, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, minWireVersion: 0, maxWireVersion: 21, logicalSessionTimeoutMinutes: 30, ok: 1 });
const OK = bson({ ok: 1 });

/** MongoDB as a single server without authentication; maxTimeMS is kept, as a server that is alive does. */
export const mongodb: Dialogue = (socket, fault, note) => {
  let pending = Buffer.alloc(0);
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 16 && pending.length >= pending.readInt32LE(0)) {
      const length = Math.max(16, pending.readInt32LE(0));
      const request = pending.subarray(0, length);
      pending = pending.subarray(length);
      const text = request.toString('latin1');
      const isHello = /hello\0|ismaster\0/i.test(text);
      if (isHello) note.ready();
      if (isHello || /\x10ping\0|endSessions\0/.test(text)) {
        socket.write(answerTo(request, isHello ? HELLO : OK));
        continue;
      }
      note.command();
      const limit = text.indexOf('\x10maxTimeMS\0');
      const limitMs = limit < 0 ? 0 : request.readInt32LE(limit + 11);
      if (limitMs > 0) setTimeout(() => socket.write(answerTo(request, bson({ ok: 0, code: 50 }))), limitMs).unref();
      else reply(socket, fault, { answer: answerTo(request, OK), longHead: Buffer.concat([answerTo(request, OK).subarray(0, 16).fill(0x7f, 0, 2), Buffer.alloc(5)]) });
    }
  });
};

function answerTo(request: Buffer, document: Buffer): Buffer {
  const isMessage = request.readInt32LE(12) === 2013;
  const body = isMessage ? Buffer.concat([Buffer.alloc(5), document]) : Buffer.concat([Buffer.alloc(16), Buffer.from([1, 0, 0, 0]), document]);
  if (!isMessage) body.writeInt32LE(0, 12);
  if (!isMessage) body.writeInt32LE(1, 16);
  const head = Buffer.alloc(16);
  head.writeInt32LE(body.length + 16, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(request.readInt32LE(4), 8);
  head.writeInt32LE(isMessage ? 2013 : 1, 12);
  return Buffer.concat([head, body]);
}

/** A frame of AMQP 0-9-1. */
function amqpFrame(channel: number, classId: number, methodId: number, rest: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head.writeUInt8(1, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(rest.length + 4, 3);
  head.writeUInt16BE(classId, 7);
  head.writeUInt16BE(methodId, 9);
  return Buffer.concat([head, rest, Buffer.from([0xce])]);
}

const START = Buffer.concat([Buffer.from([0, 9, 0, 0, 0, 0]), Buffer.from('\0\0\0\x05PLAIN', 'latin1'), Buffer.from('\0\0\0\x05en_US', 'latin1')]);

/** AMQP 0-9-1 without heartbeats; channels open, and nothing else is answered. */
export const amqp: Dialogue = (socket, _fault, note) => {
  let pending = Buffer.alloc(0);
  let isGreeted = false;
  socket.on('data', (data) => {
    if (!isGreeted) {
      isGreeted = true;
      return void socket.write(amqpFrame(0, 10, 10, START));
    }
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 8 && pending.length >= pending.readUInt32BE(3) + 8) {
      const end = pending.readUInt32BE(3) + 8;
      const frame = pending.subarray(0, end);
      pending = pending.subarray(end);
      const isMethod = frame[0] === 1 && frame.length >= 12;
      const name = isMethod ? `${frame.readUInt16BE(7)}.${frame.readUInt16BE(9)}` : '';
      if (name === '10.11') socket.write(amqpFrame(0, 10, 30, Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])));
      else if (name === '10.40') {
        socket.write(amqpFrame(0, 10, 41, Buffer.from([0])));
        note.ready();
      } else if (name === '10.50') socket.write(amqpFrame(0, 10, 51, Buffer.alloc(0)));
      else if (name === '20.10') socket.write(amqpFrame(frame.readUInt16BE(1), 20, 11, Buffer.alloc(4)));
      else if (isMethod && name !== '10.31') note.command();
    }
  });
};

/** MQTT 3.1.1. */
export const mqtt: Dialogue = (socket, _fault, note) => {
  socket.on('data', (data) => {
    const kind = (data[0] ?? 0) >> 4;
    if (kind === 1) {
      socket.write(Buffer.from([0x20, 2, 0, 0]));
      note.ready();
    } else if (kind === 14) socket.end();
    else note.command();
  });
};
