// Tells files of the Serverless Framework by name and a few looks at the text. No parse.

import type { ServerlessFacts } from './facts';

const NAME = /(?:^|\/)serverless(?:[.-][\w.-]+)?\.(?:ya?ml|json)$/i;
const TOP = /^["']?(?:service|provider|functions|resources)["']?[ \t]*:/m;
const GENERATED = /(?:^|\/)(?:node_modules|\.serverless|\.build)\//;

/** What a text holds of a service; undefined where it is none of the framework's. `serverless.ts` and `serverless.js` are code and are not read. */
export function partOf(path: string, text: string): ServerlessFacts['holds'] | undefined {
  if (!/\.(?:ya?ml|json)$/i.test(path) || GENERATED.test(path)) return undefined;
  if (NAME.test(path)) return TOP.test(text) || (/^\s*\{/.test(text) && /"provider"\s*:/.test(text) && /"service"\s*:/.test(text)) ? 'service' : undefined;
  if (/^\s*\{/.test(text)) return undefined;
  if (/^provider[ \t]*:/m.test(text)) return /^service[ \t]*:/m.test(text) && /^(?:functions|resources)[ \t]*:/m.test(text) ? 'service' : undefined;
  if (/^(?:Resources|AWSTemplateFormatVersion|apiVersion|kind|services|service|version|on|jobs|openapi|swagger)["']?[ \t]*:/m.test(text)) return undefined;
  if (/^["']?\w+["']?[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n[ \t]+["']?Type["']?[ \t]*:[ \t]*["']?AWS::\w+::\w+/m.test(text)) return 'resources';
  return /^["']?[\w-]+["']?[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n[ \t]+/m.test(text) && /^[ \t]+handler[ \t]*:[ \t]*["']?[\w./-]+\.\w+["']?[ \t]*(?:#[^\n]*)?\r?$/m.test(text) ? 'functions' : undefined;
}

/** Whether a file is a service, or may be a part of one. Linear. */
export function recogniseServerless(path: string, text: string): boolean {
  return partOf(path, text) !== undefined;
}
