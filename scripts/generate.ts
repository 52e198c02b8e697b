// Everything that is generated from the source. `--check` fails where a committed result is stale.

import { generate as generateCatalog } from './generate-catalog';

await generateCatalog();
