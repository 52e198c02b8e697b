// Suppressions of a YAML file: in comments, and in the metadata by which other linters are told what is accepted.

import type { PeerDirective, PeerName } from '../../lint/peer-directives';
import { peerSuppression, suppressionsIn } from '../../lint/parse-suppression';
import type { Suppression } from '../../lint/suppression';
import type { Span } from '../../text';
import { commentsOf } from './comments';
import { entries, get, items, resolve, textOf } from './look-up';
import type { ParsedYaml, YamlNode, YamlPair } from './tree';

/** Comments are only looked for where one can matter. Linear. */
export function suppressionsOf(text: string, parsed: ParsedYaml): Suppression[] {
  const commented = suppressionsIn(text, () => commentsOf(text, parsed).map((comment) => ({ span: comment.span, body: comment.text })), () => blocksOf(parsed));
  return /\bMetadata["']?[ \t]*:/.test(text) ? [...commented, ...metadataSuppressions(text, parsed)] : commented;
}

/** What stands for one thing each: a Kubernetes object, else what stands two keys deep (a service, a job, a resource of a template), resources of a service's template, alert rules. */
export function blocksOf(parsed: ParsedYaml): Span[] {
  return parsed.documents.flatMap(({ root }) => {
    const map = resolve(root);
    if (map?.kind !== 'map') return [];
    if (map.index.has('kind') && map.index.has('apiVersion')) return [map.span];
    return [...thingsOf(map).map(({ span }) => span), ...items(get(map, 'groups')).flatMap((group) => items(get(group, 'rules')).map(({ span }) => span))];
  });
}

function thingsOf(root: YamlNode): YamlPair[] {
  return entries(root).flatMap(({ name, value }) => entries(value).flatMap((inner) => (name === 'resources' && inner.name === 'Resources' ? entries(inner.value).map(({ pair }) => pair) : [inner.pair])));
}

/**
 * `Metadata` of a template (for all of it) and of its resources. Read in: checkov docs (CloudFormation metadata), cfn-lint README (metadata), cfn-guard docs (suppressing rules), cdk-nag README (what it writes into a template).
 */
function metadataSuppressions(text: string, parsed: ParsedYaml): Suppression[] {
  return parsed.documents.flatMap(({ root }) => {
    const map = resolve(root);
    if (map?.kind !== 'map') return [];
    return [...acceptedIn(get(map, 'Metadata'), [0, text.length]), ...thingsOf(map).flatMap((pair) => acceptedIn(get(pair.value, 'Metadata'), pair.span))];
  });
}

function acceptedIn(metadata: YamlNode | undefined, covers: Span): Suppression[] {
  if (metadata?.kind !== 'map') return [];
  const accepted = (peer: PeerName, node: YamlNode | undefined, idKey: string, reasonKey: string): Suppression[] =>
    items(node).flatMap((item) => {
      const id = textOf(item) ?? textOf(get(item, idKey));
      if (id === undefined || id === '') return [];
      const directive: Omit<PeerDirective, 'scope'> = { peer, checks: [id], reason: textOf(get(item, reasonKey)) ?? '' };
      return [peerSuppression(directive, item.span, covers)];
    });
  return [
    ...accepted('checkov', get(metadata, 'checkov', 'skip'), 'id', 'comment'),
    ...accepted('cfn-lint', get(metadata, 'cfn-lint', 'config', 'ignore_checks'), 'id', 'reason'),
    ...accepted('guard', get(metadata, 'guard', 'SuppressedRules'), 'id', 'reason'),
    ...accepted('cdk-nag', get(metadata, 'cdk_nag', 'rules_to_suppress'), 'id', 'reason'),
  ];
}
