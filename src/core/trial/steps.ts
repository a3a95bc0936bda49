/** What is supposed, as commands that a house is sent: each is one entry, and refused as it would be.  Rule: RMR-4 */

import { MOST_PRICE, within } from '../../units/bounds';
import { formatCount, parseDecimal } from '../../units/decimal';
import { known } from '../../units/failure';
import { type Count, type Price, price, RATE_ONE, type Rate, size } from '../../units/quantity';
import { divHalfEven } from '../../units/rounding';
import { bringAbout, execute } from '../engine/execute';
import type { Command } from '../message/command';
import type { Desk } from '../message/desk';
import type { Outcome } from '../message/envelope';
import { type Checked, ok, type Rejection, refused } from '../message/rejection';
import type { FieldPath } from '../message/rejectionField';
import { SYSTEM } from '../model/actor';
import type { OpenInterestReview } from '../model/openInterest';
import type { InstrumentId } from '../model/reference';
import type { Listing, State } from '../model/state';
import { markWentStale } from '../price/followIndex';
import { MANUAL_SOURCE } from '../price/markPrice';
import { readPrice, readRate, readTerm } from '../reference/reading';
import { withCounterparty } from './counterparty';
import type { TrialHouse } from './house';
import type { SupposedTrade, WhatIf } from './question';

/** What one step came to. */
export interface Tried {
  readonly outcome: Outcome;
  readonly command: Command | null;
  readonly place: FieldPath;
}

export type Step = (house: TrialHouse) => Tried;

export function stepsOf(question: WhatIf): Step[] {
  const { tiers = [], openInterest = [], trades = [], prices = [], shock = null, payments = [] } = question;
  return [
    ...tiers.map(({ instrument, tiers: input }, i) =>
      sent({ type: 'SetTierSchedule', instrument, tiers: input, effectiveAt: null }, ['tiers', String(i)]),
    ),
    ...openInterest.flatMap((supposed, i) => openInterestSteps(supposed, ['openInterest', String(i)])),
    ...trades.map((trade, i) => tradeStep(question, trade, i)),
    ...(prices.length > 0 || shock !== null ? [pricesStep(question)] : []),
    ...payments.map(({ currency, amount }, i) =>
      sent(payment(question.account, currency, amount), ['payments', String(i)]),
    ),
  ];
}

function sendTo(state: State, command: Command): Outcome {
  return execute(state, { ...envelopeOf(state), command }, 'GIVEN');
}

const envelopeOf = (state: State) => ({ seq: state.seq + 1, at: state.now, actor: SYSTEM, key: null });

const sent =
  (command: Command, place: FieldPath): Step =>
  ({ state }) => ({ outcome: sendTo(state, command), command, place });

function payment(account: string, currency: string, amount: string): Command {
  return parseDecimal(amount).mantissa < 0n
    ? { type: 'WithdrawCollateral', account, currency, amount: amount.slice(1) }
    : { type: 'DepositCollateral', account, currency, amount };
}

function tradeStep({ account }: WhatIf, trade: SupposedTrade, i: Count): Step {
  const place = ['trades', String(i)];
  return (house) => {
    const priced = tradedAt(house.state, trade);
    if (priced.rejection) return { outcome: priced, command: null, place };
    const { instrument, side, size } = trade;
    return withCounterparty(house, account, trade, (other) => {
      const [buyer, seller] = side === 'BUY' ? [account, other] : [other, account];
      const taker = (trade.taker ?? true) === (side === 'BUY') ? 'BUY' : 'SELL';
      const command: Command = {
        ...{ type: 'SubmitTrade', trade: `what-if:${i}`, instrument, buyer, seller, price: priced.ok, size, taker },
        ...{ buyOrder: null, sellOrder: null },
      };
      return { outcome: sendTo(house.state, command), command, place };
    });
  };
}

/** Where no price is given, the mark. */
function tradedAt(state: State, { instrument: id, price: stated }: SupposedTrade): Checked<string> {
  if (stated !== null) return ok(stated);
  const listing = state.listings.get(id);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: id });
  return listing.mark
    ? ok(formatCount(listing.mark.price, listing.instrument.tick))
    : refused('PRICE_MISSING', { instrument: id });
}

type Supposed = NonNullable<WhatIf['openInterest']>[number];

function openInterestSteps({ instrument, ramp, notional }: Supposed, place: FieldPath): Step[] {
  const set = ramp === null ? [] : [sent({ type: 'SetOpenInterestScaling', instrument, ramp }, place)];
  return notional === null && ramp !== null ? set : [...set, reviewStep(instrument, notional, place)];
}

/** The review as it would be if so much were open. */
function reviewStep(id: InstrumentId, notional: string | null, place: FieldPath): Step {
  return ({ state }) => {
    const command: Command = { type: 'AdvanceTime' };
    const listing = state.listings.get(id);
    if (!listing) return { outcome: refused('INSTRUMENT_NOT_FOUND', { instrument: id }), command, place };
    const review = reviewOf(state, listing, notional);
    if (review.rejection) return { outcome: review, command, place };
    // Without terms no rate depends on it.
    const counted = listing.scaling ? review.ok : null;
    const make = (desk: Desk): void => {
      if (counted)
        desk.emit({
          type: 'OpenInterestReviewed',
          instrument: id,
          review: counted,
          nextDue: listing.scaling?.due ?? null,
        });
    };
    return {
      outcome: bringAbout(state, { ...envelopeOf(state), command: { type: 'AdvanceTime' } }, 'POLICY', make),
      command,
      place,
    };
  };
}

function reviewOf(
  state: State,
  { instrument, mark, scaling }: Listing,
  notional: string | null,
): Checked<OpenInterestReview | null> {
  if (notional === null) return ok(null);
  const currency = known(state.currencies.get(instrument.settlement), 'Currency', instrument.settlement);
  const open = readTerm(currency, 'notional', notional);
  if (open.rejection) return open;
  const before = { openInterest: size(0n), price: mark?.price ?? price(0n), at: state.now, ...scaling?.review };
  return ok({ ...before, notional: open.ok });
}

/** All prices move at once, as those of one list do. */
function pricesStep({ prices = [], shock = null }: WhatIf): Step {
  return ({ state }) => {
    const supposed = prices.map((quote) => ({ ...quote, bid: null, ask: null, observedAt: null }));
    const command: Command = { type: 'SubmitMarkPrices', source: MANUAL_SOURCE, prices: supposed };
    const read = readMoves(state, prices, shock);
    if ('rejection' in read)
      return { outcome: { rejection: read.rejection }, command: shock === null ? command : null, place: [] };
    return {
      outcome: bringAbout(state, { ...envelopeOf(state), command }, 'PRICE', (desk) => movePrices(desk, read)),
      command,
      place: [],
    };
  };
}

interface Moves {
  readonly marks: ReadonlyMap<InstrumentId, { readonly price: Price; readonly stale: boolean }>;
  readonly move: Rate;
}

function readMoves(
  state: State,
  prices: NonNullable<WhatIf['prices']>,
  shock: string | null,
): Moves | { readonly rejection: Rejection } {
  const move = shock === null ? ok(0n as Rate) : readRate('shock', shock, -RATE_ONE, 100n * RATE_ONE);
  if (move.rejection) return move;
  const marks = new Map<InstrumentId, { price: Price; stale: boolean }>();
  for (const { instrument: id, price: text } of prices) {
    const listing = state.listings.get(id);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: id });
    if (listing.status === 'EXPIRED') return refused('INSTRUMENT_NOT_TRADING', { instrument: id });
    const read = readPrice(listing.instrument, text);
    if (read.rejection) return read;
    marks.set(id, { price: read.ok, stale: false });
  }
  if (move.ok === 0n) return { marks, move: move.ok };
  for (const { instrument, mark, status } of state.listings.values()) {
    const before = marks.get(instrument.id) ?? mark;
    if (!before || status === 'EXPIRED') continue;
    const after = moved(before.price, move.ok, instrument.allowsNonPositivePrice);
    if (!within(after, MOST_PRICE)) return refused('VALUE_OUT_OF_RANGE', { field: 'shock', value: shock ?? '' });
    marks.set(instrument.id, { price: after, stale: before.stale });
  }
  return { marks, move: move.ok };
}

/** By a share of itself, to the nearest tick; where nothing may cost nothing, no lower than one. */
function moved(before: Price, move: Rate, toNothing: boolean): Price {
  const after = divHalfEven(before * (RATE_ONE + move), RATE_ONE);
  return price(after < 1n && !toNothing ? 1n : after);
}

/** What was stale stays so: a move says nothing about who vouches for a price. */
function movePrices(desk: Desk, { marks, move }: Moves): void {
  const byName = (a: { readonly index: { readonly id: string } }, b: typeof a): number =>
    a.index.id < b.index.id ? -1 : 1;
  for (const { index, state } of [...desk.view.indices.values()].sort(byName)) {
    if (state.price === null || move === 0n) continue;
    const quotes = [...state.quotes].map(([source, quote]) => ({
      source,
      ...quote,
      price: moved(quote.price, move, false),
    }));
    desk.emit({
      type: 'IndexPriceSet',
      index: index.id,
      price: moved(state.price, move, false),
      stale: state.stale,
      quotes,
    });
  }
  for (const [instrument, { price, stale }] of [...marks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    desk.emit({ type: 'MarkPriceSet', source: MANUAL_SOURCE, instrument, price, at: desk.at, clamped: false });
    if (stale) markWentStale(desk, instrument);
  }
}
