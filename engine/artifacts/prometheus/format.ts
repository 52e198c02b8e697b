// Alert rules of Prometheus, its configuration and that of Alertmanager. The grammar of PromQL is loaded with the first file that holds rules.

import type { ArtifactIntent } from '../intent';
import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import { defineFormat } from '../format';
import { get } from '../yaml/look-up';
import { parseAgain } from '../yaml/parse-again';
import { writeInDocument, writeValue, type Placement } from '../yaml/write-value';
import type { PrometheusFacts } from './facts';
import { documentInside } from './groups';
import { holdsRules, readPrometheus, recognisePrometheus, type ExpressionReader } from './read';

let readExpression: ExpressionReader | undefined;

const PLACEMENT: Placement = { for: { after: ['expr', 'alert'] } };

export const prometheusFormat = defineFormat<PrometheusFacts>({
  name: 'prometheus',
  title: 'Prometheus',
  files: 'rule files, *.rules, prometheus.yml, alertmanager.yml, rules inside PrometheusRule and ConfigMap',
  languages: ['yaml', 'prometheus'],
  claims: /\.rules$/i,
  comment: '#',
  recognise: recognisePrometheus,
  holdsInside: holdsRules,
  prepare: async () => {
    readExpression ??= (await import('./promql')).readExpression;
  },
  read: (path, text) => readPrometheus(path, text, readExpression),
  link: (facts) => ({
    alertRules: facts.flatMap((file) => file.rules),
    alertServers: facts.flatMap((file) => file.servers),
    alertRouters: facts.flatMap((file) => file.routers),
  }),
  write: writePrometheus,
});

function writePrometheus(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (resource.path.length === 0) return writeValue(text, resource.document, intent, PLACEMENT);
  const holder = get(parseAgain(text).documents[resource.document]?.root, ...resource.path);
  return holder?.kind === 'scalar' ? writeInDocument(text, documentInside(text, holder), intent, PLACEMENT) : undefined;
}
