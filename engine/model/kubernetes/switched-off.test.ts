import { expect, it } from 'vitest';
import { requireReplicas } from '../../../rules/redundancy/require-replicas';
import { lintFiles } from '../../../test/lint-files';

const manifest = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: {{ .Values.replicas }}\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: web\n          image: shop/web:1\n          ports:\n            - containerPort: 80\n';

it('what a chart leaves switched off is worth a word, and no warning', async () => {
  const severities = async (values: string): Promise<unknown[]> => {
    const files = { 'c/Chart.yaml': 'name: c\nversion: 1.0.0\n', 'c/values.yaml': values, 'c/templates/web.yaml': `{{- if .Values.enabled }}\n${manifest}{{- end }}\n` };
    return (await lintFiles(files, [requireReplicas])).map(({ severity }) => severity);
  };
  expect(await severities('enabled: true\nreplicas: 1\n')).toEqual(['warning']);
  expect(await severities('enabled: false\nreplicas: 1\n')).toEqual(['info']);
  expect(await severities('enabled: false\nreplicas: 2\n')).toEqual([]);
});
