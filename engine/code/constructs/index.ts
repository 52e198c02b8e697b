// The constructs that are read from a file, all in one walk of its tree.

import type { CollectorFactory } from '../file-reader';
import { takes } from './acks';
import { blocking } from './blocking';
import { bodies } from './bodies';
import { cacheReads } from './cache-reads';
import { catches } from './catches';
import { fanOuts } from './fan-outs';
import { floating } from './floating';
import { handedEmitters } from './handed-emitters';
import { lists } from './lists';
import { droppedSignals } from './dropped-signals';
import { loggers } from './loggers';
import { messaging } from './messaging';
import { pipes } from './pipes';
import { processListeners } from './process-listeners';
import { retries } from './retries';
import { servers } from './servers';
import { slots } from './slots';
import { timers } from './timers';

export const constructs: readonly CollectorFactory[] = [slots, takes, messaging, floating, retries, catches, fanOuts, lists, servers, processListeners, blocking, timers, handedEmitters, pipes, bodies, loggers, droppedSignals, cacheReads];
