// Finds groups of alert rules: at the top of a rule file, inside an object of Kubernetes or the values of a chart, and in the text of a ConfigMap.

import { get, items, resolve } from '../yaml/look-up';
import { parseYaml, type YamlDocument, type YamlMap, type YamlNode, type YamlScalar } from '../yaml/tree';

export interface RuleGroups {
  readonly document: YamlDocument;
  /** Path from the file's own document to the text that holds them; empty where they stand in the file itself. */
  readonly inside: readonly (string | number)[];
  /** Path to the list of groups. */
  readonly path: readonly (string | number)[];
  readonly groups: readonly YamlNode[];
}

const MAX_DEPTH = 8;
const MAX_NODES = 20_000;

/** Every list `groups` whose items have `rules`. Linear in the nodes, at most 20,000 of them. */
export function ruleGroupsOf(text: string, document: YamlDocument): RuleGroups[] {
  const found: RuleGroups[] = [];
  let seen = 0;
  const visit = (node: YamlNode, at: YamlDocument, inside: readonly (string | number)[], path: readonly (string | number)[]): void => {
    if (++seen > MAX_NODES || path.length > MAX_DEPTH) return;
    if (node.kind === 'sequence') node.items.forEach((item, i) => visit(item, at, inside, [...path, i]));
    if (node.kind === 'scalar' && inside.length === 0 && path.length > 0) {
      const nested = documentInside(text, node);
      if (nested?.root) visit(nested.root, nested, path, []);
    }
    if (node.kind !== 'map') return;
    for (const { name, value } of node.pairs) {
      const groups = name === 'groups' ? groupsIn(value) : [];
      if (groups.length > 0) found.push({ document: at, inside, path: [...path, name], groups });
      else visit(value, at, inside, [...path, name]);
    }
  };
  if (document.root) visit(document.root, document, [], []);
  return found;
}

function groupsIn(node: YamlNode): readonly YamlNode[] {
  const groups = items(node);
  return groups.some((group) => resolve(get(group, 'rules'))?.kind === 'sequence') ? groups : [];
}

/** The document in a block of text, with the places of the file around it; undefined for any other text. */
export function documentInside(text: string, node: YamlScalar): YamlDocument | undefined {
  if (node.style !== 'literal' || !/\bgroups[ \t]*:/.test(node.text)) return undefined;
  const start = text.indexOf('\n', node.span[0]) + 1;
  if (start === 0 || start > node.span[1]) return undefined;
  // Empty lines in front keep every offset.
  return parseYaml('\n'.repeat(start) + text.slice(start, node.span[1])).documents[0];
}

/** Whether a node is a map: what groups and rules are. */
export function isMap(node: YamlNode | undefined): node is YamlMap {
  return node?.kind === 'map';
}
