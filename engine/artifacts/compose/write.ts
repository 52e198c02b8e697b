import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeCompose(_text: string, _resource: ResourceRef, _intent: ArtifactIntent): TextEdit[] | undefined {
  return undefined;
}
