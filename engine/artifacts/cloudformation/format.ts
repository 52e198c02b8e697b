// CloudFormation and SAM as a format. Its resources are joined with those of the other dialects.

import { defineFormat } from '../format';
import { parseYaml } from '../yaml/tree';
import { readCloudFormation } from './read';
import { recogniseCloudFormation } from './recognise';
import { cloudFormationResources } from './resources';
import { writeCloudFormation } from './write';

export const cloudFormationFormat = defineFormat({
  name: 'cloudformation',
  title: 'CloudFormation',
  files: 'templates in YAML and JSON, SAM, nested stacks',
  languages: ['yaml', 'json', 'cloudformation', 'yaml-cfn', 'json-cfn'],
  claims: /\.(?:template|cfn)$/i,
  comment: '#',
  recognise: recogniseCloudFormation,
  read: readCloudFormation,
  resources: cloudFormationResources,
  write: writeCloudFormation,
  syntaxErrors: (text) => parseYaml(text).documents.reduce((sum, { duplicates }) => sum + duplicates.length, parseYaml(text).problems.length),
});
