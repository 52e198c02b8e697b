// All cases, in the order in which they run. A case's place in this list is how a child process finds it.

import type { LibraryCase } from '../contract';
import { clouds } from './clouds';
import { databases } from './databases';
import { http } from './http';
import { mappers } from './mappers';
import { messaging } from './messaging';
import { resilience } from './resilience';
import { runtime } from './runtime';
import { rpc } from './rpc';
import { sdks } from './sdks';
import { searches } from './searches';
import { stores } from './stores';

export const cases: readonly LibraryCase[] = [...runtime, ...http, ...rpc, ...sdks, ...resilience, ...databases, ...mappers, ...stores, ...searches, ...clouds, ...messaging];
