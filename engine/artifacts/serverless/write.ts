// Writes what a fix asks of a function or resource of a service, on its current text.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import { addBeside, placeOf, removeProperty, resourceNode, separated, setProperty } from '../cloudformation/write';
import { writesShort, type Spelling } from '../cloudformation/literal';
import type { ArtifactIntent } from '../intent';
import { appendItem, insertEntry, styleOf } from '../yaml/edit';
import { get } from '../yaml/look-up';
import { parseAgain } from '../yaml/parse-again';
import { map, type NewNode } from '../yaml/render';
import type { YamlDocument } from '../yaml/tree';
import { writeValue } from '../yaml/write-value';
import { logicalIdOf } from './service';

const logicalId: Spelling['logicalId'] = (type, name) => (type === 'function' ? logicalIdOf(name) : name);

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeServerless(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  const document = parseAgain(text).documents[resource.document];
  if (!document) return undefined;
  const node = get(document.root, ...resource.path);
  const isResource = node?.kind === 'map' && node.index.has('Type') && !node.index.has('handler');
  const place = placeOf(text, document, resource.path, isResource ? 'Properties' : undefined, logicalId);
  switch (intent.kind) {
    case 'set-property':
      return place && one(setProperty(place, intent.path, intent.value));
    case 'remove-property':
      return place && one(removeProperty(place, intent.path));
    case 'add-resource':
      return one(isResource ? addBeside(text, document, resource.path, intent, logicalId) : addResource(text, document, intent));
    default:
      return writeValue(text, resource.document, intent);
  }
}

function one(edit: TextEdit | undefined): TextEdit[] | undefined {
  return edit && [edit];
}

/** Puts a resource at the end of the service's resources, and makes the section where there is none. */
function addResource(text: string, document: YamlDocument, intent: Extract<ArtifactIntent, { kind: 'add-resource' }>): TextEdit | undefined {
  const { root } = document;
  if (root?.kind !== 'map') return undefined;
  const node = resourceNode(intent, { isShort: writesShort(text, styleOf(text, document).isJson), logicalId });
  if (!node) return undefined;
  const entry: NewNode = { kind: 'map', entries: [[intent.name, node]] };
  const section = root.index.get('resources')?.value;
  if (!section) {
    const edit = insertEntry(text, document, root, 'resources', map({ Resources: entry }));
    return edit && separated(text, document, root, edit);
  }
  if (section.kind === 'sequence') return appendItem(text, document, section, map({ Resources: entry }));
  if (section.kind !== 'map') return undefined;
  const resources = section.index.get('Resources')?.value;
  if (!resources) return insertEntry(text, document, section, 'Resources', entry);
  if (resources.kind !== 'map') return undefined;
  const edit = insertEntry(text, document, resources, intent.name, node);
  return edit && separated(text, document, resources, edit);
}
