/** All events: what has happened. Events alone change the state; replaying them rebuilds it. */

import { type Cash, cash } from '../../units/quantity';
import type { CurrencyId } from '../model/reference';
import type { AuctionEvent } from './auction';
import type { ControlEvent } from './control';
import type { DeleveragingEvent } from './deleveraging';
import type { LadderEvent } from './ladder';
import type { LedgerEvent, LedgerName, Transfer, TransferReason } from './ledger';
import type { BacklogEvent, MarginCallEvent } from './margincall';
import type { MemberDefaultEvent } from './memberDefault';
import type { PortfolioEvent } from './portfolio';
import type { PositionEvent, SettlementLine } from './position';
import type { PriceEvent } from './price';
import type { ReferenceEvent } from './reference';
import type { SettlementEvent } from './settlement';
import type { WaterfallEvent } from './waterfall';

export type Event =
  | ReferenceEvent
  | LedgerEvent
  | PriceEvent
  | PositionEvent
  | MarginCallEvent
  | BacklogEvent
  | SettlementEvent
  | WaterfallEvent
  | MemberDefaultEvent
  | DeleveragingEvent
  | LadderEvent
  | AuctionEvent
  | PortfolioEvent
  | ControlEvent;

export type EventType = Event['type'];
export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;

/** Every movement of money an event made, in order: the whole ledger is the sum of these. */
export function transfersOf(event: Event): readonly Transfer[] {
  switch (event.type) {
    case 'VariationSettled':
      return fromLines(event.lines, event.currency, `variation/${event.instrument}`, 'VARIATION');
    case 'FundingSettled':
      return fromLines(event.lines, event.currency, `variation/${event.instrument}`, 'FUNDING');
    case 'InstrumentExpired':
      return fromLines(event.lines, event.currency, `variation/${event.instrument}`, 'SETTLEMENT');
    default:
      return 'transfers' in event ? event.transfers : [];
  }
}

function fromLines(lines: readonly SettlementLine[], currency: CurrencyId, control: LedgerName, reason: TransferReason): Transfer[] {
  return lines
    .filter((line) => line.amount !== 0n)
    .map((line) => payment(`account/${line.account}`, control, line.amount, currency, reason));
}

/** A signed amount as a transfer: above zero it flows from the counter account to `name`, below zero the other way. */
export function payment(name: LedgerName, counter: LedgerName, amount: Cash, currency: CurrencyId, reason: TransferReason): Transfer {
  return amount > 0n
    ? { from: counter, to: name, currency, amount, reason }
    : { from: name, to: counter, currency, amount: cash(-amount), reason };
}
