// What the writers of a Compose file work on: one service in the current text.

import type { YamlDocument, YamlMap } from '../yaml/tree';

/** A service's place in the current text. */
export interface ServiceAt {
  readonly text: string;
  readonly document: YamlDocument;
  readonly root: YamlMap;
  readonly services: YamlMap;
  readonly service: YamlMap;
}
