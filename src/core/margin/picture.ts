/**
 * The picture of an account: everything its margin depends on, taken at one moment. Every figure of the margin room is
 * computed from a picture, so that a live account and a what-if go through the same code.  Rule: RMR-4
 */

import { parseDecimal } from '../../units/decimal';
import { known } from '../../units/failure';
import {
  type Cash,
  cash,
  type Instant,
  MARGIN_PER_CASH,
  type Margin,
  margin,
  minus,
  NO_CASH,
  NO_MARGIN,
  type Price,
  plus,
  RATE_ONE,
  type Rate,
  rate,
  type Seq,
  type Size,
  total,
} from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import { divDown, divUp } from '../../units/rounding';
import { exposureOf } from '../book/exposure';
import type { Account, AccountId, Position } from '../model/account';
import { type CollateralInForce, openingWeightOf, weightOf, withinHouse } from '../model/collateral';
import type { MarginPolicy } from '../model/policy';
import type { Currency, CurrencyId, InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { gainAt, worthAt } from '../position/value';
import { isDoubted, isFrozen } from '../price/freshness';
import { withCost } from '../product/posting';
import { termsBefore } from '../reference/former';
import { indexIdOf } from '../reference/indices';
import type { Holding } from './model/holding';
import { marginTermsOf } from './model/models';

/** Collateral in a currency other than the account's. */
export interface Collateral {
  readonly currency: CurrencyId;
  readonly amount: Cash; // in that currency
  readonly price: Price | null; // of its index
  readonly priceSeq: Seq;
  readonly stale: boolean;
  readonly eligible: boolean; // else it backs no new risk and no withdrawal   Ruling 11
  readonly runOffDate: Instant | null; // of what was struck off
  readonly terms: CollateralInForce | undefined;
  readonly within: Cash; // of the amount what counts for new risk and withdrawals within the house's limit
  readonly haircut: Rate; // of the whole amount, rounded up; all of it after the run-off date
  readonly worth: Ratio | null; // of a unit, in margin of the account's currency; null without a price
  readonly value: Margin; // after haircut, in the account's currency, rounded down
}

export interface Picture {
  readonly account: Account;
  readonly policy: MarginPolicy | undefined; // none for the house's own close-out account
  readonly cash: Cash; // in the account's currency, signed
  readonly collateral: readonly Collateral[];
  readonly holdings: readonly Holding[]; // by instrument id
}

/** `before`: under the terms that were in force before that entry. */
export function pictureOf(view: View, id: AccountId, before?: Seq): Picture {
  const account = known(view.book.account(id), 'Account', id);
  const policy = termsBefore(view, 'policies', account.policy, before) ?? view.policies.get(account.policy);
  const holdings: Holding[] = [];
  for (const [instrument, position] of view.book.positions(id)) {
    if (position.size === 0n && position.bids === 0n && position.asks === 0n) continue;
    holdings.push(holdingOf(view, account, policy, instrument, position, before));
  }
  holdings.sort((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1));
  const collateral: Collateral[] = [];
  for (const [currency, amount] of view.book.balances(id)) {
    if (currency !== account.currency) collateral.push(collateralOf(view, account, currency, amount, before));
  }
  collateral.sort((a, b) => (a.currency < b.currency ? -1 : 1));
  return { account, policy, cash: view.book.balance(id, account.currency), collateral, holdings };
}

export function holdingOf(
  view: View,
  account: Account,
  policy: MarginPolicy | undefined,
  id: InstrumentId,
  position: Position,
  before?: Seq,
): Holding {
  const listing = known(view.listings.get(id), 'Instrument', id);
  const former = termsBefore(view, 'listings', id, before);
  const mark = known(listing.mark ?? undefined, 'Mark price', id);
  const own = exposureOf(view.book.position(account.id, id) ?? position);
  const otherLots =
    policy?.aggregation === 'OWNER' ? minus(view.book.ownerExposure(account.owner, id), own) : (0n as Size);
  return {
    instrument: listing.instrument,
    terms: marginTermsOf(former ? { ...listing, ...former } : listing),
    mark: mark.price,
    markSeq: mark.seq,
    frozen: isFrozen(view, listing),
    doubted: isDoubted(view, listing.instrument.index, 'MARGIN'),
    position,
    leverage: account.leverage,
    otherLots,
  };
}

/** What an amount of another currency counts for in an account, as things are now. */
export const collateralWorth = (view: View, account: Account, currency: CurrencyId, amount: Cash): Margin =>
  collateralOf(view, account, currency, amount).value;

function collateralOf(view: View, account: Account, currency: CurrencyId, amount: Cash, before?: Seq): Collateral {
  const listing = view.indices.get(indexIdOf(currency, account.currency));
  const terms = termsBefore(view, 'collateral', currency, before) ?? view.collateral.get(currency);
  const { eligible = false, runOffDate = null } = terms ?? {};
  const weight = weightOf(terms, amount, 'MAINTENANCE');
  const state = listing?.state;
  const base = {
    currency,
    amount,
    eligible,
    runOffDate,
    terms,
    within: terms?.houseLimit === undefined ? amount : withinHouse(terms, amount, view.book.collateralHeld(currency)),
    haircut: haircutOf(terms, amount, weight),
    price: state?.price ?? null,
    priceSeq: state?.seq ?? 0,
    stale: (state?.stale ?? true) || isDoubted(view, listing?.index.id ?? null, 'MARGIN'),
  };
  if (!listing || base.price === null) return { ...base, worth: null, value: NO_MARGIN };
  const from = known(view.currencies.get(currency), 'Currency', currency);
  const to = known(view.currencies.get(account.currency), 'Currency', account.currency);
  const worth = worthOfUnit(from, to, base.price, listing.index.tick);
  return { ...base, worth, value: valueOfWeight(worth, weight) };
}

/** What is taken off an amount as a whole, rounded up. */
function haircutOf(terms: CollateralInForce | undefined, amount: Cash, weight: bigint): Rate {
  if (amount > 0n) return rate(divUp(amount * RATE_ONE - weight, amount));
  return rate(RATE_ONE - weightOf(terms, cash(1n), 'MAINTENANCE'));
}

/** One unit of a currency in another at an index price. */
function worthOfUnit(from: Currency, to: Currency, price: Price, tick: string): Ratio {
  const step = parseDecimal(tick);
  return {
    numerator: price * step.mantissa * 10n ** BigInt(to.scale) * MARGIN_PER_CASH,
    denominator: 10n ** BigInt(from.scale + step.scale),
  };
}

/** What a weight of a currency comes to, rounded down. */
export const valueOfWeight = ({ numerator, denominator }: Ratio, weight: bigint): Margin =>
  margin(divDown(weight * numerator, denominator * RATE_ONE));

/**
 * An amount of one currency in another at an index price, less a discount: rounded down at the resolution of margin.
 */
export function convertDown(
  from: Currency,
  to: Currency,
  amount: Cash,
  price: Price,
  tick: string,
  discount: Rate,
): Margin {
  return valueOfWeight(worthOfUnit(from, to, price, tick), amount * (RATE_ONE - discount));
}

/** The picture with one position as it would be. */
export function withPosition(picture: Picture, holding: Holding): Picture {
  const others = picture.holdings.filter((other) => other.instrument.id !== holding.instrument.id);
  const holdings = [...others, holding].sort((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1));
  return { ...picture, holdings };
}

/** Whether it holds no position. Open orders are none. */
export const isFlat = ({ holdings }: Pick<Picture, 'holdings'>): boolean =>
  holdings.every(({ position }) => position.size === 0n);

/** The picture with only what is sure to be there: collateral whose price is stale counts for nothing.  Rule: S14 */
export const withoutStaleCollateral = (picture: Picture): Picture => ({
  ...picture,
  collateral: picture.collateral.map((item) => (item.stale ? { ...item, value: NO_MARGIN } : item)),
});

/**
 * The picture with only what backs new risk and withdrawals: no stale collateral, none that was struck off, the rest at
 * its haircuts for that, and no gains on holdings that stand still. What was lost on them counts.  Rules: S14, RB-4;
 * rulings 11 and 13
 */
export const backingOf = (picture: Picture): Picture => ({
  ...picture,
  collateral: picture.collateral.map((item) => ({
    ...item,
    value: item.stale || !item.eligible ? NO_MARGIN : openingValueOf(picture, item, item.within),
  })),
  holdings: picture.holdings.map(withoutFrozenGain),
});

/** What so much of a currency would count for as backing of new risk and withdrawals.  RB-4 */
export const openingValueOf = (picture: Picture, { currency, terms, worth }: Collateral, within: Cash): Margin =>
  worth === null
    ? NO_MARGIN
    : valueOfWeight(
        worth,
        openingWeightOf(terms, within, terms?.wrongWayHaircut ? matchedBy(picture, currency, worth) : NO_CASH),
      );

/**
 * How much of a currency is worth as much as the account is long in it, all its orders filled: that falls together with
 * the positions it backs.  RB-4
 */
export function matchedBy({ holdings }: Picture, currency: CurrencyId, { numerator, denominator }: Ratio): Cash {
  const long = total(
    holdings
      .filter(({ instrument }) => instrument.base === currency)
      .map(({ instrument, position, mark }) => worthAt(instrument, plus(position.size, position.bids), mark)),
  );
  return long > 0n && numerator > 0n ? cash(divUp(long * denominator, numerator)) : NO_CASH;
}

function withoutFrozenGain(holding: Holding): Holding {
  const { instrument, position, mark, frozen, doubted } = holding;
  if (!(frozen || doubted) || gainAt(instrument, position, mark) <= 0n) return holding;
  return { ...holding, position: withCost(position, worthAt(instrument, position.size, mark)) };
}
