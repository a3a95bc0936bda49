/**
 * By what money leaves: gains count at the worse of what was settled and the stable price. A gain that is not settled
 * never leaves, and holds up no more than it would be at the stable price; of what was settled or realised
 * within the window, what exceeds the gain at the stable price stays. Losses count at the mark, once.  Ruling 18; S11
 */

import {
  type Cash,
  greatest,
  least,
  type Margin,
  marginOf,
  minus,
  NO_CASH,
  NO_MARGIN,
  negate,
  plus,
  type Size,
  total,
} from '../../units/quantity';
import { cashUp } from '../../units/rounding';
import type { AccountId, Position } from '../model/account';
import type { InstrumentId } from '../model/reference';
import type { Listing, View } from '../model/state';
import { measureOf, recentOf } from '../position/recentGain';
import { unrealisedOf, worthAt } from '../position/value';
import { stableFor } from '../price/stablePrice';
import { costOf, withCost } from '../product/posting';
import { unrealisedOfAccount } from './equity';
import type { Holding } from './model/holding';
import { backingOf, type Picture } from './picture';

/** What stays of the gains realised in one instrument. */
interface HeldGain {
  readonly instrument: InstrumentId;
  readonly held: Cash; // what was gained beyond the stable price
  readonly lost: Cash; // of it what the position has lost since at the mark
}

/** How much less may leave, before what is required and what is there, than if gains counted at the mark. */
export interface HeldBack {
  readonly gains: readonly HeldGain[]; // by instrument id
  readonly counted: Cash; // of it what counts as lost already
  readonly offset: Cash; // losses that gains hold up at the mark, and would not at the stable price
  readonly amount: Cash; // at least zero
}

interface Leaving extends HeldBack {
  readonly picture: Picture;
}

/** The picture of what may leave: gains revalued, cash without what stays. */
export const leavingOf = (view: View, picture: Picture): Picture => leaving(view, picture).picture;

/** Of what may leave at the mark: what is stale, struck off or frozen backs nothing there either. */
export const heldBackOf = (view: View, picture: Picture): HeldBack => leaving(view, backingOf(picture));

function leaving(view: View, picture: Picture): Leaving {
  const revalued = { ...picture, holdings: picture.holdings.map((holding) => atStable(view, holding)) };
  const gains = heldGainsOf(view, picture.account.id);
  const losses = lossOf(revalued);
  // A loss since counts for as much as the account's losses have been counted already.
  const counted = least(total(gains.map(({ lost }) => lost)), losses);
  const stays = minus(total(gains.map(({ held }) => held)), counted);
  const offset = minus(losses, lossOf(picture));
  return {
    gains,
    counted,
    offset,
    amount: plus(stays, offset),
    picture: { ...revalued, cash: minus(picture.cash, stays) },
  };
}

/** What the account has lost and not paid, gains in other instruments set off. */
const lossOf = (picture: Picture): Cash => greatest(negate(unrealisedOfAccount(picture)), NO_CASH);

/** A gain counts for no more than at the stable price. */
function atStable(view: View, holding: Holding): Holding {
  const { instrument, position, mark } = holding;
  const gain = unrealisedOf(instrument, position, mark);
  if (gain <= 0n) return holding;
  const { stable } = measureOf(view, listingOf(view, instrument.id));
  if (!stable) return holding;
  const there = unrealisedOf(instrument, position, stableFor(stable, position.size));
  if (there >= gain) return holding;
  const counted = greatest(there, NO_CASH);
  return {
    ...holding,
    position: withCost(position, minus(worthAt(instrument, position.size, mark), marginOf(counted))),
  };
}

/** By instrument id, those of which something stays. */
function heldGainsOf(view: View, account: AccountId): HeldGain[] {
  const gains: HeldGain[] = [];
  for (const [id, position] of view.book.positions(account)) {
    if (position.recent === undefined) continue;
    const listing = listingOf(view, id);
    const held = heldOf(view, listing, position);
    if (held === 0n) continue;
    const { instrument, mark } = listing;
    const since = mark ? unrealisedOf(instrument, position, mark.price) : NO_CASH;
    gains.push({ instrument: id, held, lost: least(held, greatest(negate(since), NO_CASH)) });
  }
  return gains.sort((a, b) => (a.instrument < b.instrument ? -1 : 1));
}

/**
 * What was realised and would not have been at the stable price or the mark: of what is open and of what was closed,
 * each by itself.
 */
function heldOf(view: View, listing: Listing, position: Position): Cash {
  const { instrument, stable, terms, now } = measureOf(view, listing);
  const recent = recentOf(position, terms, now);
  if (!recent || !stable) return NO_CASH;
  const beyond = (brought: Margin, lots: Size): Margin =>
    greatest(minus(brought, worthAt(instrument, lots, stableFor(stable, lots))), NO_MARGIN);
  const driven = cashUp(plus(beyond(costOf(position), position.size), beyond(recent.worth, recent.closed)));
  return least(recent.gained, plus(greatest(recent.ahead, NO_CASH), driven));
}

const listingOf = (view: View, id: InstrumentId): Listing => view.listings.get(id) as Listing;
