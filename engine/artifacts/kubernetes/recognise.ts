// Whether a file holds Kubernetes objects, told from its text before anything is parsed, and which parts of it need no parsing.

import { isJsonPatch, isKustomizationPath } from './kustomize';

const API = /^["']?apiVersion["']?[ \t]*:/m;
const KIND = /^["']?kind["']?[ \t]*:[ \t]*["']?([\w.]*)/m;
const GROUP = /^["']?apiVersion["']?[ \t]*:[ \t]*["']?([\w.-]*)\//m;
/** JSON keeps its keys anywhere; the outermost `kind` may not be the first one, so any decides. */
const JSON_API = /"apiVersion"\s*:\s*"/;
const JSON_KIND = /"kind"\s*:\s*"(?!CustomResourceDefinition)/;

/** Groups whose objects never run anything: tool configuration and tests. */
const FOREIGN_GROUPS = new Set([
  'skaffold', 'kind.x-k8s.io', 'k3d.io', 'backstage.io', 'chainsaw.kyverno.io', 'cli.kyverno.io', 'kyverno.io', 'kuttl.dev', 'kubeadm.k8s.io', 'client.authentication.k8s.io',
  'config.kubernetes.io', 'apiextensions.k8s.io', 'devspace.sh', 'ctlptl.dev', 'minikube.sigs.k8s.io',
]);

/** Words with which actions of a chart begin; other languages write double braces too. */
const GO_TEMPLATE = /\{\{-?\s{0,20}(?:\/\*|(?:if|with|range|include|template|define|block|end|tpl|toYaml)\b|\.(?:Values|Release|Chart)\b|\$)/;

/** Whether a path is that of a template in a chart, named templates included. */
export function isInChart(path: string): boolean {
  return /(?:^|\/)templates\/(?:.*\/)?[^/]+\.(?:ya?ml|tpl)$/.test(path);
}

/** Whether at least one document of the text is an object that could matter. Linear; no parsing. */
export function recogniseKubernetes(path: string, text: string): boolean {
  if (/(?:^|\/)Chart\.ya?ml$/.test(path)) return false;
  if (isKustomizationPath(path)) return true;
  if (isJsonPatch(text)) return true;
  if (isInChart(path) && GO_TEMPLATE.test(text)) return true;
  if (/^\s*\{(?!\{)/.test(text)) return JSON_API.test(text) && JSON_KIND.test(text);
  if (!API.test(text) || !KIND.test(text)) return false;
  return splitDocuments(text).some(([from, to]) => isRelevant(text.slice(from, to)));
}

function isRelevant(part: string): boolean {
  if (!API.test(part)) return false;
  const kind = KIND.exec(part)?.[1];
  if (kind === undefined) return false;
  const group = GROUP.exec(part)?.[1] ?? '';
  return kind !== 'CustomResourceDefinition' && !FOREIGN_GROUPS.has(group) && !(kind === 'Config' && group === '');
}

/** The text with documents that no rule asks about blanked, line breaks kept: the largest ones need no parsing. */
export function blankIrrelevant(text: string): string {
  if (!/^kind[ \t]*:[ \t]*["']?CustomResourceDefinition/m.test(text)) return text;
  let result = '';
  let at = 0;
  for (const [from, to] of splitDocuments(text)) {
    const part = text.slice(from, to);
    const marker = /^---[^\n]*/.exec(part)?.[0].length ?? 0;
    result += text.slice(at, from) + (isRelevant(part) || !KIND.test(part) ? part : part.slice(0, marker) + blank(part.slice(marker)));
    at = to;
  }
  return result + text.slice(at);
}

/** An empty map in the place of a document: documents keep their numbers. */
function blank(text: string): string {
  return text.replace(/[^\r\n]+/g, (line) => ' '.repeat(line.length)).replace('  ', '{}');
}

function splitDocuments(text: string): [number, number][] {
  const starts = [0];
  for (const match of text.matchAll(/^---(?=\s|$)/gm)) if (match.index > 0) starts.push(match.index);
  return starts.map((start, i) => [start, starts[i + 1] ?? text.length]);
}
