// Where the list of a fan-out comes from, over files: the function that gives it, the callers that hand it on, the request that holds it; and whether what is called for each element reaches a store.

import type { CodeProject, EntityResolver, LinkedFile } from '../engine/code/project';
import type { FanOutFact, ListOrigin } from '../engine/code/construct-facts';
import type { HandedListFact } from '../engine/code/list-facts';
import type { Entity, Value } from '../engine/code/values';
import { fileAt } from './code-places';

/** Where a list that is as long as the data are comes from: of the fan-out itself, of the function that gives it, or of callers. Undefined = it is short or not known. */
export function longListOrigin(file: LinkedFile, fact: FanOutFact, code: CodeProject, resolve: EntityResolver): ListOrigin | undefined {
  if (fact.size === 'unbounded') return fact.origin ?? 'query';
  if (fact.listOf) return listOfFunction(file, fact.listOf, code, resolve, 0);
  return fact.listValue && givenBy(file, fact.listValue, parametersOf(code, resolve));
}

function listOfFunction(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver, hops: number): ListOrigin | undefined {
  const resolved = resolve(file.path, entity);
  const target = resolved.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  const fact = target && resolved.kind === 'function' ? target.facts.functions[resolved.id] : undefined;
  if (!target || !fact || hops > 2) return undefined;
  return fact.list ?? (fact.listOf ? listOfFunction(target, fact.listOf, code, resolve, hops + 1) : undefined);
}

/** What callers give as parameters: by parameter, the origin by member; `''` = the parameter itself, `*` = any member. */
type Parameters = ReadonlyMap<string, ReadonlyMap<string, ListOrigin>>;

const known = new WeakMap<CodeProject, Parameters>();
const REQUEST_NAME = /^(req|request|ctx|context)$/;
// By its name it was made from what came in.
const TRANSFERRED = /^dto$|Dto$|^requestBody$/;
const MAX_HOPS = 4;

// Worked out once for the project: at most four calls from where a list or a request comes in.
function parametersOf(code: CodeProject, resolve: EntityResolver): Parameters {
  const before = known.get(code);
  if (before) return before;
  const found = new Map<string, Map<string, ListOrigin>>();
  known.set(code, found);
  for (const file of code.files) for (const { function: id, index, path } of file.facts.lists?.requested ?? []) add(found, file.path, id, index, path[0] ?? '*', 'request');
  for (let hops = 0, grows = true; hops < MAX_HOPS && grows; hops++) {
    grows = false;
    for (const file of code.files) {
      if (file.facts.role !== 'server') continue;
      for (const handed of file.facts.lists?.handed ?? []) {
        const origin = originOf(file, handed, found, code, resolve);
        const target = origin && resolve(file.path, handed.entity);
        if (!origin || target?.kind !== 'function') continue;
        // A whole request body is handed on with all its members.
        const member = handed.member ?? (origin === 'request' ? '*' : '');
        if (add(found, target.file, target.id, handed.argument, member, origin)) grows = true;
      }
    }
  }
  return found;
}

function add(found: Map<string, Map<string, ListOrigin>>, file: string, id: number, index: number, member: string, origin: ListOrigin): boolean {
  const key = `${file}\0${id}\0${index}`;
  const members = found.get(key) ?? new Map<string, ListOrigin>();
  found.set(key, members);
  if (members.has(member)) return false;
  members.set(member, origin);
  return true;
}

function originOf(file: LinkedFile, handed: HandedListFact, found: Parameters, code: CodeProject, resolve: EntityResolver): ListOrigin | undefined {
  if (handed.origin) return handed.origin;
  if (handed.of) return listOfFunction(file, handed.of, code, resolve, 0);
  return handed.value && givenBy(file, handed.value, found);
}

// What a caller gives as this parameter, or the body of a request that it is.
function givenBy(file: LinkedFile, value: Value, found: Parameters): ListOrigin | undefined {
  if (value.kind !== 'parameter') return undefined;
  const members = found.get(`${file.path}\0${value.function}\0${value.index}`);
  const origin = members?.get('*') ?? members?.get(value.path[0] ?? '');
  if (origin) return origin;
  const name = file.facts.functions[value.function]?.parameters[value.index] ?? '';
  if (value.path.length > 0 && TRANSFERRED.test(name)) return 'request';
  const isMember = value.path[0] === 'body' || (value.path[0] === 'request' && value.path[1] === 'body');
  return isMember && REQUEST_NAME.test(name) ? 'request' : undefined;
}

const stores = new WeakMap<CodeProject, Map<string, boolean>>();

/** Whether a function of the project waits for something that by its names is a store: itself, or by functions that it calls, at most three deep. Each is asked once for each depth. */
export function reachesStore(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver, depth = 0): boolean {
  const resolved = resolve(file.path, entity);
  const target = resolved.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  if (!target || resolved.kind !== 'function' || depth > 2) return false;
  let answers = stores.get(code);
  if (!answers) stores.set(code, (answers = new Map<string, boolean>()));
  const key = `${target.path}\0${resolved.id}\0${depth}`;
  const before = answers.get(key);
  if (before !== undefined) return before;
  answers.set(key, false);
  const answer = (target.facts.lists?.stores ?? []).includes(resolved.id) || (target.facts.functions[resolved.id]?.calls ?? []).slice(0, 20).some((called) => reachesStore(target, called, code, resolve, depth + 1));
  answers.set(key, answer);
  return answer;
}
