// Calls whose receiver a file's bindings leave open although their name is one that the catalogue knows: what a type checker is worth asking about.

import type { CompiledCatalog } from '../catalog';
import type { Span } from '../text';
import { createCore } from './core';
import type { MethodNames } from './method-names';
import { parseCode } from './parse';
import { cataloguedOf, entityOf } from './resolve';
import { readScopes } from './scope';
import { isAccess, memberName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';
import type { Entity } from './values';

export interface OpenReceiver {
  /** What the callee is, as far as the file tells. */
  readonly callee: Entity;
  /** `a.b`, then `a`, of `a.b.query()`: any of them may be the client. */
  readonly candidates: readonly { /** As written. */ readonly span: Span; /** Without `await`, parentheses and casts. */ readonly inner: Span; /** `['query']`, then `['b', 'query']`. */ readonly rest: readonly string[] }[];
}

const MAX_RECEIVERS = 2_000;
const MAX_CANDIDATES = 4;

/** The open receivers of one file, in document order; at most 2,000. Parses the file; empty where it nests deeper than the stack. Linear in the text. */
export function openReceivers(path: string, text: string, catalog: CompiledCatalog, names: MethodNames): OpenReceiver[] {
  const found: OpenReceiver[] = [];
  const sourceFile = parseCode(path, text)?.sourceFile;
  if (!sourceFile) return found;
  try {
    const core = createCore(sourceFile, text, path, catalog, readScopes(sourceFile));
    const visit = (node: TypeScript.Node): void => {
      if (found.length >= MAX_RECEIVERS) return;
      if (ts.isCallExpression(node) && isAccess(node.expression) && names.last.has(memberName(node.expression) ?? '')) {
        const callee = entityOf(core, node.expression);
        const place = cataloguedOf(core, callee);
        const isOpen = place ? names.isBeyond(place) : callee.kind !== 'function' && callee.kind !== 'global' && callee.kind !== 'client';
        if (isOpen) found.push({ callee, candidates: candidatesOf(node.expression, sourceFile) });
      }
      ts.forEachChild(node, visit);
    };
    visit(sourceFile);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return found;
}

function candidatesOf(callee: TypeScript.Expression, sourceFile: TypeScript.SourceFile): OpenReceiver['candidates'] {
  const candidates: OpenReceiver['candidates'][number][] = [];
  let rest: readonly string[] = [];
  let at = callee;
  while (isAccess(at) && candidates.length < MAX_CANDIDATES) {
    const name = memberName(at);
    if (name === undefined) break;
    rest = [name, ...rest];
    const receiver = at.expression;
    const inner = strip(receiver);
    candidates.push({ span: [receiver.getStart(sourceFile), receiver.end], inner: [inner.getStart(sourceFile), inner.end], rest });
    at = strip(receiver, false);
  }
  return candidates;
}
