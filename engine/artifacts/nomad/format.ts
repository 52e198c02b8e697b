// Nomad job files as a format.

import { defineFormat } from '../format';
import { parseHcl } from '../hcl/parse';
import type { NomadFacts } from './facts';
import { linkNomad } from './link';
import { NOMAD_FILES, readNomad, recogniseNomad } from './read';
import { writeNomad } from './write';

export const nomadFormat = defineFormat<NomadFacts>({
  name: 'nomad',
  title: 'Nomad',
  files: '*.nomad, *.nomad.hcl, *.hcl with a job',
  languages: ['nomad', 'hcl'],
  claims: NOMAD_FILES,
  comment: '#',
  recognise: recogniseNomad,
  read: readNomad,
  link: linkNomad,
  write: writeNomad,
  writesInSequence: true,
  syntaxErrors: (text) => parseHcl(text).errors.length,
});
