// Pages of the rules, readable without a network: as virtual documents where the client has them, else as files of this package.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Rule } from '../engine/lint/rule';

/** Scheme of the virtual documents: `holdfast:/fault-tolerance/require-timeout.md`. */
export const PAGE_SCHEME = 'holdfast';

export class RulePages {
  private readonly byId: ReadonlyMap<string, Rule>;

  constructor(
    rules: readonly Rule[],
    private readonly folder: string,
    private readonly hasVirtualDocuments: boolean,
  ) {
    this.byId = new Map(rules.map((rule) => [rule.id, rule]));
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()].sort();
  }

  /** Full id of a rule given by it or its last part. */
  find(name: string): string | undefined {
    if (this.byId.has(name)) return name;
    return this.ids.find((id) => id.endsWith(`/${name}`)) ?? (existsSync(this.fileOf(name)) && /^[a-z-]+(\/[a-z-]+)?$/.test(name) ? name : undefined);
  }

  /** URI of a rule's page; undefined where this client could not open one. */
  addressOf(id: string): string | undefined {
    const found = this.find(id);
    if (found === undefined) return undefined;
    if (this.hasVirtualDocuments) return `${PAGE_SCHEME}:/${found}.md`;
    const file = this.fileOf(found);
    return existsSync(file) ? pathToFileURL(file).href : undefined;
  }

  /** Markdown of the page at a virtual document's URI. */
  textAt(uri: string): string | undefined {
    const match = /^holdfast:\/{0,3}([a-z-]+(?:\/[a-z-]+)?)\.md$/.exec(uri);
    return match?.[1] === undefined ? undefined : this.textOf(match[1]);
  }

  textOf(id: string): string | undefined {
    const file = this.fileOf(id);
    try {
      if (existsSync(file)) return readFileSync(file, 'utf8');
    } catch {
      // An unreadable page is told from the rule itself.
    }
    const rule = this.byId.get(id);
    return rule && pageOf(rule);
  }

  private fileOf(id: string): string {
    return join(this.folder, `${id}.md`);
  }
}

/** The short page made from a rule's own words, for when the generated one is not beside the server. */
function pageOf({ id, severity, docs, since }: Rule): string {
  return [`# ${id}`, `${severity}, since ${since}`, docs.what, `## Why\n\n${docs.why}`, `## Fix\n\n${docs.fix}`, `## Silent\n\n${docs.not}`].join('\n\n') + '\n';
}
