// Makes the generated files before any test imports them.

import { generate } from '../scripts/generate-catalog';

export default async function setup(): Promise<void> {
  await generate();
}
