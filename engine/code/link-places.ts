// Where the options of a call or construct stand, with constants of other files put in.

import type { ArgumentRef } from '../../catalog/schema';
import { nameOfUnknown } from './argument-name';
import type { OptionPlace } from './bound-state';
import type { CodeFacts } from './facts';
import type { Value } from './values';
import { optionsOf } from './link-values';

export interface Places {
  /** The options among folded arguments of a file. */
  options(file: string, given: readonly Value[], where: ArgumentRef | undefined, target: number | undefined): Value;
  /** A place for options that stand in a file. */
  place(file: string, value: Value): OptionPlace;
}

const ADDRESS_NAME = /ur[il]|href|endpoint|address|link|target|path|host|dsn|connection_?string|location/i;

// No object of options is called so.
const TEXT_NAME = /(?:ur[il]|dsn|connection_?string)$/i;

const STATEMENT_NAME = /^(sql|query|queryText|statement|text|stmt|command)$|(Sql|Query|SQL)$/;

/** Makes the look-ups. `value` puts the constants of other files into a value. */
export function argumentPlaces(files: ReadonlyMap<string, CodeFacts>, value: (file: string, given: Value) => Value): Places {
  return {
    options(file, given, where, target) {
      // What a caller gives under the name of an address is an address, and under that of a statement is one.
      const nameAt = (argument: Value | undefined): string | undefined => {
        if (argument?.kind !== 'parameter') return argument && nameOfUnknown(argument);
        return argument.path[argument.path.length - 1] ?? files.get(file)?.functions[argument.function]?.parameters[argument.index];
      };
      const name = typeof where === 'number' ? (nameAt(given[where]) ?? '') : '';
      if (STATEMENT_NAME.test(name) || TEXT_NAME.test(name)) return { kind: 'object', entries: [], isOpen: false, isText: true };
      return optionsOf(given.map((argument) => value(file, argument)), where, (argument, index) => {
        if (index !== target || argument.kind === 'object') return false;
        return argument.kind === 'reference' || argument.kind === 'made' || ADDRESS_NAME.test(nameAt(argument) ?? '');
      });
    },
    place(file, options) {
      const clients = files.get(file)?.clients;
      return {
        file,
        value: options,
        argumentsOfClient: (client) => (clients?.[client]?.arguments ?? []).map((argument) => value(file, argument)),
        entityOfClient: (client) => clients?.[client]?.entity,
      };
    },
  };
}
