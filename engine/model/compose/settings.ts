// The values of one layered service, field by field.

import type { ComposeService, Field } from '../../artifacts/compose/facts';
import { pick, type LayeredService, type Written } from './layers';

/** A reader of fields of one service: set, absent or unknown over all its layers. */
export function settingOf(layered: LayeredService): <T>(select: (service: ComposeService) => Field<T>) => Written<T> {
  return (select) => pick(layered, select);
}
