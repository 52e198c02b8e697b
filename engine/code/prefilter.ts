// Decides by text alone whether a code file can hold a fact that any rule could use, so that most files are never parsed and the parser may never be loaded.

import type { CompiledCatalog } from '../catalog';
import { importsInfrastructure } from './infrastructure/libraries';

// Words without which nothing waits, listens, fails or ends; exports that other files may read; and our own comments.
const TRIGGERS = [
  '\\b(?:await|async|Promise|setTimeout|setInterval|setImmediate|process|catch|AbortSignal|AbortController)\\b',
  '\\.(?:then|on|once|addListener|pipe)\\s*\\(',
  '\\bexport\\s+(?:const|let|var|default|enum)\\b',
  '\\bexport\\s*[*{]',
  '\\bexports\\b',
  'holdfast-',
];
const PROJECT_IMPORT = /(?:from|require\s*\(|import\s*\()\s*['"](?:[.@~#]|[\w-]+\/)/;
const FUNCTION = /=>|\bfunction\b|\bclass\b/;
const TYPE = /\b(?:interface|type)\s+\w/;
// A member that is declared with another type: `orders: OrderStore;`.
const TYPED_MEMBER = /^[ \t]*(?:readonly[ \t]+)?\w+\??:[ \t]*(?:[\w.]+\.)?[A-Z]\w*(?:<[^\n<>]{0,80}>)?[ \t]*[;,]?[ \t]*\r?$/m;
const ENTRY_IMPORT = /^import\b(?!\s+type\b)[^'"\n]{0,300}['"][.@~#]|\brequire\s*\(\s*['"][.@~#]/m;

/** One regular expression made from the catalogue's names: whether a text can hold a fact of ours at all. */
export function compilePrefilter(catalog: CompiledCatalog): (text: string) => boolean {
  const specifiers: string[] = [];
  const globals: string[] = [];
  for (const entry of catalog.libraries) {
    for (const name of [entry.package, ...(entry.aliases ?? [])]) {
      if (name.startsWith('global:')) globals.push(escape(name.slice('global:'.length)));
      else specifiers.push(name.endsWith('/*') ? `${escape(name.slice(0, -1))}[^'"\\n]*` : escape(name));
    }
  }
  const parts = [...TRIGGERS];
  if (specifiers.length > 0) parts.push(`['"](?:${specifiers.join('|')})['"]`);
  if (globals.length > 0) parts.push(`\\b(?:${globals.join('|')})\\b`);
  const trigger = new RegExp(parts.join('|'));
  // Types of the members of an interface lead from the code that has one to the classes behind it.
  const holdsTypes = (text: string): boolean => TYPE.test(text) && PROJECT_IMPORT.test(text) && TYPED_MEMBER.test(text);
  // What lies between an import of the project and a call of it may be on the way from a handler to a client; an entry that only imports says what belongs to a program.
  return (text) => trigger.test(text) || importsInfrastructure(text) || ENTRY_IMPORT.test(text) || (FUNCTION.test(text) && PROJECT_IMPORT.test(text)) || holdsTypes(text);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
