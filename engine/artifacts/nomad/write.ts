// Writes what a fix asks of a Nomad job file.

import type { ResourceRef } from '../../model/model';
import { parseQuantity } from '../../model/quantities';
import type { TextEdit } from '../../text';
import { parseHcl } from '../hcl/parse';
import type { HclBlock, HclBody } from '../hcl/tree';
import { placeIn, removeInBlock, setInBlock } from '../hcl/write';
import type { ArtifactIntent } from '../intent';

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeNomad(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
  const block = blockAt(parseHcl(text).body, resource.path);
  if (!block) return undefined;
  const place = placeIn(text, false);
  switch (intent.kind) {
    case 'set-instances':
      return setInBlock(place, block, ['count'], intent.count);
    case 'remove-instances':
      return removeInBlock(place, block, ['count']);
    case 'set-autoscaler-min':
      return setInBlock(place, block, ['scaling', 'min'], intent.count);
    case 'set-autoscaler-max':
      return setInBlock(place, block, ['scaling', 'max'], intent.count);
    case 'set-memory-limit': {
      const bytes = parseQuantity(intent.memory);
      return bytes === undefined ? undefined : setInBlock(place, block, ['resources', 'memory'], Math.ceil(bytes / 1_000_000));
    }
    case 'set-stop-grace-period': {
      const edits = tasksOf(block).map((task) => setInBlock(place, task, ['kill_timeout'], `${intent.seconds}s`));
      return edits.every((made) => made !== undefined) ? edits.flat() : undefined;
    }
    case 'set-property':
      return setInBlock(place, block, intent.path, intent.value);
    case 'remove-property':
      return removeInBlock(place, block, intent.path);
    default:
      return undefined;
  }
}

/** Pairs of type and label from the outside in: `['job', 'shop', 'group', 'orders']`. */
function blockAt(body: HclBody, path: ResourceRef['path']): HclBlock | undefined {
  let found: HclBlock | undefined;
  let inside = body;
  for (let i = 0; i < path.length; i += 2) {
    found = inside.blocks.find((block) => block.type === path[i] && block.labels[0]?.text === path[i + 1]);
    if (!found) return undefined;
    inside = found.body;
  }
  return found;
}

/** Tasks that serve; those that only prepare are left as they are. */
function tasksOf(block: HclBlock): readonly HclBlock[] {
  if (block.type === 'task') return [block];
  return block.body.blocks.filter((inner) => inner.type === 'task' && !inner.body.blocks.some((part) => part.type === 'lifecycle'));
}
