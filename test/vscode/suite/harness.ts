// A runner of a few lines inside the extension host: no test framework has to be loaded there. Results go to a file that the outside reads.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestResult {
  readonly name: string;
  readonly error?: string;
}

const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
const LIMIT_MS = 30_000;

export function test(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

/** Runs the tests in their order, since each works on what the one before left, and writes their results. */
export async function runTests(): Promise<void> {
  const results: TestResult[] = [];
  for (const { name, body } of tests) {
    try {
      await within(LIMIT_MS, body(), name);
      results.push({ name });
      console.log(`ok    ${name}`);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      results.push({ name, error: text });
      console.log(`FAIL  ${name}\n${text}`);
    }
  }
  const file = process.env['HOLDFAST_TEST_RESULTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  if (results.some(({ error }) => error !== undefined)) throw new Error('some tests failed');
}

/** Waits until `isTrue` gives a value; asks again, since the editor tells of no moment when it is done. */
export async function until<T>(what: string, isTrue: () => T | undefined | false | Promise<T | undefined | false>, limitMs = 20_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await isTrue();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Whether somebody outside takes pictures: menus and hovers are opened for them alone. */
export const isPictured = process.env['HOLDFAST_TEST_PICTURES'] !== undefined;

/** Asks the outside for a picture, where it takes some, and waits for it. */
export async function picture(name: string): Promise<void> {
  const folder = process.env['HOLDFAST_TEST_PICTURES'];
  if (folder === undefined) return;
  writeFileSync(join(folder, `${name}.wanted`), '');
  await until(`picture ${name}`, () => existsSync(join(folder, `${name}.done`)));
}

async function within(ms: number, work: Promise<void>, name: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: not within ${ms / 1_000} s`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
