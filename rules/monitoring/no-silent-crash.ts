// After an error that nobody expected the state of the process is anybody's guess: it must end, and somebody must learn of it.

import type { ProcessListenerFact } from '../../engine/code/construct-facts';
import type { LinkedFile } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { placeIn, runsAsService } from '../code-places';

type MessageId = 'lives' | 'empty';

export const noSilentCrash = defineRule<MessageId>({
  id: 'monitoring/no-silent-crash',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    lives: 'After an uncaught error this process goes on in an unknown state: the listener does not exit.',
    empty: 'A rejected promise leaves no trace: this `{event}` listener is empty.',
  },
  docs: {
    what: 'Reports a listener of `uncaughtException` that lets the process go on, and an empty listener of `unhandledRejection`.',
    why: 'A process that goes on after an uncaught error may hold locks, half-written state or a dead connection, and still answers its probes.',
    fix: 'Log the error and end the process; the orchestrator starts a new one.',
    not: '`uncaughtExceptionMonitor`, a listener that exits or throws by any way, and one whose function is in another file.',
    references: ['https://nodejs.org/api/process.html#warning-using-uncaughtexception-correctly'],
  },
  check({ file, code, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.processListeners) {
      const finding = judge(file, fact);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'logs and lives on',
        files: { 'a.ts': "«process.on»('uncaughtException', (error) => {\n  console.error(error);\n});\n" },
        expect: 'lives',
        fixed: { 'a.ts': "process.on('uncaughtException', (error) => {\n  console.error(error);\n  process.exit(1);\n});\n" },
      },
      { name: 'a logger as the listener', files: { 'a.ts': "function report(error: Error) {\n  console.error(error);\n}\n«process.on»('uncaughtException', report);\n" }, expect: 'lives' },
      { name: 'an empty listener of rejections', files: { 'a.js': "«process.on»('unhandledRejection', () => {});\n" }, expect: 'empty' },
      { name: 'an empty listener of errors', files: { 'a.js': "«process.once»('uncaughtException', function () {});\n" }, expect: 'lives' },
    ],
    good: [
      { name: 'exits', files: { 'a.ts': "process.on('uncaughtException', (error) => {\n  console.error(error);\n  process.exit(1);\n});\n" } },
      { name: 'exits by a function of the file', files: { 'a.ts': "function stop() {\n  process.exit(1);\n}\nprocess.on('uncaughtException', (error) => {\n  console.error(error);\n  stop();\n});\n" } },
      { name: 'throws again', files: { 'a.ts': "process.on('unhandledRejection', (reason) => {\n  throw reason;\n});\n" } },
      { name: 'watches only', files: { 'a.ts': "process.on('uncaughtExceptionMonitor', (error) => console.error(error));\n" } },
      { name: 'logs rejections', files: { 'a.ts': "process.on('unhandledRejection', (reason) => console.error(reason));\n" } },
      { name: 'a test', files: { 'a.test.ts': "process.on('uncaughtException', () => {});\n" } },
    ],
    unknown: [
      { name: 'a function of another file', files: { 'a.ts': "import { crash } from './crash';\nprocess.on('uncaughtException', crash);\n" } },
      { name: 'a shutdown out of sight', files: { 'a.ts': "import { shutdown } from '@acme/kit';\nprocess.on('uncaughtException', (error) => {\n  console.error(error);\n  shutdown(1);\n});\n" } },
    ],
  },
});

function judge(file: LinkedFile, fact: ProcessListenerFact): Report<MessageId> | undefined {
  if (fact.isOutOfSight || fact.exits) return undefined;
  const common = { at: placeIn(file, fact.mark), subject: fact.event };
  if (fact.event === 'unhandledRejection') return fact.isEmpty ? { ...common, message: 'empty', data: { event: fact.event } } : undefined;
  // A drain ends the process when nothing holds it any more.
  if (fact.event !== 'uncaughtException' || fact.closes.length > 0) return undefined;
  return { ...common, message: 'lives', fixes: exitFix(file, fact) };
}

function exitFix(file: LinkedFile, fact: ProcessListenerFact): readonly Fix[] {
  if (!fact.handler || !fact.logs) return [];
  return [{ title: 'Exit after logging', safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'insert-in-body', body: fact.handler, at: 'end', lines: ['process.exit(1);'] }] }];
}
