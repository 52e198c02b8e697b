// What the catalogue can say. One entry is one library or one container image; rules and readers read only this, never a library's name.
// The YAML under libraries/ and images/ is checked against these types' JSON Schema and compiled into the bundle. Users write `clients` in holdfast.yaml by the same shape.

/** The stages in which one call can wait. `headers` = until the first byte of the answer, `bodyIdle` = gap between two pieces of it, `total` = one whole attempt. */
export type Phase = 'queue' | 'connect' | 'headers' | 'bodyIdle' | 'total';

export type LibraryRole =
  | 'http' | 'rpc' | 'socket' | 'process' | 'smtp'
  | 'sql' | 'document' | 'cache' | 'search' | 'object-store' | 'queue' | 'broker' | 'cloud' | 'sdk'
  | 'server' | 'resilience' | 'blocking' | 'runtime' | 'schedule';

/** Which argument holds the options: an index, the first or the last object literal, or none. */
export type ArgumentRef = number | 'first-object' | 'last-object' | 'before-callback';

/**
 * Paths are dotted names from the module: `''` is the module (its default export, namespace and `module.exports` are one thing), `Pool` a named export, `Redis.Cluster` a member of one.
 * `on` names the instance type that a construct makes; `''` = the module itself.
 */
export interface LibraryEntry {
  /** npm name, `node:http`, or `global:fetch`. */
  readonly package: string;
  /** Other module specifiers that give the same exports: `http` for `node:http`, `mysql2/promise` for `mysql2`. A trailing `/*` stands for any sub-path. */
  readonly aliases?: readonly string[];
  /** Named exports that are the module itself: `got` of `import { got } from 'got'`. */
  readonly itself?: readonly string[];
  /** Name in messages; the package's own name where absent. */
  readonly title?: string;
  readonly role: LibraryRole;
  /** Where the facts were read: package, version and file, or the measurement. */
  readonly sources: readonly string[];
  /** The package whose version decides, where that is another one (a transitive handler): its lock-file version is used for `versions` ranges. */
  readonly versionOf?: string;
  /** Only in this runtime; absent = Node. */
  readonly runtime?: 'node' | 'browser' | 'bun' | 'deno';
  readonly constructs?: readonly Construct[];
  readonly calls?: readonly CallShape[];
  readonly bounds?: readonly Bound[];
  readonly signals?: readonly SignalOption[];
  readonly ineffective?: readonly IneffectiveOption[];
  readonly retries?: readonly RetryOption[];
  readonly errorEvents?: readonly ErrorEvent[];
  readonly pools?: readonly PoolOption[];
  readonly servers?: readonly ServerShape[];
  /** Limits of a server on its incoming connections. */
  readonly serverLimits?: readonly ServerLimit[];
  readonly consumers?: readonly ConsumerShape[];
  readonly messaging?: readonly MessagingShape[];
  readonly unconfirmed?: readonly UnconfirmedShape[];
  readonly takes?: readonly TakeShape[];
  readonly slots?: readonly CallbackSlot[];
  readonly guards?: readonly GuardShape[];
  readonly limiters?: readonly LimiterShape[];
  readonly blocking?: readonly BlockingCall[];
  /** Calling or importing one of these makes the whole package drain on SIGTERM, answer health probes, or catch handler rejections. `''` = importing it is enough. */
  readonly provides?: readonly { readonly what: 'drain' | 'health' | 'async-errors'; readonly path: string }[];
  /** Functions that give back a function which handles the rejection of the one they are given: `asyncHandler(fn)`. */
  readonly wrappers?: readonly { readonly call: string; readonly argument: number }[];
  /** Calls (paths, or `Type.method`) that give a readable stream which reports its failure by `error` alone. */
  readonly streams?: readonly string[];
  /** Calls that give something of an instance type without being a client's construct: rows, or a narrower view of a model. Its limits are set elsewhere. A subclass that the call is made on is what it gives. */
  readonly gives?: readonly { readonly on: string; readonly calls: readonly string[]; readonly instance: string }[];
  /** Body parsers: the option that limits the size of a body, and its default in bytes; `null` = no limit. */
  readonly bodies?: readonly { readonly of: readonly string[]; readonly option: string; readonly default: number | null; /** Index of the argument that holds the options. */ readonly options: number; readonly fix?: string; /** Index of an argument that is a stream of any kind: only that of a request of a server counts. */ readonly request?: number; /** An export which, imported anywhere in the package, may set the limit for all. */ readonly setBy?: string }[];
  /** Exported type names that stand for an instance type: `Application` for `Express`. `package` where the instance belongs to another entry. */
  readonly types?: readonly { readonly names: readonly string[]; readonly instance: string; readonly package?: string }[];
  /** Decorators that register the method below them: `@Get('/orders')`, `@Cron('…')`. */
  readonly decorators?: readonly { readonly names: readonly string[]; readonly kind: 'handler' | 'consumer' | 'timer' | 'listener'; readonly handled: boolean; readonly route?: boolean }[];
  /** An option with this value says that the connection is meant to wait: `maxRetriesPerRequest: null` of a blocking one. */
  readonly waitsOnPurpose?: readonly { readonly on: string; readonly option: string; readonly value: number | boolean | null | string }[];
  /** Decorators of a parameter or field whose argument is the token that it is injected by: `@Inject(TOKEN)`. */
  readonly injects?: readonly string[];
  /** Calls that set options for every later call of other entries: `setGlobalDispatcher(new Agent({ … }))` for `global:fetch`. `argument` holds the options, or what is made with them. */
  readonly sets?: readonly { readonly call: string; readonly argument: number; readonly of: readonly string[] }[];
  /** Member of the error that holds the status of a refused request: an answer that is no success rejects. `''` = it rejects, and no member says the status. */
  readonly refusal?: string;
  /** Calls with an option that names the request, so that a repeat is recognised. */
  readonly idempotency?: readonly IdempotencyOption[];
  /** Calls that read and write a cache. */
  readonly caches?: readonly CacheShape[];
  /** What the package is recommended for where a project has nothing of the kind, and how a fix brings it in. At most one package of the catalogue for each purpose. */
  readonly recommended?: Recommendation;
  /** How a client of this library is closed at shutdown: method name by instance type. */
  readonly close?: readonly { readonly on: string; readonly method: string }[];
}

export interface Construct {
  /** Paths of what is called: `Pool`, `create`, `''`. With `from`, method names of that instance type. `*Client` = any path that ends so, `*` = any path at all. */
  readonly make: readonly string[];
  readonly form: 'new' | 'call' | 'either';
  /** Name of the instance type made; `calls`, `bounds` and others refer to it by `on`. */
  readonly instance: string;
  readonly options?: ArgumentRef;
  /** Argument that may be the address (a URL or host string). */
  readonly target?: number;
  /** Option paths that hold the address. */
  readonly targetOptions?: readonly string[];
  /** The instance type on which `make` is a method (`got.extend`, `pool.connect`). */
  readonly from?: string;
  /** The made instance keeps the options of the one it was made from. */
  readonly inherits?: boolean;
  /** `false` = a connection that the library does not make again once it is lost. */
  readonly reconnects?: boolean;
  /** Making it is itself the connection: a finding stands here once, not at each call. `false` for instances made per request. */
  readonly isLongLived?: boolean;
  readonly versions?: string;
}

export interface CallShape {
  readonly on: string;
  /** Method names; `''` = calling the thing itself; `*` = any method of the instance. */
  readonly names: readonly string[];
  readonly io: 'http' | 'rpc' | 'query' | 'command' | 'publish' | 'connect' | 'exec' | 'mail' | 'storage' | 'socket';
  readonly options?: ArgumentRef;
  readonly target?: number;
  /** Refuses an address without a host, so a call with one (`/api/orders`) runs in a browser. */
  readonly needsHost?: boolean;
  /** HTTP method where the name does not say it. */
  readonly verb?: string;
  /** Whether a repeat of it can do harm: `false` = reads or idempotent by protocol. */
  readonly isWrite?: boolean;
  /** A stream or subscription that is meant to stay open: only connect and handshake limits are asked for. */
  readonly isStream?: boolean;
  /** A tagged template: `` sql`…` ``. */
  readonly isTag?: boolean;
  /** Returns a promise (default true), takes a callback, or returns an emitter. */
  readonly result?: 'promise' | 'callback' | 'emitter' | 'value';
  /** Versions in which it gives a promise; absent = all. Those before take a callback. */
  readonly promises?: string;
  readonly versions?: string;
}

export interface Bound {
  /** Dotted option path: `timeout`, `timeout.request`, `socket.socketTimeout`. For `at: url` the name of the query parameter. For `at: method` the method: `setTimeout`. */
  readonly option: string;
  readonly at: readonly ('call' | 'construct' | 'defaults' | 'url' | 'method' | 'chain')[];
  /** Instance types it belongs to; absent = all. `''` = calls on the module itself. */
  readonly on?: readonly string[];
  /** Calls it belongs to; absent = all. */
  readonly calls?: readonly string[];
  readonly unit: 'ms' | 's';
  readonly phases: readonly Phase[];
  /** In `unit`; `null` = no limit. */
  readonly default: number | null;
  /** Values that switch it off; numbers in `unit`. `Infinity` is written as the string. */
  readonly off?: readonly (number | boolean | null | string)[];
  readonly enforces?: 'rejects' | 'warns' | 'emits' | 'queue-only';
  /** The option (with value `true`) that makes a `warns` bound reject. */
  readonly enforcedBy?: string;
  /** Semver range in which this row holds; absent = every version. */
  readonly versions?: string;
  /** Holds only where this option of the client has one of these values: `{ option: dialect, is: [postgres] }`. `otherwise` = also where the option is not in sight. */
  readonly when?: { readonly option: string; readonly is: readonly string[]; readonly otherwise?: boolean };
  /** Holds not where one of these options of the client is written: it chooses a way on which this limit does not work. */
  readonly unless?: readonly string[];
  /** What a fix inserts for this option (source text, e.g. `5_000`); its presence offers the fix. The rule replaces the number by the budget. */
  readonly fix?: FixText;
  readonly source?: string;
  /** Whose default it is, where it is another library's: `undici`. */
  readonly owner?: string;
}

export interface FixText {
  /** Which budget of the configuration the value comes from. */
  readonly budget: 'http' | 'query' | 'connect' | 'acquire' | 'sdk' | 'process' | 'socket';
  /** Source text of the value where it is no plain number: `Date.now() + {ms}`; `{ms}` is the number. */
  readonly value?: string;
  /** Further options to insert with it, as source text: `{ throwOnRequestTimeout: 'true' }`. */
  readonly with?: Readonly<Record<string, string>>;
  readonly versions?: string;
}

export interface SignalOption {
  readonly option: string;
  readonly at: readonly ('call' | 'construct' | 'chain')[];
  readonly on?: readonly string[];
  readonly phases: readonly Phase[];
  /** Offer `AbortSignal.timeout` as the fix. */
  readonly fix?: FixText;
  readonly versions?: string;
}

export interface IneffectiveOption {
  readonly option: string;
  readonly at: 'call' | 'construct';
  readonly on?: readonly string[];
  readonly calls?: readonly string[];
  /** `option`: the callee has none of that name · `place`: it stands in the wrong argument · `event`: it only emits · `warns`: only logs · `type`: a number where an object is asked for. */
  readonly because: 'option' | 'place' | 'event' | 'warns' | 'type';
  /** For `place`: the argument where it stands by mistake, and the one where it belongs. */
  readonly argument?: number;
  readonly belongs?: number;
  /** The option that makes it effective (`throwOnRequestTimeout`). */
  readonly enforcedBy?: string;
  /** Option to use instead. */
  readonly instead?: string;
  readonly versions?: string;
}

export interface RetryOption {
  /** Calls or constructs whose options these are (paths or `Type.method`). */
  readonly of: readonly string[];
  readonly options?: ArgumentRef;
  /** Option path of the count; absent = the call has no count option. */
  readonly count?: string;
  /** Default number of further attempts after the first; `Infinity` as the string. */
  readonly default: number | 'Infinity';
  /** The count includes the first attempt. */
  readonly isTotal?: boolean;
  /** Options that decide which errors or answers are tried again; where one is written somebody has sorted them. */
  readonly sortedBy?: readonly string[];
  /** The library itself repeats only what may pass: network errors, 408, 429 and 5xx. */
  readonly isSorted?: boolean;
  /** Option whose function says which failures are tried again: one that always says yes repeats refusals too. */
  readonly condition?: string;
  /** Option with a list of status codes that are tried again. */
  readonly statusCodes?: string;
  /** Writes that it repeats: `never` unless an option names their method, `always`, or those that `condition` lets through. */
  readonly writes?: 'never' | 'always' | 'condition';
  /** Option with a list of methods that are tried again. */
  readonly methods?: string;
  /** All attempts share the client's one limit, unless this option is true. */
  readonly sharesLimitUnless?: string;
  /** The link of the call's chain that asks for it, its count as first argument: `.retry(3)`. Without that link nothing is repeated. */
  readonly chain?: string;
  /** The argument that is the client whose calls it repeats. */
  readonly client?: number;
  /** Values that mean "for ever". */
  readonly infinite?: readonly (number | boolean | string | null)[];
  /** Reconnect of a long-lived connection: meant to go on, never a finding of bound-retries. */
  readonly isReconnect?: boolean;
  readonly delay: {
    /** Option that sets the delay or the delay function. */
    readonly option?: string;
    readonly kind: 'none' | 'fixed' | 'exponential';
    readonly ms?: number;
  };
  readonly jitter: { readonly option?: string; readonly default: boolean };
  /** Options to insert: `{ count: 'retries: 3', jitter: 'randomize: true', delay: 'retryDelay: axiosRetry.exponentialDelay' }` as option path -> source text. */
  readonly fix?: {
    readonly count?: Readonly<Record<string, string>>;
    readonly delay?: Readonly<Record<string, string>>;
    readonly jitter?: Readonly<Record<string, string>>;
    /** `{status}` stands for the member of the error that holds the status. */
    readonly condition?: Readonly<Record<string, string>>;
  };
  /** The argument that holds the retried function, where it has one. */
  readonly function?: number;
  readonly versions?: string;
}

/** Where an idempotency key goes. */
export interface IdempotencyOption {
  readonly on: string;
  /** Calls it belongs to; absent = all. */
  readonly calls?: readonly string[];
  /** Option path of the key; for `isHeader` the option that holds the headers; for `isChain` the link that sets a header by name and value. */
  readonly option: string;
  readonly isHeader?: boolean;
  readonly isChain?: boolean;
}

export interface ErrorEvent {
  readonly on: string;
  /** `true` = an 'error' event without a listener ends the process. */
  readonly crashes: boolean;
  /** When it is emitted, as a clause for the message: `a dropped idle connection`. */
  readonly when?: string;
  /** The same for one that a server hands to its callback: `A malformed frame`. */
  readonly whenHanded?: string;
  readonly versions?: string;
}

export interface PoolOption {
  readonly on: readonly string[];
  /** Size option and default. */
  readonly size?: { readonly option: string; readonly default: number | null };
  /** Option that bounds the wait for a connection; its value semantics stand in `bounds` with phase `queue`. */
  readonly wait?: string;
  /** Option that bounds how many may wait, where no time can. */
  readonly queueLimit?: { readonly option: string; readonly unlimited: number };
  readonly versions?: string;
}

export interface ServerShape {
  /** Instance type of the application or server (`App`, `Server`). */
  readonly on: string;
  /** Method that starts listening; `''` = the construct itself listens. */
  readonly listen: readonly string[];
  readonly close?: string;
  /** Methods that register a handler (`get`, `post`, `use`, `route`, `register`). The path is argument 0 where it is a string. */
  readonly routes?: readonly string[];
  /** Methods whose options object is the route (`server.route({ method, path, handler })`). */
  readonly routeObjects?: readonly string[];
  /** Instance types of sub-routers whose routes are mounted. */
  readonly routers?: readonly string[];
  /** What becomes of a rejected async handler; by version. */
  readonly rejections: readonly { readonly versions?: string; readonly handled: boolean }[];
  /** The framework drains on SIGTERM by itself. */
  readonly drains?: boolean;
  readonly protocol: 'http' | 'grpc' | 'websocket' | 'tcp' | 'queue';
  /** Source text of the drain for `{server}`; absent = `{server}.close(() => process.exit(0))`. */
  readonly drain?: string;
  /** Source text of a call before `listen` that makes the server drain by itself: `{server}.enableShutdownHooks()`. */
  readonly drainBefore?: string;
  /** Source text of a liveness route before `listen`: `{server}.get('/livez', …)`. */
  readonly health?: string;
  /** What `drain` closes: the thing that `listen` is called on (default), what `listen` returns, or nothing that has a close. */
  readonly closeOf?: 'receiver' | 'result' | 'none';
  /** Methods whose second argument is a table of handlers: `addService(definition, { charge })`. */
  readonly routeTables?: readonly string[];
}

/** How long a server gives a client: for a whole request, for its headers, or between two requests of one connection. */
export interface ServerLimit {
  readonly on: readonly string[];
  readonly of: 'request' | 'headers' | 'keep-alive';
  /** Option of the construct (dotted), and member that can be assigned: `requestTimeout`. */
  readonly option: string;
  /** Index of the construct's argument that holds the options; absent = the member alone. */
  readonly options?: ArgumentRef;
  /** In ms; `null` = none. */
  readonly default: number | null;
  /** Values that switch it off. */
  readonly off: readonly number[];
  readonly versions?: string;
}

export interface ConsumerShape {
  /** Instance type and method whose argument is the message handler; `construct` where the constructor takes it (`new Worker(name, fn)`). */
  readonly on: string;
  readonly names: readonly string[];
  /** Event name when the method is a listener (`on('message', fn)`). */
  readonly event?: string;
  /** Argument index of the handler, or the option path that holds it. */
  readonly handler: number | string;
  readonly options?: ArgumentRef;
  /** How a message is acknowledged: methods of which object. */
  readonly ack?: { readonly methods: readonly string[]; readonly of: 'channel' | 'message' | 'consumer' };
  /** The option that acknowledges by itself, its value that does so, and its default. */
  readonly autoAck?: { readonly option: string; readonly value: boolean; readonly default: boolean };
  /** How the number of messages in flight is limited. */
  readonly prefetch?: { readonly method?: string; readonly option?: string; /** With this option of the client, somebody else may set it. */ readonly unless?: string; readonly unlimitedByDefault: boolean };
  readonly rejections: 'handled' | 'unhandled';
  /** The message is settled when the handler's promise resolves: work that nobody awaits is lost with a crash. */
  readonly settlesOnReturn?: boolean;
  /** How a message is given back: methods, and the argument that says whether it comes again; `comesBack` = what holds without that argument. */
  readonly reject?: { readonly methods: readonly { readonly name: string; readonly argument?: number; readonly comesBack: boolean }[] };
  /** A handler that throws gets the same message again, with no limit, and nothing behind it moves. */
  readonly blocksOnFailure?: boolean;
  /** Somebody waits for the answer: a lost message is noticed and sent again by them. */
  readonly isRequest?: boolean;
  readonly versions?: string;
}

/** A call or construct that sets up queues, subscribes, or sends messages, and what its options say of where messages end. */
export interface MessagingShape {
  /** `Channel.assertQueue`, `PubSub.createSubscription`; a name without a type is one of the module: `Queue`, `NestFactory.createMicroservice`. */
  readonly of: readonly string[];
  /** Arguments of which one holds the options. */
  readonly options: readonly number[];
  /** Holds only where that option names this member: `transport: Transport.RMQ`. */
  readonly when?: { readonly option: string; readonly is: string };
  /** Argument that holds the name of the queue. */
  readonly name?: number;
  /** Options of which one puts aside what cannot be handled. Without: `returns` = it comes again without end, `drops` = what is rejected is gone, `buried` = it stays where nobody looks. */
  readonly deadLetter?: { readonly options: readonly string[]; readonly without: 'returns' | 'drops' | 'buried'; /** What to insert, as option path -> source text. */ readonly fix?: Readonly<Record<string, string>>; /** Only where this option is there: an ephemeral consumer has no second try. */ readonly needs?: string };
  /** An option with the value `true` that removes what has failed for the last time, and the source text of a value that keeps it. */
  readonly removes?: { readonly option: string; readonly keep: string; /** Beside one of these options it is meant: a repeated job has its next run, a kept one would keep out the next of its id. */ readonly unless?: readonly string[] };
  /** The option that acknowledges on arrival: its value that does so, and what holds where it is absent. */
  readonly autoAck?: { readonly option: string; readonly value: boolean | string; readonly default: boolean | string; /** Source text of the value that waits for the work. */ readonly fix?: string };
  /** The option that limits the messages in work; absent or 0 = no limit. */
  readonly prefetch?: { readonly option: string };
  /** The option that asks the broker for an answer: values that do without, and what holds where it is absent. */
  readonly confirm?: { readonly option: string; readonly off: readonly (number | boolean | string)[]; readonly default: number | boolean | string; readonly fix: string };
  readonly versions?: string;
}

/** A channel on which the broker answers no publish, and what makes one where it does. */
export interface UnconfirmedShape {
  readonly on: string;
  readonly publish: readonly string[];
  /** Method that makes the answering one instead of the method that made this. */
  readonly instead: string;
  /** Method that waits for the answers. */
  readonly wait: string;
}

/** A call that takes a message off its queue for good: by giving it out, or (`isLast`) as the last step after the work. */
export interface TakeShape {
  readonly on: string;
  readonly names: readonly string[];
  /** The name of the thing made for the first argument, where that decides: `DeleteMessageCommand`. */
  readonly command?: string;
  /** It is the acknowledgement itself: early only where no work stands before it. */
  readonly isLast?: boolean;
}

/** A cache: what a miss is followed by, and what a failure of it does to its callers. */
export interface CacheShape {
  readonly on: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** A failed read says that nothing is there. */
  readonly failsOpen?: true;
  /** It lives in this process and cannot fail by itself. */
  readonly isLocal?: true;
  readonly versions?: string;
}

/** How a fix brings in a package that a project does not have yet. */
export interface Recommendation {
  readonly for: 'breaker' | 'limiter' | 'retry' | 'timeout';
  /** What is written into package.json. */
  readonly range: string;
  readonly idiom: Idiom;
}

/** How an expression is handed to a package. `{limit}` is how many at once, `{async}` the keyword where the expression is the body of an asynchronous function. */
export interface Idiom {
  readonly imports: readonly { readonly name: string; readonly isDefault?: boolean }[];
  /** A statement; `{name}` is the name that it declares: `const {name} = pLimit({limit});`. */
  readonly declare: string;
  /** Source text before and after the expression that it takes: `{name}({async}() => ` and `)`. */
  readonly before: string;
  readonly after: string;
  /** Its declared result may also be nothing, so that a result that is used no longer fits its type. */
  readonly isLoose?: boolean;
}

/** A callback whose returned promise the callee ignores (`handled: false`) or handles. */
export interface CallbackSlot {
  readonly on: string;
  readonly names: readonly string[];
  /** Only this event (`on('message', …)`); absent = every event. */
  readonly event?: string;
  readonly handler: number | string | 'last';
  readonly kind: 'handler' | 'consumer' | 'timer' | 'listener' | 'callback' | 'iteration' | 'executor';
  readonly handled: boolean;
  /** Option that makes the callee handle rejections: `new Cron(pattern, { catch: true }, fn)`. */
  readonly handledBy?: string;
  /** Instance types that the callback's parameters have: `[Socket]` for `on('connection', (socket) => …)`; `''` = none of this library. */
  readonly parameters?: readonly string[];
  readonly versions?: string;
}

/** A wrapper that bounds what it is given in time. */
export interface GuardShape {
  readonly call: string;
  /** Argument that holds the promise or the function. */
  readonly of: number;
  /** Where the limit stands: argument index, or `index.option`; absent = bounds by default. */
  readonly limit?: string;
  readonly unit?: 'ms' | 's';
  readonly default?: number | null;
  readonly versions?: string;
}

/** Something that limits how many run at once. */
export interface LimiterShape {
  /** Construct or call. */
  readonly call: string;
  readonly form: 'new' | 'call' | 'either';
  /** Instance type it makes, whose methods (or itself, `''`) take the function. */
  readonly run?: readonly string[];
  /** Option or argument with the limit; absent option = unlimited where `unlimitedByDefault`. */
  readonly limit: string;
  readonly unlimitedByDefault: boolean;
  /** For calls over a list: the argument that is called for each element. */
  readonly function?: number;
  /** For calls over a list (`pMap(list, fn, options)`): the list's argument. */
  readonly list?: number;
  /** How one call at a time is handed to it, where the package is not recommended for that. */
  readonly idiom?: Idiom;
}

/** A call that blocks the only thread. */
export interface BlockingCall {
  readonly path: string;
  /** The non-blocking twin, for the fix: `readFile` of `node:fs/promises`. */
  readonly instead?: { readonly module: string; readonly name: string; /** It takes the same arguments and returns a promise. */ readonly isPromise?: boolean };
  /** Cheap enough that it is not reported (`existsSync`). */
  readonly isCheap?: boolean;
  /** Slow by its nature, whatever it is given (a key derivation), or as slow as its data are long (compression): in code of a service that is no set-up it is reported even where nothing says who calls it. */
  readonly isCostly?: 'always' | 'by-size';
  /** Over in a moment, as one small file is: in a timer it is not reported. */
  readonly isShort?: boolean;
}

export type WorkloadRole =
  | 'app' | 'database' | 'cache' | 'broker' | 'queue' | 'search' | 'coordinator' | 'object-store'
  | 'proxy' | 'identity' | 'monitoring' | 'exporter' | 'tool' | 'job' | 'emulator';

/** What `/bin/sh` is. dash stays the parent of a lone command; bash and busybox replace themselves by it (measured: Debian 12 dash 0.5.12, busybox 1.35). */
export type ImageShell = 'dash' | 'bash' | 'busybox';

/** One container image or a family of images that behave alike. */
export interface ImageEntry {
  /** Basenames of the repository, without registry and well-known namespaces: `postgres`, `postgis`. */
  readonly images: readonly string[];
  readonly role: WorkloadRole;
  /** Where the facts were read: repository, path and what stands there. `not read in source` = nothing here may lead to a finding by itself. */
  readonly sources: readonly string[];
  readonly ports: readonly number[];
  /** Directories that hold the data, newest rule first; `versions` is a range of the tag's version. */
  readonly data?: readonly { readonly path: string; readonly versions?: string }[];
  /** Options or variables that move the data directory: seeing one makes it unknown. */
  readonly dataMovedBy?: readonly string[];
  /** An application whose users' own things lie in `data`: uploads, repositories, settings made in its pages. */
  readonly keepsUserData?: boolean;
  readonly needsQuorum?: boolean;
  /** The image ships a HEALTHCHECK of its own. */
  readonly hasHealthCheck?: boolean;
  /** Compose `test`, as its array. `$$` is Compose's escape. */
  readonly healthCheck?: readonly string[];
  readonly startPeriod?: string;
  readonly probe?: { readonly kind: 'http'; readonly path: string; readonly port: number } | { readonly kind: 'tcp'; readonly port: number } | { readonly kind: 'exec'; readonly command: readonly string[]; readonly timeoutSeconds?: number };
  /** When `healthCheck` and a `probe` of kind `http` or `exec` hold, besides what every image needs: its port, and no configuration file of the user's own. */
  readonly checkHolds?: {
    /** Neither a port nor a configuration file changes what is asked. */
    readonly always?: true;
    /** A configuration file changes nothing that is asked; an option of the command can. */
    readonly anyConfiguration?: true;
    /** One of these must be there: an option of the command (`--ping`), or a variable with its value (`xpack.security.enabled=false`). */
    readonly needs?: readonly string[];
    /** Versions of the tag that need it; absent = all. */
    readonly needsIn?: string;
    /** Options and variables with which it fails: `--requirepass`, `REDIS_PASSWORD`. */
    readonly unless?: readonly string[];
    /** Versions of the tag that it holds in; absent = all. */
    readonly versions?: string;
  };
  /** Tools of health commands that the image has, and those it is known not to have; `variants` by a substring of the tag (one that ends with `.` stands at its start) and a range of its version. */
  readonly tools?: { readonly has: readonly string[]; readonly lacks: readonly string[]; readonly hasShell?: boolean; readonly shell?: ImageShell; readonly variants?: readonly { readonly tag?: string; readonly versions?: string; readonly has?: readonly string[]; readonly lacks?: readonly string[]; readonly hasShell?: boolean; readonly shell?: ImageShell }[] };
  /** Stops gracefully by itself on its stop signal. */
  readonly drains?: boolean;
  readonly isSlowStarter?: boolean;
}

export interface Catalog {
  readonly libraries: readonly LibraryEntry[];
  readonly images: readonly ImageEntry[];
}
