// Fixes that make `Promise.all(list.map(each))` a few calls at a time: by a limiter that the project has, by one that is brought in, or over slices of the list.

import type { FanOutFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { CodeOperation, Fix } from '../../engine/lint/fix';
import type { Span } from '../../engine/text';
import { clip } from '../limits';
import { bringIn, idiomOperations, type IdiomPlace } from '../recommended-packages';

/** The project's own limiter before one that is to be installed, and slices where nobody uses the results. */
export function fewAtATime(file: LinkedFile, fact: FanOutFact, concurrency: number, code: CodeProject, resolve: EntityResolver): readonly Fix[] {
  const title = `Run ${concurrency} at a time`;
  const own = ownLimiter(file, fact, concurrency, resolve);
  const slices = slicesFix(file, fact, concurrency, `${title}, in slices`);
  if (own) return [{ title, safety: 'unsafe', operations: own }, ...slices];
  const taken = takenBy(file, fact, concurrency);
  const brought = taken && bringIn(code, file, 'limiter', taken.span, taken.place);
  const adds: readonly Fix[] = taken && brought?.isNew ? [{ title: clip(`${title} (adds ${brought.package})`, 60), safety: 'by-hand', operations: [...taken.operations, ...brought.operations] }] : [];
  return [...adds, ...slices];
}

// The first dependency that maps with a limit, `pMap(list, each, { concurrency: 10 })`, or that takes one call at a time.
function ownLimiter(file: LinkedFile, fact: FanOutFact, concurrency: number, resolve: EntityResolver): readonly CodeOperation[] | undefined {
  const taken = takenBy(file, fact, concurrency);
  for (const dependency of Object.keys(file.package?.dependencies ?? {}).slice(0, 300)) {
    const resolved = resolve(file.path, { kind: 'package', package: dependency, path: [] });
    if (resolved.kind !== 'library') continue;
    const { limiters = [], recommended } = resolved.library.entry;
    const mapper = limiters.find((row) => row.call === '' && row.form === 'call' && row.list === 0 && row.function === 1 && /^2\.\w+$/.test(row.limit));
    const mapped = mapper && mappedBy(file, fact, dependency, `${mapper.limit.slice(2)}: ${concurrency}`);
    if (mapped) return mapped;
    const idiom = recommended?.for === 'limiter' ? recommended.idiom : limiters.find((row) => row.idiom)?.idiom;
    if (idiom && taken && (!idiom.isLoose || fact.limitable?.loop)) return [...taken.operations, ...idiomOperations(file, dependency, idiom, taken.span, taken.place)];
  }
  return undefined;
}

function mappedBy(file: LinkedFile, fact: FanOutFact, module: string, option: string): readonly CodeOperation[] | undefined {
  const each = fact.eachSpan;
  const callee = fact.limitable?.callee;
  if (fact.form !== 'all' || !each || !callee) return undefined;
  const name = module.slice(module.lastIndexOf('/') + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const code = { language: 'code', file: file.path } as const;
  return [
    { ...code, kind: 'replace', span: callee, text: name },
    { ...code, kind: 'replace', span: [fact.listSpan[1], each[0]], text: ', ' },
    { ...code, kind: 'replace', span: [each[1], fact.span[1]], text: `, { ${option} })` },
    { ...code, kind: 'add-import', module, name, isDefault: true },
  ];
}

interface Taken {
  readonly span: Span;
  readonly place: IdiomPlace;
  readonly operations: readonly CodeOperation[];
}

// What a limiter takes: the body of an arrow function, which gives up its `async`, or a function that is handed on by its name and then called.
function takenBy(file: LinkedFile, { limitable, eachSpan }: FanOutFact, limit: number): Taken | undefined {
  if (!limitable || !eachSpan) return undefined;
  const { body, async, names, statement } = limitable;
  const place = { name: names.limiter, statement, limit };
  const code = { language: 'code', file: file.path } as const;
  if (body) return { span: body, place: { ...place, isAsync: async !== undefined }, operations: async ? [{ ...code, kind: 'replace', span: async, text: '' }] : [] };
  if (!limitable.isNamed) return undefined;
  return { span: eachSpan, place, operations: [{ ...code, kind: 'wrap', span: eachSpan, before: `(${names.item}) => `, after: `(${names.item})` }] };
}

// `for (let start = 0; start < list.length; start += 10) await Promise.all(list.slice(start, start + 10).map(each));`
function slicesFix(file: LinkedFile, { limitable, list, listSpan }: FanOutFact, size: number, title: string): readonly Fix[] {
  if (!limitable?.loop) return [];
  const { start } = limitable.names;
  const code = { language: 'code', file: file.path } as const;
  const [at] = limitable.loop;
  return [
    {
      title,
      safety: 'unsafe',
      operations: [
        { ...code, kind: 'replace', span: [at, at], text: `for (let ${start} = 0; ${start} < ${list}.length; ${start} += ${size}) `, isVerbatim: true },
        { ...code, kind: 'replace', span: [listSpan[1], listSpan[1]], text: `.slice(${start}, ${start} + ${size})`, isVerbatim: true },
      ],
    },
  ];
}
