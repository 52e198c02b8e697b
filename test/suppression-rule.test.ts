// The examples of the built-in rule about suppressions, run through a whole workspace: it asks what all other rules found.

import { describe, expect, it } from 'vitest';
import { suppressionRule } from '../engine/lint/suppression-rule';
import type { ExampleFiles } from '../engine/lint/rule';
import { workspaceOf } from './lint-example';

const TODAY = '2026-01-01';
const plain = (files: ExampleFiles): Record<string, string> => Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/[«»]/g, '')]));

describe(suppressionRule.id, () => {
  for (const example of suppressionRule.examples.bad) {
    it(`bad: ${example.name}`, async () => {
      const files = plain(example.files);
      const workspace = workspaceOf(files, { today: TODAY });
      const findings = (await workspace.lint()).findings.filter((finding) => finding.rule === suppressionRule.id);
      expect(findings.map((finding) => finding.messageId)).toEqual([example.expect]);
      expect(findings.map(({ at }) => files[at.file]?.slice(...at.span))).toEqual(Object.values(example.files).flatMap((text) => [...text.matchAll(/«([^»]*)»/g)].map((match) => match[1])));
      const fixed = await workspace.fixAll(findings, (_finding, fix) => fix.safety === 'safe');
      const after = { ...files, ...Object.fromEntries([...fixed.files].map(([path, { after: text }]) => [path, text])) };
      if (example.fixed) expect(after).toEqual({ ...files, ...example.fixed });
      expect(fixed.left).toEqual([]);
    });
  }

  for (const example of [...suppressionRule.examples.good, ...suppressionRule.examples.unknown]) {
    it(`silent: ${example.name}`, async () => {
      const { findings } = await workspaceOf(plain(example.files), { today: TODAY }).lint();
      expect(findings.filter((finding) => finding.rule === suppressionRule.id).map((finding) => finding.message)).toEqual([]);
    });
  }

  it('suppresses in manifests, Compose files and Dockerfiles as in code, and says so when it does nothing', async () => {
    const manifest = (comment: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  selector: { matchLabels: { app: orders } }\n  template:\n    metadata: { labels: { app: orders } }\n    spec:\n      containers:\n${comment}        - name: orders\n          image: registry.example.com/orders:1\n          ports: [{ containerPort: 3000 }]\n`;
    const lint = async (text: string): Promise<{ rules: string[]; suppressed: string[] }> => {
      const result = await workspaceOf({ 'deploy/orders.yaml': text }, { today: TODAY }).lint();
      return { rules: result.findings.map((finding) => finding.rule), suppressed: result.suppressed.map(({ finding }) => finding.rule) };
    };
    const bare = await lint(manifest(''));
    expect(bare.rules).toContain('isolation/bound-resources');
    const suppressed = await lint(manifest('        # holdfast-disable-next-line bound-resources -- the namespace has a LimitRange\n'));
    expect(suppressed.rules).not.toContain('isolation/bound-resources');
    expect(suppressed.suppressed).toContain('isolation/bound-resources');
    const dead = await lint(manifest('        # holdfast-disable-next-line require-timeout -- the namespace has a LimitRange\n'));
    expect(dead.rules).toContain(suppressionRule.id);
  });

  it('is not useless because its reason is one that a rule would take from any comment', async () => {
    const text = "import { connect } from 'node:net';\nexport function fill(port: number) {\n  const socket = connect(port, 'cache');\n  // holdfast-disable-next-line no-swallowed-error -- it is killed on purpose\n  socket.on('error', () => undefined);\n}\n";
    const result = await workspaceOf({ 'fill.ts': text }, { today: TODAY }).lint();
    expect(result.findings.map(({ rule }) => rule)).not.toContain(suppressionRule.id);
    expect(result.suppressed.map(({ finding }) => finding.rule)).toContain('fault-tolerance/no-swallowed-error');
  });
});
