/**
 * What the insurance fund adds to the fee of a liquidation: the stated rate, or what the account can bear and still
 * come back to its target. A fee at which no reduction restored would turn a small liquidation into a large one.
 * Rule: LF-5
 */

import {
  abs,
  greatest,
  least,
  MARGIN_PER_CASH,
  minus,
  NO_MARGIN,
  RATE_ONE,
  type Rate,
  rate,
} from '../../units/quantity';
import { divDown, divUp } from '../../units/rounding';
import type { MarginPolicy } from '../model/policy';
import { notionalOf } from '../position/value';
import { amountOfLevel } from './level';
import type { Holding } from './model/holding';
import { freedBy } from './model/models';
import type { Standing } from './standing';

/**
 * Closing all of the holding, at the mark less the slippage allowed for and after the rest of the charges, would leave
 * the account so much above its target: the fund may have the stated share of it, over the notional closed.
 */
export function fundRateOf(standing: Standing, holding: Holding, policy: MarginPolicy, penalty: Rate): Rate {
  const { feeRate, slippage, fundRate, fundShare = RATE_ONE } = policy.liquidation;
  const lots = abs(holding.position.size);
  const notional = notionalOf(holding.instrument, lots, holding.mark);
  if (fundRate === undefined || notional === 0n) return rate(0n);
  const freed = freedBy(standing.picture.holdings, holding, lots);
  const left = {
    initial: minus(standing.initial, freed.initial),
    maintenance: minus(standing.maintenance, freed.maintenance),
  };
  const spent = divUp(notional * (feeRate + penalty + slippage), RATE_ONE) * MARGIN_PER_CASH;
  const above = greatest(standing.equity - spent - amountOfLevel(policy.target, left), NO_MARGIN);
  return least(fundRate, rate(divDown(above * fundShare, notional * MARGIN_PER_CASH)));
}
