// Counts what Docker would refuse to parse.

/** A Dockerfile has no grammar that fails late: a line that is neither an instruction, a comment nor a continuation is an error. */
export function dockerfileErrors(text: string): number {
  let errors = 0;
  let continues = false;
  let here: string | undefined;
  for (const line of text.split(/\r\n|\n/)) {
    const trimmed = line.trim();
    if (here !== undefined) {
      if (trimmed === here) here = undefined;
      continue;
    }
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (!continues && !/^[A-Za-z]+(\s|$)/.test(trimmed)) errors++;
    continues = trimmed.endsWith('\\') || trimmed.endsWith('`');
    here = /<<-?["']?(\w+)["']?/.exec(trimmed)?.[1];
  }
  return errors;
}
