import { describe, expect, it } from 'vitest';
import { render, renderTexts } from '../../../test/render-template';

const values = 'on: true\noff: false\nname: orders\nlist: [a, b]\nmap: {x: 1, y1: two}\nnested: {a: {b: deep}}\ntpl: "{{ .Values.name }}-x"\n';

describe('a template with values', () => {
  it('takes the branch that holds', () => {
    expect(render(values, 'a: {{ if .Values.on }}1{{ else }}2{{ end }}\n')).toBe('a: 1\n');
    expect(render(values, 'a: {{ if .Values.off }}1{{ else if eq .Values.name "orders" }}2{{ else }}3{{ end }}\n')).toBe('a: 2\n');
    expect(render(values, '{{- if .Values.off }}\na: 1\n{{- end }}\nb: 2\n')).toBe('\nb: 2\n');
  });

  it('binds the dot of `with` and the variables of `range`', () => {
    expect(render(values, '{{ with .Values.nested }}{{ .a.b }} {{ $.Values.name }}{{ end }}{{ with .Values.none }}x{{ else }}-{{ end }}')).toBe('deep orders-');
    expect(render(values, '{{ range $i, $e := .Values.list }}{{ $i }}{{ $e }} {{ end }}{{ range $k, $v := .Values.map }}{{ $k }}={{ $v }} {{ end }}')).toBe('0a 1b x=1 y1=two ');
    expect(render(values, '{{ range .Values.list }}{{ . }}{{ else }}none{{ end }}{{ range .Values.none }}x{{ else }}none{{ end }}')).toBe('abnone');
    expect(render(values, '{{ range $x := .Values.list }}{{ if eq $x "b" }}{{ break }}{{ end }}{{ $x }}{{ end }}')).toBe('a');
  });

  it('keeps variables by scope', () => {
    expect(render(values, '{{ $a := 1 }}{{ if .Values.on }}{{ $a = 2 }}{{ $b := 3 }}{{ end }}{{ $a }}')).toBe('2');
    expect(render(values, '{{ $d := dict "a" 1 }}{{ $_ := set $d "a" 2 }}{{ $d.a }}')).toBe('2');
  });

  it('runs named templates and templates in values', () => {
    expect(render(values, 'labels:\n  {{- include "labels" . | nindent 2 }}\n')).toBe('labels:\n  app: shop\n');
    expect(render('tier: web\n', 'labels:\n  {{- include "labels" . | nindent 2 }}\n')).toBe('labels:\n  app: shop\n  tier: web\n');
    expect(render(values, '{{ tpl .Values.tpl . }} {{ template "named" (dict "v" 1) }}')).toBe('orders-x v=1');
    expect(render(values, '{{ define "here" }}{{ . }}!{{ end }}{{ include "here" 5 }}{{ block "there" 6 }}{{ . }}{{ end }}')).toBe('5!6');
  });

  it('leaves both branches of a condition that nobody can know', () => {
    expect(render(values, 'a: 1\n{{- if .Files.Get "x" }}\nb: 2\n{{- else }}\nc: 3\n{{- end }}\nd: 4\n')).toBe('a: 1\n{{if}}\nb: 2\n{{else}}\nc: 3\n{{end}}\nd: 4\n');
    expect(render(values, 'a: x{{ if .Files.Get "x" }}-b{{ end }}\n')).toBe('a: x{{ either if .Files.Get "x" }}\n');
    expect(render(values, '{{ $a := 1 }}{{ if .Files.Get "x" }}{{ $a = 2 }}{{ end }}a: {{ $a }}')).toBe('a: {{ $a }}');
    expect(render(values, 'a:\n  {{- range .Files.Lines "x" }}\n  - {{ . }}\n  {{- end }}\n')).toBe('a:\n{{if}}\n  - {{ . }}\n{{end}}\n');
  });

  it('knows a text around an unknown part of it', () => {
    expect(render(values, '{{ if printf "a-%s" (.Files.Get "x") }}yes{{ end }}')).toBe('yes');
    expect(render(values, '{{ if eq (printf "a-%s" (.Files.Get "x")) "b" }}yes{{ else }}no{{ end }}')).toContain('either');
  });

  it('reads what values switch off apart from what they do not', () => {
    const object = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
    const texts = renderTexts(values, `{{- if .Values.off }}\n${object}{{- else }}\na: 1\n{{- end }}\n`);
    expect(texts?.map(({ text, isOff }) => [text.trim(), isOff])).toEqual([['a: 1', false], [object.replace('{{ .Values.name }}', 'orders').trim(), true]]);
    expect(renderTexts(values, `{{- range .Values.none }}\n${object}{{- end }}\n`)?.map(({ isOff }) => isOff)).toEqual([false, true]);
  });

  it('ends whatever it is given', () => {
    const loop = '{{ define "a" }}{{ include "a" . }}{{ include "a" . }}{{ end }}{{ include "a" . }}';
    for (const text of [loop, '{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}x{{ end }}{{ end }}{{ end }}', '{{ $x := "a" }}{{ range until 900 }}{{ $x = printf "%s%s" $x $x }}{{ end }}{{ $x }}', '{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ toYaml $d }}', '{{ "{{ tpl . . }}" | tpl . }}']) {
      const start = performance.now();
      expect(render(values, text) ?? '').toBeTypeOf('string');
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  });

  it('is not rendered where it is no template', () => {
    for (const text of ['{{', '{{ if .a }}', '{{ end }}', '{{ .a | }}', '{{ ( }}', '{{ "a }}', '{{ else }}', '{{ define "x" }}', '{{ /* a }}', '{{ $ := }}', '{{ . % }}', `${'{{ if . }}'.repeat(500)}`, `{{ ${'('.repeat(500)} }}`]) {
      expect([text.slice(0, 20), render(values, `a: 1\n${text}\n`)]).toEqual([text.slice(0, 20), undefined]);
    }
  });

  it('keeps white space as trims ask', () => {
    expect(render(values, 'a  {{- /* b */ -}}  c {{ "x" -}} \n y {{- " z" }}')).toBe('ac xy z');
    expect(render(values, '{{3}} {{-3}} {{- 3 -}} x')).toBe('3 -33x');
  });
});
