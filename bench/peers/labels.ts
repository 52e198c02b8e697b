// Labels that peers keep beside their own test files, for peers that are not run: what their tests expect is what they find.

import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { filesBelow } from '../../test/oracles/corpus';
import type { Label, LabelledFiles } from './finding';
import { listAt, textAt } from './run-tool';

const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/** `<policy>/.kyverno-test/kyverno-test.yaml` lists resources with their result; the check is the folder of the policy. */
export function kyvernoLabels(folder: string): LabelledFiles {
  const labels = filesBelow(folder, (path) => path.endsWith('.kyverno-test/kyverno-test.yaml')).flatMap((path): Label[] => {
    const test: unknown = parse(readFileSync(join(folder, path), 'utf8'));
    const check = basename(dirname(dirname(path)));
    const files = listAt(test, 'resources').flatMap((name) => (typeof name === 'string' ? [normalize(join(dirname(path), name)).replaceAll('\\', '/')] : []));
    return listAt(test, 'results').flatMap((result) => {
      const outcome = textAt(result, 'result') || textAt(result, 'status');
      if (outcome !== 'fail' && outcome !== 'pass') return [];
      const names = [...listAt(result, 'resources').filter((name): name is string => typeof name === 'string'), textAt(result, 'resource')].filter((name) => name !== '');
      return names.flatMap((name) => {
        const object = `${textAt(result, 'kind')}/${name.split('/').at(-1) ?? ''}`;
        const file = files.length === 1 ? files[0] : files.find((one) => holdsObject(join(folder, one), object));
        return file === undefined ? [] : [{ check, file, object, fails: outcome === 'fail' }];
      });
    });
  });
  return { labels, texts: NO_TEXTS };
}

function holdsObject(path: string, object: string): boolean {
  const [kind = '', name = ''] = object.split('/');
  const text = readText(path);
  return new RegExp(`^kind: *${kind}\\b`, 'm').test(text) && text.split('\n').some((line) => line.trim().replace(/["']/g, '') === `name: ${name}`);
}

/** Undefined where it is broken. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** `rules/<rule>/test/<case>/{input/*,expected.json}`: an empty list is a pass. A control (`C-0056`) names the rules that it is made of. */
export function kubescapeLabels(folder: string): LabelledFiles {
  const controls = new Map<string, string[]>();
  for (const path of filesBelow(folder, (name) => /^controls\/[^/]+\.json$/.test(name))) {
    const control: unknown = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    for (const rule of listAt(control, 'rulesNames')) if (typeof rule === 'string') controls.set(rule, [...(controls.get(rule) ?? []), textAt(control, 'controlID')]);
  }
  const inputsOf = new Map<string, string[]>();
  for (const path of filesBelow(folder, (name) => /^rules\/[^/]+\/test\/[^/]+\/input\//.test(name))) {
    const test = path.split('/').slice(0, 4).join('/');
    inputsOf.set(test, [...(inputsOf.get(test) ?? []), path]);
  }
  const labels: readonly Label[] = filesBelow(folder, (name) => /^rules\/[^/]+\/test\/[^/]+\/expected\.json$/.test(name)).flatMap((path): Label[] => {
    const rule = path.split('/')[1] ?? '';
    const expected = parsed(readText(join(folder, path)));
    const inputs = inputsOf.get(dirname(path)) ?? [];
    return (controls.get(rule) ?? []).flatMap((check): readonly Label[] =>
      listAt(expected).length === 0
        ? inputs.map((file) => ({ check, file, fails: false }))
        : listAt(expected).flatMap((alert) =>
            listAt(alert, 'alertObject', 'k8sApiObjects').flatMap((found) => {
              const object = `${textAt(found, 'kind')}/${textAt(found, 'metadata', 'name') || textAt(found, 'name')}`;
              const file = inputs.length === 1 ? inputs[0] : inputs.find((one) => holdsObject(join(folder, one), object));
              return file === undefined ? [] : [{ check, file, object, fails: true }];
            }),
          ),
    );
  });
  return { labels, texts: NO_TEXTS };
}

/** `test/rules/*.test.ts`: each `test(…)` that ends in `validateStack(stack, ruleId, …)` is a stack of its own. `src/packs/*.ts` says which check of which pack a rule is. */
export function cdkNagLabels(folder: string): LabelledFiles {
  const checks = new Map<string, string[]>();
  for (const path of filesBelow(folder, (name) => /^src\/packs\/[^/]+\.ts$/.test(name))) {
    const text = readFileSync(join(folder, path), 'utf8');
    const pack = /packName = '([^']+)'/.exec(text)?.[1] ?? '';
    for (const applied of text.split('this.applyRule(').slice(1)) {
      const rule = /^\s*rule: (\w+),/m.exec(applied)?.[1];
      if (rule !== undefined) checks.set(rule, [...(checks.get(rule) ?? []), `${pack}-${/ruleSuffixOverride: '([^']+)'/.exec(applied)?.[1] ?? rule}`]);
    }
  }
  const labels: Label[] = [];
  const texts = new Map<string, string>();
  for (const path of filesBelow(folder, (name) => /^test\/rules\/[^/]+\.test\.ts$/.test(name))) {
    const text = readFileSync(join(folder, path), 'utf8');
    const imports = text.slice(0, text.indexOf('const testPack'));
    for (const [i, group] of text.split(/^ {2}describe\(/m).slice(1).entries()) {
      const rule = /ruleId = '(\w+)'/.exec(group)?.[1] ?? '';
      for (const [j, body] of group.split(/^ {4}test\([^\n]*=> \{$/m).slice(1).entries()) {
        const end = body.search(/^ {6}validateStack\(/m);
        if (end < 0) continue;
        const fails = body.slice(end).split(';')[0]?.includes('NON_COMPLIANCE') ?? false;
        const file = `${basename(path, '.test.ts').toLowerCase()}-${i}-${j}.ts`;
        texts.set(file, `${imports}\nexport class Service extends Stack {\n  constructor(scope: App, id: string) {\n    super(scope, id);\n    const stack = this;\n${body.slice(0, end)}\n  }\n}\n`);
        for (const check of checks.get(rule) ?? []) labels.push({ check, file, fails });
      }
    }
  }
  return { labels, texts };
}

/** Peers whose tests carry labels, by their names in catalog/peers. */
export const LABELLED: Readonly<Record<string, (folder: string) => LabelledFiles>> = { kyverno: kyvernoLabels, kubescape: kubescapeLabels, 'cdk-nag': cdkNagLabels };
