/** Commands that define what is cleared, on which terms, and for whom. */

import { choice, kind } from '../kind/kind';
import { MARGIN_MODE, type MemberId, type OwnerId } from '../model/account';
import { DISPUTE_WINDOW, LOSS_LAYER, MARGIN_BASE, type PolicyId, SOCIALIZATION_BASE, TIER_AGGREGATION } from '../model/policy';
import { CONTRACT_KIND, INSTRUMENT_KIND, MARK_METHOD } from '../model/reference';
import { type AskedOf, type CommandsOf, commands, OFFICERS } from './definition';

export const SET_STATUS = choice('SetStatus', 'What is to be allowed in an instrument.', {
  ACTIVE: 'Everything.',
  REDUCE_ONLY: 'Only what makes positions smaller.',
  HALTED: 'Nothing.',
});

export const OPENED_KIND = choice('OpenedKind', 'Whose account is opened.', {
  CLIENT: 'A client of the member.',
  HOUSE: 'The member itself.',
});

export const TIER_INPUT = kind.part(
  'TierInput',
  'One bracket of a tier schedule. The first starts at zero, each where the one before ends.',
  {
    floor: kind.cash('currency', 'From this notional, in the settlement currency.'),
    cap: kind.nullable(kind.cash('currency', 'Up to this notional, in the settlement currency; null in the last bracket for no limit.')),
    initialRate: kind.ratio('Initial margin as a share of notional.'),
    maintenanceRate: kind.ratio('Maintenance margin as a share of notional.'),
    deduction: kind.nullable(
      kind.cash('currency', 'Deduction from maintenance margin; if stated it must be the one that makes the table continuous.'),
    ),
  },
);
export type TierInput = AskedOf<typeof TIER_INPUT>;

export const MARGIN_TERM_INPUT = kind.part('MarginTermInput', 'A share of a requirement.', {
  base: kind.oneOf(MARGIN_BASE, 'Which requirement.'),
  ratio: kind.ratio('How much of it, above zero.'),
});
export type TermInput = AskedOf<typeof MARGIN_TERM_INPUT>;

const DAY = 86_400_000;

/** The ladder that holds where a policy says nothing else.  Ruling 2 */
const CLASSIC = {
  warning: { base: 'INITIAL', ratio: '1' },
  call: { base: 'MAINTENANCE', ratio: '1' },
  closeOut: { base: 'MAINTENANCE', ratio: '2/3' },
} as const;

export const FEE_SHARES_INPUT = kind.part('FeeSharesInput', 'How a liquidation fee is shared; the three sum to one.', {
  liquidator: kind.rate('Share of whoever executes the liquidation.'),
  fund: kind.rate('Share of the insurance fund.'),
  house: kind.rate('Share of the house.'),
});

export const PENALTY_TIER_INPUT = kind.part('PenaltyTierInput', 'A step of the penalty schedule.', {
  floor: kind.cash('currency', 'From this notional closed, in the currency of the policy; the first from zero.'),
  rate: kind.rate('Penalty as a share of the notional closed at the mark.'),
});

export const SEVERITY_TIER_INPUT = kind.part('SeverityTierInput', 'A step of the severity schedule.', {
  below: kind.rate('Where equity over maintenance margin is below this when the liquidation starts; each further one lower.'),
  rate: kind.rate('Added to the penalty, as a share of the notional closed at the mark; none milder than the one before.'),
});

export const LIQUIDATION_TERMS_INPUT = kind.part('LiquidationTermsInput', 'What a liquidation costs, and how it goes about it.', {
  feeRate: kind.rate('Liquidation fee as a share of the notional closed at the mark.'),
  feeShares: kind.said(FEE_SHARES_INPUT, 'How the fee is shared.'),
  penaltyTiers: kind.or(kind.list(PENALTY_TIER_INPUT, 'Penalty by notional closed, ascending.'), []),
  repeatSurcharge: kind.or(kind.rate('Added to the penalty per earlier liquidation within the window.'), '0'),
  repeatMaximum: kind.or(kind.count('At most so many earlier liquidations are counted.'), 0),
  repeatWindow: kind.or(kind.span('How far back earlier liquidations count.'), DAY),
  slippage: kind.rate('Slippage allowed for when the size to close is computed.'),
  venueWindow: kind.span('How long a venue has to fill an order before the house takes over.'),
  maximumStepNotional: kind.nullable(
    kind.cash('currency', 'Larger reductions go out in steps of this notional, in the currency of the policy.'),
  ),
  maximumShareOfDepth: kind.nullable(kind.rate('No step is larger than this share of the depth its venue states.')),
  minimumRemainder: kind.or(
    kind.cash('currency', 'A position left smaller than this notional is closed whole, in the currency of the policy.'),
    '0',
  ),
  severityTiers: kind.optional(
    kind.nullable(
      kind.list(SEVERITY_TIER_INPUT, 'Added to the penalty by how far equity had fallen, from the mildest to the most severe.'),
    ),
  ),
  disputeWindow: kind.optional(kind.or(kind.nullable(kind.span('So long after its end a liquidation may be disputed.')), DISPUTE_WINDOW)),
});
export type LiquidationTermsInput = AskedOf<typeof LIQUIDATION_TERMS_INPUT>;

export const REFERENCE_COMMANDS = commands({
  DefineCurrency: {
    does: 'Defines a currency.',
    by: ['ADMIN'],
    takes: 'The currency.',
    about: 'A currency to be defined.',
    fields: {
      currency: kind.currency('Its code, such as `USDT`.'),
      scale: kind.count('Digits after the point of its smallest unit, 0 to 12.'),
    },
    secondPerson: 'NEVER',
    refusals: ['ID_INVALID', 'ALREADY_EXISTS', 'VALUE_OUT_OF_RANGE'],
  },
  SetCollateralTerms: {
    does: 'Sets on which terms a currency counts as collateral. To make them easier needs a second person.',
    by: OFFICERS,
    takes: 'The terms.',
    about: 'Terms on which a currency counts as collateral.',
    fields: {
      currency: kind.currency('The currency.'),
      haircut: kind.rate('Share taken off its index value, 0 to 1.'),
      conversionDiscount: kind.rate('Share below the index at which the house takes it over to cover a debt, never above the haircut.'),
      eligible: kind.flag('Whether it may be deposited.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['CURRENCY_NOT_FOUND', 'TOO_MANY_DIGITS', 'VALUE_OUT_OF_RANGE'],
  },
  SetRetention: {
    does: 'Sets how long keys and ids of trades are remembered. Shorter than now needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'How long.',
    about: 'How long the house is to remember what it has done.',
    fields: {
      keys: kind.span('Idempotency keys, 24 hours to 31 days.'),
      trades: kind.span('Ids of trades, 7 to 366 days.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['VALUE_OUT_OF_RANGE'],
  },
  DefineIndex: {
    does: 'Defines a price index.',
    by: ['ADMIN'],
    takes: 'The index.',
    about: 'A price index to be defined.',
    fields: {
      base: kind.currency('Currency priced.'),
      quote: kind.currency('Currency of the price.'),
      tick: kind.decimal('Price step, in the quote currency.'),
      sources: kind.list(kind.text(), 'Who may publish prices of it.'),
      minimumSources: kind.count('Fewer live sources make it stale.'),
      maximumDeviation: kind.rate('A source further than this share from the median is put aside.'),
      heartbeat: kind.span('A source silent for so long is not live.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CURRENCY_NOT_FOUND', 'CURRENCY_MISMATCH', 'ALREADY_EXISTS', 'VALUE_OUT_OF_RANGE', 'ID_INVALID', 'TOO_MANY_DIGITS'],
  },
  DefineInstrument: {
    does: 'Defines a contract.',
    by: ['ADMIN'],
    takes: 'The contract.',
    about: 'A contract to be defined. Its terms never change afterwards.',
    fields: {
      instrument: kind.instrument('Its code, such as `BTC-PERP`.'),
      kind: kind.oneOf(INSTRUMENT_KIND, 'What kind of contract it is.'),
      contract: kind.optional(kind.or(kind.oneOf(CONTRACT_KIND, 'How its gain follows from its price.'), 'LINEAR')),
      base: kind.currency('Currency bought and sold.'),
      quote: kind.currency('Currency of the price.'),
      settlement: kind.currency('Currency gains and losses are paid in.'),
      tick: kind.decimal('Price step, in the quote currency.'),
      lot: kind.size('instrument', 'Quantity step, in contracts.'),
      multiplier: kind.decimal('Units of base per contract; of an inverse contract units of the quote currency.'),
      index: kind.nullable(kind.index('Index its mark is held to.')),
      markMethod: kind.oneOf(MARK_METHOD, 'Where its mark comes from.'),
      markBand: kind.nullable(kind.rate("Share around the index within which a venue's mark is held.")),
      priceBand: kind.nullable(kind.rate('Share of the mark beyond which a price or a trade is refused.')),
      heartbeat: kind.span('Without a mark for so long the price is stale.'),
      allowsNonPositivePrice: kind.or(kind.flag('Whether prices of zero and below are possible.'), false),
      expiry: kind.nullable(kind.instant('Expiry of a future.')),
      variationInterval: kind.nullable(kind.span('Between two settlements of variation margin; null: at every mark.')),
      makerFee: kind.or(kind.rate('Fee of the maker as a share of notional; below zero a rebate.'), '0'),
      takerFee: kind.or(kind.rate('Fee of the taker as a share of notional.'), '0'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ID_INVALID',
      'ALREADY_EXISTS',
      'CURRENCY_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'VALUE_OUT_OF_RANGE',
      'INSTRUMENT_VALUE_NOT_WHOLE',
      'INDEX_NOT_FOUND',
      'TOO_MANY_DIGITS',
    ],
  },
  SetInstrumentStatus: {
    does: 'Halts an instrument, opens it for reducing only, or opens it again. To loosen needs a second person.',
    by: OFFICERS,
    takes: 'The status.',
    about: 'What may be done in an instrument from now on.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      status: kind.oneOf(SET_STATUS, 'The status. To loosen needs a second person.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['INSTRUMENT_NOT_FOUND', 'INSTRUMENT_NOT_TRADING'],
  },
  SetTierSchedule: {
    does: 'Sets a version of the margin tiers of an instrument. To lower any requirement needs a second person.',
    by: OFFICERS,
    takes: 'The tiers.',
    about: 'A version of margin tiers.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      tiers: kind.list(TIER_INPUT, 'Its brackets, the lowest first, 1 to 64.'),
      effectiveAt: kind.nullable(kind.instant('From when it holds; null: at once.')),
    },
    secondPerson: 'IN_CASES',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'VALUE_OUT_OF_RANGE',
      'TOO_MANY_DIGITS',
      'TIERS_NOT_CONTIGUOUS',
      'TIERS_RATE_INVALID',
      'TIERS_NOT_RISING',
      'TIERS_NOT_CONTINUOUS',
      'FEE_ABOVE_MAINTENANCE',
    ],
  },
  SetMarginPolicy: {
    does: 'Sets a version of a margin policy. To let accounts go further than before needs a second person.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of a margin policy. Levels are ordered: warnings, call, close-out; to let accounts go further needs a second person.',
    fields: {
      policy: kind.id<PolicyId>('The policy.'),
      currency: kind.currency('Currency of its amounts and of the accounts under it.'),
      warnings: kind.or(
        kind.list(
          kind.list(MARGIN_TERM_INPUT),
          'Levels at which the account is warned, from the earliest to the last; each the highest of its terms.',
        ),
        [[CLASSIC.warning]],
      ),
      call: kind.or(kind.list(MARGIN_TERM_INPUT, 'Below the highest of these the account is called.'), [CLASSIC.call]),
      closeOut: kind.or(kind.list(MARGIN_TERM_INPUT, 'Below the highest of these the window is cut and liquidation starts at once.'), [
        CLASSIC.closeOut,
      ]),
      cure: kind.list(MARGIN_TERM_INPUT, 'Equity at or above the highest of these cures a call.'),
      target: kind.list(MARGIN_TERM_INPUT, 'Equity that a liquidation restores: the highest of these.'),
      hysteresis: kind.or(kind.ratio('A warning is withdrawn at its level x (1 + this).'), '0'),
      cureWindow: kind.span('From the issue of a call to its deadline.'),
      finalNotice: kind.nullable(kind.span('So long before the deadline a final notice goes out.')),
      amendStep: kind.or(kind.ratio('A call is amended when its amount has grown by more than this share.'), '0'),
      aggregation: kind.or(kind.oneOf(TIER_AGGREGATION, 'Whose positions are added up to find the tier.'), 'OWNER'),
      liquidation: kind.said(LIQUIDATION_TERMS_INPUT, 'What a liquidation costs, and how it goes about it.'),
      effectiveAt: kind.nullable(kind.instant('From when it holds; null: at once.')),
    },
    secondPerson: 'IN_CASES',
    refusals: [
      'ID_INVALID',
      'CURRENCY_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'VALUE_OUT_OF_RANGE',
      'LADDER_NOT_ORDERED',
      'TOO_MANY_DIGITS',
      'SHARES_NOT_ONE',
      'TIERS_NOT_CONTIGUOUS',
      'TIERS_NOT_RISING',
      'FEE_ABOVE_MAINTENANCE',
    ],
  },
  SetLossPolicy: {
    does: 'Sets a version of the policy by which losses are borne. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which losses are borne in a currency.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      layers: kind.list(kind.oneOf(LOSS_LAYER), 'Layers in the order in which they bear; socialized loss last.'),
      base: kind.oneOf(SOCIALIZATION_BASE, 'By what a socialized loss is shared.'),
      period: kind.span('The period within which gains are counted.'),
      fundTarget: kind.cash('currency', 'What the insurance fund should hold, in the currency.'),
      together: kind.optional(
        kind.nullable(
          kind.list(kind.list(kind.oneOf(LOSS_LAYER)), 'Neighbouring layers that bear side by side, in proportion to what they have.'),
        ),
      ),
      gateWindow: kind.optional(kind.nullable(kind.span('Withdrawals wait so long after a loss had to be borne.'))),
      backstopShare: kind.optional(kind.nullable(kind.rate('Share of liquidation penalties that goes to the backstop pool.'))),
      surplusToClaims: kind.optional(
        kind.nullable(kind.flag('Whether surplus of the inventory repays claims before the insurance fund gets it.')),
      ),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'LAYERS_INVALID', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  SetDisposalPolicy: {
    does: 'Sets a version of the policy by which the house disposes of what it took over.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which the house disposes of what it took over.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      interval: kind.span('Between two steps. What nobody takes while nothing changes stays out twice as long each time, up to an hour.'),
      fraction: kind.rate('Share of what is left that goes out per step.'),
      fullBelow: kind.cash('currency', 'A position of this notional or less goes out whole, in the currency.'),
      maximumShareOfDepth: kind.rate('No step is larger than this share of the depth the venue states.'),
      slippage: kind.rate('The limit of an order is the mark less this share.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CURRENCY_NOT_FOUND', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  AdmitMember: {
    does: 'Admits a member.',
    by: ['ADMIN'],
    takes: 'The member.',
    about: 'A member to be admitted.',
    fields: {
      member: kind.made('mem', kind.id<MemberId>('Its id: 1 to 64 letters, digits or `. _ : / -`; one is made where none is given.')),
      name: kind.text('Its name.'),
    },
    secondPerson: 'NEVER',
    refusals: ['ID_INVALID', 'ALREADY_EXISTS'],
  },
  OpenAccount: {
    does: 'Opens a margin account. A broker opens accounts of its own member.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The account.',
    about: 'An account to be opened.',
    fields: {
      account: kind.made(
        'acc',
        kind.account(
          'Its id: 1 to 64 letters, digits or `. _ : / -`; one is made where none is given. A broker names it within its member, `<member>/…`.',
        ),
      ),
      member: kind.id<MemberId>('Member it belongs to.'),
      owner: kind.id<OwnerId>(
        'Its beneficial owner: the same for all accounts of one person. A broker names one that it has already, or within its member, `<member>/…`.',
      ),
      kind: kind.or(kind.oneOf(OPENED_KIND, 'Whose account it is.'), 'CLIENT'),
      currency: kind.currency('Currency it is margined and settled in.'),
      policy: kind.id<PolicyId>('Margin policy it is under.'),
      mode: kind.or(kind.oneOf(MARGIN_MODE, 'How far its collateral answers.'), 'CROSS'),
      instrument: kind.nullable(kind.instrument('The one instrument of an isolated account.')),
      leverage: kind.optional(kind.nullable(kind.ratio('The most leverage its holder wants, at least 1; null: what the tiers allow.'))),
    },
    secondPerson: 'NEVER',
    refusals: [
      'MEMBER_NOT_FOUND',
      'MEMBER_SUSPENDED',
      'ID_INVALID',
      'ALREADY_EXISTS',
      'CURRENCY_NOT_FOUND',
      'POLICY_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'INSTRUMENT_NOT_FOUND',
      'VALUE_OUT_OF_RANGE',
    ],
  },
});
export type ReferenceCommand = CommandsOf<typeof REFERENCE_COMMANDS>;
