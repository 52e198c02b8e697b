// Numbers with their nouns, sizes and times as every report writes them.

/** `1 finding`, `1,204 files`. `plural` where it is not the noun with an s. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${numeral(number)} ${number === 1 ? noun : plural}`;
}

/** `1,204`. */
export function numeral(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** The singular of a noun that rules give in the plural: `calls`, `places`, `queries`. */
export function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  return noun.endsWith('s') && !noun.endsWith('ss') ? noun.slice(0, -1) : noun;
}

/** `1.9 s`, `40 ms`. */
export function elapsed(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `6.2 MB`, `18 kB`. */
export function size(bytes: number): string {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${numeral(Math.ceil(bytes / 1000))} kB`;
}

/** The text with its first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The text with its first letter small, unless it begins with a name in capitals. */
export function small(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
