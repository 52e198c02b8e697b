// The wrapper around every request: a throw of ours is reported once, and the client gets an empty answer instead of an error.

import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Session } from './session';

/** Runs a request's handler after the session is ready. `empty` is the answer after a fault of ours; a cancelled request is answered as such. */
export async function answer<T>(session: Session, name: string, empty: T, token: CancellationToken, handler: () => Promise<T> | T): Promise<T | ResponseError<never>> {
  try {
    await untilCancelled(session.ready, token);
    return await untilCancelled(Promise.resolve(handler()), token);
  } catch (error) {
    if (error instanceof ResponseError) return new ResponseError<never>(error.code, error.message);
    session.reportFailure(name, error);
    return empty;
  }
}

/** The promise, or a rejection with `RequestCancelled` as soon as the client no longer wants the answer. */
export function untilCancelled<T>(promise: Promise<T>, token: CancellationToken): Promise<T> {
  if (token.isCancellationRequested) return Promise.reject(new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'cancelled'));
  return new Promise((resolve, reject) => {
    const subscription = token.onCancellationRequested(() => reject(new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'cancelled')));
    promise.then(resolve, reject).finally(() => subscription.dispose());
  });
}
