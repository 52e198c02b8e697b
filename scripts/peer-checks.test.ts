import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index';
import { peerChecks } from './peer-checks';
import { peersPage } from './peer-docs';

const known: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(rules.map((rule) => [rule.id, Object.keys(rule.messages)]));

describe('the checks of other linters', () => {
  const checks = peerChecks();

  it('are each a rule that exists, or none for a reason', () => {
    expect(checks.length).toBeGreaterThan(200);
    for (const { peer, check, rule, whyNot } of checks) {
      if (rule === undefined) expect(whyNot?.length ?? 0, `${peer} ${check}`).toBeGreaterThan(10);
      else expect(known.has(rule), `${peer} ${check}: ${rule}`).toBe(true);
    }
  });

  it('name messages that their rule has', () => {
    for (const { peer, check, rule, messages = [] } of checks) for (const message of messages) expect(known.get(rule ?? '') ?? [], `${peer} ${check}`).toContain(message);
  });

  it('spell each linter one way', () => {
    const names = [...new Set(checks.map(({ peer }) => peer))];
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('make a page that promises no rule which is not there', () => {
    expect(peersPage(checks, (rule) => known.has(rule))).toContain('## kube-linter');
    expect(() => peersPage([{ peer: 'other', check: 'x', rule: 'no/rule' }], (rule) => known.has(rule))).toThrow('is no rule');
  });
});
