// What a case of a library says, what one probe asks of a child process, and what comes back.

import type { Phase } from '../catalog/schema';

/**
 * What the other side does: `refuse` nothing listens · `blackhole` the connection never opens · `hang` it opens, and nothing is ever said · `silent` the handshake is done, and no command is answered ·
 * `stall` the answer begins and stops · `drip` the answer never ends, one byte every 200 ms · `fail` every answer is an error · `drop` the connection closes · `answer` all is well ·
 * `queue` silent, with a pool of one that another call holds.
 */
export type Fault = 'refuse' | 'blackhole' | 'hang' | 'silent' | 'stall' | 'drip' | 'fail' | 'drop' | 'answer' | 'queue';

/** `none` = the case needs no server. `tcp` is any protocol whose handshake is not spoken here: it can only hang. */
export type Protocol = 'http' | 'http2' | 'postgres' | 'mysql' | 'redis' | 'mongodb' | 'amqp' | 'smtp' | 'mqtt' | 'nats' | 'memcached' | 'websocket' | 'tcp' | 'none';

export type Place = 'call' | 'construct' | 'defaults' | 'url' | 'method' | 'chain';

/** An option as it is written in source: `{ path: 'timeout.request', text: '1000' }`. */
export interface OptionText {
  readonly place: Place;
  readonly path: string;
  readonly text: string;
}

// Packages are loaded by an alias that is known when it runs: they have no types here.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Library = any;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Options = Record<string, any>;

/** What a case gets to make its client and its call with. */
export interface Setting {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:port`, without a path; `query` is to be added by cases whose options can stand in a URL. */
  readonly url: string;
  /** `?name=value&…`, or nothing. */
  readonly query: string;
  readonly construct: Options;
  readonly call: Options;
  readonly defaults: Options;
  /** Methods to call on what the call gives, before it is awaited: `.timeout(1000)`. */
  readonly chain: readonly { readonly name: string; readonly value: unknown }[];
  /** The version that is measured. */
  readonly version: string;
  /** Attaches a listener of 'error', unless the probe asks what happens without one. Gives back what it is given. */
  listen<T>(emitter: T): T;
  /** Counts one attempt of a case that has no server. */
  attempt(): void;
}

export interface Loaded {
  /** The default export, or the module. */
  readonly main: Library;
  /** The module's own exports. */
  readonly named: Library;
}

export interface LibraryCase {
  /** The catalogue's entry. */
  readonly entry: string;
  /** Aliases of verify/packages/package.json, sub-paths allowed, or names of Node's own modules. */
  readonly subjects: readonly string[];
  /** Tells two cases of one entry apart. */
  readonly title?: string;
  readonly protocol: Protocol;
  /** Instance type that is called: rows for others are left out. */
  readonly on: string;
  /** The method that is called: rows for others are left out. */
  readonly method: string;
  /** Where the case puts options. */
  readonly places: readonly Place[];
  /** Faults that the case can be put to, where they are not those of its protocol. */
  readonly faults?: readonly Fault[];
  /** The phase that a server which only hangs holds it in, where that is not the protocol's. */
  readonly hangs?: Phase;
  /** What every probe sets: retries off, so that one attempt is measured. */
  readonly base?: { readonly construct?: Options; readonly call?: Options };
  /** Loads what `subject` names together with other packages that the case needs. */
  readonly needs?: readonly string[];
  readonly make: (library: Loaded, setting: Setting, others: readonly Loaded[]) => unknown;
  /** Calls once and reads the whole answer. */
  readonly call: (client: Library, setting: Setting) => unknown;
  /** Ends the connection by itself: what the entry's `close` says is tried with a client that `open` has connected. */
  readonly open?: (client: Library, setting: Setting) => unknown;
  /** Connections that are none of the pool's: those of a monitor. */
  readonly besides?: number;
  /** What is measured of an emitter without a listener: the fault, and what makes it. Default: a client that `open` has connected is dropped. */
  readonly event?: { readonly on: string; readonly fault: 'refuse' | 'drop' };
  /** Rows of `retries` whose delays are measured: which one, by `of`; attempts are counted by the server, or by `attempt`. */
  readonly retry?: { readonly of: string; readonly place: 'construct' | 'call' };
  /** Leave the entry's rows of these options alone, with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Claims that are no option's: guards, limiters, what an option does. */
  readonly checks?: readonly Check[];
}

export interface Check {
  /** A sentence with the claim's words: `without a limit, 50 of 50 run at once`. */
  readonly claim: string;
  readonly fault?: Fault;
  /** Gives what was found; equal to `expected` where the claim holds. */
  readonly measure: (library: Loaded, setting: Setting) => unknown;
  readonly expected: string;
}

/** What a child is asked to do. */
export interface Job {
  readonly subject: string;
  /** Index among all cases. */
  readonly index: number;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly options: readonly OptionText[];
  readonly deadlineMs: number;
  readonly task: { readonly kind: 'call' | 'event' | 'retry' | 'queue' } | { readonly kind: 'many'; readonly count: number } | { readonly kind: 'close'; readonly method: string } | { readonly kind: 'check'; readonly check: number };
  /** For retries: what Math.random gives, to tell jitter. */
  readonly random?: number;
}

export interface Outcome {
  readonly kind: 'rejected' | 'resolved' | 'pending' | 'crashed' | 'alive' | 'closed' | 'open' | 'found' | 'unusable';
  readonly ms: number;
  /** The error's first words, or what was found. */
  readonly text?: string;
  /** When the case's own attempts were made, ms since 1970. */
  readonly attempts?: readonly number[];
  /** Timers that went off: how long they were asked for, and when they did, ms since 1970. */
  readonly timers?: readonly (readonly [ms: number, at: number])[];
}

/** One line of the results. */
export interface Result {
  readonly entry: string;
  readonly package: string;
  readonly version: string;
  /** What the catalogue says: `timeout at the call bounds headers`. */
  readonly claim: string;
  /** The other side's behaviour, or what was counted. */
  readonly against: string;
  readonly measured: string;
  /** `wider` = more is bounded than the entry says; `recorded` = the entry claims nothing here. */
  readonly verdict: 'agree' | 'disagree' | 'wider' | 'recorded' | 'not run';
}
