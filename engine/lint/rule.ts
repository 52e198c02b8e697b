// The rule contract. A rule is data (meta, messages, docs, examples) and one pure function over the linked facts and the model. It sees no text, no tree and no other rule.

import type { CodeProject, EntityResolver, LinkedFile } from '../code/project';
import type { SystemModel } from '../model/model';
import type { Location } from '../text';
import type { Budgets } from './configuration';
import type { Severity } from './finding';
import type { Fix } from './fix';

export type Principle =
  | 'redundancy' | 'fault-tolerance' | 'autoscaling' | 'load-balancing' | 'failover' | 'testing' | 'monitoring' | 'isolation' | 'impact';

/** `suppressions` is the folder of the one built-in rule about suppression comments; it is no principle. */
export type RuleId = `${Principle | 'suppressions'}/${string}`;

export interface Message {
  /** Template with `{name}` places; at most two sentences and 160 characters once filled. */
  readonly text: string;
  readonly severity?: Severity;
}

export type OptionSchema =
  | { readonly type: 'duration'; readonly default: string; readonly describe: string }
  | { readonly type: 'number'; readonly default: number; readonly describe: string; readonly minimum?: number }
  | { readonly type: 'boolean'; readonly default: boolean; readonly describe: string }
  | { readonly type: 'strings'; readonly default: readonly string[]; readonly describe: string };

/** What a rule hands to `report`. */
export interface Report<M extends string = string> {
  readonly at: Location;
  readonly message: M;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly label?: string;
  readonly related?: readonly { readonly at: Location; readonly text: string }[];
  readonly more?: readonly Location[];
  readonly moreNoun?: string;
  readonly fixes?: readonly Fix[];
  /** Free of lines; the fingerprint is made from it. */
  readonly subject: string;
  /** Where this one finding is more or less severe than its message (a development file, a proof from code). */
  readonly severity?: Severity;
}

/** Option values as a rule sees them: durations in ms. */
export type OptionValues<O extends Readonly<Record<string, OptionSchema>>> = {
  readonly [K in keyof O]: O[K]['type'] extends 'strings' ? readonly string[] : O[K]['type'] extends 'boolean' ? boolean : number;
};

export interface RuleContext<M extends string, O extends Readonly<Record<string, OptionSchema>>> {
  readonly code: CodeProject;
  readonly system: SystemModel;
  readonly resolve: EntityResolver;
  /** Options that the configuration nearest to a file sets. */
  readonly options: (file: string) => OptionValues<O>;
  readonly budgets: (file: string) => Budgets;
  readonly report: (finding: Report<M>) => void;
}

export interface CodeRuleContext<M extends string, O extends Readonly<Record<string, OptionSchema>>> extends RuleContext<M, O> {
  /** The file at hand: a code rule is run once for each file of the project. */
  readonly file: LinkedFile;
}

/** Files of one example: path -> text. `«…»` marks the expected range in a bad one. */
export type ExampleFiles = Readonly<Record<string, string>>;

export interface BadExample<M extends string> {
  readonly name: string;
  readonly files: ExampleFiles;
  /** Message id of the one finding, or of each finding in order. */
  readonly expect: M | readonly M[];
  /** Text after the first fix of each finding; only the files that change. Linted again it is clean of this rule, and nothing new appears. */
  readonly fixed?: ExampleFiles;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface SilentExample {
  readonly name: string;
  readonly files: ExampleFiles;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface RuleBase<M extends string, O extends Readonly<Record<string, OptionSchema>>> {
  readonly id: RuleId;
  readonly since: string;
  readonly severity: Severity;
  /** The fault it guards against. */
  readonly fault: 'lost' | 'down' | 'hung' | 'slow' | 'cut';
  /** On only in preset `all`: below the precision gate, or browser code. */
  readonly isOffByDefault?: boolean;
  readonly options?: O;
  readonly messages: Readonly<Record<M, Message | string>>;
  readonly docs: {
    readonly what: string;
    readonly why: string;
    readonly fix: string;
    /** When it stays silent. */
    readonly not: string;
    /** A public incident or paper, where one is known. */
    readonly references?: readonly string[];
  };
  readonly examples: {
    readonly bad: readonly BadExample<M>[];
    readonly good: readonly SilentExample[];
    readonly unknown: readonly SilentExample[];
  };
}

export interface CodeRule<M extends string = string, O extends Readonly<Record<string, OptionSchema>> = Readonly<Record<string, OptionSchema>>> extends RuleBase<M, O> {
  readonly reads: 'code';
  check(context: CodeRuleContext<M, O>): void;
  /** What the same rule asks of the system as a whole; run once. */
  checkSystem?(context: RuleContext<M, O>): void;
}

export interface SystemRule<M extends string = string, O extends Readonly<Record<string, OptionSchema>> = Readonly<Record<string, OptionSchema>>> extends RuleBase<M, O> {
  readonly reads: 'infrastructure' | 'system';
  check(context: RuleContext<M, O>): void;
}

export type Rule = CodeRule<string, Readonly<Record<string, OptionSchema>>> | SystemRule<string, Readonly<Record<string, OptionSchema>>>;

/** Gives a rule its types; returns it unchanged. */
export function defineRule<const M extends string, const O extends Readonly<Record<string, OptionSchema>> = Record<never, never>>(rule: CodeRule<M, O> | SystemRule<M, O>): Rule {
  return rule as unknown as Rule;
}
