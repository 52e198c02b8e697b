import { describe, expect, it } from 'vitest';
import { plainProperties, plainValue } from '../../../test/plain-values';
import type { CloudResource } from '../cloud';
import { recogniseCloudFormation } from './recognise';
import { readCloudFormation } from './read';
import { cloudFormationResources } from './resources';

/** Resources of templates given by path. `sources`: files of code that stand beside them. */
function resourcesOf(files: Readonly<Record<string, string>>, sources: readonly string[] = []): CloudResource[] {
  const facts = Object.entries(files).map(([path, text]) => readCloudFormation(path, text).facts);
  return cloudFormationResources(facts, { hasFile: (path) => sources.includes(path), factsOf: () => [] });
}

/** Properties of the resource `X` of a template whose other sections are given. */
function valuesOf(properties: string, sections = ''): unknown {
  const indented = properties.split('\n').map((line) => `      ${line}`).join('\n');
  return plainProperties(resourcesOf({ 't.yaml': `${sections}\nResources:\n  X:\n    Type: AWS::A::B\n    Properties:\n${indented}\n  Queue:\n    Type: AWS::SQS::Queue\n` }))['X'];
}

describe('a template is told from other files', () => {
  it('by resources with types, whatever else it holds', () => {
    expect(recogniseCloudFormation('a.yaml', 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n')).toBe(true);
    expect(recogniseCloudFormation('a.template', '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}')).toBe(true);
    expect(recogniseCloudFormation('a.yaml', 'AWSTemplateFormatVersion: 2010-09-09\nParameters: {}\n')).toBe(false);
    expect(recogniseCloudFormation('a.yaml', 'kind: Deployment\nresources:\n  limits: {}\n')).toBe(false);
  });

  it('but not where a tool has written it', () => {
    const text = 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n';
    expect(['cdk.out/a.template.json', 'x/.aws-sam/build/template.yaml', '.serverless/a.json'].some((path) => recogniseCloudFormation(path, text))).toBe(false);
    expect(recogniseCloudFormation('a.yaml', `${text}    Metadata:\n      aws:cdk:path: A/B\n`)).toBe(false);
  });
});

describe('values', () => {
  it('are what is written, with booleans as YAML 1.1 has them', () => {
    expect(valuesOf('A: 5\nB: "5"\nC: yes\nD: null\nE: [a, 1]\nF: {G: off}')).toEqual({ A: 5, B: '5', C: true, E: ['a', 1], F: { G: false } });
  });

  it('of parameters are soft defaults, alternatives, or unknown', () => {
    const parameters = 'Parameters:\n  N: {Type: Number, Default: "3"}\n  S: {Type: String, Default: a}\n  L: {Type: CommaDelimitedList, Default: "a, b"}\n  W: {Type: String, AllowedValues: [x, y]}\n  U: {Type: String}\n  P: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a}';
    expect(valuesOf('N: !Ref N\nS: {Ref: S}\nL: !Ref L\nW: !Ref W\nU: !Ref U\nP: !Ref P\nZ: !Ref AWS::NoValue\nR: !Ref AWS::Region', parameters)).toEqual({
      N: 'soft:3', S: 'soft:a', L: ['soft:a', 'soft:b'], W: { either: ['x', 'y'] }, U: '?', P: '?', R: '?',
    });
  });

  it('that refer to resources say to which, in all forms', () => {
    expect(valuesOf('A: !Ref Queue\nB: !GetAtt Queue.Arn\nC: {"Fn::GetAtt": [Queue, Arn]}\nD: !Sub "${Queue.Arn}"\nE: !Sub "x-${Queue}"\nF: !Ref Missing')).toEqual({
      A: '→ t.yaml#Queue', B: '→ t.yaml#Queue.Arn', C: '→ t.yaml#Queue.Arn', D: '→ t.yaml#Queue.Arn', E: '?', F: '?',
    });
  });

  it('are put together, split and selected', () => {
    const sections = 'Parameters:\n  S: {Type: String, Default: a}\nMappings:\n  M:\n    x: {k: 1}\n    y: {k: 2}';
    expect(valuesOf('A: !Join [":", [a, b]]\nB: !Select [1, !Split [",", "p,q"]]\nC: !Sub "n-${S}-${!Lit}"\nD: !FindInMap [M, x, k]\nE: !FindInMap [M, !Ref AWS::Region, k]\nF: !Sub ["${V}", {V: 7}]\nG: !Join [",", [!Ref Queue, !GetAtt Queue.Arn]]\nH: !Length [1, 2]', sections)).toEqual({
      A: 'a:b', B: 'q', C: 'soft:n-a-${Lit}', D: 1, E: { either: [1, 2] }, F: 7, G: ['→ t.yaml#Queue', '→ t.yaml#Queue.Arn'], H: 2,
    });
  });

  it('that are JSON in a text are what the text encodes', () => {
    expect(valuesOf(`D: !Sub '{"StartAt": "A", "States": {"A": {"Resource": "\${Queue.Arn}", "Name": "n-\${Queue}"}}}'\nE: '{"a": [1]}'\nF: '{broken'`)).toEqual({
      D: { StartAt: 'A', States: { A: { Resource: '→ t.yaml#Queue.Arn', Name: '?' } } }, E: { a: [1] }, F: '{broken',
    });
  });

  it('below a tag or macro that is not known are unknown, and a map with one is open', () => {
    expect(valuesOf('A: !Rain::Embed x\nB:\n  C: 1\n  Fn::Transform: {Name: AWS::Include}')).toEqual({ A: '?', B: { C: 1, '…': true } });
  });
});

describe('conditions', () => {
  const parameters = 'Parameters:\n  Multi: {Type: String, Default: "false"}\n  Name: {Type: String, Default: ""}\n  Other: {Type: String}\n';
  const conditions = 'Conditions:\n  IsMulti: !Equals [!Ref Multi, "true"]\n  HasName: !Not [!Equals [!Ref Name, ""]]\n  Open: !Equals [!Ref Other, x]\n  Never: !Equals [a, b]\n  Both: !And [!Condition IsMulti, {Condition: Never}]\n  Loop: !Or [!Condition Loop, !Condition Never]';

  it('choose by the defaults of parameters, softly', () => {
    expect(valuesOf('A: !If [IsMulti, 1, 2]\nB: !If [Never, 1, 2]\nC: {"Fn::If": [Both, 1, 2]}', parameters + conditions)).toEqual({ A: 'soft:2', B: 2, C: 2 });
  });

  it('leave both branches where they cannot be decided, or where only a default leaves the value out', () => {
    expect(valuesOf('A: !If [Open, 1, 2]\nB: !If [HasName, 1, !Ref AWS::NoValue]\nC: !If [Never, 1, !Ref AWS::NoValue]\nD: !If [Loop, 1, 2]', parameters + conditions)).toEqual({ A: { either: [1, 2] }, B: { either: [1, null] }, D: { either: [1, 2] } });
  });

  it('judge a template that knows production as production', () => {
    const stages = 'Parameters:\n  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}\nMappings:\n  Size:\n    dev: {n: 1}\n    prod: {n: 3}\nConditions:\n  IsProd: !Equals [!Ref Env, prod]\n  NotProd: !Not [!Condition IsProd]';
    expect(valuesOf('A: !If [IsProd, true, false]\nB: !FindInMap [Size, !Ref Env, n]\nC: !If [NotProd, 1, 2]', stages)).toEqual({ A: 'soft:true', B: 'soft:3', C: 'soft:2' });
    const resources = resourcesOf({ 't.yaml': `${stages}\nResources:\n  Dev: {Type: AWS::A::B, Condition: NotProd}\n  Prod: {Type: AWS::A::B, Condition: IsProd}\n` });
    expect(resources.map(({ name, isConditional, stage }) => [name, isConditional, stage])).toEqual([['Prod', false, 'prod']]);
  });

  it('say which resources may not exist', () => {
    const resources = resourcesOf({ 't.yaml': `${parameters}${conditions}\nResources:\n  A: {Type: AWS::A::B, Condition: Open}\n  B: {Type: AWS::A::B, Condition: IsMulti}\n  C: {Type: AWS::A::B, Condition: Never}\n  D: {Type: AWS::A::B}\n` });
    expect(resources.map(({ name, isConditional }) => [name, isConditional])).toEqual([['A', true], ['B', true], ['D', false]]);
  });
});

describe('resources', () => {
  it('stand at their logical id, with what they mention and their policies', () => {
    const text = 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Retain\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    DependsOn: Other\n    Properties:\n      Dimensions: [{Name: QueueName, Value: !GetAtt Queue.QueueName}]\n  Other:\n    Type: AWS::SNS::Topic\n';
    const [queue, alarm] = resourcesOf({ 'a/t.yaml': text });
    expect(queue).toMatchObject({ id: 'a/t.yaml#Queue', dialect: 'cloudformation', scope: 'a/t.yaml', at: { file: 'a/t.yaml', span: [13, 18] }, resource: { format: 'cloudformation', document: 0, path: ['Resources', 'Queue'] } });
    expect(plainValue(queue?.properties)).toEqual({ '@DeletionPolicy': 'Retain' });
    expect([...(alarm?.mentions ?? [])].sort()).toEqual(['a/t.yaml#Other', 'a/t.yaml#Queue']);
  });

  it('of a template with a macro of its own may have any property', () => {
    expect(plainProperties(resourcesOf({ 't.yaml': 'Transform: [AWS::Serverless-2016-10-31, MyMacro]\nResources:\n  Q: {Type: AWS::SQS::Queue, Properties: {A: 1}}\n' }))).toEqual({ Q: { A: 1, '…': true } });
    expect(plainProperties(resourcesOf({ 't.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  Q: {Type: AWS::SQS::Queue, Properties: {A: 1}}\n' }))).toEqual({ Q: { A: 1 } });
  });

  it('in a loop are made as often as it runs', () => {
    const text = 'Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Queues:\n    - Name\n    - [a, b]\n    - Queue${Name}: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name, A: 1}}\n  Fn::ForEach::More:\n    - Name\n    - !Ref Names\n    - More${Name}: {Type: AWS::SQS::Queue}\n';
    const resources = resourcesOf({ 't.yaml': text });
    expect(resources.map(({ name, copies, resource }) => [name, copies.state === 'unknown' ? '?' : copies.state, resource.path])).toEqual([
      ['Queue${Name}', 'default', ['Resources', 'Fn::ForEach::Queues', 2, 'Queue${Name}']], ['More${Name}', '?', ['Resources', 'Fn::ForEach::More', 2, 'More${Name}']],
    ]);
    expect(plainProperties(resources)['Queue${Name}']).toEqual({ QueueName: '?', A: 1 });
  });

  it('of SAM start from Globals: maps and lists are joined, the rest is replaced', () => {
    const text = 'Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Timeout: 5\n    Environment: {Variables: {A: 1, B: 2}}\n    Layers: [x]\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Timeout: 9\n      Environment: {Variables: {B: 3}}\n      Layers: [y]\n  Q: {Type: AWS::SQS::Queue}\n';
    expect(plainProperties(resourcesOf({ 't.yaml': text }))).toEqual({ F: { Timeout: 9, Environment: { Variables: { A: 1, B: 3 } }, Layers: ['x', 'y'] }, Q: {} });
  });

  it('of nested stacks take the parameters that they are given, and outputs lead to what they stand for', () => {
    const root = 'Resources:\n  Data:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./data.yaml}\n  App:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/${Prefix}stacks/app.yaml"\n      Parameters: {Count: 2, Queue: !GetAtt Data.Outputs.Url}\n';
    const data = 'Resources:\n  Queue: {Type: AWS::SQS::Queue}\nOutputs:\n  Url: {Value: !Ref Queue}\n';
    const app = 'Parameters:\n  Count: {Type: Number, Default: 1}\n  Queue: {Type: String}\n  Rest: {Type: Number, Default: 4}\nResources:\n  S:\n    Type: AWS::ECS::Service\n    Properties: {DesiredCount: !Ref Count, Env: !Ref Queue, Rest: !Ref Rest}\n';
    const resources = resourcesOf({ 'c/root.yaml': root, 'c/data.yaml': data, 'c/stacks/app.yaml': app });
    expect(plainProperties(resources)['S']).toEqual({ DesiredCount: 2, Env: '→ c/data.yaml#Queue', Rest: 'soft:4' });
    expect(new Set(resources.map(({ scope }) => scope))).toEqual(new Set(['c/root.yaml']));
    expect(resources.find(({ name }) => name === 'S')?.mentions).toEqual(['c/data.yaml#Queue']);
  });

  it('imported from a stack that exports them are found where the name is written out', () => {
    const files = { 'a.yaml': 'Resources:\n  Q: {Type: AWS::SQS::Queue}\nOutputs:\n  O: {Value: !GetAtt Q.Arn, Export: {Name: shared-queue}}\n', 'b.yaml': 'Resources:\n  X: {Type: AWS::A::B, Properties: {Q: !ImportValue shared-queue, R: !ImportValue other}}\n' };
    expect(plainProperties(resourcesOf(files))['X']).toEqual({ Q: '→ a.yaml#Q.Arn', R: '?' });
  });

  it('say which file holds the code of a function', () => {
    const text = 'Resources:\n  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/a/, Handler: app.handler}}\n  B: {Type: AWS::Serverless::Function, Properties: {CodeUri: dist, Handler: b/index.main}}\n  C: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Handler: index.handler}}\n  D:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: ., Handler: d.handler}\n    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [lib/d.ts]}}\n';
    const found = resourcesOf({ 'x/t.yaml': text }, ['x/src/a/app.ts', 'x/src/b/index.ts', 'x/lib/d.ts', 'x/index.js']);
    expect(found.map(({ code }) => code)).toEqual([{ file: 'x/src/a/app.ts', handler: 'handler' }, { file: 'x/src/b/index.ts', handler: 'main' }, undefined, { file: 'x/lib/d.ts', handler: 'handler' }]);
  });

  it('keep what stands above a syntax error', () => {
    const { facts, problems } = readCloudFormation('t.yaml', 'Resources:\n  A: {Type: AWS::A::B}\n  B:\n    Type: AWS::A::B\n   Properties: [\n');
    expect(problems).toHaveLength(1);
    expect(cloudFormationResources([facts], { hasFile: () => false, factsOf: () => [] }).map(({ name }) => name)).toContain('A');
  });

  it('cost no more than a text is worth, whatever it refers to', () => {
    const chain = Array.from({ length: 3_000 }, (_, i) => `  C${i}: !Or [!Condition C${i + 1}, !Condition C${i + 2}]`).join('\n');
    const text = `Conditions:\n${chain}\nResources:\n  X: {Type: AWS::A::B, Condition: C0, Properties: {A: !If [C1, 1, 2]}}\n`;
    expect(plainProperties(resourcesOf({ 't.yaml': text }))['X']).toEqual({ A: { either: [1, 2] } });
    const start = performance.now();
    valuesOf(`A: !Sub "\${${' '.repeat(50_000)}"\nB: !Sub "${'${a '.repeat(20_000)}"`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
