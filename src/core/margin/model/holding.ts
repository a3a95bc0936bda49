/** What margin models are asked about. */

import type { Price, Seq, Size } from '../../../units/quantity';
import type { Ratio } from '../../../units/ratio';
import type { Position } from '../../model/account';
import type { MarginTerms } from '../../model/margin';
import type { Instrument } from '../../model/reference';

/** A position with what it is valued and margined by. */
export interface Holding {
  readonly instrument: Instrument;
  readonly terms: MarginTerms; // what it is margined by
  readonly mark: Price;
  readonly markSeq: Seq;
  readonly doubted: boolean; // gains on it back nothing   PV-3
  readonly frozen: boolean; // its instrument is halted, or nobody vouches for its price   Ruling 13
  readonly position: Position;
  readonly leverage: Ratio | null; // the most the account's holder wants
  readonly otherLots: Size; // exposure of the owner's other accounts in the instrument, which moves the tier   MT-3
}
