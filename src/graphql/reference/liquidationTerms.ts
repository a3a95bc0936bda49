/** What a liquidation costs and how it goes about it, as part of a margin policy.  Rules: LF-1, LF-2, LP-2, LE-4 */

import { ObjectType } from 'type-graphql';
import type { Written } from '../../core/kind/write';
import type { LiquidationTerms as Terms } from '../../core/model/policy';
import { DISPUTE_WINDOW } from '../../core/model/policy';
import { Reached } from '../access/policy';
import { Amount, Of, OPTIONAL, Rate, Span, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'How a liquidation fee is shared. The three shares sum to one.' })
export class FeeShares {
  @Rate('The share of whoever executes the liquidation.')
  liquidator!: string;

  @Rate('The share of the insurance fund.')
  fund!: string;

  @Rate('The share of the house.')
  house!: string;
}

@Reached()
@ObjectType({ description: 'A step of the penalty schedule.' })
export class PenaltyTier {
  @Amount('The notional closed from which this step applies, in the currency of the policy.')
  floor!: string;

  @Rate('The penalty as a share of the notional closed at the mark.')
  rate!: string;
}

@Reached()
@ObjectType({ description: 'A step of the severity schedule.' })
export class SeverityTier {
  @Rate('The ratio of equity to maintenance margin below which this step applies when the liquidation starts.')
  below!: string;

  @Rate('The increase of the penalty, as a share of the notional closed at the mark.')
  rate!: string;
}

@Reached()
@ObjectType({ description: 'The costs and the course of a liquidation.' })
export class LiquidationTerms {
  @Rate('The liquidation fee as a share of the notional closed at the mark.')
  feeRate!: string;

  @Of(() => FeeShares, 'How the fee is shared.')
  feeShares!: FeeShares;

  @Of(() => [PenaltyTier], 'The penalty by notional closed, ascending.')
  penaltyTiers!: PenaltyTier[];

  @Rate('The increase of the penalty for each earlier liquidation within the window.')
  repeatSurcharge!: string;

  @Whole('The highest number of earlier liquidations that count.')
  repeatMaximum!: number;

  @Span('How long earlier liquidations count.')
  repeatWindow!: number;

  @Rate('The slippage that is allowed for when the size to close is computed.')
  slippage!: string;

  @Span('How long a venue has to fill an order before the house takes over.')
  venueWindow!: number;

  @Amount('Larger reductions go out in steps of this notional, in the currency of the policy.', OPTIONAL)
  maximumStepNotional!: string | null;

  @Rate('The largest step, as a share of the depth that its venue reports.', OPTIONAL)
  maximumShareOfDepth!: string | null;

  @Amount('A position that would be left below this notional is closed whole, in the currency of the policy.')
  minimumRemainder!: string;

  @Of(() => [SeverityTier], 'The increase of the penalty by how far equity had fallen, from the mildest to the most ' + 'severe.')
  severityTiers!: SeverityTier[];

  @Span('How long after its end a liquidation may be disputed.')
  disputeWindow!: number;
}

/** Earlier versions are silent about the last two. */
export const liquidationTermsOf = ({ severityTiers = [], disputeWindow = DISPUTE_WINDOW, ...terms }: Written<Terms>): LiquidationTerms => ({
  ...terms,
  severityTiers,
  disputeWindow,
});
