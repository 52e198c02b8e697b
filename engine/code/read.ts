import type { CompiledCatalog } from '../catalog';
import type { CodeFacts } from './facts';

/** Reads one code file into facts. Never throws for any text; linear in the text. */
export function readCode(path: string, _text: string, _catalog: CompiledCatalog): CodeFacts {
  return {
    kind: 'code', path, role: 'server', isModule: true, length: 0, imports: [], exports: [], functions: [], classes: [], clients: [], calls: [], retries: [], catches: [],
    asyncSlots: [], fanOuts: [], servers: [], routes: [], processListeners: [], consumers: [], acks: [], timers: [], blocking: [], environment: [], suppressions: [], hasErrors: false,
  };
}
