// The formats that are read, in the order in which a file is offered to them: those that know their files by a fixed place or name first. A new format is a folder and a line here.

import { caddyFormat } from './caddy/format';
import { cloudFormationFormat } from './cloudformation/format';
import { composeFormat } from './compose/format';
import { dockerfileFormat } from './dockerfile/format';
import { envoyFormat } from './envoy/format';
import { ecsFormat } from './ecs/format';
import type { FormatDefinition } from './format';
import { githubActionsFormat } from './github-actions/format';
import { gitlabCiFormat } from './gitlab-ci/format';
import { haproxyFormat } from './haproxy/format';
import { helmFormat } from './helm/format';
import { kubernetesFormat } from './kubernetes/format';
import { nginxFormat } from './nginx/format';
import { nomadFormat } from './nomad/format';
import { terraformFormat } from './terraform/format';
import { appEngineFormat, copilotFormat } from './platforms/cloud-formats';
import { flyFormat, herokuFormat, railwayFormat, renderFormat } from './platforms/formats';
import { pm2Format } from './pm2/format';
import { terraformKubernetesFormat } from './terraform-kubernetes/format';
import { prometheusFormat } from './prometheus/format';
import { systemdFormat } from './systemd/format';
import { serverlessFormat } from './serverless/format';
import { traefikFormat } from './traefik/format';

export const FORMATS: readonly FormatDefinition[] = [dockerfileFormat, terraformFormat, terraformKubernetesFormat, nomadFormat, nginxFormat, haproxyFormat, caddyFormat, envoyFormat, traefikFormat, githubActionsFormat, gitlabCiFormat, prometheusFormat, systemdFormat, pm2Format, flyFormat, renderFormat, railwayFormat, herokuFormat, copilotFormat, appEngineFormat, composeFormat, helmFormat, kubernetesFormat, serverlessFormat, cloudFormationFormat, ecsFormat];

const BY_NAME = new Map(FORMATS.map((format) => [format.name, format]));

/** The format of this name. */
export function formatOf(name: string): FormatDefinition | undefined {
  return BY_NAME.get(name);
}

/** The format that reads a file, by its path and text; asked in the order of registration. */
export function recogniseFormat(path: string, text: string): FormatDefinition | undefined {
  return FORMATS.find((format) => format.recognise(path, text));
}

/** The first format that may read a path by its name alone, beside YAML and JSON. */
export function formatClaiming(path: string): FormatDefinition | undefined {
  return FORMATS.find((format) => format.claims?.test(path));
}

/** Formats that a file of another one may hold inside. */
export function formatsInside(path: string, text: string): readonly FormatDefinition[] {
  return FORMATS.filter((format) => format.holdsInside?.(path, text) === true);
}
