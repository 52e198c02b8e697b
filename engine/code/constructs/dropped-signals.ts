// Functions that are given an abort signal and hand it to nobody: what they wait for goes on after their caller has left.

import type { DroppedSignalFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { hasModifier, isFunctionNode, propertyName, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

const SIGNAL_NAME = /^(?:signal|abortSignal|abort_signal)$/;
const SIGNAL_TYPE = /^(?:globalThis\.)?AbortSignal(?:\s*\|\s*(?:undefined|null))*$/;
const REQUEST_TYPE = /^(?:Request|NextRequest)$/;
const WEB_ROUTE = /(?:^|\/)app\/(?:.*\/)?route\.[cm]?[jt]sx?$/;

/** Collects `droppedSignals`. A signal that is only asked whether it is aborted counts as dropped. */
export function droppedSignals(reader: FileReader): Collector {
  const found: DroppedSignalFact[] = [];
  return {
    visit(node) {
      if (!isFunctionNode(node) || !node.body) return;
      const id = reader.functionId(node);
      if (id === undefined) return;
      for (const parameter of node.parameters) {
        const name = signalName(parameter);
        if (name && isDropped(name, reader)) found.push({ function: id, text: name.text, span: nodeSpan(name, reader.sourceFile) });
      }
      const request = webRequest(node, reader);
      if (request && !readsSignal(request, reader)) found.push({ function: id, text: `${request.text}.signal`, span: nodeSpan(request, reader.sourceFile), isOfRequest: true });
    },
    finish: () => (found.length > 0 ? { droppedSignals: found } : {}),
  };
}

// `signal: AbortSignal`, `{ signal }`, `{ signal: abort }`
function signalName({ name, type }: TypeScript.ParameterDeclaration): TypeScript.Identifier | undefined {
  if (ts.isIdentifier(name)) return type && SIGNAL_TYPE.test(type.getText()) ? name : undefined;
  if (!ts.isObjectBindingPattern(name)) return undefined;
  for (const element of name.elements) {
    const key = element.propertyName ? propertyName(element.propertyName) : ts.isIdentifier(element.name) ? element.name.text : undefined;
    if (key !== undefined && SIGNAL_NAME.test(key) && ts.isIdentifier(element.name) && !element.dotDotDotToken) return element.name;
  }
  return undefined;
}

function isDropped(name: TypeScript.Identifier, reader: FileReader): boolean {
  const binding = reader.lookup(name);
  return binding !== undefined && reader.writes(binding).length === 0 && reader.references(binding).every((use) => {
    const access = use.parent;
    return ts.isPropertyAccessExpression(access) && access.expression === use && /^(?:aborted|reason|throwIfAborted)$/.test(access.name.text);
  });
}

// `export async function GET(request: Request)` of a route that is a file: its signal ends with the client's connection.
function webRequest(node: FunctionNode, reader: FileReader): TypeScript.Identifier | undefined {
  if (!ts.isFunctionDeclaration(node) || node.name?.text !== 'GET' || !hasModifier(node, ts.SyntaxKind.ExportKeyword) || !WEB_ROUTE.test(reader.path.slice(-300))) return undefined;
  const first = node.parameters[0];
  return first?.type && ts.isIdentifier(first.name) && REQUEST_TYPE.test(first.type.getText()) ? first.name : undefined;
}

// Whoever gets the whole request gets its signal.
function readsSignal(name: TypeScript.Identifier, reader: FileReader): boolean {
  const binding = reader.lookup(name);
  return binding === undefined || reader.references(binding).some((use) => !ts.isPropertyAccessExpression(use.parent) || use.parent.expression !== use || use.parent.name.text === 'signal');
}
