// Reads one Compose file into facts.

import type { FileProblem } from '../../facts';
import { booleanOf, entries, get, items, textOf } from '../yaml/look-up';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml, type YamlNode } from '../yaml/tree';
import type { ComposeFacts } from './facts';
import { interpolate, isUnknown } from './interpolate';
import { readService } from './read-service';

export { recogniseCompose } from './recognise';

/** Facts of one Compose file; never throws. Linear in the text. */
export function readCompose(path: string, text: string): { facts: ComposeFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const problems = parsed.problems.map((problem): FileProblem => ({ file: path, ...problem }));
  // Compose reads the first document only.
  const document = parsed.documents[0];
  const root = document?.root;
  const facts: ComposeFacts = {
    kind: 'compose',
    path,
    suppressions: suppressionsOf(text, parsed),
    services: document ? entries(get(root, 'services')).map((entry) => readService(document, entry)) : [],
    volumes: entries(get(root, 'volumes')).map(({ name, pair, value }) => ({ name, isExternal: isExternal(value), isLocal: isLocal(value), span: pair.key.span })),
    includes: readIncludes(get(root, 'include')),
    isComplete: document?.cutAt === undefined,
  };
  return { facts, problems };
}

function isExternal(volume: YamlNode | undefined): boolean {
  const node = get(volume, 'external');
  return node?.kind === 'map' || booleanOf(node) === true;
}

/** The default driver makes a folder on the machine at hand; options can make it a mount of a file server. */
function isLocal(volume: YamlNode | undefined): boolean {
  const driver = get(volume, 'driver');
  return (driver === undefined || textOf(driver) === 'local') && get(volume, 'driver_opts') === undefined && !isExternal(volume);
}

function readIncludes(node: YamlNode | undefined): (string | undefined)[] {
  return (node?.kind === 'scalar' ? [node] : items(node)).flatMap((item) => {
    const paths = item.kind === 'map' ? get(item, 'path') : item;
    return (paths?.kind === 'sequence' ? items(paths) : [paths]).map((path) => {
      const text = interpolate(textOf(path) ?? '');
      return text === '' || isUnknown(text) || /^[a-z]+:\/\//.test(text) ? undefined : text;
    });
  });
}
