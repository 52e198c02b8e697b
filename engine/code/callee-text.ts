// The callee of a call as people wrote it, for messages.

import type { Core } from './core';
import { calleeOf, type CallNode } from './syntax';

/** The callee as written, on one line and at most 80 characters long. */
export function calleeText(core: Core, call: CallNode): string {
  const callee = calleeOf(call);
  const text = core.text.slice(callee.getStart(core.sourceFile), callee.end).replace(/\s+/g, ' ').replace(/ ?(\??\.) ?/g, '$1');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
