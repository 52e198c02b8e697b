// `npm start`: lints the example system. Its findings are what there is to see, so they are no failure of the command.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { status, error } = spawnSync(process.execPath, [join(root, 'dist', 'cli.cjs'), ...process.argv.slice(2)], { cwd: join(root, 'examples', 'shop'), stdio: 'inherit' });
if (error) throw error;
process.exitCode = status === 1 ? 0 : (status ?? 2);
