import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import type { ArtifactIntent } from '../intent';
import { readDockerfile, recogniseDockerfile } from './read';
import type { DockerfileStage } from './facts';
import { writeDockerfile } from './write';

function stagesOf(text: string): readonly DockerfileStage[] {
  return readDockerfile('Dockerfile', text).facts.stages;
}

function last(text: string): DockerfileStage {
  const stage = stagesOf(text).at(-1);
  if (!stage) throw new Error('no stage');
  return stage;
}

function write(text: string, stage: number, intent: ArtifactIntent): string | undefined {
  const edits = writeDockerfile(text, { file: 'Dockerfile', format: 'dockerfile', document: 0, path: ['stages', stage] }, intent);
  return edits && applyEdits(text, edits).text;
}

describe('recogniseDockerfile', () => {
  it('asks name and first instruction', () => {
    expect(recogniseDockerfile('a/Dockerfile', '# c\nFROM a\n')).toBe(true);
    expect(recogniseDockerfile('web.Dockerfile', 'ARG X=1\nFROM a:$X\n')).toBe(true);
    expect(recogniseDockerfile('Dockerfile.prod', '\uFEFFfrom a\n')).toBe(true);
    expect(recogniseDockerfile('Dockerfile.md', 'FROM here to there\n')).toBe(false);
    expect(recogniseDockerfile('Dockerfile', 'hello\nFROM a\n')).toBe(false);
    expect(recogniseDockerfile('Dockerfile.j2', 'FROM a\n')).toBe(false);
  });
});

describe('readDockerfile', () => {
  it('follows stages, build arguments and the directive for continuations', () => {
    const text = '# escape=`\nARG NODE=22\nFROM --platform=linux/amd64 node:${NODE}-slim AS Base\nENV A=1 B="two words"\nEXPOSE 80/tcp `\n  443\nFROM base AS run\nARG PORT=3000\nEXPOSE $PORT\nCMD ["node", `\n  "x"]\nFROM ${UNSET}\n';
    const [first, second, third] = stagesOf(text);
    expect(first).toMatchObject({ name: 'base', base: 'node:22-slim', environment: { A: '1', B: 'two words' }, ports: [80, 443] });
    expect(second).toMatchObject({ name: 'run', baseStage: 0, ports: [3000], command: { form: 'exec', argv: ['node', 'x'] } });
    expect(third?.base).toBeUndefined();
  });

  it('tells the exec form from the shell form, broken JSON included', () => {
    expect(last('FROM a\nCMD node x\n').command).toMatchObject({ form: 'shell', argv: ['node', 'x'], isBrokenJson: false });
    expect(last("FROM a\nCMD ['node']\n").command).toMatchObject({ form: 'shell', isBrokenJson: true });
    expect(last('FROM a\nCMD ["a","b",]\n').command).toMatchObject({ form: 'shell', isBrokenJson: true });
    expect(last('FROM a\nCMD one\nCMD ["two"]\nENTRYPOINT ["tini", "--"]\n')).toMatchObject({ command: { argv: ['two'] }, entrypoint: { argv: ['tini', '--'] } });
  });

  it('reads health checks with flags, over several lines and switched off', () => {
    const check = last('FROM a\nHEALTHCHECK --interval=5s --timeout=3s --start-period=1m --retries=2 \\\n  # why\n  CMD curl -f http://x || exit 1\n').healthCheck;
    expect(check).toMatchObject({ isDisabled: false, interval: '5s', timeout: '3s', startPeriod: '1m', retries: 2, command: { form: 'shell', text: 'curl -f http://x || exit 1' } });
    expect(last('FROM a\nhealthcheck none\n').healthCheck).toMatchObject({ isDisabled: true });
  });

  it('knows what a stage installs, copies and removes', () => {
    const stage = last(
      'FROM a\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.* tini \\\n  && rm -rf /x && apt-get purge -y gcc\nRUN <<EOF\napk add --no-cache bash\nCMD not an instruction\nEOF\nCOPY --from=x /bin/grpc_health_probe /bin/\nADD https://example.com/tini /usr/local/bin/dumb-init\nCOPY src /app/src\nCMD ["x"]\n',
    );
    expect(stage.installs).toEqual(expect.arrayContaining(['curl', 'tini', 'bash', 'grpc_health_probe', 'dumb-init']));
    expect(stage.installs).not.toContain('src');
    expect(stage.removes).toEqual(['gcc']);
    expect(stage.command).toMatchObject({ argv: ['x'] });
  });

  it('hears suppressions', () => {
    const { facts } = readDockerfile('Dockerfile', 'FROM a\n# holdfast-disable-next-line require-graceful-termination -- wrapped\nCMD npm start\n');
    expect(facts.suppressions).toHaveLength(1);
  });

  it('never throws', () => {
    const text = 'ARG A\nFROM a AS b\nRUN <<EOF\nx\nEOF\nHEALTHCHECK --a\nENV\nENV A\nEXPOSE x\nSHELL [\nCMD [\nCOPY\nUSER ${A:-}\nSTOPSIGNAL $\n\\\n';
    for (let i = 0; i <= text.length; i++) expect(() => readDockerfile('Dockerfile', text.slice(0, i))).not.toThrow();
    for (const broken of ['', '\0', '\\\n\\\n', '#', 'FROM', 'FROM \\', 'RUN <<EOF', 'FROM a\nRUN <<A <<B\nA']) expect(() => readDockerfile('Dockerfile', broken)).not.toThrow();
  });
});

describe('writeDockerfile', () => {
  it('writes the exec form over all lines of a command and keeps the rest', () => {
    const text = 'FROM a AS b\nCMD x\n\nFROM b # c\nCMD node \\\n  main.js\n# end\n';
    expect(write(text, 1, { kind: 'set-command', instruction: 'CMD', argv: ['node', 'main.js'] })).toBe('FROM a AS b\nCMD x\n\nFROM b # c\nCMD ["node", "main.js"]\n# end\n');
    expect(write(text, 0, { kind: 'set-command', instruction: 'ENTRYPOINT', argv: ['x'] })).toBeUndefined();
  });

  it('puts a health check before what starts the process', () => {
    const intent: ArtifactIntent = { kind: 'set-health-check', test: ['CMD', 'node', 'health.js'], interval: '10s' };
    expect(write('FROM a\r\nCMD ["x"]\r\n', 0, intent)).toBe('FROM a\r\nHEALTHCHECK --interval=10s CMD ["node", "health.js"]\r\nCMD ["x"]\r\n');
    expect(write('FROM a\nHEALTHCHECK NONE\n', 0, intent)).toBeUndefined();
  });
});
