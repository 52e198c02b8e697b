// docs/formats.md: what is read, format by format, and which rules speak about it by their own examples.

import { FORMATS, recogniseFormat } from '../engine/artifacts/formats';
import type { Rule } from '../engine/lint/rule';
import { kindOfPath } from '../engine/read';
import { cell, table } from './markdown-table';

/** The page. A rule is named where one of its bad examples holds a file of the format. */
export function formatsPage(rules: readonly Rule[]): string {
  return `${[
    '# Formats',
    '<!-- Made by `npm run generate` from the formats and the examples of the rules. -->',
    'A format reads its files into one model and writes fixes in its own style. A rule asks the model, so that it speaks in every format in which its question makes sense; the numbers say in how many rules an example proves it. YAML and JSON files are offered to all formats in this order. How to add one: [new-format.md](new-format.md).',
    table(['format', 'files', 'rules with an example'], FORMATS.map((format) => [format.title, cell(format.files), String(rulesWith(format.name, rules).length)])),
    'AWS CDK, Pulumi and cdktf in TypeScript and JavaScript are read as code: a construct is a cloud resource like one of a template.',
    '## Rules by format',
    ...FORMATS.flatMap((format) => {
      const named = rulesWith(format.name, rules);
      return named.length === 0 ? [] : [`**${format.title}**: ${named.map((rule) => `[${rule.id}](rules/${rule.id}.md)`).join(', ')}.`];
    }),
  ].join('\n\n')}\n`;
}

function rulesWith(format: string, rules: readonly Rule[]): Rule[] {
  return rules.filter((rule) => rule.examples.bad.some(({ files }) => Object.entries(files).some(([path, text]) => kindOfPath(path) !== undefined && recogniseFormat(path, text.replaceAll(/[«»]/g, ''))?.name === format)));
}
