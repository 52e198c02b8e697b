// How a server of one protocol speaks on one connection.

import type { Socket } from 'node:net';
import type { Fault } from '../contract';

export interface Note {
  /** The handshake is done. */
  ready(): void;
  /** A command has come; counted, with its time. */
  command(): void;
}

/** Speaks the handshake, and then does what the fault says. `drop` after the handshake is the server's own business. */
export type Dialogue = (socket: Socket, fault: Fault, note: Note) => void;

/** What a protocol does with a command: silence, the answer, or the head of a long answer and then a byte every 200 ms. */
export function reply(socket: Socket, fault: Fault, texts: { readonly answer: Buffer | string; readonly longHead: Buffer | string }): void {
  if (fault === 'answer') socket.write(texts.answer);
  if (fault !== 'drip' && fault !== 'stall') return;
  socket.write(texts.longHead);
  if (fault === 'stall') return;
  const timer = setInterval(() => socket.write('x'), 200);
  socket.on('close', () => clearInterval(timer));
}
