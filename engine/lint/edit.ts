// Stage five: turns a fix (data) into text edits on the current texts, through the writer of each file's language.

import { formatOf } from '../artifacts/formats';
import { addDependency } from '../code/write/package-json';
import { applyEdits, composeEdits, type TextEdit } from '../text';
import type { ArtifactOperation, CodeOperation, Fix } from './fix';

/** Formats whose resources are constructs in code: their fixes are operations on that code. */
const IN_CODE: ReadonlySet<string> = new Set(['cdk', 'pulumi', 'cdktf']);

/** Edits of one fix by file; undefined where one of its places is no longer there, so that a fix is made whole or not at all. A writer that throws ends its own fix, never the run. */
export async function editsOf(fix: Fix, textOf: (file: string) => string | undefined): Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined> {
  try {
    return await writeFix(fix, textOf);
  } catch {
    return undefined;
  }
}

async function writeFix(fix: Fix, textOf: (file: string) => string | undefined): Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined> {
  const edits = new Map<string, TextEdit[]>();
  const code = new Map<string, CodeOperation[]>();
  const constructs = new Map<string, ArtifactOperation[]>();
  const sequences = new Map<string, ArtifactOperation[]>();
  for (const operation of fix.operations) {
    if (operation.language === 'artifact' && IN_CODE.has(operation.resource.format)) {
      constructs.set(operation.file, [...(constructs.get(operation.file) ?? []), operation]);
      continue;
    }
    if (operation.language === 'artifact' && operation.intent.kind !== 'replace-text' && formatOf(operation.resource.format)?.writesInSequence) {
      sequences.set(operation.file, [...(sequences.get(operation.file) ?? []), operation]);
      continue;
    }
    if (operation.language === 'code') {
      code.set(operation.file, [...(code.get(operation.file) ?? []), operation]);
      continue;
    }
    const text = textOf(operation.file);
    const made = text === undefined ? undefined : operation.language === 'package' ? addDependency(text, operation.name, operation.range) : formatOf(operation.resource.format)?.write(text, operation.resource, operation.intent);
    if (!made) return undefined;
    edits.set(operation.file, [...(edits.get(operation.file) ?? []), ...made]);
  }
  for (const [file, operations] of sequences) {
    const text = textOf(file);
    const made = text === undefined ? undefined : writeInSequence(text, operations);
    if (!made) return undefined;
    edits.set(file, [...(edits.get(file) ?? []), ...made]);
  }
  for (const [file, operations] of constructs) {
    const text = textOf(file);
    const made = text === undefined ? undefined : (await import('../code/write/constructs')).constructOperations(file, text, operations);
    if (!made) return undefined;
    code.set(file, [...(code.get(file) ?? []), ...made]);
  }
  for (const [file, operations] of code) {
    const text = textOf(file);
    if (text === undefined) return undefined;
    const made = plainEdits(text, operations) ?? (await (await import('../code/write')).writeCode(file, text, operations));
    if (!made) return undefined;
    edits.set(file, [...(edits.get(file) ?? []), ...made]);
  }
  return edits;
}

function writeInSequence(text: string, operations: readonly ArtifactOperation[]): readonly TextEdit[] | undefined {
  let edits: readonly TextEdit[] = [];
  for (const { resource, intent } of operations) {
    const made = formatOf(resource.format)?.write(applyEdits(text, edits).text, resource, intent);
    if (!made) return undefined;
    edits = edits.length === 0 ? made : composeEdits(text.length, edits, made);
  }
  return edits;
}

/** Verbatim replacements need no writer, and may stand in a file of any language. */
function plainEdits(text: string, operations: readonly CodeOperation[]): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const operation of operations) {
    if (operation.kind !== 'replace' || operation.isVerbatim !== true || operation.span[1] > text.length) return undefined;
    edits.push({ span: operation.span, newText: operation.text });
  }
  return edits;
}
