/**
 * Funding of perpetuals: longs pay shorts when the rate is above zero, shorts longs when below; the house keeps
 * nothing.  Rules: PS-1, PS-2
 */

import { allocate } from '../../units/allocate';
import { known } from '../../units/failure';
import type { Price } from '../../units/quantity';
import { abs, type Cash, cash, plus, RATE_ONE, type Rate, total } from '../../units/quantity';
import { formatRatio, type Ratio, ratio } from '../../units/ratio';
import { divUp } from '../../units/rounding';
import { onTransfers } from '../ledger/transfers';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import { type EventOf, transfersOf } from '../message/event';
import type { SettlementLine } from '../message/position';
import { type Checked, ok, refused } from '../message/rejection';
import type { Instrument, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { priceProblem } from '../price/freshness';
import { productOf } from '../product/products';
import { amendListing } from '../reference/instruments';
import { readRate } from '../reference/reading';
import { shownRate } from './fundingRate';
import { type Holding, holdingsOf, settlementRun } from './settle';

export interface FundingDue {
  readonly instrument: InstrumentId;
  readonly rate: Rate;
}

/**
 * Errors, in order: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, PRICE_MISSING,
 * PRICE_STALE.
 */
export function checkSubmitFundingRate(view: View, command: CommandOf<'SubmitFundingRate'>): Checked<FundingDue> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { instrument, status } = listing;
  // Of what has ended nobody holds anything, and its last settlement is the last.  EX-1
  if (status === 'EXPIRED') return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id, status });
  if (instrument.kind !== 'PERPETUAL')
    return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id, kind: instrument.kind });
  // Where the house computes funding a venue's rate would be paid beside it.
  if (listing.funding?.policy.terms)
    return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id, funding: 'HOUSE' });
  const rate = readRate('rate', command.rate, -RATE_ONE);
  if (rate.rejection) return rate;
  const problem = priceProblem(view, command.instrument);
  return problem ? { rejection: problem } : ok({ instrument: command.instrument, rate: rate.ok });
}

export function settleFunding(desk: Desk, { instrument: id, rate }: FundingDue): void {
  const { mark } = known(desk.view.listings.get(id), 'Instrument', id);
  const { price } = known(mark ?? undefined, 'Mark price', id);
  settle(desk, id, price, ratio(rate, RATE_ONE), rate, `funding/1 ${rate}`);
}

/** Funding at a rate that the house has fixed, exact to the payment.  PS-8 */
export const payFunding = (desk: Desk, id: InstrumentId, { price, rate }: { price: Price; rate: Ratio }): void =>
  settle(desk, id, price, rate, shownRate(rate), `funding/2 ${formatRatio(rate)}`);

function settle(desk: Desk, id: InstrumentId, price: Price, exact: Ratio, rate: Rate, rule: string): void {
  const { instrument, lastRun } = known(desk.view.listings.get(id), 'Instrument', id);
  const holdings = holdingsOf(desk.view, id);
  const lines = fundingLines(instrument, holdings, price, exact);
  const run = settlementRun(rule, instrument, holdings, lines, price, lastRun);
  desk.emit({ type: 'FundingSettled', instrument: id, currency: instrument.settlement, price, rate, lines, run });
}

/**
 * Each payer's part is rounded up; what was paid is split among the receivers by size, so that nothing is left over.
 * PS-2
 */
export function fundingLines(
  instrument: Instrument,
  holdings: readonly Holding[],
  price: Price,
  { numerator, denominator }: Ratio,
): SettlementLine[] {
  if (numerator === 0n || price === 0n) return [];
  const pays = ({ position }: Holding): boolean => position.size * price > 0n === numerator > 0n;
  const share = numerator < 0n ? -numerator : numerator;
  // Of the notional to its last part: that of an inverse contract is no whole number of units.
  const lot = productOf(instrument).lotAt(instrument, price);
  const dueOf = ({ position }: Holding): Cash =>
    cash(divUp(abs(position.size * lot.numerator) * share, lot.denominator * denominator));
  const payers = holdings.filter(pays).map((holding) => ({ account: holding.account, amount: cash(-dueOf(holding)) }));
  const receivers = holdings.filter((holding) => !pays(holding));
  const paid = cash(-total(payers.map((line) => line.amount)));
  const shares = allocate(
    paid,
    receivers.map(({ account, position }) => ({ id: account, weight: abs(position.size) })),
  );
  const received = receivers.map(({ account }, i) => ({ account, amount: shares[i] ?? cash(0n) }));
  return [...payers, ...received].sort((a, b) => (a.account < b.account ? -1 : 1));
}

export function onFundingSettled(state: State, event: EventOf<'FundingSettled'>): void {
  for (const { account, amount } of event.lines) {
    const position = known(state.book.position(account, event.instrument), 'Position', account);
    state.book.setPosition(account, event.instrument, { ...position, gain: plus(position.gain, amount) });
  }
  onTransfers(state, transfersOf(event));
  amendListing(state, event.instrument, { lastRun: event.run.hash });
}
