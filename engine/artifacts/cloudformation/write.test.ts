import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import type { ArtifactIntent } from '../intent';
import { writeCloudFormation } from './write';

function written(text: string, name: string, intent: ArtifactIntent): string | undefined {
  const edits = writeCloudFormation(text, { file: 't', format: 'cloudformation', document: 0, path: ['Resources', name] }, intent);
  return edits && applyEdits(text, edits).text;
}

const set = (path: (string | number)[], value: Extract<ArtifactIntent, { kind: 'set-property' }>['value']): ArtifactIntent => ({ kind: 'set-property', path, value });

describe('a property of a template', () => {
  it('is put behind its siblings, and into properties that are made for it', () => {
    const text = 'Resources:\n  A:\n    Type: AWS::A::B # c\n    Properties:\n      X: 1\n\n  B:\n    Type: AWS::A::B\n    DeletionPolicy: Retain\n';
    expect(written(text, 'A', set(['MultiAZ'], true))).toBe(text.replace('      X: 1\n', '      X: 1\n      MultiAZ: true\n'));
    expect(written(text, 'B', set(['P', 'Q'], 2))).toBe(text.replace('    Type: AWS::A::B\n    Del', '    Type: AWS::A::B\n    Properties:\n      P:\n        Q: 2\n    Del'));
    expect(written(text, 'A', set(['@UpdateReplacePolicy'], 'Retain'))).toBe(text.replace('      X: 1\n', '      X: 1\n    UpdateReplacePolicy: Retain\n'));
  });

  it('is replaced where it stands; a default that only it uses is changed at the parameter', () => {
    const text = "Parameters:\n  Count: {Type: Number, Default: 1}\n  Twice: {Type: Number, Default: 1}\nResources:\n  A:\n    Type: AWS::A::B\n    Properties: {C: !Ref Count, D: !Ref Twice, E: !Ref Twice, F: '1', G: !If [X, 1, 2]}\n";
    expect(written(text, 'A', set(['F'], 2))).toBe(text.replace("'1'", "'2'"));
    expect(written(text, 'A', set(['C'], 2))).toBe(text.replace('Number, Default: 1}\n  Twice', 'Number, Default: 2}\n  Twice'));
    expect(written(text, 'A', set(['D'], 2))).toBe(text.replace('D: !Ref Twice', 'D: 2'));
    expect(written(text, 'A', set(['G'], 2))).toBeUndefined();
  });

  it('refers to resources in the form that the file uses', () => {
    const reference = { $reference: { type: 'AWS::SQS::Queue', name: 'new:Dead', attribute: 'Arn' } };
    const short = 'Resources:\n  A:\n    Type: AWS::A::B\n    Properties:\n      X: !Ref B\n';
    const long = 'Resources:\n  A:\n    Type: AWS::A::B\n    Properties:\n      X:\n        Ref: B\n';
    const json = '{\n    "Resources": {\n        "A": {\n            "Type": "AWS::A::B",\n            "Properties": {\n                "X": 1\n            }\n        }\n    }\n}\n';
    expect(written(short, 'A', set(['R', 'T'], reference))).toContain('      R:\n        T: !GetAtt Dead.Arn\n');
    expect(written(long, 'A', set(['R'], reference))).toContain('      R:\n        Fn::GetAtt: ["Dead", "Arn"]\n');
    const made = written(json, 'A', set(['R', 'T'], reference));
    expect(made).toContain('"X": 1,\n                "R": {\n                    "T": {\n                        "Fn::GetAtt": ["Dead", "Arn"]\n');
    expect(JSON.parse(made ?? '')).toMatchObject({ Resources: { A: { Properties: { X: 1, R: { T: { 'Fn::GetAtt': ['Dead', 'Arn'] } } } } } });
  });

  it('is removed, with the map that held it alone', () => {
    const text = 'Resources:\n  A:\n    Type: AWS::A::B\n    Properties:\n      P:\n        Q: 1\n';
    expect(written(text, 'A', { kind: 'remove-property', path: ['P', 'Q'] })).toBe('Resources:\n  A:\n    Type: AWS::A::B\n');
  });
});

describe('a new resource of a template', () => {
  const intent: ArtifactIntent = { kind: 'add-resource', type: 'AWS::SQS::Queue', name: 'Dead', properties: { MessageRetentionPeriod: 1209600, '@DeletionPolicy': 'Retain' } };

  it('stands behind its neighbour, with a blank line where the others have one', () => {
    const text = 'Resources:\n  A:\n    Type: AWS::A::B\n    # about nothing\n\n  B:\n    Type: AWS::A::B\n';
    const lines = '  Dead:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Retain\n    Properties:\n      MessageRetentionPeriod: 1209600\n';
    expect(written(text, 'A', intent)).toBe(text.replace('# about nothing\n', `# about nothing\n\n${lines}`));
    expect(written(text, 'B', intent)).toBe(`${text}\n${lines}`);
    expect(written(text.replace('\n\n', '\n'), 'B', intent)).toBe(`${text.replace('\n\n', '\n')}${lines}`);
  });

  it('is not added twice', () => {
    expect(written('Resources:\n  A: {Type: AWS::A::B}\n  Dead: {Type: AWS::A::B}\n', 'A', intent)).toBeUndefined();
  });

  it('is written over lines into JSON', () => {
    const text = '{\n  "Resources": {\n    "A": {\n      "Type": "AWS::A::B"\n    }\n  }\n}\n';
    const made = written(text, 'A', intent);
    expect(made).toContain('    },\n    "Dead": {\n      "Type": "AWS::SQS::Queue",\n');
    expect(JSON.parse(made ?? '')).toMatchObject({ Resources: { Dead: { Properties: { MessageRetentionPeriod: 1209600 } } } });
  });
});
