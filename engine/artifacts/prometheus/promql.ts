// What a PromQL expression asks, by the grammar of Prometheus itself. Loaded only where a file holds alert rules.

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parseDuration } from '../../duration';
import type { AlertExpression } from '../../model/alerts';

/** Nodes of the grammar that make an expression empty where their condition does not hold. */
const FILTERS = new Set(['Eql', 'EqlC', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte', 'And', 'Unless', 'EqlRegex']);
const ABSENCE = new Set(['absent', 'absent_over_time']);
/** Series that are 0 when their target does not answer. */
const LIVENESS = /^(?:up|probe_success|\w+_up)$/;
const MAX_LENGTH = 20_000;

/** Reads an expression; undefined where it is none by the grammar (a template, a slip). */
export function readExpression(source: string): AlertExpression | undefined {
  if (source.length > MAX_LENGTH) return undefined;
  const metrics = new Set<string>();
  const functions = new Set<string>();
  let rangeMs = 0;
  let hasFilter = false;
  let selectors = 0;
  let isBroken = false;
  let firesOnAbsence = false;
  parser.parse(source).iterate({
    enter: (node) => {
      const text = (): string => source.slice(node.from, node.to);
      if (node.type.isError) isBroken = true;
      else if (node.name === 'FunctionIdentifier') {
        functions.add(text());
        if (text() === 'absent') firesOnAbsence ||= standsAlone(node.node);
      }
      else if (node.name === 'VectorSelector') {
        selectors++;
        const name = /^[a-zA-Z_:][\w:]*/.exec(text())?.[0] ?? /__name__\s*=\s*["']([\w:]+)["']/.exec(text())?.[1];
        if (name !== undefined) metrics.add(name);
        if (name !== undefined && LIVENESS.test(name)) firesOnAbsence ||= isCompared(node.node) && standsAlone(node.node);
      } else if (node.name === 'DurationExpr') rangeMs = Math.max(rangeMs, windowOf(text()));
      else if (FILTERS.has(node.name) && node.node.parent?.name === 'BinaryExpr' && node.node.parent.getChild('BoolModifier') === null) hasFilter = true;
    },
  });
  if (isBroken) return undefined;
  const names = [...functions];
  const isAbsence = names.some((name) => ABSENCE.has(name));
  return {
    metrics: [...metrics],
    functions: names,
    ...(rangeMs > 0 ? { rangeMs } : {}),
    // A lone selector with matchers asks whether such a series is there at all.
    canBeEmpty: hasFilter || isAbsence || /^[\w:]+\s*\{[^}]+\}$/.test(source.trim()),
    firesOnAbsence,
    seesAbsence: isAbsence || [...metrics].some((metric) => LIVENESS.test(metric)),
    isConstant: selectors === 0,
  };
}

/** No other condition must hold with it. */
function standsAlone(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name === 'AggregateExpr' || (at.name === 'BinaryExpr' && (at.getChild('And') ?? at.getChild('Unless')) !== null)) return false;
  }
  return true;
}

function isCompared(node: SyntaxNode): boolean {
  return node.parent?.name === 'BinaryExpr' && ['Eql', 'EqlC', 'Lss', 'Neq'].some((name) => node.parent?.getChild(name) !== null);
}

function windowOf(text: string): number {
  const plain = text.replace(/\d+y/g, (years) => `${Number.parseInt(years, 10) * 365}d`).replace(/\d+w/g, (weeks) => `${Number.parseInt(weeks, 10) * 7}d`);
  return /^\d+$/.test(plain) ? Number(plain) * 1_000 : (parseDuration(plain) ?? 0);
}
