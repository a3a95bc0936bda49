/** A reduction, or a part of it, goes from one rung of a ladder to another: every such step says why.  LE-4, LI-4 */

import { known } from '../../../units/failure';
import type { Count, Size } from '../../../units/quantity';
import type { Desk } from '../../message/desk';
import type { DisposalLadder, RungCause, Stand } from '../../model/ladder';
import type { Liquidation } from '../../model/liquidation';
import type { InstrumentId } from '../../model/reference';

export type Place = Pick<Stand, 'rung' | 'method'>;

export interface Moving {
  readonly liquidation: Pick<Liquidation, 'id' | 'account'>;
  readonly ladder: DisposalLadder;
  readonly instrument: InstrumentId;
  readonly origin: Stand['origin'];
  readonly size: Size; // traded by the account, buy positive
}

/** `next` is the place of the rung that it goes to, from 0. */
export function moveReduction(desk: Desk, moving: Moving, from: Place, next: Count, cause: RungCause): void {
  const { liquidation, ladder, instrument, origin, size } = moving;
  desk.emit({
    type: 'ReductionMoved',
    liquidation: liquidation.id,
    account: liquidation.account,
    instrument,
    origin,
    ladder: ladder.id,
    version: ladder.version,
    fromRung: from.rung,
    fromMethod: from.method,
    toRung: next + 1,
    toMethod: known(ladder.rungs[next], 'Rung', ladder.id).method,
    size,
    cause,
  });
}
