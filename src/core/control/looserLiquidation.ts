/**
 * Whether the terms of a liquidation let an account go further than before, or charge it less: a smaller or later
 * close-out, a lower fee or penalty for anybody, less of the fee to the fund, more time to object. What only makes a
 * liquidation faster, larger or dearer raises no risk of the house.
 */

import { type Count, RATE_ONE } from '../../units/quantity';
import type { LiquidationTerms, PenaltyTier, SeverityTier, StepRest } from '../model/policy';
import { DISPUTE_WINDOW } from '../model/policy';

export const loosensLiquidation = (before: LiquidationTerms, after: LiquidationTerms): boolean =>
  chargesLess(before, after) || closesLater(before, after) || closesLess(before, after);

function chargesLess(before: LiquidationTerms, after: LiquidationTerms): boolean {
  return (
    after.feeRate < before.feeRate ||
    after.feeShares.fund < before.feeShares.fund ||
    (after.fundRate ?? 0n) < (before.fundRate ?? 0n) ||
    (after.fundShare ?? RATE_ONE) < (before.fundShare ?? RATE_ONE) ||
    lowersPenalty(before.penaltyTiers, after.penaltyTiers) ||
    lowersSeverity(before.severityTiers ?? [], after.severityTiers ?? []) ||
    lowersSurcharge(before, after) ||
    (after.disputeWindow ?? DISPUTE_WINDOW) > (before.disputeWindow ?? DISPUTE_WINDOW)
  );
}

/** Steps of a rate by notional: they differ first where one of them begins. */
function lowersPenalty(before: readonly PenaltyTier[], after: readonly PenaltyTier[]): boolean {
  const rateAt = (tiers: readonly PenaltyTier[], notional: bigint): bigint =>
    tiers.findLast(({ floor }) => notional >= floor)?.rate ?? 0n;
  return [...before, ...after].some(({ floor }) => rateAt(after, floor) < rateAt(before, floor));
}

/** Steps of a rate by how far equity has fallen: just below each of them one of the two schedules changes. */
function lowersSeverity(before: readonly SeverityTier[], after: readonly SeverityTier[]): boolean {
  const rateBelow = (tiers: readonly SeverityTier[], share: bigint): bigint =>
    tiers.findLast(({ below }) => share <= below)?.rate ?? 0n;
  return [...before, ...after].some(({ below }) => rateBelow(after, below) < rateBelow(before, below));
}

/**
 * Surcharge x earlier liquidations, up to the maximum: lower for some number of them where it is for one, or for very
 * many.
 */
function lowersSurcharge(before: LiquidationTerms, after: LiquidationTerms): boolean {
  const surcharge = ({ repeatSurcharge, repeatMaximum }: LiquidationTerms, most: Count): bigint =>
    repeatSurcharge * BigInt(Math.min(repeatMaximum, most));
  const counts = surcharge(before, before.repeatMaximum) > 0n;
  if (counts && after.repeatWindow < before.repeatWindow) return true;
  const most = Math.max(before.repeatMaximum, after.repeatMaximum);
  return [1, most].some((times) => surcharge(after, times) < surcharge(before, times));
}

function closesLater(before: LiquidationTerms, after: LiquidationTerms): boolean {
  const smaller = <Limit extends bigint>(old: Limit | null, fresh: Limit | null): boolean =>
    fresh !== null && (old === null || fresh < old);
  return (
    after.venueWindow > before.venueWindow ||
    // Smaller steps take longer, and the account stays below its target meanwhile.
    smaller(before.maximumStepNotional, after.maximumStepNotional) ||
    smaller(before.maximumStepShare ?? null, after.maximumStepShare ?? null) ||
    bindsMore(before, after) ||
    restFor(after, 'WAIT') > restFor(before, 'WAIT') ||
    restFor(after, 'WHOLE') < restFor(before, 'WHOLE') ||
    smaller(before.maximumShareOfDepth, after.maximumShareOfDepth)
  );
}

/** For how long after a step the next waits, or is bound by no share. */
const restFor = ({ stepInterval, stepRest = 'WAIT' }: LiquidationTerms, rest: StepRest): number =>
  stepRest === rest ? (stepInterval ?? 0) : 0;

/** A share that binds smaller positions, or accounts that have fallen further. */
const bindsMore = (before: LiquidationTerms, after: LiquidationTerms): boolean =>
  after.maximumStepShare !== undefined &&
  // Of a debt less is closed than of all of a position, but both may be bound where one was not.
  ((before.stepShareOf ?? 'POSITION') !== (after.stepShareOf ?? 'POSITION') ||
    (after.stepShareAbove ?? 0n) < (before.stepShareAbove ?? 0n) ||
    (after.wholeBelow ?? 0n) < (before.wholeBelow ?? 0n));

const closesLess = (before: LiquidationTerms, after: LiquidationTerms): boolean =>
  after.slippage < before.slippage || after.minimumRemainder < before.minimumRemainder;
