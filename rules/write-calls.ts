// Calls that do something on the other side which a repeat would do again: creates, charges, messages. What only asks is left out, whatever its HTTP method.

import type { IdempotencyOption } from '../catalog/schema';
import type { OutboundCall } from '../engine/code/project';
import type { Value } from '../engine/code/values';
import { clip, optionAt } from './limits';

// Requests that ask although they are sent by POST, told by their address or by the name of what makes them.
const ASKS = /search|query|quer(ies)|graphql|gql|token|oauth|login|auth|lookup|validate|verify|preview|check|bulk-?get|count|find|fetch|\bget|read|list|filter|export|completion|embed|generat|translate|predict|infer|chat|llm|model|rpc|health|ping|introspect|estimate|quote|render|convert|parse|score|classif|analy[sz]e|resolve|refresh|session|heartbeat|metrics|telemetry|ingest|events?\b|trace|logs?\b/i;
// What a repeat surely does twice.
const DOES = /charge|pay|transfer|order|purchase|capture|refund|payout|invoice|send|notify|notification|message|mail|sms|publish|emit|create|insert|append|add|submit|book|reserve|invite|deliver|webhook|post|dispatch|enqueue|upload|register|trigger|withdraw|deposit|subscribe|book/i;

const KEY_HEADER = /idempoten|dedup|request-?id|if-(none-)?match/i;

/** Whether a call makes something that a repeat makes again. Unknown methods and requests that only ask are no. */
export function doesAgain(call: OutboundCall, names: readonly string[]): boolean {
  const { io } = call.shape;
  if (io !== 'http' && io !== 'mail' && io !== 'rpc' && io !== 'publish') return false;
  if (!isWrite(call)) return false;
  const address = textOf(call.target);
  if (io === 'http' && (ASKS.test(address) || ASKS.test(pathOfCall(call)) || names.some((name) => ASKS.test(name)))) return false;
  // An address out of sight says nothing: then what makes the call has to.
  return address !== '' || call.instance !== '' && io === 'mail' || call.library.entry.role === 'sdk' || io !== 'http' || names.some((name) => DOES.test(name));
}

/** A write by its shape, or by the method written in its options. */
export function isWrite(call: OutboundCall): boolean {
  const method = optionAt(call.options, 'method');
  if (typeof method === 'object' && method.kind === 'string') return /^(post|patch)$/i.test(method.value);
  return call.shape.isWrite === true;
}

// The method as it is called, where it says more than `post`: `charges.create`.
function pathOfCall(call: OutboundCall): string {
  const text = call.fact.calleeText;
  return /\.(post|patch|request|put)$|^(fetch|axios|got|ky|request)$/i.test(text) ? '' : text.slice(text.indexOf('.') + 1);
}

/** `POST /charges`, or the callee where the path is not known. */
export function requestText(call: OutboundCall): string {
  const path = /^[^?#]*/.exec(textOf(call.target).replace(/^[a-z]+:\/\/[^/]*/i, ''))?.[0] ?? '';
  if (call.shape.io !== 'http' || call.library.entry.role === 'sdk' || !/^\/[\w/-]+/.test(path)) return clip(call.fact.calleeText, 40);
  const method = optionAt(call.options, 'method');
  const verb = typeof method === 'object' && method.kind === 'string' ? method.value.toUpperCase() : /patch/i.test(call.fact.calleeText) ? 'PATCH' : 'POST';
  return clip(`${verb} ${path}`, 40);
}

// What is written of an address; parts that are not known are left out.
function textOf(target: Value | undefined): string {
  if (target?.kind === 'string') return target.value;
  if (target?.kind === 'template') return target.parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
  if (target?.kind === 'environment') return target.name;
  return '';
}

/** Whether a request bears a key: `absent` only where its options and headers are all in sight. */
export function keyOf(call: OutboundCall): 'absent' | 'present' | 'unknown' {
  const row = idempotencyOption(call);
  if (!row) return call.shape.io === 'http' ? 'unknown' : 'absent';
  if (row.isChain === true) return chainKey(call, row.option);
  let answer: 'absent' | 'unknown' = 'absent';
  for (const options of [call.options, ...(row.isHeader === true && call.client ? [call.client.options] : [])]) {
    const value: Value | 'absent' | 'unknown' = optionAt(options, row.option);
    if (value === 'absent') continue;
    if (row.isHeader !== true) return value === 'unknown' ? 'unknown' : 'present';
    if (value === 'unknown' || value.kind !== 'object') answer = 'unknown';
    else if (value.entries.some(({ key }) => KEY_HEADER.test(key))) return 'present';
    else if (value.isOpen) answer = 'unknown';
  }
  return answer;
}

/** Where this call takes an idempotency key. */
export function idempotencyOption({ library, instance, fact }: OutboundCall): IdempotencyOption | undefined {
  return library.entry.idempotency?.find(({ on, calls }) => on === instance && (calls === undefined || calls.some((name) => fact.calleeText.endsWith(name))));
}

// `.set('Idempotency-Key', key)`; a name or an object that is out of sight may be it.
function chainKey({ fact }: OutboundCall, link: string): 'absent' | 'present' | 'unknown' {
  const names = fact.chain.flatMap(({ name, arguments: given }) => (name === link ? [given[0]] : []));
  if (names.some((name) => name?.kind === 'string' && KEY_HEADER.test(name.value))) return 'present';
  return names.some((name) => name?.kind !== 'string') ? 'unknown' : 'absent';
}
