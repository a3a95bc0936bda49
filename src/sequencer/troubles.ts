/** What is told to those whose commands the house does not take for the time being. */

import { type Trouble, Unavailable } from './house';

/** Says whether there is little space left. */
export interface SpaceGauge {
  readonly low: Trouble | undefined;
}

export const troubleOf = (kind: Trouble['kind'], says: string): Trouble => ({ kind, says, since: Date.now() });

/** How soon whoever was turned away may ask again. */
const AGAIN_MS: Readonly<Record<Trouble['kind'], number>> = { JOURNAL_AWAY: 1_000, SPACE_LOW: 30_000 };

const REFUSALS: Readonly<Record<Trouble['kind'], string>> = {
  JOURNAL_AWAY: 'The journal cannot be written now; nothing was done with the command',
  SPACE_LOW: 'The house has little space left and takes no new business; nothing was done with the command',
};

/** For a command that was not begun. */
export const refusalFor = ({ kind }: Trouble): Unavailable => new Unavailable(kind, REFUSALS[kind], AGAIN_MS[kind]);

/** For a command whose entry waits to be written. */
export const notKnownYet = (): Unavailable =>
  new Unavailable(
    'JOURNAL_AWAY',
    'The journal cannot be written now; the same idempotency key tells later what was done',
    AGAIN_MS.JOURNAL_AWAY,
  );
