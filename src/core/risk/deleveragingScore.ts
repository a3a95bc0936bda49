/**
 * The score by which holders are ranked, highest first. In profit: profit over entry value x effective leverage; in
 * loss: over it. Effective leverage = mark value / (mark value - bankruptcy value): the latter is the part of the
 * account's equity that stands behind the position.  Rules: SL-5, HL-A1
 */

import { abs, type Cash, cash, MARGIN_PER_CASH, minus, plus } from '../../units/quantity';
import { type Ratio, ratio } from '../../units/ratio';
import type { Holding } from '../margin/model/holding';
import { partOf } from '../margin/requirement';
import type { Standing } from '../margin/standing';
import type { DeleveragingScore, ProfitBasis } from '../model/deleveraging';
import { notionalOf, unrealisedOf, valueAt } from '../position/value';
import { productOf } from '../product/products';

const NOUGHT: Ratio = { numerator: 0n, denominator: 1n };

/** What the holder has gained (above zero) or lost by the position. */
export function profitOf({ instrument, position, mark }: Holding, base: ProfitBasis): Cash {
  const unrealised = unrealisedOf(instrument, position, mark);
  return base === 'PERIOD' ? plus(unrealised, position.gain) : unrealised;
}

/**
 * A fraction that is only reckoned with, and not yet in lowest terms: for a whole side that would be most of the work.
 */
export interface Leverage {
  readonly above: bigint;
  readonly below: bigint;
}

/**
 * |mark value| / equity behind the position. Equity above zero. At a price of zero nothing is required and nothing
 * levered.
 */
export function leverageOf(standing: Standing, holding: Holding): Leverage {
  const notional = notionalOf(holding.instrument, abs(holding.position.size), holding.mark);
  const own = partOf(standing.picture, holding).maintenance;
  if (notional === 0n || own === 0n) return { above: 0n, below: standing.equity };
  // The position's part of equity is equity x own maintenance / maintenance: the same parts as of the closing limit.
  return { above: notional * MARGIN_PER_CASH * standing.maintenance, below: standing.equity * own };
}

export function effectiveLeverageOf(standing: Standing, holding: Holding): Ratio {
  const { above, below } = leverageOf(standing, holding);
  return ratio(above, below);
}

/** The score of a holding whose account has equity above zero. */
export function scoreOf(
  standing: Standing,
  holding: Holding,
  score: DeleveragingScore,
  base: ProfitBasis,
  leverage: Leverage = leverageOf(standing, holding),
): Ratio {
  return score === 'PROFIT_LEVERAGE'
    ? profitTimesLeverage(holding, base, leverage)
    : priceRatioTimesLeverage(standing, holding, base);
}

function profitTimesLeverage(holding: Holding, base: ProfitBasis, { above, below }: Leverage): Ratio {
  const profit = profitOf(holding, base);
  const entry = entryOf(holding, profit);
  if (profit === 0n || entry === 0n) return NOUGHT;
  if (profit > 0n) return ratio(profit * above, entry * below);
  // In loss without leverage: behind everybody who has any.
  return ratio(profit * below, entry * (above > 0n ? above : 1n));
}

/** Long: mark / entry, short: entry / mark, each x notional / equity of the account. */
function priceRatioTimesLeverage(standing: Standing, holding: Holding, base: ProfitBasis): Ratio {
  const marked = notionalOf(holding.instrument, abs(holding.position.size), holding.mark);
  const entry = entryOf(holding, profitOf(holding, base));
  // Of a contract whose notional falls as the price rises the two change places.
  const rises = holding.position.size * productOf(holding.instrument).slopeOf(holding.instrument).numerator > 0n;
  const [above, below] = rises ? [marked, entry] : [entry, marked];
  if (below === 0n) return NOUGHT;
  return ratio(above * marked * MARGIN_PER_CASH, below * standing.equity);
}

/** Value at entry, without sign: the value at the mark less what was gained since. */
const entryOf = ({ instrument, position, mark }: Holding, profit: Cash): Cash =>
  abs(cash(minus(valueAt(instrument, position.size, mark), profit)));
