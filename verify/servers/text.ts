// Handshakes of protocols that are lines of text, and of WebSocket.

import { createHash } from 'node:crypto';
import type { Dialogue } from './dialogue';
import { reply } from './dialogue';

const REDIS_COMMAND = /\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n(?:\$\d+\r\n([^\r]*)\r\n)?/g;

const INFO = 'redis_version:7.2.0\r\nloading:0\r\n';

/** Redis: what a client asks while it connects is answered. */
export const redis: Dialogue = (socket, fault, note) => {
  note.ready();
  socket.on('data', (data) => {
    for (const [, name = '', first = ''] of data.toString('latin1').matchAll(REDIS_COMMAND)) {
      const command = name.toUpperCase();
      if (command === 'HELLO') socket.write(first === '3' ? '%1\r\n$5\r\nproto\r\n:3\r\n' : '*2\r\n$5\r\nproto\r\n:2\r\n');
      else if (command === 'INFO') socket.write(`$${INFO.length}\r\n${INFO}\r\n`);
      else if (command === 'CLIENT' || command === 'SELECT' || command === 'AUTH' || command === 'READONLY') socket.write('+OK\r\n');
      else if (command === 'QUIT') socket.end('+OK\r\n');
      else {
        note.command();
        reply(socket, fault, { answer: '+OK\r\n', longHead: '$1000000\r\n' });
      }
    }
  });
};

/** SMTP: greeting and EHLO; the mail itself is the command. */
export const smtp: Dialogue = (socket, fault, note) => {
  socket.write('220 ready\r\n');
  socket.on('data', (data) => {
    const line = data.toString('latin1');
    if (/^(?:EHLO|HELO)/i.test(line)) {
      socket.write('250 hello\r\n');
      note.ready();
    } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
    else {
      note.command();
      reply(socket, fault, { answer: '250 ok\r\n', longHead: '250-' });
    }
  });
};

/** NATS: INFO, and PONG for each PING. */
export const nats: Dialogue = (socket, _fault, note) => {
  socket.write('INFO {"server_id":"S","server_name":"s","version":"2.10.0","proto":1,"host":"127.0.0.1","headers":true,"max_payload":1048576}\r\n');
  socket.on('data', (data) => {
    const text = data.toString('latin1');
    if (text.includes('PING\r\n')) {
      socket.write('PONG\r\n');
      note.ready();
    }
    if (text.includes('PUB ')) note.command();
  });
};

/** memcached's text protocol. */
export const memcached: Dialogue = (socket, fault, note) => {
  note.ready();
  socket.on('data', () => {
    note.command();
    reply(socket, fault, { answer: 'END\r\n', longHead: 'VALUE key 0 1000000\r\n' });
  });
};

/** A WebSocket that opens and says nothing. */
export const websocket: Dialogue = (socket, _fault, note) => {
  let isOpen = false;
  socket.on('data', (data) => {
    if (isOpen) {
      if (((data[0] ?? 0) & 0x0f) === 8) socket.end(Buffer.from([0x88, 0]));
      return;
    }
    const key = /sec-websocket-key: ([^\r]+)/i.exec(data.toString('latin1'))?.[1] ?? '';
    isOpen = true;
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
    note.ready();
  });
};
