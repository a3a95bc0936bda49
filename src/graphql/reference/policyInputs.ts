/** Inputs of the mutations that set policies: the ladder, liquidation, losses, disposal. */

import { InputType } from 'type-graphql';
import type { SocializationBase as Base, LossLayer as Layer } from '../../core/model/policy';
import { DISPUTE_WINDOW } from '../../core/settlement/tally/charged';
import { Keyed } from '../mutation/keyed';
import { ABSENT, Amount, Flag, Id, Of, Rate, Share, Span, When, Whole } from '../schema/fields';
import { LossLayer, SocializationBase } from './lossPolicy';
import { MarginBase, TierAggregation } from './marginPolicy';

const DAY = 86_400_000;

/** The ladder that holds where a policy says nothing else.  Ruling 2 */
const CLASSIC = {
  warning: { base: 'INITIAL', ratio: '1' },
  call: { base: 'MAINTENANCE', ratio: '1' },
  closeOut: { base: 'MAINTENANCE', ratio: '2/3' },
} as const;

@InputType({ description: 'A share of a requirement.' })
export class MarginTermInput {
  @Of(() => MarginBase, 'Which requirement.')
  base!: 'INITIAL' | 'MAINTENANCE';

  @Share('How much of it, above zero.')
  ratio!: string;
}

@InputType({ description: 'How a liquidation fee is shared; the three sum to one.' })
export class FeeSharesInput {
  @Rate('Share of whoever executes the liquidation.')
  liquidator!: string;

  @Rate('Share of the insurance fund.')
  fund!: string;

  @Rate('Share of the house.')
  house!: string;
}

@InputType({ description: 'A step of the penalty schedule.' })
export class PenaltyTierInput {
  @Amount('From this notional closed, in the currency of the policy; the first from zero.')
  floor!: string;

  @Rate('Penalty as a share of the notional closed at the mark.')
  rate!: string;
}

@InputType({ description: 'A step of the severity schedule.' })
export class SeverityTierInput {
  @Rate('Where equity over maintenance margin is below this when the liquidation starts; each further one lower.')
  below!: string;

  @Rate('Added to the penalty, as a share of the notional closed at the mark; none milder than the one before.')
  rate!: string;
}

@InputType({ description: 'What a liquidation costs, and how it goes about it.' })
export class LiquidationTermsInput {
  @Rate('Liquidation fee as a share of the notional closed at the mark.')
  feeRate!: string;

  @Of(() => FeeSharesInput, 'How the fee is shared.')
  feeShares!: FeeSharesInput;

  @Of(() => [PenaltyTierInput], 'Penalty by notional closed, ascending.', { defaultValue: [] })
  penaltyTiers!: PenaltyTierInput[];

  @Rate('Added to the penalty per earlier liquidation within the window.', { defaultValue: '0' })
  repeatSurcharge!: string;

  @Whole('At most so many earlier liquidations are counted.', { defaultValue: 0 })
  repeatMaximum!: number;

  @Span('How far back earlier liquidations count.', { defaultValue: DAY })
  repeatWindow!: number;

  @Rate('Slippage allowed for when the size to close is computed.')
  slippage!: string;

  @Span('How long a venue has to fill an order before the house takes over.')
  venueWindow!: number;

  @Amount('Larger reductions go out in steps of this notional, in the currency of the policy.', ABSENT)
  maximumStepNotional!: string | null;

  @Rate('No step is larger than this share of the depth its venue states.', ABSENT)
  maximumShareOfDepth!: string | null;

  @Amount('A position left smaller than this notional is closed whole, in the currency of the policy.', { defaultValue: '0' })
  minimumRemainder!: string;

  @Of(() => [SeverityTierInput], 'Added to the penalty by how far equity had fallen, from the mildest to the most severe.', ABSENT)
  severityTiers!: SeverityTierInput[] | null;

  @Span('So long after its end a liquidation may be disputed.', { nullable: true, defaultValue: DISPUTE_WINDOW })
  disputeWindow!: number | null;
}

@InputType({
  description:
    'A version of a margin policy. Levels are ordered: warnings, call, close-out; to let accounts go further needs a second person.',
})
export class SetMarginPolicyInput extends Keyed {
  @Id('The policy.')
  policy!: string;

  @Id('Currency of its amounts and of the accounts under it.')
  currency!: string;

  @Of(() => [[MarginTermInput]], 'Levels at which the account is warned, from the earliest to the last; each the highest of its terms.', {
    defaultValue: [[CLASSIC.warning]],
  })
  warnings!: MarginTermInput[][];

  @Of(() => [MarginTermInput], 'Below the highest of these the account is called.', { defaultValue: [CLASSIC.call] })
  call!: MarginTermInput[];

  @Of(() => [MarginTermInput], 'Below the highest of these the window is cut and liquidation starts at once.', {
    defaultValue: [CLASSIC.closeOut],
  })
  closeOut!: MarginTermInput[];

  @Of(() => [MarginTermInput], 'Equity at or above the highest of these cures a call.')
  cure!: MarginTermInput[];

  @Of(() => [MarginTermInput], 'Equity that a liquidation restores: the highest of these.')
  target!: MarginTermInput[];

  @Share('A warning is withdrawn at its level x (1 + this).', { defaultValue: '0' })
  hysteresis!: string;

  @Span('From the issue of a call to its deadline.')
  cureWindow!: number;

  @Span('So long before the deadline a final notice goes out.', ABSENT)
  finalNotice!: number | null;

  @Share('A call is amended when its amount has grown by more than this share.', { defaultValue: '0' })
  amendStep!: string;

  @Of(() => TierAggregation, 'Whose positions are added up to find the tier.', { defaultValue: 'OWNER' })
  aggregation!: 'OWNER' | 'ACCOUNT';

  @Of(() => LiquidationTermsInput, 'What a liquidation costs, and how it goes about it.')
  liquidation!: LiquidationTermsInput;

  @When('From when it holds; null: at once.', ABSENT)
  effectiveAt!: number | null;
}

@InputType({ description: 'A version of the policy by which losses are borne in a currency.' })
export class SetLossPolicyInput extends Keyed {
  @Id('The settlement currency.')
  currency!: string;

  @Of(() => [LossLayer], 'Layers in the order in which they bear; socialized loss last.')
  layers!: Layer[];

  @Of(() => SocializationBase, 'By what a socialized loss is shared.')
  base!: Base;

  @Span('The period within which gains are counted.')
  period!: number;

  @Amount('What the insurance fund should hold, in the currency.')
  fundTarget!: string;

  @Of(() => [[LossLayer]], 'Neighbouring layers that bear side by side, in proportion to what they have.', ABSENT)
  together!: Layer[][] | null;

  @Span('Withdrawals wait so long after a loss had to be borne.', ABSENT)
  gateWindow!: number | null;

  @Rate('Share of liquidation penalties that goes to the backstop pool.', ABSENT)
  backstopShare!: string | null;

  @Flag('Whether surplus of the inventory repays claims before the insurance fund gets it.', ABSENT)
  surplusToClaims!: boolean | null;
}

@InputType({ description: 'A version of the policy by which the house disposes of what it took over.' })
export class SetDisposalPolicyInput extends Keyed {
  @Id('The settlement currency.')
  currency!: string;

  @Span('Between two steps. What nobody takes while nothing changes stays out twice as long each time, up to an hour.')
  interval!: number;

  @Rate('Share of what is left that goes out per step.')
  fraction!: string;

  @Amount('A position of this notional or less goes out whole, in the currency.')
  fullBelow!: string;

  @Rate('No step is larger than this share of the depth the venue states.')
  maximumShareOfDepth!: string;

  @Rate('The limit of an order is the mark less this share.')
  slippage!: string;
}
