// Limits that are set once for a whole library: `axios.defaults.timeout = 5000` anywhere in a package.

import type { OptionPlace } from './bound-state';
import type { CodeFacts } from './facts';
import type { Value } from './values';
import { placeOf, type EntityLinker } from './link-entities';
import { assignOption } from './link-values';
import type { Places } from './link-places';
import type { Packages } from './packages';

/** Gives the library-wide options that hold in a file, by the library's package; undefined where nothing sets any. */
export function libraryDefaults(files: readonly CodeFacts[], packages: Packages, linker: EntityLinker, places: Places, value: (file: string, given: Value) => Value): (file: string, library: string) => OptionPlace | undefined {
  const found = new Map<string, OptionPlace>();
  for (const file of files) {
    for (const setting of file.defaults ?? []) {
      const place = placeOf(linker.resolve(file.path, setting.entity));
      if (!place || place.instance !== '') continue;
      const sets = place.library.sets?.find((row) => row.call === place.path.join('.'));
      if (sets) {
        for (const other of sets.of) found.set(keyOf(file.path, other), places.place(file.path, value(file.path, setting.value)));
        continue;
      }
      const key = keyOf(file.path, place.library.package);
      const before = found.get(key);
      const options = assignOption(before?.value ?? { kind: 'object', entries: [], isOpen: false }, place.path.filter((name) => name !== 'defaults'), value(file.path, setting.value), setting.span);
      found.set(key, { file: file.path, value: options, argumentsOfClient: () => [], entityOfClient: () => undefined });
    }
  }
  return (file, library) => found.get(keyOf(file, library));

  // What one process sets does not hold in another: a package of the workspace stands for a process.
  function keyOf(file: string, library: string): string {
    return `${packages.around(file)[0]?.folder ?? ''}\0${library}`;
  }
}
