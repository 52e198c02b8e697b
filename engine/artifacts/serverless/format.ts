// The Serverless Framework's configuration as a format. `serverless.ts` and `serverless.js` are programs and are not read.

import { defineFormat } from '../format';
import { readServerless } from './read';
import { recogniseServerless } from './recognise';
import { serverlessResources } from './resources';
import { writeServerless } from './write';

export const serverlessFormat = defineFormat({
  name: 'serverless',
  title: 'Serverless Framework',
  files: 'serverless.yml with its includes, stages and plugins',
  languages: ['yaml'],
  comment: '#',
  recognise: recogniseServerless,
  read: readServerless,
  resources: serverlessResources,
  write: writeServerless,
});
