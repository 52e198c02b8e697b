// Reads what a file says of alerts.

import type { FileProblem } from '../../facts';
import { parseDuration } from '../../duration';
import type { AlertExpression, AlertRule } from '../../model/alerts';
import { environmentOf } from '../../model/environment';
import type { Setting } from '../../model/model';
import { FILL, hasActions, maskTemplate } from '../kubernetes/template';
import { find, get, isCut, items, textOf, textsOf } from '../yaml/look-up';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml, type YamlDocument, type YamlMap } from '../yaml/tree';
import type { PrometheusFacts } from './facts';
import { isMap, ruleGroupsOf, type RuleGroups } from './groups';
import { readRouter, readServer } from './read-configuration';

/** Gives an expression its meaning; absent until the grammar is loaded. */
export type ExpressionReader = (source: string) => AlertExpression | undefined;

const MAY_HOLD = /\.(?:ya?ml|json|rules)$/i;
/** Actions that bring or drop keys. Those that write a value of an alert (`{{ $labels.job }}`) are Prometheus' own. */
const HELM = /\{\{-?\s*(?:if|else|end|with|range|define|include|toYaml|tpl|template|\.|\$\.|`)/;

/** A file of rules, by its first level; else the configuration of a server or a router. */
export function recognisePrometheus(path: string, text: string): boolean {
  if (!MAY_HOLD.test(path)) return false;
  if (/^groups[ \t]*:/m.test(text)) return /^[ \t-]*alert[ \t]*:/m.test(text) && /^[ \t-]*expr[ \t]*:/m.test(text);
  if (/^apiVersion[ \t]*:/m.test(text)) return false;
  return (/^scrape_configs[ \t]*:/m.test(text) && /^(?:global|rule_files|alerting)[ \t]*:/m.test(text)) || (/^receivers[ \t]*:/m.test(text) && /^route[ \t]*:/m.test(text));
}

/** Rules in an object of Kubernetes, a ConfigMap's text or the values of a chart. */
export function holdsRules(path: string, text: string): boolean {
  return /\.ya?ml$/i.test(path) && /^[ \t]+groups[ \t]*:/m.test(text) && /^[ \t-]*alert[ \t]*:/m.test(text) && /^[ \t-]*expr[ \t]*:/m.test(text);
}

/** Facts of one file; never throws. Linear in the text. */
export function readPrometheus(path: string, text: string, readExpression: ExpressionReader | undefined): { facts: PrometheusFacts; problems: FileProblem[] } {
  const isTemplate = hasActions(text) && HELM.test(text);
  const source = isTemplate ? maskTemplate(text).text : text;
  const parsed = parseYaml(source);
  const rules = parsed.documents.flatMap((document) => ruleGroupsOf(source, document).flatMap((groups) => rulesOf(path, text, document, groups, isTemplate, readExpression)));
  const [first] = parsed.documents;
  const server = first && readServer(path, first);
  const router = first && readRouter(path, first);
  return {
    facts: { kind: 'artifact', format: 'prometheus', path, suppressions: isTemplate ? [] : suppressionsOf(text, parsed), rules, servers: server ? [server] : [], routers: router ? [router] : [] },
    // What holds rules inside is another format's file: its problems are told there.
    problems: recognisePrometheus(path, text) && !isTemplate ? parsed.problems.map((problem) => ({ file: path, ...problem })) : [],
  };
}

function rulesOf(path: string, text: string, document: YamlDocument, found: RuleGroups, isTemplate: boolean, readExpression: ExpressionReader | undefined): AlertRule[] {
  return found.groups.flatMap((group, g) =>
    items(get(group, 'rules')).flatMap((rule, r): AlertRule[] => {
      const alert = find(rule, 'alert');
      const name = textOf(alert?.node);
      if (!isMap(rule) || name === undefined || !alert?.pair) return [];
      const groupName = find(group, 'name');
      const title = textOf(groupName?.node) ?? '';
      return [{
        name: name.includes(FILL) ? 'this alert' : name,
        at: { file: path, span: alert.pair.span },
        resource: { file: path, format: 'prometheus', document: document.index, path: found.inside },
        path: [...found.path, g, 'rules', r],
        environment: environmentOf(path),
        group: { name: title, at: { file: path, span: groupName?.pair?.span ?? group.span } },
        expression: expressionOf(path, rule, readExpression),
        waitMs: waitOf(path, text, found.document, rule, isTemplate),
        labels: textsOf(get(rule, 'labels')),
      }];
    }),
  );
}

function expressionOf(path: string, rule: YamlMap, readExpression: ExpressionReader | undefined): Setting<AlertExpression> {
  const found = find(rule, 'expr');
  const source = textOf(found?.node);
  if (!found || source === undefined) return { state: 'absent' };
  const value = source.includes(FILL) || source.includes('{{') ? undefined : readExpression?.(source);
  return value ? { state: 'set', value, at: { file: path, span: found.node.span } } : { state: 'unknown', because: 'its expression cannot be read' };
}

/** prometheus.io, "Alerting rules": without `for` an alert fires at the first evaluation that finds it. */
function waitOf(path: string, text: string, document: YamlDocument, rule: YamlMap, isTemplate: boolean): Setting<number> {
  const found = find(rule, 'for');
  if (!found) {
    const isOpen = isCut(document, rule) || (isTemplate && HELM.test(text.slice(...rule.span)));
    return isOpen ? { state: 'unknown', because: 'something else may write it' } : { state: 'default', value: 0, source: 'Prometheus' };
  }
  const value = parseDuration(textOf(found.node) ?? '');
  return value === undefined ? { state: 'unknown', because: 'not a duration' } : { state: 'set', value, at: { file: path, span: found.pair?.span ?? found.node.span } };
}
