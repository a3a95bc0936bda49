/** What a liquidation costs and how it goes about it, as part of a margin policy.  Rules: LF-1, LF-2, LP-2, LE-4 */

import { ObjectType } from 'type-graphql';
import type { Written } from '../../core/kind/write';
import type { LiquidationTerms as Terms } from '../../core/model/policy';
import { DISPUTE_WINDOW } from '../../core/model/policy';
import { Reached } from '../access/policy';
import { Amount, Of, OPTIONAL, Rate, Span, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'How a liquidation fee is shared; the three sum to one.' })
export class FeeShares {
  @Rate('Share of whoever executes the liquidation.')
  liquidator!: string;

  @Rate('Share of the insurance fund.')
  fund!: string;

  @Rate('Share of the house.')
  house!: string;
}

@Reached()
@ObjectType({ description: 'A step of the penalty schedule.' })
export class PenaltyTier {
  @Amount('From this notional closed, in the currency of the policy.')
  floor!: string;

  @Rate('Penalty as a share of the notional closed at the mark.')
  rate!: string;
}

@Reached()
@ObjectType({ description: 'A step of the severity schedule.' })
export class SeverityTier {
  @Rate('Where equity over maintenance margin is below this when the liquidation starts.')
  below!: string;

  @Rate('Added to the penalty, as a share of the notional closed at the mark.')
  rate!: string;
}

@Reached()
@ObjectType({ description: 'What a liquidation costs, and how it goes about it.' })
export class LiquidationTerms {
  @Rate('Liquidation fee as a share of the notional closed at the mark.')
  feeRate!: string;

  @Of(() => FeeShares, 'How the fee is shared.')
  feeShares!: FeeShares;

  @Of(() => [PenaltyTier], 'Penalty by notional closed, ascending.')
  penaltyTiers!: PenaltyTier[];

  @Rate('Added to the penalty per earlier liquidation within the window.')
  repeatSurcharge!: string;

  @Whole('At most so many earlier liquidations are counted.')
  repeatMaximum!: number;

  @Span('How far back earlier liquidations count.')
  repeatWindow!: number;

  @Rate('Slippage allowed for when the size to close is computed.')
  slippage!: string;

  @Span('How long a venue has to fill an order before the house takes over.')
  venueWindow!: number;

  @Amount('Larger reductions go out in steps of this notional, in the currency of the policy.', OPTIONAL)
  maximumStepNotional!: string | null;

  @Rate('No step is larger than this share of the depth its venue states.', OPTIONAL)
  maximumShareOfDepth!: string | null;

  @Amount('A position left smaller than this notional is closed whole, in the currency of the policy.')
  minimumRemainder!: string;

  @Of(() => [SeverityTier], 'Added to the penalty by how far equity had fallen, from the mildest to the most severe.')
  severityTiers!: SeverityTier[];

  @Span('So long after its end a liquidation may be disputed.')
  disputeWindow!: number;
}

/** Earlier versions are silent about the last two. */
export const liquidationTermsOf = ({ severityTiers = [], disputeWindow = DISPUTE_WINDOW, ...terms }: Written<Terms>): LiquidationTerms => ({
  ...terms,
  severityTiers,
  disputeWindow,
});
