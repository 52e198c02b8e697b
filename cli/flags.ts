// Every flag: what it takes, what it means, and which commands know it. The parser, `--help` and the hint at a misspelt flag read this one table.

export type Verb = 'check' | 'explain' | 'rules' | 'clients' | 'init' | 'doctor' | 'lsp' | 'help' | 'version';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** Placeholder of its value; a flag without one is a switch. */
  readonly value?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly isRepeatable?: boolean;
  readonly describe: string;
  readonly verbs: readonly Verb[];
}

const LINTING: readonly Verb[] = ['check', 'explain', 'rules', 'clients', 'doctor'];
const SHOWING: readonly Verb[] = ['check', 'explain', 'rules', 'clients', 'init', 'doctor', 'help'];

export const FLAGS: readonly Flag[] = [
  { name: 'format', value: 'FORMAT', choices: ['text', 'json', 'sarif'], describe: 'text, json or sarif', verbs: ['check', 'clients'] },
  { name: 'output', value: 'FILE', describe: 'write the report to a file', verbs: ['check'] },
  { name: 'fix', describe: 'apply the safe fixes', verbs: ['check'] },
  { name: 'unsafe', describe: 'with --fix or --diff: also fixes that can change behaviour', verbs: ['check'] },
  { name: 'diff', describe: 'show what --fix would write, and write nothing', verbs: ['check'] },
  { name: 'fix-dry-run', describe: 'the same as --fix --diff', verbs: ['check'] },
  { name: 'rule', value: 'ID=SEVERITY', isRepeatable: true, describe: 'severity of a rule: error, warning, info, advice or off', verbs: ['check', 'explain', 'rules', 'doctor'] },
  { name: 'fail-on', value: 'SEVERITY', choices: ['error', 'warning', 'info', 'advice'], describe: 'exit 1 from this severity on (warning)', verbs: ['check'] },
  { name: 'max-warnings', value: 'N', describe: 'exit 1 only above N warnings', verbs: ['check'] },
  { name: 'quiet', short: 'q', describe: 'show errors only', verbs: ['check'] },
  { name: 'advice', describe: 'show advice too', verbs: ['check'] },
  { name: 'all', describe: 'show every finding; a terminal shows 50', verbs: ['check'] },
  { name: 'types', describe: 'ask the type checker what bindings leave open (slow)', verbs: ['check'] },
  { name: 'stdin', describe: 'lint the text on standard input', verbs: ['check'] },
  { name: 'stdin-filepath', value: 'FILE', describe: 'the file whose text standard input is', verbs: ['check'] },
  { name: 'config', value: 'FILE', describe: 'use this configuration for every file', verbs: LINTING },
  { name: 'no-cache', describe: 'neither read nor write the cache', verbs: LINTING },
  { name: 'cache-dir', value: 'FOLDER', describe: 'where the cache lies', verbs: LINTING },
  { name: 'installed', describe: 'only those that this project has, with their versions', verbs: ['clients'] },
  { name: 'formats', describe: 'what Holdfast reads', verbs: ['doctor'] },
  { name: 'files', describe: 'each file and whether it was read', verbs: ['doctor'] },
  { name: 'bug', describe: 'a report for a bug of Holdfast, without your code', verbs: ['doctor'] },
  { name: 'stdio', describe: 'speak over standard input and output', verbs: ['lsp'] },
  { name: 'color', value: 'WHEN', choices: ['auto', 'always', 'never'], describe: 'auto, always or never', verbs: SHOWING },
  { name: 'plain', describe: 'full sentences without frames, for screen readers', verbs: SHOWING },
  { name: 'ascii', describe: 'frames and signs in ASCII', verbs: SHOWING },
  { name: 'verbose', describe: 'say each phase and its time', verbs: LINTING },
  { name: 'help', short: 'h', describe: 'show this help', verbs: [...SHOWING, 'lsp', 'version'] },
  { name: 'version', short: 'v', describe: 'show the version', verbs: [...SHOWING, 'lsp', 'version'] },
];

export const VERBS: readonly { readonly verb: Verb; readonly usage: string; readonly describe: string }[] = [
  { verb: 'check', usage: '[check] [PATH…]', describe: 'find what turns a small failure into an outage' },
  { verb: 'explain', usage: 'explain NAME', describe: 'a rule, one of its variants, or a finding by its id' },
  { verb: 'rules', usage: 'rules', describe: 'every rule and what it found here' },
  { verb: 'clients', usage: 'clients [NAME…]', describe: 'client libraries, and what is known of each' },
  { verb: 'init', usage: 'init', describe: 'write holdfast.yaml' },
  { verb: 'doctor', usage: 'doctor', describe: 'what is read, what is not, and why' },
  { verb: 'lsp', usage: 'lsp --stdio', describe: 'the language server, for editors' },
];
