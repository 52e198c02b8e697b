// Facts about what code does with its calls: tries them again, drops their errors, runs many at once, listens, consumes, acknowledges. Filled by engine/code/constructs/.

import type { Span } from '../text';
import type { Entity, Value } from './values';

export type { RetryFact } from './retry-facts';

/** Where a function stands: what calls it. `startup` = module level or reached only from there. */
export type Context = 'handler' | 'consumer' | 'timer' | 'listener' | 'startup' | 'unknown';

/** A `catch`, `.catch(fn)`, error-first callback or listener of `error`. */
export interface CatchFact {
  readonly form: 'clause' | 'method' | 'callback' | 'listener';
  readonly mark: Span;
  readonly body: Span;
  readonly function: number;
  readonly does: 'nothing' | 'constant' | 'logs' | 'rethrows' | 'handles';
  /** The constant that stands for the failure: a decision (`false`), an answer without content, or a promise that is resolved after all. */
  readonly gives?: 'boolean' | 'empty' | 'settled';
  /** Something else is tried or stands for the result then: another way to the same, or a value that is there already. */
  readonly fallsBack?: true;
  /** Nothing is written in it; `does: 'nothing'` without it is a `continue`, `return` or `noop`. */
  readonly isEmpty: boolean;
  readonly hasComment: boolean;
  /** Calls it guards, as indexes into `calls`, and their callee texts where they are awaited but not catalogued. */
  readonly calls: readonly number[];
  readonly awaits: readonly string[];
  /** What each of `awaits` is. */
  readonly targets: readonly Entity[];
  /** The callee of an awaited call that is no catalogued one but is given a statement of SQL. */
  readonly statement?: string;
  /** For a callback: its body is a block. */
  readonly isBlock?: true;
  /** For a listener: what emits. */
  readonly emitter?: Entity;
  /** Only closes, frees or probes: its failure is of no interest. */
  readonly isCleanup: boolean;
  readonly errorName?: string;
  /** From `catch` to its block, for a clause. */
  readonly header?: Span;
  /** The whole function handed to `.catch` or to `on`. */
  readonly handler?: Span;
}

/** An async function handed to something that may ignore its promise. */
export interface AsyncSlotFact {
  readonly entity: Entity;
  /** Method or function it is handed to: `on`, `setInterval`, `get`. */
  readonly method: string;
  readonly event?: string;
  readonly argument: number;
  readonly slot: 'handler' | 'consumer' | 'timer' | 'listener' | 'iteration' | 'executor' | 'callback' | 'unknown';
  readonly callback: number;
  readonly mark: Span;
  readonly span: Span;
  /** A wrapper stands between: `asyncHandler(fn)`. */
  readonly wrapper?: Entity;
  readonly wrapperName?: string;
  readonly function: number;
  /** The callback where it is an export of another file: `callback` is -1 then. */
  readonly target?: Entity;
  /** What it is registered as, and `POST /orders`, for a callback of another file. */
  readonly context?: Context;
  readonly route?: string;
  /** What a callback that is not async itself calls and gives back: `flush` of `() => flush()`. */
  readonly returns?: Entity;
  readonly returnsText?: string;
  /** Names of the options written beside it: `catch` of `new Cron(pattern, { catch: true }, run)`. */
  readonly options?: readonly string[];
  /** Number of parameters of the callback, -1 where it is in another file. */
  readonly parameters: number;
}

/** A call whose promise nobody takes: a statement of its own, without `await`, `void`, `.catch` or a second argument of `.then`. */
export interface FloatingFact {
  /** The function that is called: of this file, of another one, or a catalogued method. */
  readonly entity: Entity;
  readonly span: Span;
  readonly callee: Span;
  readonly calleeText: string;
  readonly function: number;
  /** Inside a `try` with a catch: it reads as handled and is not. */
  readonly isInTry: boolean;
  /** Its rejection is taken (`.catch`); only nobody waits for it. */
  readonly isCaught: boolean;
  /** The last argument is a function: it may answer by callback. */
  readonly hasCallback: boolean;
  /** `.then(…)` follows it: somebody waits for its success alone. */
  readonly isChained?: boolean;
  /** The whole chain, where the call is not all of it. */
  readonly chain?: Span;
  /** `void` stands before it. */
  readonly isVoid?: boolean;
  /** The function of this file gives a chain of promises without a `catch`. */
  readonly isOpenChain?: boolean;
}

/** An emitter that a library hands to a callback: the socket of `server.on('connection', (socket) => …)`. */
export interface HandedEmitterFact {
  readonly package: string;
  readonly instance: string;
  readonly name: string;
  /** The parameter's name. */
  readonly mark: Span;
  /** The callback: a function literal. */
  readonly callback: Span;
  readonly function: number;
  readonly listeners: readonly string[];
  /** It is given to code that may listen to it. */
  readonly isOutOfSight: boolean;
}

/** Where a list comes from. */
export type ListOrigin = 'parameter' | 'request' | 'query' | 'listing' | 'keys' | 'text' | 'call';

/** What a fix needs to make calls over a list a few at a time. */
export interface LimitableFact {
  /** The statement before which a limiter can be declared. */
  readonly statement: Span;
  /** Names that the file does not use. */
  readonly names: { readonly limiter: string; readonly item: string; readonly start: string };
  /** `Promise.all` with its type arguments, where no comment stands between list and function or after it. */
  readonly callee?: Span;
  /** Where `map` makes one promise of each element: body of the arrow function that it calls, and its `async` with the blanks after it. */
  readonly body?: Span;
  readonly async?: Span;
  /** A function that is handed on by its name is called for each element. */
  readonly isNamed?: true;
  /** `await Promise.all(list.map(…));` as a statement: nobody uses the results, and the list can be read again. */
  readonly loop?: Span;
}

/** Many calls at once over a list. */
export interface FanOutFact {
  readonly mark: Span;
  readonly span: Span;
  readonly form: 'all' | 'allSettled' | 'for-each' | 'limiter' | 'push';
  /** The list as it stands in the text, and what is known of its size. */
  readonly list: string;
  readonly listSpan: Span;
  readonly size: 'small' | 'unbounded' | 'unknown';
  /** Where an unbounded list comes from. */
  readonly origin?: ListOrigin;
  /** What a caller gives, where the list is that or a member of it. */
  readonly listValue?: Value;
  /** The function whose result the list is. */
  readonly listOf?: Entity;
  readonly callback: number;
  /** Calls made for each element: indexes into `calls`, and project or local functions called. */
  readonly calls: readonly number[];
  readonly calledFunctions: readonly Entity[];
  /** What each of them is called as. */
  readonly calledTexts?: readonly string[];
  readonly callText: string;
  /** A call for each element that by its names goes to a store, where its library is out of sight. */
  readonly storeCall?: string;
  readonly isLimited: boolean;
  readonly function: number;
  /** What is called for each element: a function, or the pushed expression. */
  readonly eachSpan?: Span;
  /** For a list that is mapped inside `Promise.all` or `Promise.allSettled`: how it could go a few at a time. */
  readonly limitable?: LimitableFact;
  /** For `limiter`: the package that could limit, and its option (`''` = it has none). */
  readonly limiter?: { readonly library: string; readonly option: string; /** Index of the argument that holds the options. */ readonly argument?: number };
}

/** A server that listens, or a worker that runs. */
export interface ServerFact {
  readonly kind: 'listen' | 'worker';
  readonly entity: Entity;
  readonly span: Span;
  readonly callee: Span;
  readonly protocol: 'http' | 'grpc' | 'websocket' | 'tcp' | 'queue';
  readonly library: string;
  /** Name that the result is bound to, or of the server it is called on. */
  readonly serverName?: string;
  readonly port?: Value;
  readonly function: number;
  /** Only in a branch of development or tests. */
  readonly isConditional: boolean;
  /** Its address is written as loopback: nothing outside its machine reaches it. */
  readonly isLoopback?: boolean;
  /** The thing that the method is called on, where it has a plain name: `app` of `app.listen(3000)`. */
  readonly receiverName?: string;
  /** A statement of its own: its result is bound to nothing. */
  readonly isStatement: boolean;
}

export interface RouteFact {
  readonly method: string;
  readonly path: string;
  readonly span: Span;
  readonly handler: number;
  readonly isHealth: boolean;
  readonly awaits: readonly number[];
  /** The path as it is written, or the decorator, of a health route. */
  readonly mark?: Span;
  /** What a health route's handler answers from, where it is a function of this file. */
  readonly health?: HealthAnswer;
}

/** What the answer of a health route depends on. */
export interface HealthAnswer {
  /** On nothing: no condition, nothing awaited, no name that can change. */
  readonly isConstant: boolean;
  /** The `catch` clause that answers as if nothing had failed. */
  readonly hidesFailure?: Span;
}

/** `process.on('SIGTERM', …)` and other process-wide listeners. */
export interface ProcessListenerFact {
  readonly event: string;
  readonly span: Span;
  readonly mark: Span;
  readonly callback: number;
  /** What the listener, or what it calls in this file, does. */
  readonly closes: readonly string[];
  readonly exits: boolean;
  readonly isEmpty: boolean;
  /** The listener, or something that it calls, is in another file: what it does not seem to do proves nothing. */
  readonly isOutOfSight: boolean;
  readonly logs: boolean;
  /** The function that listens, where it is written in place. */
  readonly handler?: Span;
  /** What it closes, in the order of the text. */
  readonly steps?: readonly StopStep[];
}

/** One closing call of a listener that stops the process. */
export interface StopStep {
  /** What is closed: `server` of `server.close()`. */
  readonly closes: Entity;
  readonly text: string;
  readonly span: Span;
  readonly function: number;
  readonly isAwaited: boolean;
  /** A statement of its own. */
  readonly isStatement: boolean;
  readonly hasArguments: boolean;
  /** `process.exit()` behind it in the same block, with nothing between that waits for more than other closings. */
  readonly exit?: Span;
  /** It is the next statement. */
  readonly isExitNext?: boolean;
}

/** An acknowledgement of a message inside a consumer. */
export interface AckFact {
  readonly consumer: number;
  readonly method: string;
  readonly span: Span;
  /** Awaited or unknown work comes after it in the same function: the text of the first such call. */
  readonly workAfter?: string;
  /** The statement that holds that call. */
  readonly workAfterSpan?: Span;
  readonly isInCatch: boolean;
  /** Lines from the acknowledgement to that call. */
  readonly linesBetween?: number;
  /** A statement of its own, so that it can be moved. */
  readonly isStatement: boolean;
  /** It gives the message back: whether it comes again, as far as its arguments say. */
  readonly returns?: 'always' | 'never' | 'unknown';
  /** The handler counts deliveries or attempts somewhere: giving back may have an end. */
  readonly isCounted?: boolean;
  /** From the method's name to the end of the arguments, and the message's own name. */
  readonly argumentsSpan?: Span;
  readonly message?: string;
}

/** A call that takes a message off its queue before the work on it: `BRPOP`, a delete that comes first. */
export interface TakeFact {
  readonly entity: Entity;
  readonly callee: Span;
  readonly calleeText: string;
  readonly span: Span;
  readonly work: string;
  readonly workSpan: Span;
  readonly function: number;
  /** It is the acknowledgement itself, so it can stand after the work. */
  readonly isLast?: boolean;
}

/** A call or construct that sets up queues, subscribes or sends messages. */
export interface MessagingFact {
  readonly entity: Entity;
  readonly span: Span;
  readonly callee: Span;
  readonly calleeText: string;
  readonly arguments: readonly Value[];
  readonly function: number;
}

/** A consumer of messages. */
export interface ConsumerFact {
  readonly entity: Entity;
  readonly span: Span;
  readonly callee: Span;
  readonly handler: number;
  readonly options: Value;
  readonly function: number;
  readonly source?: Value;
  readonly doesWork: boolean;
  /** The first call of the handler that can fail or be cut. */
  readonly work?: string;
  /** The channel or consumer, where it has a plain name. */
  readonly receiverName?: string;
  /** A parsing of the message that no `try` is around. */
  readonly parse?: { readonly callee: Span; readonly text: string };
  /** The handler answers by a callback (`done`) of its own: its end is not that of its promise. */
  readonly hasDone?: boolean;
}

/** `setTimeout`, `AbortSignal.timeout` and the like with a delay that does not do what it says. */
export interface TimerFact {
  readonly callee: string;
  readonly delay: Value;
  readonly span: Span;
  readonly function: number;
}

/** `source.pipe(target)`: errors of the source are passed to nobody. */
export interface PipeFact {
  /** What is called to make the source: `fs.createReadStream`. */
  readonly source: Entity;
  /** It is a stream by the name or type of what gives it; no catalogue says so. */
  readonly isNamed?: boolean;
  /** A promise that is made around it waits for its end. */
  readonly isInPromise?: boolean;
  readonly sourceText: string;
  readonly targetText: string;
  /** `pipe` of the first link. */
  readonly mark: Span;
  /** The whole chain, and its links: the source and each target. */
  readonly span: Span;
  readonly links: readonly Span[];
  /** Somebody hears `error` of the source. */
  readonly isHeard: boolean;
  readonly isStatement: boolean;
  readonly function: number;
}

/** A body of a request that is collected, by hand or by a parser. */
export interface BodyFact {
  readonly form: 'raw' | 'parser';
  readonly mark: Span;
  readonly span: Span;
  readonly entity: Entity;
  readonly arguments: readonly Value[];
  readonly calleeText: string;
  readonly function: number;
}

export interface BlockingFact {
  readonly entity: Entity;
  readonly callee: Span;
  readonly calleeText: string;
  readonly span: Span;
  readonly function: number;
  readonly isCachedAtModuleLevel: boolean;
  /** What it is given is a text that is written out in the file. */
  readonly isOfConstant?: boolean;
  /** A member is read of its result: an `await` needs parentheses. */
  readonly isOperand: boolean;
}

/** An abort signal that a function is given and hands to nobody. */
export interface DroppedSignalFact {
  readonly function: number;
  /** How the function says it: `signal`, `request.signal`. */
  readonly text: string;
  readonly span: Span;
  /** It is that of the request which the function answers. */
  readonly isOfRequest?: boolean;
}

/** A logger that the file calls. */
export interface LoggerFact {
  /** Source text of a call that logs an error, as the file does it: `{error}` stands for the error, `{what}` for what failed: `log.error('{what}', { error: String({error}) })`. */
  readonly call: string;
  /** Where its name means it, and where inside that it does not (`this` of another function). */
  readonly scope: Span;
  readonly except?: readonly Span[];
}
