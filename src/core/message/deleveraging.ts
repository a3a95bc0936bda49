/** Commands and events of deleveraging, tear-up and market limits. */

import { kind, type RecordOf } from '../kind/kind';
import type { DeleveragingId } from '../model/deleveraging';
import { DELEVERAGING, DELEVERAGING_POLICY, MARKET_LIMITS } from '../model/deleveraging';
import { TRANSFER } from './ledger';
import { POSITION_CHANGE } from './position';

import { CHARGES, SLIPPAGE } from './settlement';

/** A reduction that was carried out at the mark. */
export const CARRIED_OUT = kind.record({
  mark: kind.price('decided.instrument'),
  value: kind.cash('decided.instrument'), // what the account paid (above zero) or received
  slippage: SLIPPAGE,
});
export type CarriedOut = RecordOf<typeof CARRIED_OUT>;

/** One pair: the position that is closed, and a holder against whom. */
export const DELEVERAGED_PAIR = kind.record({
  deleveraging: kind.text<DeleveragingId>(),
  account: kind.account(), // the holder
  counterparty: kind.account(), // whose position is closed against it
  instrument: kind.instrument(),
  rank: kind.count(), // of the holder among those on its side, 1 is the first
  holders: kind.count(), // so many were ranked
  score: kind.ratio(),
  size: kind.size('instrument'), // traded by the holder, buy positive; zero where its share was less than a lot
  value: kind.cash('instrument'), // what the holder pays (above zero) or receives
  mark: kind.price('instrument'),
  profit: kind.cash('instrument'), // of the holder in the position before, signed
  forgone: kind.cash('instrument'), // given up against the mark
  positions: kind.list(POSITION_CHANGE),
  transfers: kind.list(TRANSFER),
});
export type DeleveragedPair = RecordOf<typeof DELEVERAGED_PAIR>;

export const DELEVERAGING_EVENTS = kind.events({
  DeleveragingPolicySet: kind.event('A version of a deleveraging policy was set.', {
    terms: kind.about(DELEVERAGING_POLICY),
  }),
  MarketLimitsSet: kind.event('The limits of an instrument against the free float of its underlying were set.', {
    limits: MARKET_LIMITS,
  }),
  DeleveragingDecided: kind.event('The deleveraging of a position was decided.', {
    decided: DELEVERAGING,
    charges: kind.nullable(CHARGES), // fee and penalty of an account on its ladder
    carried: kind.nullable(CARRIED_OUT), // how, of an account on its ladder      LE-4
    reason: kind.text(), // of a tear-up by an officer
    transfers: kind.list(TRANSFER),
  }),
  PositionDeleveraged: kind.event('A position was deleveraged.', { ...DELEVERAGED_PAIR.fields }),
});
