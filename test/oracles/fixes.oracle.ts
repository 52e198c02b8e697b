// Fixes on real infrastructure files: what its own tool accepted before a fix it accepts after it, the finding is gone, and nothing as bad is new. `FIXES_IN` narrows the repositories by name, `FIXES_OF_A_KIND` says how many alike are tried in each.
// Tools: Compose by compose-go, Dockerfiles by BuildKit, Kubernetes by the strict decoder of its API types, charts by `helm template` and `helm lint`, overlays by `kustomize build`, Terraform by HCL and its formatter, workflows by actionlint,
// rule files by Prometheus. CloudFormation, systemd, nginx and HAProxy are asked in oracles of their own. Schemas of custom resources and provider schemas of Terraform lie on the internet and are asked nowhere.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kindOfPath } from '../../engine/read';
import { rules } from '../../rules/index';
import { workspaceOf } from '../lint-example';
import { Copy } from './acceptance';
import { filesBelow, repositories } from './corpus';
import { emptyTally, tryAll, tryEach, type Tally } from './fix-trials';

const chosen = repositories().filter((root) => new RegExp(process.env['FIXES_IN'] ?? '.').test(basename(root)));
const ofAKind = Number(process.env['FIXES_OF_A_KIND'] ?? 2);

/** A fix may bring to light what was hidden behind its finding: more instances can lie on one node, be drained at once, and be tested by a drill; nobody watches a queue that is new. Rule that was fixed -> rules that speak then, with reason. */
const CONSEQUENCES: Readonly<Record<string, readonly string[]>> = {
  'redundancy/require-replicas': ['redundancy/require-disruption-budget', 'redundancy/require-spread'],
  'autoscaling/require-autoscaler': ['redundancy/require-disruption-budget', 'redundancy/require-spread', 'testing/require-drill'],
  'failover/require-dead-letter': ['monitoring/require-alarm'],
};

describe.skipIf(chosen.length === 0)('fixes (needs HOLDFAST_CORPUS, and the tools that are to be asked)', () => {
  const all = { alone: emptyTally(), together: emptyTally() };

  for (const root of chosen) {
    it(`${basename(root)}: can be written, remove their finding, bring nothing as bad, and leave files that their tools accept`, async () => {
      const paths = filesBelow(root, (path) => ['yaml', 'artifact', 'package'].includes(kindOfPath(path) ?? ''));
      const texts = Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
      const workspace = workspaceOf({ ...texts, 'holdfast.yaml': 'extends: all\n' }, { rules });
      const copy = new Copy(root, texts);
      const [alone, together] = [emptyTally(), emptyTally()];
      try {
        await tryEach(basename(root), workspace, copy, ofAKind, alone);
        await tryAll(basename(root), 'all but by hand', workspace, copy, (fix) => fix.safety !== 'by-hand', together);
        await tryAll(basename(root), 'all', workspace, copy, () => true, together);
      } finally {
        copy.remove();
      }
      show(`${basename(root)}, one at a time`, alone);
      show(`${basename(root)}, all together`, together);
      add(all.alone, alone);
      add(all.together, together);
      for (const tally of [alone, together]) {
        expect(tally.broken).toEqual([]);
        expect(tally.declined).toEqual([]);
        expect(tally.notGone).toEqual([]);
        expect(tally.lost).toEqual([]);
        expect(tally.again).toEqual([]);
      }
      expect(alone.appeared.filter(({ of, rule }) => CONSEQUENCES[of]?.includes(rule) !== true).map(({ line }) => line)).toEqual([]);
    });
  }

  afterAll(() => {
    show('in all repositories, one at a time', all.alone, 0);
    show('in all repositories, all together', all.together, 0);
  });
});

function add(sum: Tally, tally: Tally): void {
  sum.tried += tally.tried;
  sum.asked += tally.asked;
  sum.refusedBefore += tally.refusedBefore;
  for (const key of ['demanded', 'declined', 'broken', 'notGone', 'lost', 'again'] as const) sum[key].push(...tally[key]);
  sum.appeared.push(...tally.appeared);
}

function show(title: string, tally: Tally, most = Number(process.env['SHOW_WRONG'] ?? 40)): void {
  const { demanded, declined, broken, notGone, appeared, lost, again } = tally;
  console.log(`${title}: ${tally.tried} fixes; ${tally.asked} verdicts of tools, ${tally.refusedBefore} of files refused before; ${demanded.length} demands of charts, ${declined.length} declined, ${broken.length} broken, ${notGone.length} not gone, ${appeared.length} new findings, ${lost.length} lost text, ${again.length} in a second run`);
  const unexpected = appeared.filter(({ of, rule }) => CONSEQUENCES[of]?.includes(rule) !== true).map(({ line }) => line);
  for (const [name, lines] of Object.entries({ demanded, declined, broken, 'not gone': notGone, appeared: unexpected, lost, again })) for (const line of lines.slice(0, most)) console.log(`${name}: ${line}`);
}
