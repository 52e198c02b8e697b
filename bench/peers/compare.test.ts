import { describe, expect, it } from 'vitest';
import { compare, isLabelled, type CheckMap, type OwnFinding } from './compare';
import type { Label } from './finding';

const map: CheckMap = new Map([
  ['no-replicas', { rule: 'redundancy/require-replicas', messages: ['single'] }],
  ['few-replicas', { rule: 'redundancy/require-replicas', messages: ['single'] }],
  ['no-probe', { rule: 'monitoring/require-readiness-probe' }],
]);

function own(subject: string, change: Partial<OwnFinding> = {}): OwnFinding {
  return { rule: 'redundancy/require-replicas', message: 'single', file: 'a.yaml', subject, line: 3, ...change };
}

const all = (): boolean => true;
const row = (rule: string, rows: ReturnType<typeof compare>) => rows.find((one) => one.rule === rule);

describe('what a peer and Holdfast find', () => {
  it('is one site where two checks name one object', () => {
    const rows = compare(['no-replicas', 'few-replicas'].map((check) => ({ check, file: 'a.yaml', object: 'Deployment/orders' })), [own('Deployment/orders')], map, all);
    expect(row('redundancy/require-replicas', rows)).toMatchObject({ both: 1, onlyPeer: [], onlyOurs: [], checks: ['no-replicas', 'few-replicas'] });
  });

  it('differs where only one of the two names it', () => {
    const rows = compare([{ check: 'no-replicas', file: 'a.yaml', object: 'Deployment/orders' }], [own('Deployment/carts')], map, all);
    expect(row('redundancy/require-replicas', rows)).toMatchObject({ both: 0, onlyPeer: [{ object: 'Deployment/orders', check: 'no-replicas' }], onlyOurs: [{ object: 'Deployment/carts (line 3)', check: 'single' }] });
  });

  it('is another site in another file', () => {
    const rows = compare([{ check: 'no-replicas', file: 'b.yaml', object: 'Deployment/orders' }], [own('Deployment/orders')], map, all);
    expect(row('redundancy/require-replicas', rows)).toMatchObject({ both: 0, onlyPeer: [{ file: 'b.yaml' }], onlyOurs: [{ file: 'a.yaml' }] });
  });

  it('is the same where a container of the object is named, or a line inside what the peer marks', () => {
    const container = compare([{ check: 'no-probe', file: 'a.yaml', object: 'Deployment/orders' }], [own('Deployment/orders/container/web', { rule: 'monitoring/require-readiness-probe' })], map, all);
    expect(row('monitoring/require-readiness-probe', container)).toMatchObject({ both: 1, onlyPeer: [], onlyOurs: [] });
    const lines = compare([{ check: 'no-probe', file: 'a.yaml', lines: [2, 4] }], [own('service/web', { rule: 'monitoring/require-readiness-probe' })], map, all);
    expect(row('monitoring/require-readiness-probe', lines)).toMatchObject({ both: 1, onlyPeer: [], onlyOurs: [] });
    const outside = compare([{ check: 'no-probe', file: 'a.yaml', lines: [4, 5] }], [own('service/web', { rule: 'monitoring/require-readiness-probe' })], map, all);
    expect(row('monitoring/require-readiness-probe', outside)).toMatchObject({ both: 0 });
  });

  it('is the same for an address of Terraform and a logical id', () => {
    for (const object of ['aws_db_instance.main', 'module.data.aws_db_instance.main', 'main']) {
      expect(row('redundancy/require-replicas', compare([{ check: 'no-replicas', file: 'a.yaml', object }], [own('RDS instance/main', { line: 90 })], map, all))).toMatchObject({ both: 1 });
    }
  });

  it('leaves out messages that no check asks for, files that the peer does not read, and checks that are no rule', () => {
    const rows = compare([{ check: 'style', file: 'a.yaml', object: 'Deployment/orders' }], [own('Deployment/orders', { message: 'zero' }), own('Deployment/carts', { file: 'c.yaml' })], map, ({ file }) => file === 'a.yaml');
    expect(row('redundancy/require-replicas', rows)).toMatchObject({ both: 0, onlyPeer: [], onlyOurs: [] });
  });
});

describe('a label', () => {
  const labels: readonly Label[] = [
    { check: 'no-replicas', file: 'a.yaml', object: 'Deployment/orders', fails: false },
    { check: 'no-probe', file: 'stack.ts', fails: true },
  ];
  const asked = isLabelled(labels, map);

  it('speaks about its object, its rule and its messages only', () => {
    expect(asked(own('Deployment/orders'))).toBe(true);
    expect(asked(own('Deployment/carts'))).toBe(false);
    expect(asked(own('Deployment/orders', { message: 'zero' }))).toBe(false);
    expect(asked(own('Deployment/orders', { rule: 'monitoring/require-readiness-probe' }))).toBe(false);
  });

  it('that names no object speaks about its whole file', () => {
    expect(asked(own('anything', { file: 'stack.ts', rule: 'monitoring/require-readiness-probe', message: 'missing' }))).toBe(true);
  });
});
