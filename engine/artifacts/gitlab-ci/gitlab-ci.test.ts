import { describe, expect, it } from 'vitest';
import { readGitlabCi, recogniseGitlabCi } from './read';

const jobs = (text: string) => readGitlabCi('.gitlab-ci.yml', text).facts.jobs;

describe('GitLab CI', () => {
  it('is known by its name', () => {
    expect(recogniseGitlabCi('.gitlab-ci.yml', 'a:\n  script: x\n')).toBe(true);
    expect(recogniseGitlabCi('ci/build.gitlab-ci.yml', 'a:\n  script: x\n')).toBe(true);
    expect(recogniseGitlabCi('config.yml', 'a:\n  script: x\n')).toBe(false);
  });

  it('takes neither keywords nor hidden templates for jobs', () => {
    expect(jobs('stages: [a]\nvariables: { A: b }\n.base:\n  script: x\ntest:\n  extends: .base\n').map((job) => job.name)).toEqual(['test']);
  });

  it('reads what a job extends and the defaults, the nearest first', () => {
    const [job] = jobs('default: { timeout: 2h }\n.a: { timeout: 30 minutes, script: [x] }\n.b: { script: [npm test], allow_failure: true }\ntest:\n  extends: [.a, .b]\n');
    expect(job?.timeoutMs).toMatchObject({ state: 'set', value: 1_800_000 });
    expect(job?.ignoresFailure).toMatchObject({ state: 'set', value: true });
    expect(job?.steps[0]?.commands.map((command) => command.words.join(' '))).toEqual(['npm test']);
  });

  it('leaves open what a base of another file may set', () => {
    const [job] = jobs('include: a.yml\ntest:\n  extends: .elsewhere\n  script: x\n');
    expect(job?.timeoutMs.state).toBe('unknown');
    expect(job?.triggers).toEqual([]);
  });

  it('reads `3h 30m` and `1 week`', () => {
    expect(jobs('a: { script: x, timeout: 3h 30m }\n')[0]?.timeoutMs).toMatchObject({ value: 12_600_000 });
    expect(jobs('a: { script: x, timeout: 1 week }\n')[0]?.timeoutMs).toMatchObject({ value: 604_800_000 });
  });

  it('never throws on a cut file, nor on bases that extend each other', () => {
    const text = '.a: { extends: .b }\n.b: { extends: .a }\ntest:\n  extends: .a\n  script:\n    - !reference [.x, script]\n    - make\n';
    for (let i = 0; i <= text.length; i++) expect(readGitlabCi('.gitlab-ci.yml', text.slice(0, i)).facts.format).toBe('gitlab-ci');
  });
});
