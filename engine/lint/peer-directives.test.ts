import { describe, expect, it } from 'vitest';
import { mayHoldSuppressions, peerAnnotation, peerDirectives } from './peer-directives';

describe('comments of other linters', () => {
  it('reads checkov with its reason', () => {
    expect(peerDirectives(' checkov:skip=CKV_AWS_157:one zone is enough here')).toEqual([{ peer: 'checkov', checks: ['CKV_AWS_157'], reason: 'one zone is enough here', scope: 'block' }]);
    expect(peerDirectives('checkov:skip=CKV_AWS_157,CKV_AWS_133')[0]?.checks).toEqual(['CKV_AWS_157', 'CKV_AWS_133']);
    expect(peerDirectives('see checkov:skip in the docs')).toEqual([]);
  });
  it('reads several of trivy in a row, each with its own end', () => {
    expect(peerDirectives('trivy:ignore:AVD-AWS-0077:exp:2027-01-31 tfsec:ignore:aws-s3-enable-versioning the logs are copied')).toEqual([
      { peer: 'trivy', checks: ['AVD-AWS-0077'], reason: 'the logs are copied', until: '2027-01-31', scope: 'block' },
      { peer: 'trivy', checks: ['aws-s3-enable-versioning'], reason: 'the logs are copied', scope: 'block' },
    ]);
    expect(peerDirectives('tfsec:ignore:*')[0]?.checks).toEqual([]);
  });
  it('reads kics, hadolint, zizmor and pint with their scopes', () => {
    expect(['kics-scan ignore-line', 'kics-scan ignore-block', 'kics-scan ignore', 'hadolint ignore=DL3025,DL3057', 'hadolint global ignore=DL3057', 'zizmor: ignore[concurrency-limits] one at a time by hand', 'pint disable alerts/for', 'pint file/disable promql/rate(5m)', 'pint ignore/next-line'].map((body) => peerDirectives(body).map(({ peer, checks, reason, scope }) => [peer, checks.join(), reason, scope].join(' | ')))).toEqual([
      ['kics |  |  | next-line'], ['kics |  |  | block'], ['kics |  |  | file'], ['hadolint | DL3025,DL3057 |  | next-line'], ['hadolint | DL3057 |  | file'],
      ['zizmor | concurrency-limits | one at a time by hand | line'], ['pint | alerts/for |  | block'], ['pint | promql/rate |  | file'], ['pint |  |  | next-line'],
    ]);
  });
  it('is not asked where no linter is named', () => {
    expect(mayHoldSuppressions('a: 1 # plain')).toBe(false);
    expect(mayHoldSuppressions('#checkov:skip=CKV_AWS_157:x')).toBe(true);
  });
});

describe('annotations of other linters', () => {
  it('reads those of checkov, kube-linter, kube-score and polaris', () => {
    const read = (key: string, value: string): string => {
      const one = peerAnnotation(key, value);
      return one ? `${one.peer} ${one.checks.join()} ${one.reason}` : '';
    };
    expect(read('checkov.io/skip1', 'CKV_K8S_8=it has no state to lose')).toBe('checkov CKV_K8S_8 it has no state to lose');
    expect(read('ignore-check.kube-linter.io/no-liveness-probe', 'ends by itself')).toBe('kube-linter no-liveness-probe ends by itself');
    expect(read('kube-linter.io/ignore-all', 'generated')).toBe('kube-linter  generated');
    expect(read('kube-score/ignore', 'pod-probes, container-resources')).toBe('kube-score pod-probes,container-resources ');
    expect(read('polaris.fairwinds.com/livenessProbeMissing-exempt', 'true')).toBe('polaris livenessProbeMissing ');
    expect(['polaris.fairwinds.com/livenessProbeMissing-exempt', 'kube-score/enable', 'example.com/skip1'].map((key) => read(key, 'no'))).toEqual(['', '', '']);
  });
});
