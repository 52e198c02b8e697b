// The shell of a real process: its streams, written so that nothing is lost and a reader that goes away is no error.

import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { Shell, Sink } from './shell';

const MOST_INPUT = 64 * 1024 * 1024;

/** A sink that can be waited for. */
export interface NodeSink extends Sink {
  /** Resolves when everything written so far has left the process, or nobody reads it. */
  flushed(): Promise<void>;
}

/** A sink over one of the process's streams. After EPIPE (`holdfast | head`) writes do nothing. */
export function nodeSink(stream: NodeJS.WriteStream): NodeSink {
  let isOpen = true;
  stream.on('error', () => {
    isOpen = false;
  });
  return {
    target: { isTerminal: stream.isTTY === true, columns: stream.isTTY ? stream.columns : undefined },
    write(text) {
      if (isOpen && text !== '') stream.write(text);
    },
    flushed: () => new Promise((resolve) => (isOpen && !stream.destroyed ? stream.write('', () => resolve()) : resolve())),
  };
}

/** The shell of this process. `folder` = where the running file lies. */
export function nodeShell(out: Sink, err: Sink, folder: string): Shell {
  return {
    out,
    err,
    workingFolder: process.cwd(),
    environment: process.env,
    clock: () => performance.now(),
    today: new Date().toISOString().slice(0, 10),
    readInput,
    packageFolder: join(folder, '..'),
  };
}

async function readInput(): Promise<{ text: string } | { because: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > MOST_INPUT) return { because: 'more than 64 MB' };
    chunks.push(bytes);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) return { because: 'not valid UTF-8' };
  const text = bytes.toString('utf8');
  return { text };
}
