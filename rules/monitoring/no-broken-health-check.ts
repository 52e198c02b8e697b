// A health check that cannot run keeps a healthy service out; one that cannot fail hides a broken one. Both look like protection.

import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { Severity } from '../../engine/lint/finding';
import type { Container, HealthCheck, Workload } from '../../engine/model/model';
import { intend, severityFor, subjectOf } from '../../engine/model/questions';
import { healthCommandOf, insertHealthCheck, programOf } from '../health-commands';

export const noBrokenHealthCheck = defineRule({
  id: 'monitoring/no-broken-health-check',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'hung',
  messages: {
    tool: '`{workload}` is never healthy: `{image}` has no `{tool}`.',
    shell: '`{workload}` is never healthy: `{image}` has no shell to run its check.',
    malformed: { text: '`{workload}` is never healthy: the list of `test` starts with neither `CMD` nor `CMD-SHELL`.', severity: 'error' },
    words: { text: '`{workload}` is never healthy: `CMD` takes `{text}` for the name of one program.', severity: 'error' },
    always: 'The check of `{workload}` cannot fail: its command ends in `{ending}`.',
    status: 'The check of `{workload}` passes on an error 500 too: `curl` fails only with `-f`.',
    reply: { text: 'The check of `{workload}` passes on an error reply too: `redis-cli` exits with 0 then.', severity: 'info' },
  },
  docs: {
    what: 'Reports a health check whose command the image cannot run, or that passes whatever happens.',
    why: 'Dependants wait for ever for a check that cannot pass, and traffic keeps flowing to a container whose check cannot fail.',
    fix: 'Use a tool that the image has, and let the command fail when the service does.',
    not: 'Tools that the catalogue neither lists as present nor as absent for the image and tag; what a Dockerfile installs; commands with variables in place of the program.',
  },
  check({ system, report }) {
    const seen = new Set<string>();
    for (const workload of system.workloads) {
      const [container] = workload.containers;
      if (workload.format !== 'compose' || workload.isFragment || !container || container.healthCheck.state !== 'set' || container.healthCheck.value.isDisabled) continue;
      const found = judge(workload, container, container.healthCheck.value);
      const { at } = container.healthCheck.value;
      // A check in a Dockerfile is one cause, however many services run the image.
      const place = `${at.file} ${at.span.join()}`;
      if (!found || seen.has(place)) continue;
      seen.add(place);
      report({
        at,
        message: found.message,
        data: { workload: workload.name, image: container.tools?.of ?? '', ...found.data },
        related: [{ at: workload.at, text: container.tools ? `runs ${container.tools.of}` : `service ${workload.name}` }],
        fixes: at.file === workload.resource.file ? found.fixes : [],
        subject: subjectOf(workload),
        severity: severityFor(workload, found.severity),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'curl in an Alpine image of Node',
        files: { 'compose.yaml': 'services:\n  orders:\n    build: .\n    healthcheck:\n      test: «["CMD", "curl", "-f", "http://localhost:3000/"]»\n', 'Dockerfile': 'FROM node:22-alpine\nCMD ["node", "main.js"]\n' },
        expect: 'tool',
      },
      {
        name: 'curl in a database image',
        files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    healthcheck:\n      test: «curl -f http://localhost:5432 || exit 1»\n' },
        expect: 'tool',
        fixed: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    healthcheck:\n      test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U $${POSTGRES_USER:-postgres}"]\n' },
      },
      { name: 'a shell form without a shell', files: { 'compose.yaml': 'services:\n  api:\n    build: .\n    healthcheck:\n      test: «/app/health»\n', 'Dockerfile': 'FROM scratch\nCMD ["/app/main"]\n' }, expect: 'shell' },
      {
        name: 'a list without its first word',
        files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: «["curl", "-f", "http://localhost/"]»\n' },
        expect: 'malformed',
        fixed: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: ["CMD", "curl", "-f", "http://localhost/"]\n' },
      },
      {
        name: 'a whole command as one word',
        files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: «["CMD", "curl -f http://localhost/ || exit 1"]»\n' },
        expect: 'words',
        fixed: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]\n' },
      },
      {
        name: 'cannot fail',
        files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: «curl -f http://localhost/ || true»\n' },
        expect: 'always',
        fixed: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: ["CMD-SHELL", "curl -f http://localhost/"]\n' },
      },
      {
        name: 'curl that accepts every answer',
        files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: «["CMD", "curl", "http://localhost/"]»\n' },
        expect: 'status',
        fixed: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: ["CMD", "curl", "-f", "http://localhost/"]\n' },
      },
      { name: 'a reply that is an error', files: { 'compose.yaml': 'services:\n  redis:\n    image: redis:7\n    healthcheck:\n      test: «["CMD", "redis-cli", "ping"]»\n' }, expect: 'reply' },
    ],
    good: [
      { name: 'a tool that the image has', files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: curl -f http://localhost/ || exit 1\n' } },
      { name: 'a tool that the Dockerfile installs', files: { 'compose.yaml': 'services:\n  web:\n    build: .\n    healthcheck:\n      test: curl -f http://localhost/\n', 'Dockerfile': 'FROM node:22-alpine\nRUN apk add --no-cache curl\nCMD ["node", "x"]\n' } },
      { name: 'the tool of an Alpine variant', files: { 'compose.yaml': 'services:\n  web:\n    build: .\n    healthcheck:\n      test: ["CMD-SHELL", "wget -q --spider http://localhost/ || exit 1"]\n', 'Dockerfile': 'FROM node:22-alpine\n' } },
      { name: 'curl with a joined flag', files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n      test: curl -sSf http://localhost/\n  api:\n    image: nginx:1.27\n    healthcheck:\n      test: curl --silent --fail http://localhost/\n' } },
      { name: 'a reply that is looked at', files: { 'compose.yaml': 'services:\n  redis:\n    image: redis:7\n    healthcheck:\n      test: redis-cli ping | grep PONG\n' } },
      { name: 'switched off', files: { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    healthcheck: { test: ["NONE"] }\n' } },
    ],
    unknown: [
      { name: 'an image that is not known', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    healthcheck:\n      test: curl -f http://localhost/\n' } },
      { name: 'the program is a variable', files: { 'compose.yaml': 'services:\n  web:\n    image: postgres:16\n    healthcheck:\n      test: $CHECK\n' } },
      { name: 'a tool that nobody has looked for', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    healthcheck:\n      test: /check.sh\n' } },
    ],
  },
});

interface Found {
  readonly message: 'tool' | 'shell' | 'malformed' | 'words' | 'always' | 'status' | 'reply';
  readonly data: Readonly<Record<string, string>>;
  readonly fixes: readonly Fix[];
  readonly severity: Severity;
}

/** One finding a check: what cannot run comes before what cannot fail. */
function judge(workload: Workload, container: Container, check: HealthCheck): Found | undefined {
  const { test } = check;
  if (test.form === 'unknown') return undefined;
  if (test.form === 'malformed') return { message: 'malformed', data: {}, fixes: [retest(workload, 'Start the list with `CMD`', ['CMD', ...test.argv], 'safe')], severity: 'error' };
  const command = test.form === 'shell' ? test.command : test.argv.join(' ');
  if (test.form === 'argv' && test.argv.length === 1 && /\s/.test(test.argv[0] ?? '')) {
    return { message: 'words', data: { text: shorten(command) }, fixes: [retest(workload, 'Run it by `CMD-SHELL`', ['CMD-SHELL', command], 'safe')], severity: 'error' };
  }
  const { tools } = container;
  if (test.form === 'shell' && tools?.hasShell === false) return { message: 'shell', data: {}, fixes: swap(workload, container), severity: 'warning' };
  const tool = programsIn(test).find((program) => tools?.lacks.includes(program));
  if (tool !== undefined) return { message: 'tool', data: { tool }, fixes: swap(workload, container), severity: 'warning' };
  return cannotFail(workload, test, command);
}

function cannotFail(workload: Workload, test: HealthCheck['test'], command: string): Found | undefined {
  const ending = test.form === 'shell' ? /(?:\|\||;)\s*(?:true|:|exit 0|\/bin\/true|echo\b[^|;&]*)\s*$/.exec(command)?.[0] : undefined;
  if (ending !== undefined) {
    const rest = command.slice(0, command.length - ending.length).trim();
    return { message: 'always', data: { ending: shorten(ending.trim()) }, fixes: rest === '' ? [] : [retest(workload, `Remove \`${shorten(ending.trim())}\``, ['CMD-SHELL', rest], 'unsafe')], severity: 'warning' };
  }
  if (test.form === 'shell' && /^\s*(?:exit 0|true|:|echo\b[^|;&]*)\s*$/.test(command)) return { message: 'always', data: { ending: shorten(command.trim()) }, fixes: [], severity: 'warning' };
  // What follows in a pipe looks at the answer itself.
  const isPiped = test.form === 'shell' && /(?<!\|)\|(?!\|)/.test(command);
  const curl = /(?:^|[\s;&|])curl\s+(.*)/s.exec(command);
  if (curl && !isPiped && !/(?:^|\s)(?:-[a-zA-Z]*f[a-zA-Z]*|--fail(?:-with-body|-early)?)(?=\s|$)/.test(curl[1] ?? '') && !/-w|--write-out|telnet:|\$\(|-K|--config/.test(curl[1] ?? '')) {
    return { message: 'status', data: {}, fixes: addFail(workload, test), severity: 'warning' };
  }
  if (/(?:^|[\s;&|])(?:redis|valkey)-cli\b/.test(command) && /\bping\b/i.test(command) && !isPiped && !/\$\(|`|=/.test(command)) return { message: 'reply', data: {}, fixes: [], severity: 'info' };
  return undefined;
}

function addFail(workload: Workload, test: HealthCheck['test']): readonly Fix[] {
  if (test.form === 'argv' && test.argv[0] === 'curl') return [retest(workload, 'Add `-f` to `curl`', ['CMD', 'curl', '-f', ...test.argv.slice(1)], 'unsafe')];
  if (test.form === 'shell' && !test.command.includes('$')) return [retest(workload, 'Add `-f` to `curl`', ['CMD-SHELL', test.command.replace(/(^|[\s;&|])curl(?=\s)/, '$1curl -f')], 'unsafe')];
  return [];
}

/** Programs that a check starts: the first word, and the first of each command of a shell line. Only bare names are compared. */
function programsIn(test: HealthCheck['test']): string[] {
  if (test.form === 'argv') {
    const [program = '', flag, script] = test.argv;
    return /^(?:\/bin\/)?(?:ba|a|da)?sh$/.test(program) && flag !== undefined && /^-[a-z]*c$/.test(flag) && script !== undefined ? [program.replace('/bin/', ''), ...programsOfScript(script)] : [program];
  }
  return test.form === 'shell' ? programsOfScript(test.command) : [];
}

function programsOfScript(script: string): string[] {
  // Only the first command must be there: others may be alternatives.
  const first = script.split(/&&|\|\||[;|\n]/)[0]?.trim() ?? '';
  return [first.split(/\s+/).find((word) => word !== '!' && !/^\w+=/.test(word)) ?? ''];
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Compose's `$` must be written twice; a command that holds one is not written anew. */
function retest(workload: Workload, title: string, test: readonly string[], safety: Fix['safety']): Fix {
  return { title, safety, operations: [intend(workload.resource, { kind: 'set-health-check', test: test.map((word) => word.replaceAll('$', '$$$$')) })] };
}

function swap(workload: Workload, container: Container): readonly Fix[] {
  const command = healthCommandOf(workload, container);
  return command ? [{ title: command.title.startsWith('Check `GET') ? `Check with \`${programOf(command.test)}\`` : command.title, safety: 'safe', operations: [insertHealthCheck(workload, command)] }] : [];
}
