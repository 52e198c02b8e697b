#!/usr/bin/env node
// The command line's process: streams, exit code, and what happens when Holdfast itself fails.

import { join } from 'node:path';
import { userCacheFolder } from '../engine/node/cache-folder';
import { installCodeCache } from '../engine/node/code-cache';
import { nodeShell, nodeSink } from './node-shell';
import { run } from './run';

const out = nodeSink(process.stdout);
const err = nodeSink(process.stderr);
const codeCache = process.argv.includes('--no-cache') ? undefined : installCodeCache(join(__dirname, 'typescript.cjs'), userCacheFolder(process.env));

/** A fault of ours is exit code 2, whatever was found before; the process ends, since its state is not known any more. */
function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err.write(`Holdfast failed. This is a bug of Holdfast, not of your code. holdfast doctor --bug writes a report without your code.\n${text}\n`);
  end(2);
}

/** Ends the process once everything written has left it: a pipe gets all of a long report. */
function end(code: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
  // A turn of the loop later: a rejection that nobody handled is reported only then, and changes the code.
  void Promise.all([out.flushed(), err.flushed()]).then(() =>
    setImmediate(() => {
      codeCache?.save();
      process.exit(process.exitCode);
    }),
  );
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

run(process.argv.slice(2), nodeShell(out, err, __dirname)).then(end, fail);
