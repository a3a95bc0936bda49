/** What would be: the health of an account after trades, prices, shocks, payments, other tiers or open interest, by the live functions, without a trace.  Rule: RMR-4 */

import { known } from '../../units/failure';
import { cash, type Price, price, RATE_ONE, type Rate, size } from '../../units/quantity';
import { divHalfEven } from '../../units/rounding';
import { EMPTY_POSITION } from '../book/exposure';
import type { Decimal } from '../message/definition';
import type { OpenInterestRampInput } from '../message/positionCommands';
import type { TierInput } from '../message/referenceCommands';
import { type Checked, ok, refused } from '../message/rejection';
import type { Account, AccountId, Side } from '../model/account';
import type { Actor } from '../model/actor';
import type { OpenInterestScaling } from '../model/openInterest';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { Listing, View } from '../model/state';
import { readRamp } from '../position/openInterestScaling';
import { fill, worthAt } from '../position/value';
import { accountFor } from '../reference/accounts';
import { readAmount, readPrice, readRate, readSize, readTerm } from '../reference/reading';
import { checkSetTierSchedule } from '../reference/tiers';
import { equityOf } from './equity';
import { type Health, healthOfPicture } from './health';
import type { Holding } from './model/holding';
import { isMargined } from './model/models';
import { holdingOf, type Picture, pictureOf, withPosition } from './picture';
import { openingOf } from './requirement';

export interface WhatIf {
  readonly account: AccountId;
  readonly trades?: readonly {
    readonly instrument: InstrumentId;
    readonly side: Side;
    readonly size: Decimal;
    readonly price: Decimal | null;
  }[]; // null: at the mark
  readonly prices?: readonly { readonly instrument: InstrumentId; readonly price: Decimal }[];
  readonly shock?: Decimal | null; // share by which every mark moves, such as -0.1
  readonly payments?: readonly { readonly currency: CurrencyId; readonly amount: Decimal }[]; // below zero: taken out; the account's own currency
  readonly tiers?: readonly { readonly instrument: InstrumentId; readonly tiers: readonly TierInput[] }[];
  readonly openInterest?: readonly {
    readonly instrument: InstrumentId;
    readonly ramp: OpenInterestRampInput | null; // null: as it is
    readonly notional: Decimal | null; // open notional; null: that of the last review
  }[];
}

export interface WhatIfAnswer {
  readonly before: Health;
  readonly after: Health;
  readonly meetsInitialMargin: boolean; // as new risk has to, after; or needing no more than before
}

/** Errors: ACCOUNT_NOT_FOUND, and those of reading each change. Changes apply in the order tiers, open interest, trades, prices, shock, payments. */
export function whatIf(view: View, question: WhatIf, actor: Actor): Checked<WhatIfAnswer> {
  const account = accountFor(view, actor, question.account);
  if (!account) return refused('ACCOUNT_NOT_FOUND', { account: question.account });
  const supposed = supposing(view, question);
  if (supposed.rejection) return supposed;
  const start = pictureOf(view, account.id);
  let picture: Checked<Picture> = ok(pictureOf(supposed.ok, account.id));
  for (const step of STEPS) {
    if (picture.rejection) return picture;
    picture = step(supposed.ok, account, picture.ok, question);
  }
  if (picture.rejection) return picture;
  const [required, before] = [openingOf(picture.ok), openingOf(start)];
  const equity = equityOf(picture.ok);
  const meets = equity >= required || (required <= before && equity - required >= equityOf(start) - before);
  return ok({ before: healthOfPicture(view, start), after: healthOfPicture(view, picture.ok), meetsInitialMargin: meets });
}

type Step = (view: View, account: Account, picture: Picture, question: WhatIf) => Checked<Picture>;
const STEPS: readonly Step[] = [withTrades, withPrices, withShock, withPayments];

/** The house with other tiers and open interest: everything else of it is as it was. */
function supposing(view: View, { tiers = [], openInterest = [] }: WhatIf): Checked<View> {
  const listings = new Map(view.listings);
  for (const { instrument, tiers: input } of tiers) {
    const schedule = checkSetTierSchedule(view, { type: 'SetTierSchedule', instrument, tiers: input, effectiveAt: null });
    if (schedule.rejection) return schedule;
    listings.set(instrument, { ...known(listings.get(instrument), 'Instrument', instrument), tiers: schedule.ok });
  }
  for (const supposed of openInterest) {
    const listing = listings.get(supposed.instrument);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: supposed.instrument });
    const scaling = scalingSupposed(view, listing, supposed);
    if (scaling.rejection) return scaling;
    listings.set(supposed.instrument, { ...listing, scaling: scaling.ok });
  }
  return ok({ ...view, listings });
}

type OpenInterest = NonNullable<WhatIf['openInterest']>[number];

function scalingSupposed(view: View, { instrument, mark, scaling }: Listing, supposed: OpenInterest): Checked<OpenInterestScaling> {
  const currency = known(view.currencies.get(instrument.settlement), 'Currency', instrument.settlement);
  const ramp = supposed.ramp === null ? ok(scaling?.terms.ramp ?? null) : readRamp(currency, supposed.ramp);
  if (ramp.rejection) return ramp;
  const terms = { instrument: instrument.id, version: scaling?.terms.version ?? 0, ramp: ramp.ok };
  if (supposed.notional === null) return ok({ terms, review: scaling?.review ?? null, due: null });
  const notional = readTerm(currency, 'notional', supposed.notional);
  if (notional.rejection) return notional;
  const review = { openInterest: size(0n), price: mark?.price ?? price(0n), at: view.now, ...scaling?.review, notional: notional.ok };
  return ok({ terms, review, due: null });
}

function withTrades(view: View, account: Account, picture: Picture, { trades = [] }: WhatIf): Checked<Picture> {
  let changed = picture;
  for (const trade of trades) {
    const listing = view.listings.get(trade.instrument);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: trade.instrument });
    if (!listing.mark || !isMargined(listing))
      return refused(listing.mark ? 'INSTRUMENT_NOT_CONFIGURED' : 'PRICE_MISSING', { instrument: trade.instrument });
    if (account.instrument !== null && account.instrument !== trade.instrument)
      return refused('ACCOUNT_ISOLATED', { account: account.id, instrument: account.instrument });
    if (listing.instrument.settlement !== account.currency) return refused('CURRENCY_MISMATCH', { instrument: trade.instrument });
    const lots = readSize(listing.instrument, trade.size);
    if (lots.rejection) return lots;
    const price = trade.price === null ? ok(listing.mark.price) : readPrice(listing.instrument, trade.price);
    if (price.rejection) return price;
    const held = changed.holdings.find((holding) => holding.instrument.id === trade.instrument);
    const holding = held ?? holdingOf(view, account, picture.policy, trade.instrument, EMPTY_POSITION);
    const signed = (trade.side === 'BUY' ? lots.ok : -lots.ok) as typeof lots.ok;
    const traded = fill(listing.instrument, holding.position, signed, worthAt(listing.instrument, signed, price.ok));
    changed = withPosition({ ...changed, cash: cash(changed.cash + traded.realised) }, { ...holding, position: traded.position });
  }
  return ok(changed);
}

function withPrices(view: View, _account: Account, picture: Picture, { prices = [] }: WhatIf): Checked<Picture> {
  let changed = picture;
  for (const { instrument, price: text } of prices) {
    const listing = view.listings.get(instrument);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument });
    const price = readPrice(listing.instrument, text);
    if (price.rejection) return price;
    changed = mapHoldings(changed, (holding) => (holding.instrument.id === instrument ? { ...holding, mark: price.ok } : holding));
  }
  return ok(changed);
}

function withShock(_view: View, _account: Account, picture: Picture, { shock = null }: WhatIf): Checked<Picture> {
  if (shock === null) return ok(picture);
  const move = readRate('shock', shock, -RATE_ONE, 100n * RATE_ONE);
  if (move.rejection) return move;
  return ok(mapHoldings(picture, (holding) => ({ ...holding, mark: shocked(holding.mark, move.ok) })));
}

const shocked = (mark: Price, move: Rate): Price => divHalfEven(mark * (RATE_ONE + move), RATE_ONE) as Price;

function withPayments(view: View, account: Account, picture: Picture, { payments = [] }: WhatIf): Checked<Picture> {
  let changed = picture;
  for (const { currency, amount: text } of payments) {
    if (currency !== account.currency) return refused('CURRENCY_MISMATCH', { currency, account: account.currency });
    const amount = readAmount(view, currency, text);
    if (amount.rejection) return amount;
    changed = { ...changed, cash: cash(changed.cash + amount.ok) };
  }
  return ok(changed);
}

const mapHoldings = (picture: Picture, change: (holding: Holding) => Holding): Picture => ({
  ...picture,
  holdings: picture.holdings.map(change),
});
