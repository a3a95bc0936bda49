/** All attacks, in the order in which they are tried. Another one is a file of its own and a word here. */

import type { Attack } from './attack';
import { clock } from './clock';
import { database } from './database';
import { disk } from './disk';
import { flood } from './flood';
import { keyedFlood } from './keyedFlood';
import { rawHttp } from './rawHttp';
import { rawSocket } from './rawSocket';
import { resets } from './resets';
import { slow } from './slow';

export const ATTACKS: readonly Attack[] = [rawHttp, rawSocket, resets, slow, flood, keyedFlood, clock, disk, database];
