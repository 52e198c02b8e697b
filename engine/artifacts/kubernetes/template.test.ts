import { describe, expect, it } from 'vitest';
import { FILL, depthAt, maskTemplate, mayAddKeys } from './template';

describe('masking template actions', () => {
  it('keeps length and line breaks whatever the action', () => {
    for (const text of ['a: {{ .x }}\n', '{{- if .a }}\nb: 1\r\n{{- end }}\r\n', 'a: {{ "}}" }} b\n', 'a: {{ `}}\n{{` }}\n', '{{/* }} a: {{ */}}\nb: 1', 'a: {{', '{{"\n', 'x: {{ $a := 1\n}} y\n']) {
      const { text: masked } = maskTemplate(text);
      expect(masked.length).toBe(text.length);
      expect([...masked].map((c, i) => (c === '\n' ? i : -1))).toEqual([...text].map((c, i) => (c === '\n' ? i : -1)));
      expect(masked).not.toContain('{{');
    }
  });

  it('blanks lines of nothing but actions and fills actions inside a line', () => {
    const { text } = maskTemplate('{{- if .a }}\nname: x-{{ .b }}\n{{- end }}\n');
    expect(text).toBe(`            \nname: x-${FILL.repeat(8)}\n          \n`);
  });

  it('blanks an action between a key and its block', () => {
    expect(maskTemplate('a: {{- with .b }}\n  c: 1\n{{- end }}\n').text).toBe('a:               \n  c: 1\n          \n');
  });

  it('fills an action that is the value of the first key of an item', () => {
    expect(maskTemplate('- name: {{ .a }}\n  image: b\n').text).toBe(`- name: ${FILL.repeat(8)}\n  image: b\n`);
  });

  it('blanks an action that is the start of an item with keys below', () => {
    expect(maskTemplate('- {{ toYaml . }}\n  a: b\n').text).toBe(`- ${' '.repeat(14)}\n  a: b\n`);
    expect(maskTemplate('- {{ .a }}\n- c\n').text).toBe(`- ${FILL.repeat(8)}\n- c\n`);
  });

  it('tells how deep a place stands and who may add keys', () => {
    const text = 'a:\n  b: 1\n  {{- if .c }}\n  d: 2\n  {{- end }}\n  {{- include "x" . | nindent 2 }}\n';
    const template = maskTemplate(text);
    expect(depthAt(template, text.indexOf('b:'))).toBe(0);
    expect(depthAt(template, text.indexOf('d:'))).toBe(1);
    expect(mayAddKeys(template, [0, text.length], 2)).toBe(true);
    expect(mayAddKeys(template, [0, text.length], 1)).toBe(false);
  });
});
