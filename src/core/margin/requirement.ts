/**
 * Initial and maintenance margin: notional x rate - deduction of the tier the owner's whole exposure lies in, and of it
 * the part that is this account's.  Rules: MT-1, MT-3, IM-1 (open orders count at their worse side), IM-2
 */

import { abs, greatest, MARGIN_PER_CASH, type Margin, margin, NO_MARGIN, type Price, plus, type Size, total } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import { divUp } from '../../units/rounding';
import { exposureOf } from '../book/exposure';
import type { Instrument } from '../model/reference';
import type { TierSchedule } from '../model/tiers';
import { tierAt } from '../reference/tiers';
import type { Holding, Picture } from './picture';

export interface Requirement {
  readonly initial: Margin;
  readonly maintenance: Margin;
}

export const NO_REQUIREMENT: Requirement = { initial: NO_MARGIN, maintenance: NO_MARGIN };

/**
 * Requirement of `lots` out of `ownerLots` (both without sign) at a price. Unit: margin of the settlement currency,
 * rounded up at 1e-12 of its smallest unit. A leverage chosen below what the tiers allow raises initial margin.
 */
export function requirementAt(
  instrument: Instrument,
  tiers: TierSchedule,
  lots: Size,
  ownerLots: Size,
  at: Price,
  leverage: Ratio | null = null,
): Requirement {
  if (lots === 0n) return NO_REQUIREMENT;
  const notional = abs(at) * instrument.tickValue * ownerLots;
  const tier = tierAt(tiers, notional);
  const share = (rate: bigint, deduction: bigint): Margin =>
    margin(divUp(lots * (notional * rate - deduction) * MARGIN_PER_CASH, tiers.denominator * ownerLots));
  return {
    initial: greatest(share(tier.initialRate, tier.initialDeduction), chosenInitial(instrument, lots, at, leverage)),
    maintenance: share(tier.maintenanceRate, tier.maintenanceDeduction),
  };
}

/** Initial margin at the leverage the holder chose: notional over leverage. A choice can only ask for more than the tiers. */
function chosenInitial(instrument: Instrument, lots: Size, at: Price, leverage: Ratio | null): Margin {
  if (leverage === null) return NO_MARGIN;
  return margin(divUp(abs(at) * instrument.tickValue * lots * leverage.denominator * MARGIN_PER_CASH, leverage.numerator));
}

export function requirementOfHolding({ instrument, tiers, mark, position, otherLots, leverage }: Holding): Requirement {
  const lots = exposureOf(position);
  return requirementAt(instrument, tiers, lots, plus(lots, otherLots), mark, leverage);
}

/** What a holding would require if none of its account's orders were open. */
export const withoutOrders = (holding: Holding): Holding => {
  const none = 0n as Size;
  return { ...holding, position: { ...holding.position, bids: none, asks: none } };
};

/** Requirement of the account: the sum over its positions. */
export function requirementOf(picture: Picture): Requirement {
  const each = picture.holdings.map(requirementOfHolding);
  return { initial: total(each.map((part) => part.initial)), maintenance: total(each.map((part) => part.maintenance)) };
}
