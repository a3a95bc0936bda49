/** All events: what has happened. Events alone change the state; replaying them rebuilds it. */

import { type Cash, cash } from '../../units/quantity';
import type { EventsOf } from '../kind/kind';
import type { CurrencyId } from '../model/reference';
import { AUCTION_EVENTS } from './auction';
import { CHANGE_EVENTS } from './change';
import { CONTROL_EVENTS } from './control';
import { DELEVERAGING_EVENTS } from './deleveraging';
import { LADDER_EVENTS } from './ladder';
import { LEDGER_EVENTS, type LedgerName, type Transfer, type TransferReason } from './ledger';
import { ACCOUNT_STATUS_EVENTS, BACKLOG_EVENTS, MARGIN_CALL_EVENTS } from './margincall';
import { MEMBER_DEFAULT_EVENTS } from './memberDefault';
import { PORTFOLIO_EVENTS } from './portfolio';
import { POSITION_EVENTS, type SettlementLine } from './position';
import { PRICE_EVENTS } from './price';
import { REFERENCE_EVENTS } from './reference';
import { SETTLEMENT_EVENTS } from './settlement';
import { WATERFALL_EVENTS } from './waterfall';

/** Every event by its type, with what its fields hold. */
export const EVENTS = {
  ...REFERENCE_EVENTS,
  ...LEDGER_EVENTS,
  ...PRICE_EVENTS,
  ...POSITION_EVENTS,
  ...ACCOUNT_STATUS_EVENTS,
  ...MARGIN_CALL_EVENTS,
  ...BACKLOG_EVENTS,
  ...SETTLEMENT_EVENTS,
  ...WATERFALL_EVENTS,
  ...MEMBER_DEFAULT_EVENTS,
  ...DELEVERAGING_EVENTS,
  ...LADDER_EVENTS,
  ...AUCTION_EVENTS,
  ...PORTFOLIO_EVENTS,
  ...CONTROL_EVENTS,
  ...CHANGE_EVENTS,
};

/** A type of event in capitals, as the values of enumerations are: `MARGIN_CALL_ISSUED`. */
export const capitalsOf = (type: string): string => type.replace(/(?!^)[A-Z]/g, '_$&').toUpperCase();

export type Event = EventsOf<typeof EVENTS>;
export type EventType = Event['type'];
export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;

/** Every movement of money an event made, in order: the whole ledger is the sum of these. */
export function transfersOf(event: Event): readonly Transfer[] {
  switch (event.type) {
    case 'VariationSettled':
      return [
        ...fromLines(event.lines, event.currency, `variation/${event.instrument}`, 'VARIATION'),
        ...roundingOf(event),
      ];
    case 'FundingSettled':
      return fromLines(event.lines, event.currency, `variation/${event.instrument}`, 'FUNDING');
    case 'InstrumentExpired':
      return [
        ...fromLines(event.lines, event.currency, `variation/${event.instrument}`, 'SETTLEMENT'),
        ...roundingOf(event),
      ];
    default:
      return 'transfers' in event ? event.transfers : [];
  }
}

function fromLines(
  lines: readonly SettlementLine[],
  currency: CurrencyId,
  control: LedgerName,
  reason: TransferReason,
): Transfer[] {
  return lines
    .filter((line) => line.amount !== 0n)
    .map((line) => payment(`account/${line.account}`, control, line.amount, currency, reason));
}

function roundingOf({ instrument, currency, rounding }: EventOf<'VariationSettled' | 'InstrumentExpired'>): Transfer[] {
  return rounding === undefined
    ? []
    : [payment(`rounding/${instrument}`, `variation/${instrument}`, rounding, currency, 'ROUNDING')];
}

/** A signed amount as a transfer: above zero it flows from the counter account to `name`, below zero the other way. */
export function payment(
  name: LedgerName,
  counter: LedgerName,
  amount: Cash,
  currency: CurrencyId,
  reason: TransferReason,
): Transfer {
  return amount > 0n
    ? { from: counter, to: name, currency, amount, reason }
    : { from: name, to: counter, currency, amount: cash(-amount), reason };
}
