/** What an auction asks at an instant, and what its lot is worth.  Rules: CA-1, CA-4 */

import { parseDecimal } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, compare, type Instant, RATE_ONE, type Rate, rate } from '../../../units/quantity';
import { divDown, divUp } from '../../../units/rounding';
import type { AccountId } from '../../model/account';
import type { Auction, AuctionId, AuctionPolicy } from '../../model/auction';
import type { CollateralTerms } from '../../model/collateral';
import type { LiquidationId } from '../../model/liquidation';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import { indexIdOf } from '../../reference/indices';
import { priceAt, RAY } from './curve';
import { costUp, type Quote } from './sale';

/** Auctions that have not ended, of one account, by id. */
export const auctionsOfAccount = (view: View, account: AccountId): Auction[] =>
  [...(view.auctionsOf.get(account) ?? [])].sort().map((id: AuctionId) => known(view.auctions.get(id), 'Auction', id));

/** Auctions a liquidation waits for. */
export const auctionsOf = (view: View, liquidation: LiquidationId): Auction[] =>
  auctionsOfAccount(view, view.liquidations.get(liquidation)?.account ?? '').filter(
    (auction) => auction.liquidation === liquidation,
  );

/** Price of a whole unit of one currency in another, 27 digits; undefined while nobody vouches for it. */
export function livePriceOf(view: View, lot: CurrencyId, currency: CurrencyId): bigint | undefined {
  const listing = view.indices.get(indexIdOf(lot, currency));
  if (!listing || listing.state.stale || listing.state.price === null) return undefined;
  const step = parseDecimal(listing.index.tick);
  return divDown(listing.state.price * step.mantissa * RAY, 10n ** BigInt(step.scale));
}

/** A price per whole unit as smallest units of money per smallest unit of the lot. */
export function quoteAt(
  view: View,
  { lotCurrency, currency }: Pick<Auction, 'lotCurrency' | 'currency'>,
  price: bigint,
): Quote {
  const scaleOf = (id: CurrencyId): bigint => 10n ** BigInt(known(view.currencies.get(id), 'Currency', id).scale);
  return { numerator: price * scaleOf(currency), denominator: RAY * scaleOf(lotCurrency) };
}

/** What is asked for a lot at first: its index price, less a share of its conversion discount, times the multiplier. */
export function topOf(policy: AuctionPolicy, price: bigint, { conversionDiscount }: Discounted): bigint {
  const asked = RATE_ONE * RATE_ONE - (policy.discountShare ?? 0n) * conversionDiscount;
  return divDown(price * policy.startMultiplier * asked, RATE_ONE ** 3n);
}
type Discounted = Pick<CollateralTerms, 'conversionDiscount'>;

/** On which terms the house would take the lot itself. */
export const discountOn = (view: View, lot: CurrencyId): Discounted =>
  view.collateral.get(lot) ?? { conversionDiscount: rate(0n) };

export const reserveOf = (policy: AuctionPolicy, price: bigint): bigint => divUp(price * policy.reserveShare, RATE_ONE);
export const targetOf = (policy: AuctionPolicy, debt: Cash): Cash =>
  cash(divUp(debt * policy.penaltyMultiplier, RATE_ONE));

/** How long the round has run: the clock stands while it is paused. Unit: ms. */
export function elapsedOf({ status, startedAt, deadline, timeLeft }: Auction, at: Instant): number {
  if (status === 'QUEUED') return 0;
  return Math.max((status === 'PAUSED' ? deadline - (timeLeft ?? 0) : at) - startedAt, 0);
}

/**
 * Price per whole unit of the lot at an instant, never below the reserve. Unit: 27 digits of the currency of the bids.
 */
export function auctionPriceOf(auction: Auction, at: Instant): bigint {
  const price = curvePriceOf(auction, at);
  return price > auction.reserve ? price : auction.reserve;
}

/** The same without the reserve. The price floor is compared with it. */
export const curvePriceOf = (auction: Auction, at: Instant): bigint =>
  priceAt(auction.terms.curve, auction.top, elapsedOf(auction, at));

/** The lot at the reserve price. Unit: currency of the bids, rounded up. */
export const reserveValueOf = (
  view: View,
  auction: Pick<Auction, 'lotCurrency' | 'currency' | 'quantity' | 'reserve'>,
): Cash => cash(costUp(auction.quantity, quoteAt(view, auction, auction.reserve)));

/** Proceeds over what was sold was worth. Undefined worth has no recovery. */
export const recoveryOf = ({ proceeds, fairValue }: Auction): Rate | null =>
  fairValue === 0n ? null : (divDown(proceeds * RATE_ONE, fairValue) as Rate);

/** Earlier deadline first, then the smaller id. */
export const byDeadline = (a: Auction, b: Auction): number =>
  compare(a.deadline as number, b.deadline) || compare(a.id, b.id);
