// Stages one and two: recognise a file by its name and text, and read it into facts. Nothing here knows another file.

import type { CompiledCatalog } from './catalog';
import type { FileFacts, FileProblem, ReadResult } from './facts';
import { recogniseCompose, readCompose } from './artifacts/compose/read';
import { recogniseDockerfile, readDockerfile } from './artifacts/dockerfile/read';
import { recogniseKubernetes, readKubernetes } from './artifacts/kubernetes/read';
import type { TypedSpans } from './code/type-source';
import { readPackageFile, recognisePackageFile } from './code/read-package';

export type FileKind = 'code' | 'package' | 'yaml' | 'dockerfile';

const CODE = /\.[cm]?[jt]sx?$/i;
const YAML = /\.(ya?ml|json)$/i;
const DOCKERFILE = /(^|\/)(dockerfile|containerfile)(\.[^/]+)?$|\.(dockerfile|containerfile)$/i;

/** What a file may be, by its name alone: decides whether it is read from disk at all. */
export function kindOfPath(path: string): FileKind | undefined {
  if (recognisePackageFile(path)) return 'package';
  if (CODE.test(path)) return 'code';
  if (DOCKERFILE.test(path)) return 'dockerfile';
  if (YAML.test(path)) return 'yaml';
  return undefined;
}

/** Whether an infrastructure file is of a format that we read, by its name and text; asked of files that are too large to be read. */
export function isRecognised(path: string, text: string): boolean {
  return recogniseCompose(path, text) || recogniseDockerfile(path, text) || recogniseKubernetes(path, text);
}

/** Reads one file; `types` is what a type checker says of expressions of a code file. Never throws on any text: what cannot be read becomes a problem. */
export async function readFile(path: string, text: string, catalog: CompiledCatalog, types?: TypedSpans): Promise<ReadResult> {
  const facts: FileFacts[] = [];
  const problems: FileProblem[] = [];
  const add = (read: { facts: FileFacts; problems: readonly FileProblem[] }): void => {
    facts.push(read.facts);
    problems.push(...read.problems);
  };
  switch (kindOfPath(path)) {
    case 'package':
      add(readPackageFile(path, text));
      break;
    case 'code': {
      const { readCode } = await import('./code/read');
      facts.push(readCode(path, text, catalog, types));
      break;
    }
    case 'dockerfile':
      if (recogniseDockerfile(path, text)) add(readDockerfile(path, text));
      break;
    case 'yaml':
      if (recogniseCompose(path, text)) add(readCompose(path, text));
      else if (recogniseKubernetes(path, text)) add(readKubernetes(path, text));
      break;
    case undefined:
  }
  return { facts, problems };
}
