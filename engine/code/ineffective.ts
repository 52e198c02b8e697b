// Options that are written and change nothing: of a wrong name, in a wrong place, of a wrong type, or on an agent.

import type { IneffectiveOption } from '../../catalog/schema';
import { locationOf, type OptionPlace } from './bound-state';
import type { Value } from './values';
import type { Case } from './judge';
import { optionAt, type Found } from './link-values';
import type { InstalledLibrary, Verdict } from './project';
import { holds } from './versions';

type Ineffective = Extract<Verdict, { kind: 'ineffective' }>;

/** Keys that make an object in the place of a body look like options. */
const OPTION_KEYS: ReadonlySet<string> = new Set([
  'headers', 'params', 'timeout', 'signal', 'responseType', 'auth', 'baseURL', 'httpAgent', 'httpsAgent', 'withCredentials', 'maxRedirects', 'validateStatus', 'cancelToken', 'proxy', 'maxContentLength', 'maxBodyLength', 'paramsSerializer',
]);

/** Every such option of a call or client, in the order of the catalogue. */
export function ineffectiveOptions(given: Case, library: InstalledLibrary): Ineffective[] {
  const found: Ineffective[] = [];
  for (const option of library.entry.ineffective ?? []) {
    // Emitted and warned-about limits are judged with the bound itself.
    if (option.because === 'event' || option.because === 'warns') continue;
    if ((option.on && !option.on.includes(given.instance)) || holds(option.versions, library) !== 'yes') continue;
    if (option.calls && (given.method === undefined || !option.calls.includes(given.method))) continue;
    const place = option.at === 'call' ? given.call : given.construct;
    const one = option.because === 'place' ? misplaced(option, given) : place && written(option, given, place);
    if (one) found.push(one);
  }
  const agent = agentLimit(given);
  if (agent) found.push(agent);
  return found;
}

function written(option: IneffectiveOption, given: Case, place: OptionPlace): Ineffective | undefined {
  const found = optionAt(place.value, option.option, place.argumentsOfClient);
  if (!found.entry || found.value.kind === 'undefined' || found.value.kind === 'null') return undefined;
  if (option.because === 'type' && found.value.kind !== 'number') return undefined;
  return make(option, found, given, place);
}

// Options in the place of the body: `post(url, { timeout })`.
function misplaced(option: IneffectiveOption, given: Case): Ineffective | undefined {
  const body = option.argument === undefined ? undefined : given.arguments[option.argument];
  if (!given.call || body?.kind !== 'object' || body.isOpen || (option.belongs !== undefined && given.arguments.length > option.belongs)) return undefined;
  if (!body.entries.every((entry) => OPTION_KEYS.has(entry.key))) return undefined;
  const place: OptionPlace = { ...given.call, value: body };
  const found = optionAt(body, option.option, place.argumentsOfClient);
  return found.entry ? make(option, found, given, place) : undefined;
}

function make(option: IneffectiveOption, found: Found, given: Case, place: OptionPlace): Ineffective {
  const bound = given.library.entry.bounds?.find((row) => row.option === (option.instead ?? option.option));
  return { kind: 'ineffective', option, bound, value: found.value, at: locationOf(place, found, given.at), because: option.because };
}

// `httpsAgent: new https.Agent({ timeout })`: the socket only emits an event that nobody hears.
function agentLimit(given: Case): Ineffective | undefined {
  for (const place of [given.call, given.construct]) {
    if (place?.value.kind !== 'object') continue;
    for (const entry of place.value.entries) {
      if (!/agent$/i.test(entry.key) || (entry.value.kind !== 'made' && entry.value.kind !== 'client')) continue;
      const made = entry.value.kind === 'made' ? entry.value.entity : place.entityOfClient(entry.value.client);
      // Agents of other packages may keep what they promise.
      if (made?.kind !== 'package' || !/^(node:)?https?$/.test(made.package)) continue;
      const options: Value | undefined = (entry.value.kind === 'made' ? entry.value.arguments : place.argumentsOfClient(entry.value.client))[0];
      const found = options ? optionAt(options, 'timeout', place.argumentsOfClient) : undefined;
      if (found?.entry && found.value.kind === 'number') return { kind: 'ineffective', option: undefined, bound: undefined, value: found.value, at: locationOf(place, found, given.at), because: 'agent' };
    }
  }
  return undefined;
}
