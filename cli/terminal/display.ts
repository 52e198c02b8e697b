// How this run shows text: width, colour, frames and links, from flags, environment and what the output is.

export type ColorChoice = 'auto' | 'always' | 'never';

/** What the output is. */
export interface Target {
  readonly isTerminal: boolean;
  /** Columns of the terminal, where it is one and says so. */
  readonly columns: number | undefined;
}

export interface DisplayChoices {
  readonly color: ColorChoice;
  readonly ascii: boolean;
  readonly plain: boolean;
}

export interface Glyphs {
  readonly top: string;
  readonly side: string;
  readonly branch: string;
  readonly ellipsis: string;
  readonly dot: string;
}

export interface Display {
  readonly isTerminal: boolean;
  /** Most columns of wrapped text; infinite where nothing is wrapped. */
  readonly wrap: number;
  /** Columns for lines of code. */
  readonly width: number;
  /** Right edge of what is set to the right: a log has none of its own, so it gets that of a common terminal. */
  readonly edge: number;
  readonly hasFrames: boolean;
  readonly isPlain: boolean;
  readonly isAscii: boolean;
  readonly hasColor: boolean;
  readonly hasLinks: boolean;
  readonly glyphs: Glyphs;
}

const UNICODE: Glyphs = { top: '╭─', side: '│', branch: '├─', ellipsis: '…', dot: '·' };
const ASCII: Glyphs = { top: ',-', side: '|', branch: '|-', ellipsis: '...', dot: '.' };

const MOST_COLUMNS = 120;
const COLUMNS_OF_A_LOG = 120;
const EDGE_OF_A_LOG = 79;
const LEAST_COLUMNS_OF_FRAMES = 60;

/** Decides the display of one stream. `environment` is the process's. */
export function displayOf(target: Target, choices: DisplayChoices, environment: Readonly<Record<string, string | undefined>>): Display {
  const columns = target.isTerminal ? Math.max(20, target.columns ?? 80) : COLUMNS_OF_A_LOG;
  // The last column stays free: a full line followed by a line break leaves an empty line in some terminals.
  const width = target.isTerminal ? Math.min(columns - 1, MOST_COLUMNS) : COLUMNS_OF_A_LOG;
  const isAscii = choices.ascii || !isUtf8(environment);
  const hasColor = colorOf(target, choices, environment);
  return {
    isTerminal: target.isTerminal,
    wrap: target.isTerminal ? width : Number.POSITIVE_INFINITY,
    width,
    edge: target.isTerminal ? width : EDGE_OF_A_LOG,
    hasFrames: columns >= LEAST_COLUMNS_OF_FRAMES && !choices.plain,
    isPlain: choices.plain,
    isAscii,
    hasColor,
    hasLinks: hasColor && target.isTerminal && !choices.plain && environment['TERM'] !== 'linux',
    glyphs: isAscii ? ASCII : UNICODE,
  };
}

function colorOf(target: Target, choices: DisplayChoices, environment: Readonly<Record<string, string | undefined>>): boolean {
  if (choices.color !== 'auto') return choices.color === 'always';
  if (isSet(environment['NO_COLOR'])) return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return target.isTerminal && environment['TERM'] !== 'dumb' && !choices.plain;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** Where the locale says nothing (Windows, containers without one) UTF-8 is taken; only a locale of another encoding, C or POSIX asks for ASCII. */
function isUtf8(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(isSet);
  if (locale === undefined) return true;
  return /utf-?8/i.test(locale);
}

const SIGNS: Readonly<Record<string, string>> = { '·': '.', '…': '...', '×': 'x', '∞': 'S', '│': '|', '├─': '|-', '╭─': ',-', '└': '`', '–': '-', '’': "'" };

/** Our own signs in ASCII. For text that Holdfast words itself; the user's names keep their characters. */
export function asciiSigns(text: string): string {
  return text.replace(/├─|╭─|[·…×∞│└–’]/g, (sign) => SIGNS[sign] ?? sign);
}
