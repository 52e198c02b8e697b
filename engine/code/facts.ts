// What one TypeScript or JavaScript file says, as plain data: JSON-safe, of this file alone, no tree, no other file.
// Names that lead out of the file stay references; engine/code/link.ts resolves them.

import type { Span } from '../text';
import type { Suppression } from '../lint/suppression';
import type { CacheReadFact } from './cache-facts';
import type { AckFact, AsyncSlotFact, BlockingFact, BodyFact, CatchFact, ConsumerFact, Context, DroppedSignalFact, FanOutFact, FloatingFact, HandedEmitterFact, ListOrigin, LoggerFact, MessagingFact, PipeFact, ProcessListenerFact, RetryFact, RouteFact, ServerFact, TakeFact, TimerFact } from './construct-facts';
import type { InfrastructureFacts } from './infrastructure/facts';
import type { ListFacts } from './list-facts';
import type { Entity, Value } from './values';

/** Bump when the meaning or shape of any fact changes: it is part of the cache key. */
export const CODE_FACTS_VERSION = 33;

export type FileRole = 'server' | 'test' | 'script' | 'browser' | 'generated' | 'declaration';

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

/** What is injected under a token: `{ provide: TOKEN, useValue: client }`. */
export interface ProviderFact {
  readonly token: Value;
  readonly gives: Entity;
}

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
  /** Parameter indexes that are functions which it calls without taking their promise. */
  readonly dropsParameters?: readonly number[];
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
  /** What it says that it returns, a promise of that included, or what all that it returns is; where that leads somewhere. */
  readonly returnType?: Entity;
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
  /** Interfaces, and types of objects, that it says it implements. */
  readonly implements?: readonly Entity[];
  readonly isAbstract?: boolean;
}

/** An interface, an object type, or another name for a type, where it leads to code: what its values can do is what the classes behind it do. */
export interface TypeFact {
  /** `{12}` for an object type without a name, by its place. */
  readonly name: string;
  /** The type that it is another name for. */
  readonly of?: Entity;
  /** Members that are declared with a type which leads somewhere. */
  readonly members?: Readonly<Record<string, Entity>>;
  readonly extends?: readonly Entity[];
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
  /** Of them, those that tell of a lost connection and whose listener does more than log. */
  readonly heeds?: readonly string[];
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
  | { readonly kind: 'race'; readonly ms?: number; readonly span: Span; readonly callee?: Span }
  | { readonly kind: 'wrapper'; readonly entity: Entity; readonly argument: number; readonly arguments: readonly Value[]; readonly span: Span; /** The wrapper as called: `withTimeout`. */ readonly name?: string; readonly callee?: Span }
  | { readonly kind: 'signal'; readonly ms?: number; readonly span: Span }
  | { readonly kind: 'chain'; readonly method: string; readonly span: Span };

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
  readonly types?: readonly TypeFact[];
  readonly providers?: readonly ProviderFact[];
  readonly clients: readonly ClientFact[];
  readonly calls: readonly CallFact[];
  readonly retries: readonly RetryFact[];
  readonly catches: readonly CatchFact[];
  readonly asyncSlots: readonly AsyncSlotFact[];
  readonly fanOuts: readonly FanOutFact[];
  readonly lists?: ListFacts;
  readonly servers: readonly ServerFact[];
  readonly routes: readonly RouteFact[];
  readonly processListeners: readonly ProcessListenerFact[];
  readonly consumers: readonly ConsumerFact[];
  readonly acks: readonly AckFact[];
  readonly takes?: readonly TakeFact[];
  readonly messaging?: readonly MessagingFact[];
  readonly timers: readonly TimerFact[];
  readonly blocking: readonly BlockingFact[];
  readonly floating?: readonly FloatingFact[];
  readonly pipes?: readonly PipeFact[];
  readonly bodies?: readonly BodyFact[];
  readonly handed?: readonly HandedEmitterFact[];
  readonly loggers?: readonly LoggerFact[];
  readonly droppedSignals?: readonly DroppedSignalFact[];
  readonly cacheReads?: readonly CacheReadFact[];
  /** Where the text names an idempotency key, or a write that can be repeated without harm. */
  readonly idempotency?: readonly number[];
  /** Functions that module level calls: what runs at start. */
  readonly moduleCalls?: readonly Entity[];
  /** Environment names that this file reads, with their fallback: joins code and deployment. */
  readonly environment: readonly { readonly name: string; readonly fallback?: Value; readonly span: Span }[];
  /** Assignments to members of a package's own exports, `axios.defaults.timeout = 5000`, and calls that set the like, `setGlobalDispatcher(agent)`. They hold for the whole process. */
  readonly defaults?: readonly { readonly entity: Entity; readonly value: Value; readonly span: Span }[];
  /** Cloud resources that the file declares (CDK, Pulumi, cdktf). */
  readonly infrastructure?: InfrastructureFacts;
  readonly suppressions: readonly Suppression[];
  /** The file has syntax errors: absence proves nothing after the first one. */
  readonly hasErrors: boolean;
}
