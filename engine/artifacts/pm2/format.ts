// Apps that PM2 supervises.

import type { ResourceRef } from '../../model/model';
import type { TextEdit } from '../../text';
import { defineFormat } from '../format';
import type { ArtifactIntent } from '../intent';
import { entryOf, type Literal } from './literal';
import { configurationOf, PM2_PATH, readPm2, recognisePm2, type Pm2Facts } from './read';

export const pm2Format = defineFormat<Pm2Facts>({
  name: 'pm2',
  title: 'PM2',
  files: 'ecosystem.config.js, .cjs and .json',
  languages: ['javascript', 'json'],
  claims: PM2_PATH,
  comment: '//',
  recognise: recognisePm2,
  read: readPm2,
  link: (facts) => ({ workloads: facts.flatMap((file) => file.workloads) }),
  write: writePm2,
});

function writePm2(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  switch (intent.kind) {
    case 'replace-text':
      return [{ span: intent.span, newText: intent.text }];
    case 'set-stop-grace-period':
      return setProperty(text, resource, 'kill_timeout', String(intent.seconds * 1_000));
    case 'set-directive':
      return setProperty(text, resource, intent.name, intent.value);
    default:
      return undefined;
  }
}

/** Replaces a value that is there, else adds the property behind the app's first one, in that one's style. */
function setProperty(text: string, resource: ResourceRef, name: string, value: string): TextEdit[] | undefined {
  const app = appAt(text, resource);
  if (!app) return undefined;
  const own = entryOf(app, name);
  if (own) return [{ span: own.value.span, newText: value }];
  const first = entryOf(app, 'script') ?? app.entries[0];
  if (!first) return undefined;
  const lineStart = text.lastIndexOf('\n', first.span[0] - 1) + 1;
  const lead = text.slice(lineStart, first.span[0]);
  const separator = lead.trim() === '' ? (text[lineStart - 2] === '\r' ? '\r\n' : '\n') + lead : ' ';
  const key = /^["']/.test(text.slice(...first.span)) ? `"${name}"` : name;
  return [{ span: [first.span[1], first.span[1]], newText: `,${separator}${key}: ${value}` }];
}

function appAt(text: string, resource: ResourceRef): Extract<Literal, { kind: 'object' }> | undefined {
  const apps = entryOf(configurationOf(resource.file, text), 'apps')?.value;
  const app = apps?.kind === 'array' ? apps.items[Number(resource.path[1])] : undefined;
  return app?.kind === 'object' ? app : undefined;
}
