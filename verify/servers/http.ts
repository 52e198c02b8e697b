// An HTTP/1.1 server on bare sockets, so that it can stop anywhere in an answer.

import type { Socket } from 'node:net';
import type { Fault } from '../contract';
import type { Dialogue } from './dialogue';

const REQUEST = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/;
const BEGINNING = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"data":"';

/** Answers each request as the fault says. A request is a piece of data that starts with a request line; bodies that follow are swallowed. */
export const http: Dialogue = (socket, fault, note) => {
  note.ready();
  socket.on('data', (data) => {
    if (!REQUEST.test(data.toString('latin1'))) return;
    note.command();
    answer(socket, fault, data.toString('latin1').startsWith('HEAD '));
  });
};

function answer(socket: Socket, fault: Fault, isHead: boolean): void {
  if (fault === 'stall') socket.write(BEGINNING);
  else if (fault === 'drip') {
    socket.write(BEGINNING);
    const timer = setInterval(() => socket.write('x'), 200);
    socket.on('close', () => clearInterval(timer));
  } else if (fault === 'fail') socket.write(`HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n`);
  else if (fault === 'drop') socket.destroy();
  else if (fault === 'answer') socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-elastic-product: Elasticsearch\r\ncontent-length: 2\r\n\r\n${isHead ? '' : '{}'}`);
}
