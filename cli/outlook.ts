// What of a system `doctor` says is out of sight: clients that the catalogue does not know, and host names that no workload bears.

import type { CompiledCatalog } from '../engine/catalog';
import type { CodeProject } from '../engine/code/project';
import type { SystemModel } from '../engine/model/model';

const CLIENT_NAME = /(^|[-/_.])(sdk|client|rpc|grpc|soap\d?)([-/_.]|$)|-api$/;
/** Types, test doubles, and what calls nobody or is told whom to call by a tool. */
const NOT_A_CLIENT = /^@types\/|(^|[-/_])(mock|mocks|test|testing|types|plugin|codegen|eslint|metrics|prom|react|browser|web)([-/_]|$)/;
const MOST_NAMES = 200;

/** Packages of package.json that are named like clients and have no entry, sorted. Those that only files of the workspace itself provide are no packages. */
export function clientsWithoutEntry({ packages }: CodeProject, catalog: CompiledCatalog): string[] {
  const own = new Set(packages.flatMap(({ name }) => (name === undefined ? [] : [name])));
  const names = new Set(packages.flatMap(({ dependencies }) => Object.keys(dependencies)));
  return [...names].filter((name) => CLIENT_NAME.test(name) && !NOT_A_CLIENT.test(name) && !own.has(name) && catalog.library(name) === undefined).sort().slice(0, MOST_NAMES);
}

/** Those that one of the texts imports, themselves or a path below them. */
export function importedOf(names: readonly string[], modules: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const module of modules) for (const name of names) if (module === name || module.startsWith(`${name}/`)) found.add(name);
  return names.filter((name) => found.has(name));
}

interface HostNames {
  /** How many different ones there are. */
  readonly all: number;
  /** Those that no workload or Service bears, sorted. */
  readonly unowned: readonly string[];
}

/** Host names in the environment of containers, joined with the workloads and Services of their scope. Names of this machine, and addresses, are none. */
export function hostNames({ workloads, routes }: SystemModel): HostNames {
  const owners = new Map<string, Set<string>>();
  for (const { scope, name } of [...workloads, ...routes]) owners.set(scope, (owners.get(scope) ?? new Set()).add(name.toLowerCase()));
  const owned = new Map<string, boolean>();
  for (const { scope, containers } of workloads) {
    for (const { environment } of containers) {
      for (const [variable, value] of Object.entries(environment)) {
        for (const host of value.state === 'set' ? hostsIn(variable, value.value) : []) {
          const isOwned = [host, host.split('.')[0] ?? ''].some((name) => owners.get(scope)?.has(name.toLowerCase()) === true);
          owned.set(host, isOwned || owned.get(host) === true);
        }
      }
    }
  }
  return { all: owned.size, unowned: [...owned].filter(([, isOwned]) => !isOwned).map(([host]) => host).sort() };
}

/** `postgres://u:p@db:5432/x` and, in a variable named for a host, `db:5432`. Public names (`api.stripe.com`) belong to others by design. */
function hostsIn(variable: string, text: string): string[] {
  if (text.length > 2_000) return [];
  const addresses = [...text.matchAll(/\b[a-z][a-z0-9+]{1,20}:\/\/([^\s/?#"']{1,300})/gi)].map((match) => match[1] ?? '');
  const plain = /(^|_)(HOST|HOSTNAME|HOSTS|SERVERS|BROKERS|ADDR|ADDRESS|ENDPOINT)$/i.test(variable) && !text.includes('://') ? [text] : [];
  const names = [...addresses, ...plain].flatMap((address) => address.slice(address.lastIndexOf('@') + 1).split(','));
  return names.map((name) => name.trim().replace(/:(\d+|\$\{[^}]*\})$/, '')).filter(isHostName);
}

function isHostName(name: string): boolean {
  if (!/^[\w.${}-]{1,253}$/.test(name) || !/[a-z]/i.test(name)) return false;
  if (/^(localhost|host\.docker\.internal)$/i.test(name)) return false;
  const last = name.slice(name.lastIndexOf('.') + 1);
  return !name.includes('.') || /^(svc|local|internal|cluster)$/.test(last) || /\.svc\./.test(name);
}
