import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { peersMeasuredPage, unjudged, type Judgement, type Results } from './page';
import results from './results.json';

const judgements = parse(readFileSync(join(import.meta.dirname, 'judgements.yaml'), 'utf8')) as readonly Judgement[];

const small: Results = {
  date: '2026-01-01',
  node: 'v20.0.0',
  cores: 2,
  repositories: 1,
  absent: [],
  measured: [{ peer: 'other', version: '1.0', on: 'fixtures', files: 3, theirMs: 1500, ownMs: 500, failures: 0, rows: [{ rule: 'redundancy/require-replicas', checks: ['few|none'], both: 4, onlyPeer: 2, onlyOurs: 0 }] }],
};
const judged: readonly Judgement[] = [{ peer: 'other', rule: 'redundancy/require-replicas', side: 'peer', right: 'holdfast', why: 'Nobody calls them.' }];

describe('the page of measured peers', () => {
  it('holds counts, times and the judgement of each difference', () => {
    const page = peersMeasuredPage(small, judged);
    expect(page).toContain('| [other](#other), fixtures | 1.0 | 3 | 4 | 2 | 0 | 1.5 s | 0.5 s |');
    expect(page).toContain('`few\\|none`');
    expect(page).toContain('| `redundancy/require-replicas` | only other | Holdfast | Nobody calls them. |');
  });

  it('is not made with a difference that nobody has judged', () => {
    expect(unjudged(small, [])).toEqual(['other redundancy/require-replicas peer']);
    expect(() => peersMeasuredPage(small, [])).toThrow('other redundancy/require-replicas peer');
  });

  it('has a judgement for each difference of the last run', () => {
    expect(unjudged(results as Results, judgements)).toEqual([]);
  });
});
