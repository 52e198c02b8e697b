import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import { systemdDuration } from './duration';
import { unitLines } from './lines';
import { linkSystemd } from './link';
import { readSystemd, recogniseSystemd } from './read';
import { writeSystemd } from './write';

const workloads = (files: Readonly<Record<string, string>>) => linkSystemd(Object.entries(files).map(([path, text]) => readSystemd(path, text).facts)).workloads ?? [];
const resource = { file: 'a.service', format: 'systemd', document: 0, path: ['Service'] };

describe('lines of a unit', () => {
  it('join continued lines and pass over comments between them', () => {
    const { lines } = unitLines('[Service]\nExecStart=/bin/a \\\n  --b \\\n# comment\n  --c\nUser=d\n');
    expect(lines.map((line) => [line.key, line.value])).toEqual([['ExecStart', '/bin/a --b --c'], ['User', 'd']]);
  });

  it('have their places, with Windows line breaks too', () => {
    const text = '[Unit]\r\nDescription=a\r\n';
    const [line] = unitLines(text).lines;
    expect(text.slice(...(line?.span ?? [0, 0]))).toBe('Description=a');
    expect(text.slice(...(unitLines(text).sections[0]?.span ?? [0, 0]))).toBe('[Unit]');
  });

  it('count what is neither section, assignment nor comment', () => {
    expect(unitLines('[Service]\nnonsense\n; fine\n').errors).toBe(1);
  });

  it('never fail on a cut unit', () => {
    const text = '[Service]\nExecStart=/bin/a \\\n  --b \\\n';
    for (let i = 0; i <= text.length; i++) expect(unitLines(text.slice(0, i)).lines.length).toBeLessThanOrEqual(1);
  });
});

describe('time spans', () => {
  it('are seconds without a unit', () => {
    expect(systemdDuration('5')).toBe(5_000);
    expect(systemdDuration('1min 30s')).toBe(90_000);
    expect(systemdDuration('2 hours')).toBe(7_200_000);
    expect(systemdDuration('500ms')).toBe(500);
    expect(systemdDuration('infinity')).toBeUndefined();
  });
});

describe('units', () => {
  it('are told from files of D-Bus and templates', () => {
    expect(recogniseSystemd('a.service', '[Unit]\n[Service]\nExecStart=/bin/a\n')).toBe(true);
    expect(recogniseSystemd('org.a.service', '[D-BUS Service]\nName=org.a\n')).toBe(false);
    expect(recogniseSystemd('a.service', '[Service]\nExecStart={{ program }}\n')).toBe(false);
  });

  it('take what a drop-in sets, wherever it lies', () => {
    const [one] = workloads({ 'a.service': '[Service]\nExecStart=/bin/a\n', 'etc/a.service.d/x.conf': '[Service]\nRestart=always\nRestartSec=3\n' });
    expect(one?.restart).toMatchObject({ state: 'set', value: 'always', at: { file: 'etc/a.service.d/x.conf' } });
    expect(one?.supervision?.restartDelayMs).toMatchObject({ value: 3_000 });
  });

  it('run once where a timer or a path starts them', () => {
    expect(workloads({ 'a.service': '[Service]\nExecStart=/bin/a\n', 'b.timer': '[Timer]\nUnit=a.service\n' })[0]?.isOneShot).toBe(true);
    expect(workloads({ 'a.service': '[Service]\nExecStart=/bin/a\n', 'a.path': '[Path]\nPathExists=/x\n' })[0]?.isOneShot).toBe(true);
  });

  it('have no limit to stop where it is 0', () => {
    expect(workloads({ 'a.service': '[Service]\nExecStart=/bin/a\nTimeoutStopSec=0\n' })[0]?.gracePeriodMs.state).toBe('unknown');
  });

  it('name keys that stand where they are not read, and not those that are', () => {
    const [one] = workloads({ 'a.service': '[Unit]\nRestart=always\n[Service]\nExecStart=/bin/a\nStartLimitBurst=3\nStartLimitIntervalSec=5\n' });
    expect(one?.supervision?.misplaced.map((line) => line.key)).toEqual(['Restart', 'StartLimitIntervalSec']);
  });
});

describe('writing a unit', () => {
  const write = (text: string, intent: Parameters<typeof writeSystemd>[2]): string => applyEdits(text, writeSystemd(text, resource, intent) ?? []).text;

  it('adds a line at the end of its section', () => {
    expect(write('[Service]\nExecStart=/bin/a\n\n[Install]\nWantedBy=x\n', { kind: 'set-restart', policy: 'on-failure', delaySeconds: 5 })).toBe('[Service]\nExecStart=/bin/a\nRestart=on-failure\nRestartSec=5s\n\n[Install]\nWantedBy=x\n');
  });

  it('replaces the line that is there, and makes a section that is not', () => {
    expect(write('[Service]\nTimeoutStopSec=1\n', { kind: 'set-stop-grace-period', seconds: 30 })).toBe('[Service]\nTimeoutStopSec=30s\n');
    expect(write('[Service]\nExecStart=/bin/a\n', { kind: 'set-directive', section: 'Unit', name: 'StartLimitBurst', value: '10' })).toBe('[Unit]\nStartLimitBurst=10\n\n[Service]\nExecStart=/bin/a\n');
  });
});
