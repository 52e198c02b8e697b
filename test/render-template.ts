// One template with values, rendered as text: for the tests of the evaluator.

import { chartsOf } from '../engine/artifacts/helm/charts';
import { readHelm } from '../engine/artifacts/helm/read';
import { renderChart, type RenderedText } from '../engine/artifacts/helm/render';
import { readKubernetes } from '../engine/artifacts/kubernetes/read';

const HELPERS = '{{- define "named" -}}\nv={{ .v }}\n{{- end }}\n{{- define "labels" -}}\napp: shop\n{{- if .Values.tier }}\ntier: {{ .Values.tier }}\n{{- end }}\n{{- end }}\n';

/** Texts of a template in a chart named `shop`: the one that is rendered, and those that values switch off. Undefined where it is not rendered. */
export function renderTexts(values: string, template: string): readonly RenderedText[] | undefined {
  const files = [['Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: "4.5"\n'], ['values.yaml', values]] as const;
  const manifests = [readKubernetes('templates/x.yaml', template).facts, readKubernetes('templates/_helpers.tpl', HELPERS).facts];
  const [chart] = chartsOf(files.map(([path, text]) => readHelm(path, text).facts), manifests);
  return chart && renderChart(chart)[0]?.texts;
}

/** Text of a template, with `{{ … }}` for what is unknown. */
export function render(values: string, template: string): string | undefined {
  return renderTexts(values, template)?.[0]?.text;
}
