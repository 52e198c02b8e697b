// What functions of templates share: how they are called, and how arguments are read.

import { isMarked, printed, unknown, type Value } from './value';

export interface Call {
  /** Counts work, so that a hostile template stays cheap. */
  readonly spend: (steps?: number) => void;
  /** A result that cannot be known; it is named by the call. */
  readonly unknown: () => Value;
}

export type TemplateFunction = (call: Call, ...args: readonly Value[]) => Value;

/** Text of an argument, marked parts included; undefined where it is no scalar. */
export function textOf(value: Value | undefined): string | undefined {
  return value === undefined || value.kind === 'list' || value.kind === 'map' ? undefined : printed(value);
}

/** Text of an argument that is known in every part. */
export function knownText(value: Value | undefined): string | undefined {
  const text = textOf(value);
  return text === undefined || isMarked(text) ? undefined : text;
}

/** Number of an argument, cast as templates cast: texts are parsed, nothing is zero. */
export function numberOf(value: Value | undefined): number | undefined {
  switch (value?.kind) {
    case 'number':
      return value.number;
    case 'nil':
      return 0;
    case 'boolean':
      return value.isTrue ? 1 : 0;
    case 'text': {
      if (isMarked(value.text)) return undefined;
      const number = value.text.trim() === '' ? 0 : Number(value.text);
      return Number.isFinite(number) ? number : 0;
    }
    default:
      return undefined;
  }
}

/** Whether a value and all that it holds is known. `spend` is told of each part. */
export function isKnown(value: Value, spend: () => void): boolean {
  spend();
  switch (value.kind) {
    case 'unknown':
      return false;
    case 'text':
      return !isMarked(value.text);
    case 'list':
      return value.items.every((item) => isKnown(item, spend));
    case 'map':
      return !value.isOpen && [...value.entries.values()].every((item) => isKnown(item, spend));
    default:
      return true;
  }
}

/** Name of an unknown call: what it was asked, so that the same question has the same name. */
export function callLabel(name: string, args: readonly Value[]): string {
  const parts = args.map((arg) => (arg.kind === 'unknown' ? arg.label : arg.kind === 'text' ? JSON.stringify(arg.text.slice(0, 40)) : arg.kind === 'list' || arg.kind === 'map' ? '.' : printed(arg)));
  return [name, ...parts].join(' ');
}

/** Makes the call that a function is given. */
export function callOf(name: string, args: readonly Value[], spend: (steps?: number) => void): Call {
  return { spend, unknown: () => unknown(callLabel(name, args)) };
}
