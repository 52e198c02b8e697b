import { describe, expect, it } from 'vitest';
import { compileCatalog } from '../../catalog';
import { deploysOf, isPreview, purposeOfStep } from '../../model/ci-steps';
import { applyEdits } from '../../text';
import { githubActionsFormat } from './format';
import { readWorkflow, recogniseWorkflow } from './read';

const PATH = '.github/workflows/ci.yml';

function jobs(text: string) {
  return readWorkflow(PATH, text).facts.jobs;
}

describe('recognising a workflow', () => {
  it('takes files of the workflow folder with jobs alone', () => {
    expect(recogniseWorkflow(PATH, 'jobs:\n  a: {}\n')).toBe(true);
    expect(recogniseWorkflow('.gitea/workflows/a.yaml', 'jobs:\n')).toBe(true);
    expect(recogniseWorkflow('.github/actions/setup/action.yml', 'jobs:\n')).toBe(false);
    expect(recogniseWorkflow('.github/dependabot.yml', 'jobs:\n')).toBe(false);
  });
});

describe('reading a workflow', () => {
  it('reads limits, triggers, environments and who calls whom', () => {
    const [build, deploy, call] = jobs('on:\n  push: { tags: ["v*"] }\n  workflow_dispatch:\njobs:\n  build:\n    runs-on: x\n    timeout-minutes: 5\n  deploy:\n    runs-on: x\n    environment: { name: production }\n  call:\n    uses: ./.github/workflows/b.yml\n');
    expect(build?.timeoutMs).toMatchObject({ state: 'set', value: 300_000 });
    expect(build?.triggers).toEqual(['tag', 'manual']);
    expect(deploy?.timeoutMs).toMatchObject({ state: 'default', value: 21_600_000 });
    expect(deploy?.target).toBe('production');
    expect(call?.calls).toBe('.github/workflows/b.yml');
  });

  it('reads concurrency of the job before that of the workflow, and leaves expressions open', () => {
    const [own, shared] = jobs("on: push\nconcurrency: { group: a, cancel-in-progress: true }\njobs:\n  own:\n    concurrency:\n      group: b\n      cancel-in-progress: ${{ github.ref != 'x' }}\n  shared:\n    runs-on: x\n");
    expect(own?.concurrency).toMatchObject({ state: 'set', value: {} });
    expect(shared?.concurrency).toMatchObject({ state: 'set', value: { cancels: true } });
  });

  it('places commands of a block at their own lines', () => {
    const text = 'on: push\njobs:\n  a:\n    steps:\n      - run: |\n          npm ci\n          npm test || true\n';
    const [command] = jobs(text)[0]?.steps[0]?.commands.slice(1) ?? [];
    expect(command?.words).toEqual(['npm', 'test']);
    expect(text.slice(...(command?.at.span ?? [0, 0]))).toBe('npm test');
    expect(command?.ignored).toBeDefined();
  });

  it('never throws on a cut file', () => {
    const text = 'on: [push]\njobs:\n  a:\n    services: { db: { image: "postgres:16" } }\n    strategy: { matrix: { x: [1] } }\n    steps:\n      - { uses: "a/b@v1", with: { x: 1 } }\n      - run: "make"\n';
    for (let i = 0; i <= text.length; i++) expect(readWorkflow(PATH, text.slice(0, i)).facts.format).toBe('github-actions');
  });
});

describe('what a step is for', () => {
  const step = (run: string) => {
    const [job] = jobs(`on: push\njobs:\n  a:\n    steps:\n      - run: ${JSON.stringify(run)}\n`);
    return job?.steps[0] && job ? { job, step: job.steps[0] } : undefined;
  };
  const deploys = (run: string): string[] => {
    const found = step(run);
    return found ? deploysOf(found.step, found.job).map((deploy) => deploy.tool) : [];
  };

  it('knows deploys behind `sudo`, `npx` and assignments', () => {
    expect(deploys('AWS_REGION=x npx cdk deploy --all')).toEqual(['cdk deploy']);
    expect(deploys('sudo kubectl -n shop apply -f k8s')).toEqual(['kubectl apply']);
    expect(deploys('pnpm exec serverless deploy')).toEqual(['serverless deploy']);
  });

  it('takes no plan, dry run or question for one', () => {
    for (const run of ['terraform plan', 'helm upgrade x y --dry-run', 'kubectl get pods', 'helm template apply', 'kubectl apply --help']) expect(deploys(run), run).toEqual([]);
  });

  it('knows whether a deploy waits', () => {
    const found = step('helm upgrade a b --wait');
    expect(found && deploysOf(found.step, found.job)[0]?.waits).toBe(true);
  });

  it('takes coverage and linters for no test', () => {
    const purpose = (run: string) => {
      const found = step(run);
      return found && purposeOfStep(found.step, found.job);
    };
    expect(purpose('npm run test:unit')).toBe('test');
    expect(purpose('npm run lint')).toBeUndefined();
    expect(purpose('npm run test:coverage')).toBeUndefined();
    expect(purpose('go test ./...')).toBe('test');
  });

  it('knows jobs that deploy to a cluster for tests', () => {
    const [job] = jobs('on: push\njobs:\n  deploy:\n    steps:\n      - run: kind create cluster\n      - run: helm upgrade a b\n');
    expect(job && isPreview(job)).toBe(true);
  });
});

describe('joining and writing workflows', () => {
  it('leaves it open whether the callers of a called workflow keep two apart', () => {
    const { facts } = readWorkflow(PATH, 'on: workflow_call\njobs:\n  deploy:\n    runs-on: x\n');
    const context = { catalog: compileCatalog(), code: { files: [], packages: [] }, images: [], workloads: [] } as never;
    expect(githubActionsFormat.link?.([facts], context).jobs?.[0]?.concurrency.state).toBe('unknown');
  });

  it('sets a limit behind `runs-on`, and keeps the comment of its line', () => {
    const text = 'on: push\njobs:\n  a:\n    name: A\n    runs-on: x # ours\n    steps: []\n';
    const edits = githubActionsFormat.write(text, { file: PATH, format: 'github-actions', document: 0, path: ['jobs', 'a'] }, { kind: 'set-value', path: ['jobs', 'a', 'timeout-minutes'], value: 15 });
    expect(applyEdits(text, edits ?? []).text).toBe('on: push\njobs:\n  a:\n    name: A\n    runs-on: x # ours\n    timeout-minutes: 15\n    steps: []\n');
  });
});
