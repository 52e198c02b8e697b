// Writes what a fix asks of a Dockerfile: the command of a stage, or a health check before it.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import type { ArtifactIntent } from '../intent';
import { splitInstructions, type Instruction } from './instructions';

/** The smallest edits of `text` that do what is asked of the stage that `resource` names (`['stages', 1]`); undefined where the format has no word for it or the place is gone. */
export function writeDockerfile(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
  const stage = stageInstructions(text, resource);
  if (stage.length === 0) return undefined;
  switch (intent.kind) {
    case 'set-command': {
      const target = stage.findLast((instruction) => instruction.name === intent.instruction);
      return target && [{ span: target.argumentSpan, newText: execForm(intent.argv) }];
    }
    case 'set-health-check': {
      if (stage.some((instruction) => instruction.name === 'HEALTHCHECK')) return undefined;
      return [insertLine(text, stage, healthCheckLine(intent))];
    }
    default:
      return undefined;
  }
}

function execForm(argv: readonly string[]): string {
  return `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;
}

function stageInstructions(text: string, resource: ResourceRef): Instruction[] {
  const index = resource.path[1];
  if (typeof index !== 'number') return [];
  let stage = -1;
  return splitInstructions(text).instructions.filter((instruction) => {
    if (instruction.name === 'FROM') stage++;
    return stage === index;
  });
}

function healthCheckLine(intent: Extract<ArtifactIntent, { kind: 'set-health-check' }>): string {
  const flags = [
    intent.interval === undefined ? '' : `--interval=${intent.interval} `,
    intent.timeout === undefined ? '' : `--timeout=${intent.timeout} `,
    intent.startPeriod === undefined ? '' : `--start-period=${intent.startPeriod} `,
    intent.retries === undefined ? '' : `--retries=${intent.retries} `,
  ].join('');
  const [form, ...words] = intent.test;
  return `HEALTHCHECK ${flags}CMD ${form === 'CMD-SHELL' ? words.join(' ') : execForm(form === 'CMD' ? words : intent.test)}`;
}

/** In front of what starts the process, as people write it; else behind the last instruction. */
function insertLine(text: string, stage: readonly Instruction[], line: string): TextEdit {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const start = stage.find((instruction) => instruction.name === 'ENTRYPOINT' || instruction.name === 'CMD');
  if (start) return { span: [start.span[0], start.span[0]], newText: line + lineBreak };
  const end = stage.at(-1)?.span[1] ?? text.length;
  return { span: [end, end], newText: lineBreak + line };
}
