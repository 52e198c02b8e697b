import { describe, expect, it } from 'vitest';
import packageJson from '../package.json';
import { FORMATS } from '../engine/artifacts/formats';
import { LANGUAGES, PLAIN_FILES } from './languages';

describe('the editor', () => {
  it('sends files of every format to the server, by a language that it may know them under', () => {
    const known = new Set<string>(LANGUAGES);
    for (const format of FORMATS) for (const language of format.languages) expect(known, `${format.name}: ${language}`).toContain(language);
  });

  it('wakes the extension only by languages whose files the server reads', () => {
    const known = new Set<string>(LANGUAGES);
    for (const event of packageJson.activationEvents.filter((one) => one.startsWith('onLanguage:'))) expect(known).toContain(event.slice('onLanguage:'.length));
  });

  it('names no file twice among those that look like plain text', () => {
    const names = PLAIN_FILES.slice('**/{'.length, -1).split(',');
    expect(new Set(names).size).toBe(names.length);
  });
});
