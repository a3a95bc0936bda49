/** What a liquidation costs and how it goes about it, as part of a margin policy.  Rules: LF-1, LF-2, LP-2, LE-4 */

import type { Written } from '../../core/kind/write';
import {
  FEE_SHARES_INPUT,
  LIQUIDATION_TERMS_INPUT,
  PENALTY_TIER_INPUT,
  SEVERITY_TIER_INPUT,
} from '../../core/message/liquidationTermsInput';
import type { LiquidationTerms as Terms } from '../../core/model/policy';
import { DISPUTE_WINDOW, STEP_REST, STEP_SHARE_BASE } from '../../core/model/policy';
import { duration } from '../../units/quantity';
import { TermsType, termsOf } from '../mutation/terms';
import { shownAs } from '../schema/enums';
import { Amount, Of, OPTIONAL, Rate } from '../schema/fields';

export const StepShareBase = shownAs(STEP_SHARE_BASE);
export const StepRest = shownAs(STEP_REST);

const NO_INTERVAL = duration(0);

@TermsType('How a liquidation fee is shared. The three shares sum to one.')
export class FeeShares extends termsOf(FEE_SHARES_INPUT.fields) {}

@TermsType('A step of the penalty schedule.')
export class PenaltyTier extends termsOf(PENALTY_TIER_INPUT.fields) {}

@TermsType('A step of the severity schedule.')
export class SeverityTier extends termsOf(SEVERITY_TIER_INPUT.fields) {}

@TermsType('The costs and the course of a liquidation.')
export class LiquidationTerms extends termsOf(
  LIQUIDATION_TERMS_INPUT.fields,
  'fundRate',
  'fundShare',
  'severityTiers',
  'maximumStepShare',
  'stepShareAbove',
  'wholeBelow',
) {
  @Of(
    () => [SeverityTier],
    'The increase of the penalty by how far equity had fallen, from the mildest to the most severe.',
  )
  severityTiers!: SeverityTier[];

  @Rate(
    'The highest rate that is added to the fee for the insurance fund. It shrinks so that closing the position still ' +
      'restores the target. Null if nothing is added.',
    OPTIONAL,
  )
  fundRate!: string | null;

  @Rate(
    'The largest share that fundRate takes of what closing the whole position would leave above the target. Null if ' +
      'all of it.',
    OPTIONAL,
  )
  fundShare!: string | null;

  @Rate(
    'The largest step, as a share of the position before it. Null if steps are not bounded by what is held.',
    OPTIONAL,
  )
  maximumStepShare!: string | null;

  @Amount('The notional above which that share bounds the steps of a position. Null if it bounds all.', OPTIONAL)
  stepShareAbove!: string | null;

  @Rate(
    'The ratio of equity to maintenance margin below which that share bounds no step. Null if it always does.',
    OPTIONAL,
  )
  wholeBelow!: string | null;
}

/** Earlier versions are silent about these. */
export const liquidationTermsOf = ({
  severityTiers = [],
  disputeWindow = DISPUTE_WINDOW,
  fundRate,
  fundShare,
  maximumStepShare,
  stepShareOf = 'POSITION',
  stepInterval = NO_INTERVAL,
  stepRest = 'WAIT',
  stepShareAbove,
  wholeBelow,
  ...terms
}: Written<Terms>): LiquidationTerms => ({
  ...terms,
  severityTiers,
  disputeWindow,
  fundRate: fundRate ?? null,
  fundShare: fundShare ?? null,
  maximumStepShare: maximumStepShare ?? null,
  stepShareOf,
  stepInterval,
  stepRest,
  stepShareAbove: stepShareAbove ?? null,
  wholeBelow: wholeBelow ?? null,
});
