import type { CodeOperation } from '../lint/fix';
import type { TextEdit } from '../text';

/** Text edits for the operations of one fix on the current text of one file, in its own style; undefined where a place is gone. */
export async function writeCode(_path: string, _text: string, _operations: readonly CodeOperation[]): Promise<TextEdit[] | undefined> {
  return undefined;
}
