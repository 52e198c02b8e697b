// What one TypeScript or JavaScript file says, as plain data: JSON-safe, of this file alone, no tree, no other file.
// Names that lead out of the file stay references; engine/code/link.ts resolves them.

import type { Span } from '../text';
import type { Suppression } from '../lint/suppression';

/** Bump when the meaning or shape of any fact changes: it is part of the cache key. */
export const CODE_FACTS_VERSION = 6;

export type FileRole = 'server' | 'test' | 'script' | 'browser' | 'generated' | 'declaration';

/** A folded expression. Whatever cannot be known is `unknown`, never a guess. */
export type Value = { readonly span?: Span } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'infinity' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'undefined' }
  /** `isOpen`: an unknown spread or computed key may set any other key. */
  | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[]; readonly isOpen: boolean }
  | { readonly kind: 'array'; readonly items: readonly Value[]; readonly isOpen: boolean }
  | { readonly kind: 'template'; readonly parts: readonly (string | Value)[] }
  | { readonly kind: 'environment'; readonly name: string; readonly fallback?: Value }
  | { readonly kind: 'function'; readonly id: number }
  /** An abort signal: `timer` = a timer ends it (`ms` where folded), `none` = provably nothing does, `unknown` = from elsewhere. */
  | { readonly kind: 'signal'; readonly limit: 'timer' | 'none' | 'unknown'; readonly ms?: number; /** What a caller gives as the timer's delay: without it no timer is set. */ readonly delay?: Value }
  | { readonly kind: 'client'; readonly client: number }
  /** A construct that is not a client of its own but an argument (`new https.Agent({ timeout })`): what is made, and with which options. */
  | { readonly kind: 'made'; readonly entity: Entity; readonly arguments: readonly Value[]; /** Made by `new`: its options are among its arguments. What a plain call gives back is out of sight. */ readonly isNew?: boolean }
  | { readonly kind: 'reference'; readonly module: string; readonly path: readonly string[] }
  /** What the caller of a function of this file gives; `fallback` = the parameter's default. */
  | { readonly kind: 'parameter'; readonly function: number; readonly index: number; readonly path: readonly string[]; readonly fallback?: Value }
  /** One of several (a conditional): a rule may speak only when all agree. */
  | { readonly kind: 'choice'; readonly options: readonly Value[] }
  | { readonly kind: 'unknown'; readonly because?: string }
);

export interface ObjectEntry {
  /** `...` = a spread of a constant from another file, in its place; the link merges it. Such an object is open until then. */
  readonly key: string;
  readonly value: Value;
  /** The whole property `timeout: 5_000`; absent when it comes from another file or a spread of a variable. */
  readonly span?: Span;
}

/** What an expression is, as far as this file tells. `path` = member names after it. */
export type Entity =
  /** An export of a package: `path` [] is the module, its default export or namespace. */
  | { readonly kind: 'package'; readonly package: string; readonly path: readonly string[] }
  /** An export of another file of the project (relative, alias or workspace specifier, unresolved). */
  | { readonly kind: 'project'; readonly module: string; readonly path: readonly string[] }
  /** A client made in this file: index into `clients`. */
  | { readonly kind: 'client'; readonly client: number; readonly path: readonly string[] }
  /** A value declared with a type that comes from a package (parameter, field, injected): its construction is out of sight. */
  | { readonly kind: 'typed'; readonly package: string; readonly type: readonly string[]; readonly path: readonly string[] }
  | { readonly kind: 'typed-project'; readonly module: string; readonly type: readonly string[]; readonly path: readonly string[] }
  | { readonly kind: 'global'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly id: number }
  /** A parameter of a function of this file. */
  | { readonly kind: 'parameter'; readonly function: number; readonly index: number; readonly path: readonly string[] }
  /** What a call gives back (awaited or not): `(await pool.connect()).query`. */
  | {
      readonly kind: 'result';
      readonly of: Entity;
      readonly path: readonly string[];
      /** Functions among the arguments, by index: what `retry(connect)` gives back may be what `connect` gives. */
      readonly given?: Readonly<Record<number, Entity>>;
      /** The package's type that the variable is declared with, and how long `path` was there: holds where nothing better is known. */
      readonly declared?: { readonly package: string; readonly type: readonly string[]; readonly depth: number };
    }
  | { readonly kind: 'unknown' };

export interface ImportFact {
  readonly module: string;
  /** Imported names; `*` = namespace, `default` = default. */
  readonly names: readonly string[];
  readonly isTypeOnly: boolean;
  readonly span: Span;
}

/** What a name exported by this file is. */
export type ExportFact = { readonly name: string } & (
  | { readonly kind: 'client'; readonly client: number }
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'class'; readonly class: number }
  | { readonly kind: 'reexport'; readonly module: string; readonly imported: string }
  /** Something that only the link can tell: what another file's factory gives, a member of an import. */
  | { readonly kind: 'entity'; readonly entity: Entity }
  | { readonly kind: 'other' }
);

/** Where a function stands: what calls it. `startup` = module level or reached only from there. */
export type Context = 'handler' | 'consumer' | 'timer' | 'listener' | 'startup' | 'unknown';

export interface FunctionFact {
  readonly id: number;
  readonly name?: string;
  readonly span: Span;
  /** The smallest mark a person would point at: the name, `async`, or the arrow. */
  readonly mark: Span;
  readonly isAsync: boolean;
  /** The enclosing function, or -1 at module level. */
  readonly parent: number;
  readonly parameters: readonly string[];
  /** Contexts in which this function is registered directly. */
  readonly contexts: readonly Context[];
  /** `POST /orders` where the function is a route's handler. */
  readonly route?: string;
  /** Functions of this file, and exports of other files, that it calls: the call graph. */
  readonly calls: readonly Entity[];
  /** Every awaited or returned rejection inside is caught. */
  readonly isGuarded: boolean;
  /** What the rejections that are not caught come from, where all of them are functions that can be followed: the function rejects only if one of these does. */
  readonly unguarded?: readonly Entity[];
  /** Parameter indexes whose value ends up as a time limit of what the function does (`setTimeout`, `AbortSignal.timeout`, a client's limit). */
  readonly limitParameters: readonly number[];
  /** Parameter indexes that are promises or functions which it bounds in time by a limit of its own or of a parameter. */
  readonly boundsParameters: readonly number[];
  /** Parameter indexes whose rejection it handles (an `asyncHandler`). */
  readonly handlesParameters: readonly number[];
  /** Parameter indexes that reach `process.on('SIGTERM', …)`-like registration or an error listener. */
  readonly listensParameters: readonly number[];
  /** Where the list that it returns comes from, if that can get as long as the data are. */
  readonly list?: ListOrigin;
  /** The function whose list it hands on. */
  readonly listOf?: Entity;
  readonly exits: boolean;
  readonly logs: boolean;
  /** Returned value where it folds: a client, a promise of one, an object of options. */
  readonly returns?: Value;
  /** Index of the parameter that it calls for what it returns: `retry(connect)`. */
  readonly returnsCallOf?: number;
}

export interface ClassFact {
  readonly id: number;
  readonly name?: string;
  /** Field name -> what it holds. */
  readonly fields: Readonly<Record<string, Entity>>;
  /** Method name -> function id. */
  readonly methods: Readonly<Record<string, number>>;
  readonly extends?: Entity;
}

/** A client or server made by a catalogued construct. */
export interface ClientFact {
  readonly id: number;
  readonly entity: Entity;
  readonly form: 'new' | 'call';
  /** The whole expression, its callee (`new Pool`, `axios.create`) and, where it is assigned, the name. */
  readonly span: Span;
  readonly callee: Span;
  /** The callee as written: `mongoose.connect`. */
  readonly calleeText?: string;
  readonly name?: { readonly text: string; readonly span: Span };
  readonly arguments: readonly Value[];
  /** Options set after it was made: `http.defaults.timeout = 5000` -> `defaults.timeout`. */
  readonly assignments: readonly { readonly path: string; readonly value: Value; readonly span: Span }[];
  /** Events that are listened to in this file (`error`, `connection`). */
  readonly listeners: readonly string[];
  /** Methods called on it in this file (`connect`, `prefetch`, `close`). */
  readonly methods: readonly string[];
  /** It leaves the file or is handed to code we cannot see: absence of a listener or call proves nothing. */
  readonly escapes: readonly ('export' | 'argument' | 'return' | 'field')[];
  readonly function: number;
  /** The instance it was made from: `pool` in `pool.connect()`. */
  readonly from?: number;
}

/** A call that may wait for something outside the process, or whose callee is in another file. */
export interface CallFact {
  readonly entity: Entity;
  readonly span: Span;
  /** `axios.post`, without arguments. */
  readonly callee: Span;
  readonly calleeText: string;
  readonly arguments: readonly Value[];
  readonly argumentSpans: readonly Span[];
  /** Options chained after it: `.timeout(5000)` -> `{ name: 'timeout', arguments }`. */
  readonly chain: readonly { readonly name: string; readonly arguments: readonly Value[]; readonly span: Span }[];
  /** The innermost enclosing function, or -1. */
  readonly function: number;
  readonly usage: 'awaited' | 'returned' | 'assigned' | 'floating' | 'void' | 'argument' | 'other';
  /** What bounds it from outside in this file. */
  readonly guards: readonly Guard[];
  /** Inside a `try` whose catch handles it, or with `.catch`. */
  readonly isCaught: boolean;
  /** Listeners attached to its result: `timeout` (with whether it destroys), `error`. */
  readonly listeners: readonly { readonly event: string; readonly destroys: boolean }[];
  /** The name its result is bound to. */
  readonly resultName?: string;
}

export type Guard =
  | { readonly kind: 'race'; readonly ms?: number; readonly span: Span }
  | { readonly kind: 'wrapper'; readonly entity: Entity; readonly argument: number; readonly arguments: readonly Value[]; readonly span: Span; /** The wrapper as called: `withTimeout`. */ readonly name?: string }
  | { readonly kind: 'signal'; readonly ms?: number; readonly span: Span }
  | { readonly kind: 'chain'; readonly method: string; readonly span: Span };

/** A loop or recursion that tries the same thing again. */
export interface RetryFact {
  readonly kind: 'loop' | 'recursion' | 'call';
  /** The callee and arguments of a `call`: `pRetry(charge, { retries: 5 })`. */
  readonly entity?: Entity;
  readonly arguments?: readonly Value[];
  readonly argumentSpans?: readonly Span[];
  /** The callee of a `call` as it is written. */
  readonly calleeText?: string;
  /** The keyword or the callee of the recursion. */
  readonly mark: Span;
  readonly span: Span;
  readonly function: number;
  /** `retry` leaves on success; `poll` waits for a state; `consume` also goes on after success. */
  readonly purpose: 'retry' | 'poll' | 'consume' | 'reconnect';
  /** What ends it besides success. */
  readonly bound: 'count' | 'deadline' | 'signal' | 'none' | 'unknown';
  readonly delay: 'none' | 'fixed' | 'growing' | 'jittered' | 'unknown';
  readonly delaySpan?: Span;
  /** What is tried, as it stands in the text: `charge`. */
  readonly tries: string;
  /** Calls inside, as indexes into `calls`. */
  readonly calls: readonly number[];
  readonly attempts?: number;
  /** It repeats a write that another one has overtaken (a unique key, a transaction): nobody is down. */
  readonly isConflict?: boolean;
  /** The block that runs after a failed attempt, and the name of its error: where a fix counts and waits. */
  readonly catchBody?: Span;
  readonly errorName?: string;
  /** From `catch` to its block. */
  readonly catchHeader?: Span;
  /** From the keyword to the body, where the loop has no condition: `while (true)`. */
  readonly header?: Span;
  /** The counter of `for (let attempt = 1; …)`. */
  readonly counter?: { readonly name: string; readonly from: number };
  /** What the wait's length is made of. */
  readonly delayArgument?: Span;
  /** The catch block goes on to its end: a wait can be put there. */
  readonly isOpenEnded?: boolean;
  /** The name `attempt` is free. */
  readonly isAttemptFree?: boolean;
}

/** A `catch`, `.catch(fn)` or error-first callback. */
export interface CatchFact {
  readonly form: 'clause' | 'method' | 'callback';
  readonly mark: Span;
  readonly body: Span;
  readonly function: number;
  readonly does: 'nothing' | 'constant' | 'logs' | 'rethrows' | 'handles';
  /** Nothing is written in it; `does: 'nothing'` without it is a `continue`, `return` or `noop`. */
  readonly isEmpty: boolean;
  readonly hasComment: boolean;
  /** Calls it guards, as indexes into `calls`, and their callee texts where they are awaited but not catalogued. */
  readonly calls: readonly number[];
  readonly awaits: readonly string[];
  /** What each of `awaits` is. */
  readonly targets: readonly Entity[];
  /** Only closes, frees or probes: its failure is of no interest. */
  readonly isCleanup: boolean;
  readonly errorName?: string;
  /** From `catch` to its block, for a clause. */
  readonly header?: Span;
  /** The whole function handed to `.catch`. */
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
  readonly callText: string;
  readonly isLimited: boolean;
  readonly function: number;
  /** What is called for each element: a function, or the pushed expression. */
  readonly eachSpan?: Span;
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
  /** A member is read of its result: an `await` needs parentheses. */
  readonly isOperand: boolean;
}

/** A logger that the file calls. */
export interface LoggerFact {
  /** Source text of a call that logs an error, as the file does it: `{error}` stands for the error, `{what}` for what failed: `log.error('{what}', { error: String({error}) })`. */
  readonly call: string;
  /** Where its name means it, and where inside that it does not (`this` of another function). */
  readonly scope: Span;
  readonly except?: readonly Span[];
}

export interface CodeFacts {
  readonly kind: 'code';
  readonly path: string;
  readonly role: FileRole;
  /** ES module syntax, for the style of inserted imports. */
  readonly isModule: boolean;
  readonly length: number;
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly clients: readonly ClientFact[];
  readonly calls: readonly CallFact[];
  readonly retries: readonly RetryFact[];
  readonly catches: readonly CatchFact[];
  readonly asyncSlots: readonly AsyncSlotFact[];
  readonly fanOuts: readonly FanOutFact[];
  readonly servers: readonly ServerFact[];
  readonly routes: readonly RouteFact[];
  readonly processListeners: readonly ProcessListenerFact[];
  readonly consumers: readonly ConsumerFact[];
  readonly acks: readonly AckFact[];
  readonly timers: readonly TimerFact[];
  readonly blocking: readonly BlockingFact[];
  readonly floating?: readonly FloatingFact[];
  readonly pipes?: readonly PipeFact[];
  readonly bodies?: readonly BodyFact[];
  readonly handed?: readonly HandedEmitterFact[];
  readonly loggers?: readonly LoggerFact[];
  /** Functions that module level calls: what runs at start. */
  readonly moduleCalls?: readonly Entity[];
  /** Environment names that this file reads, with their fallback: joins code and deployment. */
  readonly environment: readonly { readonly name: string; readonly fallback?: Value; readonly span: Span }[];
  /** Assignments to members of a package's own exports, `axios.defaults.timeout = 5000`, and calls that set the like, `setGlobalDispatcher(agent)`. They hold for the whole process. */
  readonly defaults?: readonly { readonly entity: Entity; readonly value: Value; readonly span: Span }[];
  readonly suppressions: readonly Suppression[];
  /** The file has syntax errors: absence proves nothing after the first one. */
  readonly hasErrors: boolean;
}
