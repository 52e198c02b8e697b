// Stages one and two: recognise a file by its name and text, and read it into facts. Nothing here knows another file.

import type { CompiledCatalog } from './catalog';
import type { FileFacts, FileProblem, ReadResult } from './facts';
import type { FormatDefinition } from './artifacts/format';
import { formatClaiming, formatsInside, recogniseFormat } from './artifacts/formats';
import type { TypedSpans } from './code/type-source';
import { readPackageFile, recognisePackageFile } from './code/read-package';

/** `artifact`: a file of a format that knows it by its name; YAML and JSON are offered to all formats. */
export type FileKind = 'code' | 'package' | 'yaml' | 'artifact';

const CODE = /\.[cm]?[jt]sx?$/i;
const YAML = /\.(ya?ml|json)$/i;

/** What a file may be, by its name alone: decides whether it is read from disk at all. */
export function kindOfPath(path: string): FileKind | undefined {
  if (recognisePackageFile(path)) return 'package';
  if (CODE.test(path)) return 'code';
  if (YAML.test(path)) return 'yaml';
  return formatClaiming(path) ? 'artifact' : undefined;
}

/** Whether an infrastructure file is of a format that we read, by its name and text; asked of files that are too large to be read. */
export function isRecognised(path: string, text: string): boolean {
  return recogniseFormat(path, text) !== undefined;
}

/** Reads one file; `types` is what a type checker says of expressions of a code file. Never throws on any text: what cannot be read becomes a problem. */
export async function readFile(path: string, text: string, catalog: CompiledCatalog, types?: TypedSpans): Promise<ReadResult> {
  const facts: FileFacts[] = [];
  const problems: FileProblem[] = [];
  const add = (read: { facts: FileFacts; problems: readonly FileProblem[] }): void => {
    facts.push(read.facts);
    problems.push(...read.problems);
  };
  const readAs = async (format: FormatDefinition | undefined): Promise<void> => {
    await format?.prepare?.();
    if (format) add(format.read(path, text));
  };
  switch (kindOfPath(path)) {
    case 'package':
      add(readPackageFile(path, text));
      break;
    case 'code': {
      const { readCode } = await import('./code/read');
      facts.push(readCode(path, text, catalog, types));
      // Configuration that is written as code (`ecosystem.config.js`) is both.
      await readAs(formatClaiming(path) ? recogniseFormat(path, text) : undefined);
      break;
    }
    case 'yaml':
    case 'artifact': {
      const format = recogniseFormat(path, text);
      await readAs(format);
      for (const inside of formatsInside(path, text)) if (inside !== format) await readAs(inside);
      break;
    }
    case undefined:
  }
  return { facts, problems };
}
