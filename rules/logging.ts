// How a fix writes an error down: with the logger that the file has there, else with `console`.

import type { LinkedFile } from '../engine/code/project';
import type { LoggerFact } from '../engine/code/construct-facts';

/**
 * Source text of a call that logs the error named `error` at an offset of the file (UTF-16). `what` is what failed, for loggers that want a text: `pool`.
 * Linear in the loggers of the file.
 */
export function logCall(file: LinkedFile, offset: number, what: string, error = 'error'): string | undefined {
  let inner: LoggerFact | undefined;
  for (const logger of file.facts.loggers ?? []) {
    if (isInside(logger.scope, offset) && !logger.except?.some((hole) => isInside(hole, offset)) && (!inner || sizeOf(logger) < sizeOf(inner))) inner = logger;
  }
  if (!inner) return importsLogger(file) ? `logger.error(${error})` : undefined;
  const text = what.replace(/[^\w.$ -]+/g, ' ').trim();
  const call = inner.call.replace(/\{(error|what)\}/g, (_, key: string) => (key === 'error' ? error : `${text} failed`));
  return call.replace(new RegExp(`\\{ ${error}: ${error} \\}`), `{ ${error} }`);
}

/** A logger that is imported by its usual name and not called yet. */
function importsLogger(file: LinkedFile): boolean {
  return file.facts.imports.some((one) => !one.isTypeOnly && one.names.includes('logger'));
}

function isInside([start, end]: readonly [number, number], offset: number): boolean {
  return start <= offset && offset < end;
}

function sizeOf({ scope }: LoggerFact): number {
  return scope[1] - scope[0];
}
