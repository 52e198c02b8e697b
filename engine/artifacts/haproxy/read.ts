// Recognises HAProxy configuration and reads one file into facts: its sections with the lines that somebody asks about.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import type { ArtifactFacts } from '../format';
import { parseHaproxy, type HaproxySection } from './parse';

export interface HaproxyFacts extends ArtifactFacts {
  readonly format: 'haproxy';
  readonly sections: readonly HaproxySection[];
}

export const HAPROXY_PATH = /\.(?:cfg|haproxy)(?:\.(?:template|tmpl|tpl|example|sample|dist|default))?$|(?:^|\/)haproxy[\w.-]*\.(?:conf|cfg|template|tmpl|tpl|txt)$|(?:^|\/)haproxy$/i;

const SECTION = /^[ \t]*(?:frontend|backend|listen|defaults)\b/m;
const LINE = /^[ \t]*(?:bind[ \t]|server[ \t]+\S+[ \t]+\S|server-template[ \t]|default_backend[ \t]|use_backend[ \t]|timeout[ \t]+(?:connect|client|server)\b)/m;
const KEPT = /^(?:timeout|mode|option|server|server-template|default-server|retries|retry-on|http-request|tcp-request|stick-table|rate-limit|use_backend|default_backend|bind|dispatch|hard-stop-after|redirect|stats)$/;

/** A file of HAProxy by name and text; templates of other languages are not read. */
export function recogniseHaproxy(path: string, text: string): boolean {
  return HAPROXY_PATH.test(path) && !/\{\{|\{%|<%/.test(text) && SECTION.test(text) && LINE.test(text);
}

/** Facts of one file; never throws. Linear in the text. */
export function readHaproxy(path: string, text: string): { facts: HaproxyFacts; problems: FileProblem[] } {
  const parsed = parseHaproxy(text);
  const [error] = parsed.errors;
  return {
    facts: {
      kind: 'artifact',
      format: 'haproxy',
      path,
      suppressions: text.includes('holdfast-') ? [...parseSuppressions(text, parsed.comments)] : [],
      sections: parsed.sections.flatMap((section) => (/^(?:global|defaults|frontend|backend|listen|resolvers)$/.test(section.kind) ? [{ ...section, lines: section.lines.filter((line) => KEPT.test(line.words[0]?.text ?? '')) }] : [])),
    },
    problems: error ? [{ file: path, extent: 'in-part', because: error.because, span: error.span }] : [],
  };
}
