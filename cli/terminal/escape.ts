// Text from files and paths is written so that it cannot act on the terminal or deceive its reader: what is invisible or moves the cursor is written out.

// Controls (C0, DEL, C1), zero-width and bidirectional marks, line separators, interlinear annotations, tags and lone surrogates. The joiners U+200C and U+200D stay: scripts and emoji need them.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** The text with each invisible or directing character written as `\u{202e}`. Linear. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** As `visible`, on one line: line breaks and tabs become spaces. For messages, which may quote a piece of a file. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\r\n\t]+/g, ' '));
}
