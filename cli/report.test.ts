import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../engine/lint/finding';
import { countFixable, exitCodeOf, visibleFindings, type Threshold } from './report';

function found(...severities: Severity[]): Finding[] {
  return severities.map((severity) => ({ rule: 'a/b', messageId: 'm', severity, message: '', at: { file: 'a.ts', span: [0, 0] }, related: [], more: [], moreNoun: '', fixes: [], subject: '', fingerprint: '' }));
}

function exitCode(severities: Severity[], threshold: Partial<Threshold> = {}): number {
  return exitCodeOf({ findings: found(...severities), problems: [], configurationProblems: [], failures: [] }, { failOn: 'warning', maxWarnings: undefined, ...threshold });
}

describe('the exit code', () => {
  it('is 1 from a warning on, and 0 for info and advice', () => {
    expect([exitCode([]), exitCode(['info', 'advice']), exitCode(['warning']), exitCode(['error'])]).toEqual([0, 0, 1, 1]);
  });

  it('follows --fail-on', () => {
    expect(exitCode(['warning'], { failOn: 'error' })).toBe(0);
    expect(exitCode(['error'], { failOn: 'error' })).toBe(1);
    expect(exitCode(['info'], { failOn: 'info' })).toBe(1);
    expect(exitCode(['advice'], { failOn: 'info' })).toBe(0);
    expect(exitCode(['advice'], { failOn: 'advice' })).toBe(1);
  });

  it('allows so many warnings with --max-warnings, whatever else is asked', () => {
    expect(exitCode(['warning', 'warning'], { maxWarnings: 2 })).toBe(0);
    expect(exitCode(['warning', 'warning'], { maxWarnings: 1 })).toBe(1);
    expect(exitCode(['warning'], { maxWarnings: 0, failOn: 'error' })).toBe(1);
    expect(exitCode(['error'], { maxWarnings: 9 })).toBe(1);
  });

  it('is 2 where anything was not read, not configured or failed, findings or not', () => {
    const clean = { findings: found('error'), problems: [], configurationProblems: [], failures: [] };
    const threshold = { failOn: 'warning', maxWarnings: undefined } as const;
    expect(exitCodeOf({ ...clean, problems: [{ file: 'a', extent: 'in-part', because: '' }] }, threshold)).toBe(2);
    expect(exitCodeOf({ ...clean, configurationProblems: [{ file: 'a', span: [0, 0], message: '' }] }, threshold)).toBe(2);
    expect(exitCodeOf({ ...clean, findings: [], failures: [{ rule: 'a/b', file: undefined, error: '' }] }, threshold)).toBe(2);
  });
});

describe('what is shown', () => {
  const configuration = (preset: 'recommended' | 'strict') => () => ({ preset }) as never;

  it('leaves advice out in preset recommended, counts it, and shows it on request or in a stricter preset', () => {
    const findings = found('warning', 'advice');
    expect(visibleFindings(findings, { advice: false, quiet: false, configurationOf: configuration('recommended') })).toMatchObject({ shown: [{ severity: 'warning' }], hiddenAdvice: 1 });
    expect(visibleFindings(findings, { advice: true, quiet: false, configurationOf: configuration('recommended') }).shown.length).toBe(2);
    expect(visibleFindings(findings, { advice: false, quiet: false, configurationOf: configuration('strict') }).shown.length).toBe(2);
  });

  it('is errors alone with --quiet', () => {
    expect(visibleFindings(found('error', 'warning', 'info'), { advice: false, quiet: true, configurationOf: configuration('recommended') })).toMatchObject({ shown: [{ severity: 'error' }], hiddenByQuiet: 2 });
  });

  it('counts a finding by its first fix', () => {
    const [finding] = found('warning');
    if (!finding) throw new Error('no finding');
    const fix = (safety: 'safe' | 'unsafe' | 'by-hand') => ({ title: '', safety, operations: [] });
    expect(countFixable([{ ...finding, fixes: [fix('safe'), fix('unsafe')] }, { ...finding, fixes: [fix('unsafe')] }, { ...finding, fixes: [fix('by-hand'), fix('safe')] }, finding])).toEqual({ safe: 1, unsafe: 1 });
  });
});
