// Replaces the variables of a service: what its own files say is known, what stage or environment may replace is soft, what is read from elsewhere is unknown.

import { folderOf, joinPath } from '../../model/paths';
import { entryOf, textAt, type Expression } from '../cloudformation/expression';
import { evaluate } from '../cloudformation/evaluate';
import type { Scope } from '../cloudformation/scope';
import { composed } from '../cloudformation/substitute';
import { scalarText, scalarValue, soften, unknownValue, type MaybeValue } from '../cloudformation/values';
import type { Location } from '../../text';
import { stageOf } from './stage';
import { literalOf, piecesOf } from './syntax';

/** A part of a file. */
export interface Place {
  readonly expression: Expression;
  readonly file: string;
  /** Stage or environment lead here: other values may hold elsewhere. */
  readonly isSoft?: boolean;
}

type Found = Place | { readonly value: MaybeValue };

/** Id of a construct of the Lift plugin among the cloud resources. */
export function constructId(file: string, name: string): string {
  return `${file}#constructs.${name}`;
}

/** Variables inside variables, and files inside files, that are followed at most. */
const MAX_DEPTH = 24;
const MAX_LOOK_UPS = 20_000;

/** The variables of one service. */
export class Variables {
  private readonly root: Place;
  private readonly partOf: (path: string) => Expression | undefined;
  private readonly active = new Set<string>();
  private lookUps = 0;
  /** Name of the stage that is judged: production where the file knows one, else the default. */
  readonly stage: string;

  constructor(file: string, root: Expression, partOf: (path: string) => Expression | undefined) {
    this.root = { expression: root, file };
    this.partOf = partOf;
    this.stage = stageOf(root);
  }

  /** What a value is once its variables are replaced, where it is one variable as a whole (a map that a file holds); the value itself otherwise. */
  follow(place: Place, scope: Scope): Place {
    const text = textAt(place.expression);
    const pieces = text === undefined ? undefined : piecesOf(text);
    const [only] = pieces ?? [];
    if (pieces?.length !== 1 || only?.kind !== 'variable') return place;
    const found = this.firstOf(only.alternatives, scope, scope.locate(place.expression.span, place.file));
    return found && 'expression' in found ? this.follow(found, scope) : place;
  }

  /** For the scope of the service: the value of a text with its variables replaced; undefined where it holds none. */
  replace(text: string, at: Location, scope: Scope): { readonly value: MaybeValue } | undefined {
    const pieces = piecesOf(text);
    if (!pieces) return undefined;
    const values = pieces.map((piece): MaybeValue => (piece.kind === 'plain' ? { kind: 'text', value: piece.text, at } : this.valueOf(piece.alternatives, scope, at)));
    return { value: pieces.length === 1 ? values[0] : composed(values, at) };
  }

  private valueOf(alternatives: readonly string[], scope: Scope, at: Location): MaybeValue {
    const found = this.firstOf(alternatives, scope, at);
    if (!found) return unknownValue('a variable that is not known', at);
    if ('value' in found) return found.value;
    const value = evaluate(found.expression, scope, found.file);
    return found.isSoft ? soften(value) : value;
  }

  /** The first alternative that leads somewhere; those before it make it soft. */
  private firstOf(alternatives: readonly string[], scope: Scope, at: Location): Found | undefined {
    let isReplaced = false;
    for (const alternative of alternatives) {
      const found = this.lookUp(alternative, scope, at);
      if (found) return !isReplaced ? found : 'value' in found ? { value: soften(found.value) } : { ...found, isSoft: true };
      // What another source may give comes before this one: the value here is a default.
      isReplaced ||= !/^self:/.test(alternative);
    }
    return undefined;
  }

  private lookUp(written: string, scope: Scope, at: Location): Found | undefined {
    const literal = literalOf(written);
    if (literal !== undefined) return literal === null ? undefined : { value: scalarValue(literal, at) };
    if (this.active.has(written) || this.active.size > MAX_DEPTH || ++this.lookUps > MAX_LOOK_UPS) return undefined;
    this.active.add(written);
    const found = this.lookUpAddress(written, scope, at);
    this.active.delete(written);
    return found;
  }

  private lookUpAddress(written: string, scope: Scope, at: Location): Found | undefined {
    const inner = piecesOf(written);
    const address = inner ? scalarText(this.replace(written, at, scope)?.value) : written;
    const wasSoft = inner !== undefined;
    if (address === undefined) return undefined;
    const file = /^file\(([^()]+)\)(?::(.*))?$/.exec(address);
    const softly = (found: Found | undefined): Found | undefined => (found && wasSoft ? ('value' in found ? { value: soften(found.value) } : { ...found, isSoft: true }) : found);
    if (file) return softly(this.inFile(file[1] ?? '', file[2], scope));
    const match = /^(\w+)(?:\([^()]*\))?:(.*)$/.exec(address);
    const path = (match?.[2] ?? '').trim();
    switch (match?.[1]) {
      case 'self':
        if (path === 'provider.stage') return { value: this.stageValue(at) };
        return path === '' ? this.root : softly(this.atPath(this.root, path.split('.'), scope));
      case 'opt':
      case 'sls':
        return path === 'stage' ? { value: this.stageValue(at) } : undefined;
      case 'construct': {
        const [name = '', attribute] = path.split('.');
        return { value: { kind: 'reference', to: constructId(this.root.file, name), at, ...(attribute === undefined ? {} : { attribute }) } };
      }
      case 'param':
        return this.parameter(path, scope);
      default:
        return undefined;
    }
  }

  private stageValue(at: Location): MaybeValue {
    return { kind: 'text', value: this.stage, at, isSoft: true };
  }

  /** `params` of the stage, of `default`, or of `stages`, as versions 3 and 4 write them. */
  private parameter(name: string, scope: Scope): Found | undefined {
    for (const stage of [this.stage, 'default']) {
      const found = this.atPath(this.root, ['params', stage, name], scope) ?? this.atPath(this.root, ['stages', stage, 'params', name], scope);
      if (found) return { ...found, isSoft: true };
    }
    return undefined;
  }

  private inFile(path: string, address: string | undefined, scope: Scope): Found | undefined {
    const file = joinPath(folderOf(this.root.file), path.trim().replace(/^['"]|['"]$/g, ''));
    const expression = file === undefined ? undefined : this.partOf(file);
    if (file === undefined || !expression) return undefined;
    return address === undefined || address === '' ? { expression, file } : this.atPath({ expression, file }, address.split('.'), scope);
  }

  /** Walks keys and indexes; variables on the way are replaced. */
  private atPath(from: Place, path: readonly string[], scope: Scope): Place | undefined {
    let place: Place = from;
    for (const step of path) {
      const here = this.follow(place, scope);
      const next = here.expression.kind === 'list' ? here.expression.items[Number(step)] : entryOf(here.expression, step)?.value;
      if (!next) return undefined;
      place = { expression: next, file: here.file, ...(here.isSoft || place.isSoft ? { isSoft: true } : {}) };
    }
    return place;
  }
}
