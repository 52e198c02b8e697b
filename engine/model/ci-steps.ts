// What a step of a pipeline is for, told from the action that it uses and the programs that it calls: a deploy, a test, or neither.

import type { Location } from '../text';
import type { Drill, ResourceRef } from './model';
import type { CiCommand, CiJob, CiStep } from './ci';

export interface CiDeploy {
  /** As it is called: `kubectl apply`, `serverless deploy`. */
  readonly tool: string;
  readonly at: Location;
  /** Stopped halfway it leaves a part of the change behind. Platforms that switch whole versions do not. */
  readonly isHalfway: boolean;
  /** Whether it ends only when the new version runs; undefined where that cannot be known, or where there is nothing to wait for. */
  readonly waits?: boolean;
  /** What would make it wait. */
  readonly wait?: string;
  /** Where an input of its step would make it wait. */
  readonly input?: { readonly resource: ResourceRef; readonly name: string };
}

interface DeployCommand {
  readonly program: RegExp;
  /** Words that stand behind the program, in this order, options aside. */
  readonly verbs: readonly RegExp[];
  readonly isHalfway: boolean;
  /** Flags that only look. */
  readonly dry?: RegExp;
}

const DRY = /^--?(?:dry-?run(?:=(?!none).*)?|check|diff|noop|no-deploy|preview)$/;

/** Command lines of deploy tools, each by its own reference. */
const COMMANDS: readonly DeployCommand[] = [
  { program: /^kubectl$|^oc$/, verbs: [/^(?:apply|replace)$/], isHalfway: true },
  { program: /^kubectl$|^oc$/, verbs: [/^set$/, /^image$/], isHalfway: true },
  { program: /^kubectl$|^oc$/, verbs: [/^rollout$/, /^restart$/], isHalfway: true },
  { program: /^helm$/, verbs: [/^(?:upgrade|install)$/], isHalfway: true },
  { program: /^helmfile$/, verbs: [/^(?:apply|sync)$/], isHalfway: true },
  { program: /^(?:terraform|tofu|terragrunt)$/, verbs: [/^(?:apply|run-all|destroy)$/], isHalfway: true },
  { program: /^pulumi$/, verbs: [/^(?:up|update)$/], isHalfway: true },
  { program: /^(?:cdk|cdktf)$/, verbs: [/^deploy$/], isHalfway: true },
  { program: /^sam$/, verbs: [/^deploy$/], isHalfway: true },
  { program: /^(?:serverless|sls)$/, verbs: [/^deploy$/], isHalfway: true },
  { program: /^ansible-playbook$/, verbs: [], isHalfway: true },
  { program: /^aws$/, verbs: [/^ecs$/, /^update-service$/], isHalfway: false },
  { program: /^aws$/, verbs: [/^cloudformation$/, /^deploy$/], isHalfway: true },
  { program: /^gcloud$/, verbs: [/^(?:run|app|functions)$/, /^deploy$/], isHalfway: false },
  { program: /^az$/, verbs: [/^(?:webapp|containerapp|functionapp)$/, /^(?:deploy|deployment|up|update)$/], isHalfway: false },
  { program: /^(?:fly|flyctl)$/, verbs: [/^deploy$/], isHalfway: true },
  { program: /^(?:vercel|netlify|firebase|railway)$/, verbs: [/^(?:deploy|up)$/], isHalfway: false },
  { program: /^wrangler$/, verbs: [/^(?:deploy|publish)$/], isHalfway: false },
  { program: /^docker$/, verbs: [/^stack$/, /^deploy$/], isHalfway: true },
  { program: /^eb$/, verbs: [/^deploy$/], isHalfway: true },
  { program: /^(?:kamal|cap|dep)$/, verbs: [/^deploy$/], isHalfway: true },
];

/** Actions that deploy, by their own documentation. */
const ACTIONS: readonly { readonly action: RegExp; readonly isHalfway: boolean; readonly needs?: Readonly<Record<string, RegExp>> }[] = [
  { action: /^aws-actions\/amazon-ecs-deploy-task-definition$/, isHalfway: false, needs: { service: /./ } },
  { action: /^aws-actions\/aws-cloudformation-github-deploy$/, isHalfway: true },
  { action: /^azure\/(?:webapps-deploy|functions-action|container-apps-deploy-action|k8s-deploy|arm-deploy)$/i, isHalfway: false },
  { action: /^google-github-actions\/(?:deploy-cloudrun|deploy-appengine|deploy-cloud-functions)$/, isHalfway: false },
  { action: /^(?:appleboy\/ssh-action|garygrossgarten\/github-action-ssh)$/, isHalfway: true, needs: { script: /\b(?:docker(?: |-)compose|docker (?:stack|service|run|pull)|pm2|systemctl|kubectl|deploy|git pull)\b/ } },
  { action: /^(?:pulumi\/actions)$/, isHalfway: true, needs: { command: /^up(?:date)?$/ } },
  { action: /^(?:cloudflare\/wrangler-action)$/, isHalfway: false, needs: { command: /deploy|publish/ } },
  { action: /^(?:akhileshns\/heroku-deploy|amondnet\/vercel-action|nwtgck\/actions-netlify|FirebaseExtended\/action-hosting-deploy)$/, isHalfway: false },
  { action: /^(?:deliverybot\/helm|bitovi\/github-actions-deploy-[\w-]+|einaregilsson\/beanstalk-deploy)$/, isHalfway: true },
];

/** Programs and words in front of a command that change nothing of what it is. */
const PREFIX = /^(?:sudo|time|env|exec|command|npx|bunx|pnpx|dlx|--yes|-y|-E|then|do|if|!|else|\{|\()$|^[A-Za-z_]\w*=/;

/** The words of a command from its program on: without `sudo`, `npx`, `pnpm exec` and assignments. */
export function programWords(words: readonly string[]): readonly string[] {
  let at = 0;
  while (at < words.length && PREFIX.test(words[at] ?? '')) at++;
  if (/^(?:pnpm|yarn|npm|bun)$/.test(words[at] ?? '') && /^(?:exec|dlx|x)$/.test(words[at + 1] ?? '')) at += 2;
  while (/^--$/.test(words[at] ?? '')) at++;
  const program = (words[at] ?? '').split('/').at(-1)?.replace(/@[\w.^~-]+$/, '') ?? '';
  return [program, ...words.slice(at + 1)];
}

/** Deploys of a step. */
export function deploysOf(step: CiStep, job: CiJob): readonly CiDeploy[] {
  const found: CiDeploy[] = [];
  const { uses } = step;
  const action = uses === undefined ? undefined : ACTIONS.find((candidate) => candidate.action.test(uses) && Object.entries(candidate.needs ?? {}).every(([name, value]) => value.test(step.inputs[name] ?? '')));
  if (action && uses !== undefined) found.push({ tool: uses, at: step.at, isHalfway: action.isHalfway, ...waitOfAction(uses, step) });
  for (const command of step.commands) {
    const deploy = deployOf(command, job);
    if (deploy) found.push(deploy);
  }
  return found;
}

function deployOf(command: CiCommand, job: CiJob): CiDeploy | undefined {
  const [program = '', ...rest] = programWords(command.words);
  const plain = rest.filter((word) => !word.startsWith('-'));
  const known = COMMANDS.find((candidate) => candidate.program.test(program) && followsInOrder(plain, candidate.verbs));
  if (!known || rest.some((word) => DRY.test(word) || word === '-h' || word === '--help')) return undefined;
  const verbs = known.verbs.map((verb) => plain.find((word) => verb.test(word)) ?? '');
  return { tool: [program, ...verbs].join(' '), at: command.at, isHalfway: known.isHalfway, ...waitOf(program, verbs, rest, job) };
}

function followsInOrder(words: readonly string[], verbs: readonly RegExp[]): boolean {
  let at = -1;
  return verbs.every((verb, i) => {
    at = words.findIndex((word, k) => k > at && verb.test(word));
    // The verb is among the first words; behind them stand names and values.
    return at >= 0 && at <= i + 2;
  });
}

/** Which of these end before the new version runs, and what waits for it: the references of kubectl, helm 3 and the AWS CLI. */
function waitOf(program: string, verbs: readonly string[], rest: readonly string[], job: CiJob): Pick<CiDeploy, 'waits' | 'wait'> {
  const said = (pattern: RegExp): boolean => rest.some((word) => pattern.test(word));
  const commands = job.steps.flatMap((step) => step.commands).map((command) => command.words.join(' '));
  if (program === 'aws' && verbs[0] === 'ecs') return { waits: commands.some((text) => /\becs wait services-stable\b|\becs describe-services\b/.test(text)), wait: 'aws ecs wait services-stable' };
  if (program === 'helm' && verbs[0] === 'upgrade') return { waits: said(/^--(?:atomic|wait|rollback-on-failure)(?:=|$)/) || commands.some(isRolloutWait), wait: '--atomic' };
  if ((program === 'kubectl' || program === 'oc') && /^(?:set|rollout|apply)$/.test(verbs[0] ?? '')) return { waits: commands.some(isRolloutWait), wait: 'kubectl rollout status' };
  return {};
}

function isRolloutWait(text: string): boolean {
  return /\b(?:rollout status|kubectl wait|oc wait|helm test)\b/.test(text);
}

function waitOfAction(uses: string, step: CiStep): Pick<CiDeploy, 'waits' | 'wait' | 'input'> {
  if (uses !== 'aws-actions/amazon-ecs-deploy-task-definition') return {};
  const value = step.inputs['wait-for-service-stability'];
  return value !== undefined && value.includes('${{') ? {} : { waits: value === 'true', wait: 'wait-for-service-stability', input: { resource: step.resource, name: 'wait-for-service-stability' } };
}

const TEST_PROGRAM = /^(?:jest|vitest|mocha|ava|tap|pytest|tox|nox|phpunit|rspec|ctest|karma|cypress|playwright|k6|artillery|bats|goss|newman)$/;
const TEST_SCRIPT = /^(?:test|tests|e2e|check|verify|integration|smoke|acceptance|unit)(?:$|[:_-])/;
const REPORT = /cov(?:erage)?|codecov|coveralls|report|upload|lint|audit|format|notify|comment|annotat/i;

/** What a command is there to prove. Linters and reports are neither: their failure is often dropped on purpose. */
export function purposeOf(command: CiCommand, job: CiJob): 'deploy' | 'test' | undefined {
  if (deployOf(command, job)) return 'deploy';
  const [program = '', ...rest] = programWords(command.words);
  if (rest.some((word) => word === '--version' || word === '--help' || word === 'install')) return undefined;
  const plain = rest.filter((word) => !word.startsWith('-'));
  if (TEST_PROGRAM.test(program)) return 'test';
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
    const script = plain[0] === 'run' || plain[0] === 'run-script' ? plain[1] : plain[0] === 't' ? 'test' : plain[0];
    return script !== undefined && TEST_SCRIPT.test(script) && !REPORT.test(script) ? 'test' : undefined;
  }
  if (/^(?:go|cargo|dotnet|mvn|gradle|gradlew|make|mix|swift|deno|turbo|nx)$/.test(program)) return plain.slice(0, 2).some((word) => TEST_SCRIPT.test(word) && !REPORT.test(word)) ? 'test' : undefined;
  return undefined;
}

/** The weightiest purpose of a step. */
export function purposeOfStep(step: CiStep, job: CiJob): 'deploy' | 'test' | undefined {
  if (deploysOf(step, job).length > 0) return 'deploy';
  return step.commands.some((command) => purposeOf(command, job) === 'test') ? 'test' : undefined;
}

const NOT_SERVED = /(?:^|[-_/ .])(?:previews?|review|pr|pull-request|ephemeral|kind|e2e|integration|smoke)(?:[-_ .]|$)|tests?$/i;
const LOCAL_CLUSTER = /^(?:kind|minikube|k3d|k3s|microk8s|ct)$/;

/** What it deploys to is made for one change, or for tests alone. */
export function isPreview(job: CiJob): boolean {
  const file = (job.at.file.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
  return [job.name, job.target ?? '', file].some((name) => NOT_SERVED.test(name)) || job.steps.some((step) => /(?:^|\/)(?:kind-action|k3d-action|setup-minikube|setup-kind|k3s-action|chart-testing-action)$/.test(step.uses ?? '') || step.commands.some((command) => LOCAL_CLUSTER.test(programWords(command.words)[0] ?? '')));
}

const DRILL_PROGRAM = /^(?:toxiproxy-cli|toxiproxy-server|litmusctl|chaos|chaosctl|pumba|blade|steadybit)$/;
const DRILL_ACTION = /(?:^|\/)(?:chaos|litmus|toxiproxy|steadybit|gremlin)[\w-]*(?:\/|$)/i;

/** Jobs that try failures: chaos tools, fault injection of a cloud, scripts that are called so. Whom they hit is not told. */
export function drillsOf(jobs: readonly CiJob[]): Drill[] {
  return jobs.flatMap((job) => {
    const isDrill = job.steps.some((step) => DRILL_ACTION.test(step.uses ?? '') || step.commands.some(({ words }) => isDrillCommand(programWords(words))));
    return isDrill ? [{ at: job.at, kind: 'pipeline', targets: [] }] : [];
  });
}

function isDrillCommand([program = '', ...rest]: readonly string[]): boolean {
  if (DRILL_PROGRAM.test(program)) return true;
  if (program === 'aws' && rest[0] === 'fis' && rest[1] === 'start-experiment') return true;
  return [program, ...rest.slice(0, 3)].some((word) => /(?:^|[/:_-])(?:chaos|game-?day|drill|failover-test|fault-injection)(?:$|[/:._-])/i.test(word));
}
