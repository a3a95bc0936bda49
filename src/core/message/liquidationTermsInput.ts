/** What a liquidation costs and how it goes, as it is stated with a margin policy. */

import { kind } from '../kind/kind';
import { DISPUTE_WINDOW, STEP_REST, STEP_SHARE_BASE } from '../model/policy';
import type { AskedOf } from './definition';

const DAY = 86_400_000;

export const FEE_SHARES_INPUT = kind.part(
  'FeeSharesInput',
  'How a liquidation fee is shared. The three shares sum to one.',
  {
    liquidator: kind.rate('The share of whoever executes the liquidation.'),
    fund: kind.rate('The share of the insurance fund.'),
    house: kind.rate('The share of the house.'),
  },
);

export const PENALTY_TIER_INPUT = kind.part('PenaltyTierInput', 'A step of the penalty schedule.', {
  floor: kind.cash(
    'currency',
    'The notional closed from which this step applies, in the currency of the policy. The first step starts at zero.',
  ),
  rate: kind.rate('The penalty as a share of the notional closed at the mark.'),
});

export const SEVERITY_TIER_INPUT = kind.part('SeverityTierInput', 'A step of the severity schedule.', {
  below: kind.rate(
    'The ratio of equity to maintenance margin below which this step applies when the ' +
      'liquidation starts. Each further step is lower.',
  ),
  rate: kind.rate(
    'The increase of the penalty, as a share of the notional closed at the mark. No step is ' +
      'milder than the one before.',
  ),
});

export const LIQUIDATION_TERMS_INPUT = kind.part(
  'LiquidationTermsInput',
  'The costs and the course of a liquidation.',
  {
    feeRate: kind.rate('The liquidation fee as a share of the notional closed at the mark.'),
    feeShares: kind.said(FEE_SHARES_INPUT, 'How the fee is shared.'),
    fundRate: kind.optional(
      kind.nullable(
        kind.rate(
          'The highest rate that is added to the fee for the insurance fund. It shrinks so that closing the position ' +
            'still restores the target.',
        ),
      ),
    ),
    fundShare: kind.optional(
      kind.nullable(
        kind.rate(
          'The largest share that fundRate takes of what closing the whole position would leave above the target. Null ' +
            'means all of it.',
        ),
      ),
    ),
    penaltyTiers: kind.or(kind.list(PENALTY_TIER_INPUT, 'The penalty by notional closed, ascending.'), []),
    repeatSurcharge: kind.or(
      kind.rate('The increase of the penalty for each earlier liquidation within the window.'),
      '0',
    ),
    repeatMaximum: kind.or(kind.count('The highest number of earlier liquidations that count.'), 0),
    repeatWindow: kind.or(kind.span('How long earlier liquidations count.'), DAY),
    slippage: kind.rate('The slippage that is allowed for when the size to close is computed.'),
    venueWindow: kind.span('How long a venue has to fill an order before the house takes over.'),
    maximumStepNotional: kind.nullable(
      kind.cash('currency', 'Larger reductions go out in steps of this notional, in the currency of the policy.'),
    ),
    maximumStepShare: kind.optional(
      kind.nullable(
        kind.rate('The largest step, as a share of the position before it, from 0.01 to 1. At least a lot goes out.'),
      ),
    ),
    stepShareOf: kind.optional(kind.or(kind.oneOf(STEP_SHARE_BASE, 'What maximumStepShare is taken of.'), 'POSITION')),
    stepShareAbove: kind.optional(
      kind.nullable(
        kind.cash(
          'currency',
          'Steps are bounded by maximumStepShare only if the position is above this notional, in the currency of the ' +
            'policy. Null means always.',
        ),
      ),
    ),
    wholeBelow: kind.optional(
      kind.nullable(
        kind.rate(
          'The ratio of equity to maintenance margin below which maximumStepShare bounds no step, up to 1. Null means it ' +
            'always does.',
        ),
      ),
    ),
    stepInterval: kind.optional(
      kind.or(
        kind.span(
          'The interval after a step that closed less than it had to, up to a day. Zero means the next follows.',
        ),
        0,
      ),
    ),
    stepRest: kind.optional(kind.or(kind.oneOf(STEP_REST, 'What holds within stepInterval.'), 'WAIT')),
    maximumShareOfDepth: kind.nullable(kind.rate('The largest step, as a share of the depth that its venue reports.')),
    minimumRemainder: kind.or(
      kind.cash(
        'currency',
        'A position that would be left below this notional is closed whole, in the currency of the policy.',
      ),
      '0',
    ),
    severityTiers: kind.optional(
      kind.nullable(
        kind.list(
          SEVERITY_TIER_INPUT,
          'The increase of the penalty by how far equity had fallen, from the mildest to the most severe.',
        ),
      ),
    ),
    disputeWindow: kind.optional(
      kind.or(kind.nullable(kind.span('How long after its end a liquidation may be disputed.')), DISPUTE_WINDOW),
    ),
  },
);
export type LiquidationTermsInput = AskedOf<typeof LIQUIDATION_TERMS_INPUT>;
