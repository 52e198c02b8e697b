// Who is given a signal and hands it to nobody goes on working for a caller that has left: under load most of the work is then for nobody.

import type { SignalOption } from '../../catalog/schema';
import type { DroppedSignalFact } from '../../engine/code/construct-facts';
import type { LinkedFile, OutboundCall } from '../../engine/code/project';
import { formatDuration, numberText } from '../../engine/duration';
import type { Fix } from '../../engine/lint/fix';
import { rowHolds } from '../../engine/lint/installed';
import { defineRule, type Report } from '../../engine/lint/rule';
import { nameOfFunction, placeIn } from '../code-places';
import { clip, optionAt } from '../limits';

type MessageId = 'dropped' | 'race';

export const requireCancellation = defineRule<MessageId>({
  id: 'isolation/require-cancellation',
  since: '0.1.0',
  severity: 'advice',
  reads: 'code',
  fault: 'slow',
  messages: {
    dropped: 'Work goes on after the client has left: `{signal}` ends here and `{call}` does not get it.',
    race: 'Work goes on after its time is up: the race leaves `{call}` running.',
  },
  docs: {
    what: 'Reports a function that is given an abort signal and makes a call that could take it without passing it on, and a call that a race with a timer gives up on and does not end.',
    why: 'Clients give up and try again when a service is slow. What they gave up on still holds connections, memory and the time of those behind it.',
    fix: 'Pass the signal to the call; with a limit of its own by `AbortSignal.any([signal, AbortSignal.timeout(5_000)])`. Instead of a race give the call a signal that ends it.',
    not: 'A signal that goes anywhere else, a call with a signal of its own, writes that have a limit, and libraries whose calls take none.',
  },
  check({ file, report }) {
    if (file.facts.role !== 'server') return;
    for (const signal of file.facts.droppedSignals ?? []) {
      const finding = dropped(file, signal);
      if (finding) report(finding);
    }
    for (const call of file.calls) {
      const finding = race(file, call);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'fetch without the signal of its function',
        files: { 'a.ts': "export async function load(id: string, signal: AbortSignal) {\n  const response = await «fetch»('https://billing/' + id);\n  return response.json();\n}\n" },
        expect: 'dropped',
        fixed: { 'a.ts': "export async function load(id: string, signal: AbortSignal) {\n  const response = await fetch('https://billing/' + id, { signal });\n  return response.json();\n}\n" },
      },
      {
        name: 'a signal taken out of the options',
        files: { 'a.ts': "import axios from 'axios';\nexport async function load({ id, signal }: Options) {\n  if (signal.aborted) return undefined;\n  return «axios.get»('https://billing/' + id, { timeout: 5_000 });\n}\n" },
        expect: 'dropped',
        fixed: { 'a.ts': "import axios from 'axios';\nexport async function load({ id, signal }: Options) {\n  if (signal.aborted) return undefined;\n  return axios.get('https://billing/' + id, { timeout: 5_000, signal });\n}\n" },
      },
      {
        name: 'the request of a route that is a file',
        files: { 'app/orders/route.ts': "export async function GET(request: Request) {\n  const id = request.headers.get('id');\n  return «fetch»('https://billing/' + id);\n}\n" },
        expect: 'dropped',
        fixed: { 'app/orders/route.ts': "export async function GET(request: Request) {\n  const id = request.headers.get('id');\n  return fetch('https://billing/' + id, { signal: request.signal });\n}\n" },
      },
      {
        name: 'a race that leaves its loser running',
        files: { 'a.ts': "export async function load(id: string) {\n  const late = new Promise((_, reject) => setTimeout(reject, 2_000));\n  return Promise.race([«fetch»('https://billing/' + id), late]);\n}\n" },
        expect: 'race',
      },
      {
        name: 'a race whose limit is known',
        files: { 'a.ts': "export async function load(id: string) {\n  return Promise.race([«fetch»('https://billing/' + id), new Promise((_, reject) => setTimeout(reject, 2_000))]);\n}\n" },
        expect: 'race',
        fixed: { 'a.ts': "export async function load(id: string) {\n  return Promise.race([fetch('https://billing/' + id, { signal: AbortSignal.timeout(2_000) }), new Promise((_, reject) => setTimeout(reject, 2_000))]);\n}\n" },
      },
    ],
    good: [
      { name: 'passed on', files: { 'a.ts': "export async function load(id: string, signal: AbortSignal) {\n  return fetch('https://billing/' + id, { signal });\n}\n" } },
      { name: 'joined with a limit', files: { 'a.ts': "export async function load(id: string, signal: AbortSignal) {\n  return fetch('https://billing/' + id, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });\n}\n" } },
      { name: 'handed to another function', files: { 'a.ts': "import { watch } from './watch';\nexport async function load(id: string, signal: AbortSignal) {\n  watch(signal);\n  return fetch('https://billing/' + id);\n}\n", 'watch.ts': 'export const watch = (signal: AbortSignal) => signal.addEventListener("abort", () => console.info("left"));\n' } },
      { name: 'a write with a limit of its own', files: { 'a.ts': "import axios from 'axios';\nexport async function charge(id: string, signal: AbortSignal) {\n  return axios.post('https://billing/' + id, {}, { signal: AbortSignal.timeout(5_000) });\n}\n" } },
      { name: 'a race whose call has a signal', files: { 'a.ts': "export async function load(id: string) {\n  const late = new Promise((_, reject) => setTimeout(reject, 2_000));\n  return Promise.race([fetch('https://billing/' + id, { signal: AbortSignal.timeout(2_000) }), late]);\n}\n" } },
      { name: 'a write that is not waited for', files: { 'a.ts': "export async function tell(id: string) {\n  await Promise.race([fetch('https://billing/' + id, { method: 'POST' }), new Promise((resolve) => setTimeout(resolve, 150))]);\n}\n" } },
      { name: 'the whole request is handed on', files: { 'app/orders/route.ts': "export async function GET(request: Request) {\n  console.info(request.url);\n  return fetch(request);\n}\n" } },
    ],
    unknown: [
      { name: 'options from elsewhere', files: { 'a.ts': "import { options } from './options';\nexport async function load(id: string, signal: AbortSignal) {\n  return fetch('https://billing/' + id, options);\n}\n" } },
      { name: 'a call that takes no signal', files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function load(id: string, signal: AbortSignal) {\n  return pool.query('SELECT 1');\n}\n" } },
    ],
  },
});

// The option of the call that takes a signal, where none is given to it.
function openSignal(call: OutboundCall): SignalOption | undefined {
  const row = call.library.entry.signals?.find(({ at, on, versions }) => at.includes('call') && (on === undefined || on.includes(call.instance)) && rowHolds(call.library, versions) === 'yes');
  const options = call.shape.options;
  if (!row || options === undefined || call.through) return undefined;
  if (typeof options === 'number' && call.fact.arguments.length <= options) return row;
  return optionAt(call.options, row.option) === 'absent' ? row : undefined;
}

function dropped(file: LinkedFile, signal: DroppedSignalFact): Report<MessageId> | undefined {
  const calls = file.calls.filter((call) => call.fact.function === signal.function && (call.fact.usage === 'awaited' || call.fact.usage === 'returned') && openSignal(call) !== undefined && !(isWrite(call) && call.verdict.kind === 'bounded'));
  const first = calls[0];
  const row = first && openSignal(first);
  if (!first || !row) return undefined;
  const fixes = calls.length === 1 ? [signalFix(first, row, signal.text, clip(`Pass \`${signal.text}\` to \`${first.fact.calleeText}\``, 60))] : [];
  return {
    at: placeIn(file, first.fact.callee),
    message: 'dropped',
    data: { signal: signal.text, call: clip(first.fact.calleeText, 40) },
    related: [{ at: placeIn(file, signal.span), text: 'ends here' }],
    more: calls.slice(1).map((call) => placeIn(file, call.fact.callee)),
    moreNoun: 'calls',
    fixes,
    subject: `${nameOfFunction(file, signal.function)}:${first.fact.calleeText}`,
  };
}

function race(file: LinkedFile, call: OutboundCall): Report<MessageId> | undefined {
  const guard = call.fact.guards.find(({ kind }) => kind === 'race');
  const row = guard && openSignal(call);
  // To end a write does not undo it: letting it run is a choice.
  if (!row || guard.kind !== 'race' || isWrite(call)) return undefined;
  const fixes = guard.ms === undefined || guard.ms <= 0 ? [] : [signalFix(call, row, `AbortSignal.timeout(${numberText(guard.ms)})`, `End it after ${formatDuration(guard.ms)} by \`AbortSignal.timeout\``)];
  return { at: placeIn(file, call.fact.callee), message: 'race', data: { call: clip(call.fact.calleeText, 40) }, related: [{ at: placeIn(file, guard.span), text: 'gives up' }], fixes, subject: `${nameOfFunction(file, call.fact.function)}:${call.fact.calleeText}:race` };
}

function isWrite({ shape, options }: OutboundCall): boolean {
  const method = optionAt(options, 'method');
  return shape.isWrite === true || (typeof method === 'object' && (method.kind !== 'string' || !/^(?:get|head)$/i.test(method.value)));
}

function signalFix(call: OutboundCall, row: SignalOption, value: string, title: string): Fix {
  return { title, safety: 'unsafe', operations: [{ language: 'code', file: call.file, kind: 'set-option', call: call.fact.span, argument: call.shape.options ?? 0, path: row.option, value }] };
}
