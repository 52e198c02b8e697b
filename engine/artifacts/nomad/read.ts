// Recognises and reads Nomad job files.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import { parseHcl } from '../hcl/parse';
import type { NomadFacts } from './facts';

/** Other files of HCL are read too, and left to whom they belong unless a job begins in one of their lines. */
export const NOMAD_FILES = /\.nomad$|\.hcl$/;
const JOB = /^job[ \t]+"?[^"\n{]{1,200}"?[ \t]*\{/m;
const KEPT = new Set(['job', 'variable', 'locals']);

export function recogniseNomad(path: string, text: string): boolean {
  return NOMAD_FILES.test(path) && JOB.test(text);
}

/** Never throws. Linear in the text. */
export function readNomad(path: string, text: string): { facts: NomadFacts; problems: FileProblem[] } {
  const { body, comments, errors } = parseHcl(text);
  const first = errors[0];
  return {
    facts: {
      kind: 'artifact',
      format: 'nomad',
      path,
      suppressions: text.includes('holdfast-') ? parseSuppressions(text, comments) : [],
      body: { ...body, blocks: body.blocks.filter((block) => KEPT.has(block.type)) },
    },
    problems: first ? [{ file: path, extent: 'in-part', because: first.because, span: [first.at, first.at] }] : [],
  };
}
