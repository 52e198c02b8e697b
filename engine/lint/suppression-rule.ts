// The rule about suppressions themselves. It stands outside the list of rules because it asks what all others found; the workspace runs it last.

import { defineRule, type Rule } from './rule';

export const SUPPRESSION_RULE_ID = 'suppressions/no-ineffective-suppression';

/** A handler whose call has no limit, with lines before and after the call. */
const servedCall = (before: string, after: string): string =>
  `import axios from 'axios';\nimport express from 'express';\nconst app = express();\napp.post('/charge', async (req, res) => {\n${before}  const charge = await axios.post('http://billing/charges', req.body);\n${after}  res.json(charge.data);\n});\n`;

/** Its check is empty: engine/lint/suppress.ts makes the findings, since only there it is known what was suppressed. */
export const suppressionRule: Rule = defineRule({
  id: SUPPRESSION_RULE_ID,
  since: '0.1.0',
  reads: 'code',
  severity: 'warning',
  fault: 'down',

  messages: {
    dead: { text: 'Nothing is suppressed here: `{rule}` finds nothing {where}.', severity: 'info' },
    'dead-all': { text: 'Nothing is suppressed here: no rule finds anything {where}.', severity: 'info' },
    ended: { text: 'This suppression ended on {until}: the finding is back.', severity: 'info' },
    reason: 'This comment suppresses nothing: it has no reason.',
    place: 'This comment suppresses nothing: it stands below the line that it means.',
    rule: 'This comment suppresses nothing: there is no rule `{rule}`.',
    'rule-near': 'This comment suppresses nothing: there is no rule `{rule}`, the nearest is `{nearest}`.',
    date: 'This comment suppresses nothing: `{until}` is no date.',
  },

  docs: {
    what: 'Reports a suppression that suppresses nothing: without a reason, with an unknown rule, below the line that it means, or where nothing is found any more; and one whose end has passed.',
    why: 'A suppression that does nothing looks like a decision. The next reader trusts it, and a finding that comes back later is hidden by a reason that was given for something else.',
    fix: 'Remove the comment, or write `holdfast-disable-next-line RULE -- reason (until 2027-03-31)` directly above the line.',
    not: 'Suppressions of rules that are off for the file, and those in files that could only be read in part, are not called dead.',
  },

  check() {
    return;
  },

  examples: {
    bad: [
      {
        name: 'no reason is given',
        files: { 'src/charge.ts': servedCall('  «// holdfast-disable-next-line require-timeout»\n', '') },
        expect: 'reason',
      },
      {
        name: 'the name of the rule is misspelt',
        files: { 'src/charge.ts': '«// holdfast-disable-next-line require-timeouts -- the callee has a limit of its own»\nexport const limit = 5_000;\n' },
        expect: 'rule-near',
        fixed: { 'src/charge.ts': 'export const limit = 5_000;\n' },
      },
      {
        name: 'nothing is found on the next line',
        files: { 'src/charge.ts': '«// holdfast-disable-next-line require-timeout -- the callee has a limit of its own»\nexport const limit = 5_000;\n' },
        expect: 'dead',
        fixed: { 'src/charge.ts': 'export const limit = 5_000;\n' },
      },
      {
        name: 'no rule of that name is near',
        files: { 'src/charge.ts': '«// holdfast-disable-next-line no-console -- it is a script»\nexport const limit = 5_000;\n' },
        expect: 'rule',
        fixed: { 'src/charge.ts': 'export const limit = 5_000;\n' },
      },
      {
        name: 'the comment of a whole line names no rule, and nothing is found there',
        files: { 'src/charge.ts': 'export const limit = 5_000; «// holdfast-disable-line -- measured»\n' },
        expect: 'dead-all',
        fixed: { 'src/charge.ts': 'export const limit = 5_000;\n' },
      },
      {
        name: 'the end has passed and the finding is back',
        files: { 'src/charge.ts': servedCall('  «// holdfast-disable-next-line require-timeout -- until the new client is out (until 2020-03-31)»\n', '') },
        expect: 'ended',
      },
      {
        name: 'the end is no date',
        files: { 'src/charge.ts': servedCall('  «// holdfast-disable-next-line require-timeout -- until the new client is out (until 2027-02-31)»\n', '') },
        expect: 'date',
      },
      {
        name: 'the comment stands below the line that it means',
        files: { 'src/charge.ts': servedCall('', '  «// holdfast-disable-next-line require-timeout -- the sidecar ends it after 3 s»\n') },
        expect: 'place',
        fixed: { 'src/charge.ts': servedCall('  // holdfast-disable-next-line require-timeout -- the sidecar ends it after 3 s\n', '') },
      },
    ],
    good: [
      {
        name: 'a reason is given and the finding is there',
        files: { 'src/charge.ts': servedCall('  // holdfast-disable-next-line require-timeout -- the sidecar ends it after 3 s (until 2999-03-31)\n', '') },
      },
    ],
    unknown: [
      {
        name: 'the file has syntax errors, so absence proves nothing',
        files: { 'src/charge.ts': '// holdfast-disable-next-line require-timeout -- the callee has a limit of its own\nexport const limit = (5_000;\nfunction (\n' },
      },
    ],
  },
});

/** The rules of a host with the built-in one at the end: for explanations, configuration and reports. */
export function withSuppressionRule(rules: readonly Rule[]): readonly Rule[] {
  return rules.some((rule) => rule.id === SUPPRESSION_RULE_ID) ? rules : [...rules, suppressionRule];
}
