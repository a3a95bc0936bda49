/**
 * What a portfolio is worth now, what is asked for all of it, and how large a share of it has to go. The price is a
 * pure function of that value, of the terms and of time: it follows the marks, and falls while they stand.  Rule: CA-5
 */

import {
  abs,
  type Cash,
  cash,
  greatest,
  type Instant,
  least,
  MARGIN_PER_CASH,
  type Milliseconds,
  NO_CASH,
  RATE_ONE,
  type Size,
  size,
} from '../../../units/quantity';
import { cashDown, cashUp, divDown, divUp } from '../../../units/rounding';
import { chargesDue } from '../../margin/charges';
import { isBelow } from '../../margin/level';
import type { Holding } from '../../margin/model/holding';
import { withPosition } from '../../margin/picture';
import { type Standing, standingOf, standingOfAccount } from '../../margin/standing';
import type { AccountId } from '../../model/account';
import type { PortfolioAuction, PortfolioPolicy } from '../../model/portfolio';
import type { View } from '../../model/state';
import { isClosedOut } from '../../reference/memberDefaults';
import { RAY, twoSpeedFactor } from '../auction/curve';
import { costOf } from '../closing/plan';
import { reducedBy } from '../closing/reduction';
import { heldOf, lessHeld } from '../liquidator/reward';
import { ONE_SHARE, type PortfolioValue, paidByFund } from './shares';

/** The auction of an account's portfolio that runs or is paused. */
export function portfolioOf(view: View, account: AccountId): PortfolioAuction | undefined {
  const id = view.portfolioOf.get(account);
  return id === undefined ? undefined : view.portfolios.get(id);
}

/**
 * What is for sale of the account: equity at the marks, rounded down, less what earlier takes paid in, which is sold to
 * nobody again; and what is left of all equity after maintenance margin, rounded up.  Ruling 19
 */
export function worthOf(
  { equity, maintenance }: Standing,
  { mode, proceeds }: Pick<PortfolioAuction, 'mode' | 'proceeds'>,
): PortfolioValue {
  const held = cashDown(equity);
  const value = mode === 'SOLVENT' && proceeds > 0n ? greatest(cash(held - proceeds), NO_CASH) : held;
  return { value, margin: held - cashUp(maintenance) };
}

/** How long it has run: the clock stands while it is paused. Unit: ms. */
export function elapsedFor({ status, startedAt, deadline, timeLeft }: PortfolioAuction, at: Instant): number {
  return (status === 'PAUSED' ? deadline - (timeLeft ?? 0) : at) - startedAt;
}

/** Share of the value asked at an instant: never rises, never below the reserve. Unit: 27 digits. */
export function factorAt({ curve, reserveShare }: PortfolioPolicy, elapsed: Milliseconds): bigint {
  return greatest(twoSpeedFactor(curve, BigInt(Math.max(elapsed, 0))), (reserveShare * RAY) / RATE_ONE);
}

/**
 * Asked for all that is for sale: above zero a share of its value, below zero what the fund pays for it to be taken.
 */
export function priceOf(auction: PortfolioAuction, worth: PortfolioValue, at: Instant): Cash {
  const elapsed = elapsedFor(auction, at);
  if (auction.mode === 'SOLVENT') return cash(divUp(worth.value * factorAt(auction.terms, elapsed), RAY));
  const duration = Math.max(auction.deadline - auction.startedAt, 1);
  return cash(-paidByFund(worth, ONE_SHARE, BigInt(Math.max(elapsed, 0)), BigInt(duration)));
}

/** What a share brings its taker besides positions at the mark: the value behind it less its price. Rounded down. */
export const premiumFor = (share: bigint, value: bigint, price: bigint): Cash =>
  cash(divDown(share * (value - price), ONE_SHARE));

/** Lots of a holding that go with a share, without sign: rounded up, so that a share is never less than it says. */
export const lotsFor = (holding: Holding, share: bigint): Size =>
  size(divUp(abs(holding.position.size) * share, ONE_SHARE));

/**
 * The share that has to go: the smallest after which the account stands at its target, its cost paid. All of it where
 * the account is worth nothing, or is closed out because its member defaulted. Unit: 18 digits.
 */
export function shareForSale(view: View, auction: PortfolioAuction, at: Instant): bigint {
  const standing = standingOfAccount(view, auction.account);
  const { policy } = standing.picture;
  if (auction.mode === 'INSOLVENT' || !policy || isClosedOut(view, auction.account)) return ONE_SHARE;
  const held = heldOf(view.heldRewards.get(auction.liquidation));
  const paid = lessHeld(standing, held, MARGIN_PER_CASH);
  const worth = worthOf(standing, auction);
  const price = priceOf(auction, worth, at);
  const restores = (share: bigint): boolean => {
    const after = standingAfter(view, paid, share, premiumFor(share, worth.value, price));
    return !isBelow(after.equity, policy.target, after);
  };
  if (restores(0n)) return 0n;
  let [low, high] = [0n, ONE_SHARE];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (restores(middle)) high = middle;
    else low = middle;
  }
  // Lots are whole: who takes them is paid for all of them, where the account can spare it.
  const even = wholeLots(standing, high);
  return restores(even) ? even : high;
}

/** The largest share with which no more lots go than with this one. */
function wholeLots({ picture }: Standing, share: bigint): bigint {
  let most = ONE_SHARE;
  for (const holding of picture.holdings) {
    const held = abs(holding.position.size);
    if (held !== 0n) most = least(most, divDown(lotsFor(holding, share) * ONE_SHARE, held));
  }
  return most;
}

/** The account as it would stand without a share of its positions, premium and charges paid. */
function standingAfter(view: View, standing: Standing, share: bigint, premium: Cash): Standing {
  let { picture } = standing;
  let spent: bigint = premium;
  for (const holding of standing.picture.holdings) {
    const lots = lotsFor(holding, share);
    if (lots === 0n || !picture.policy) continue;
    const { feeDue, penaltyDue } = chargesDue(holding, lots, costOf(view, standing, holding, picture.policy));
    spent += feeDue + penaltyDue;
    picture = withPosition(picture, reducedBy(holding, lots));
  }
  return { ...standingOf(picture), equity: (standing.equity - spent * MARGIN_PER_CASH) as Standing['equity'] };
}
