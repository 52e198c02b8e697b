// The files of Helm charts that are no templates. Their templates are manifests: engine/model renders them with these values before it joins them.

import { defineFormat } from '../format';
import { writeValue } from '../yaml/write-value';
import { readHelm, recogniseHelm } from './read';

export const helmFormat = defineFormat({
  name: 'helm',
  title: 'Helm',
  files: 'charts: Chart.yaml, values files and templates, rendered with their values',
  languages: ['yaml', 'helm'],
  comment: '#',
  recognise: recogniseHelm,
  read: readHelm,
  write: (text, resource, intent) => writeValue(text, resource.document, intent),
});
