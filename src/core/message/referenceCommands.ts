/** Commands that define what is cleared, on which terms, and for whom. */

import { choice, kind } from '../kind/kind';
import { MARGIN_MODE, type MemberId, type OwnerId } from '../model/account';
import { MARGIN_BASE, type PolicyId, TIER_AGGREGATION } from '../model/policy';
import { CONTRACT_KIND, INSTRUMENT_KIND, MARK_METHOD } from '../model/reference';
import { VALUED_AT } from '../model/tiers';
import { COLLATERAL_TERMS_INPUT } from './collateralInputs';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, EFFECTIVE_AT, OFFICERS } from './definition';
import { LIQUIDATION_TERMS_INPUT } from './liquidationTermsInput';
import { BASIS_TERMS_INPUT, SOURCE_WEIGHT_INPUT } from './priceTermsInput';
import { RATE_GROWTH_INPUT, SHORT_RATES_INPUT, TIER_INPUT } from './tierInputs';

export const SET_STATUS = choice('SetStatus', 'What an instrument allows.', {
  ACTIVE: 'All trades.',
  REDUCE_ONLY: 'Only trades that reduce positions.',
  HALTED: 'No trades.',
});

export const OPENED_KIND = choice('OpenedKind', 'Whose account is opened.', {
  CLIENT: 'A client of the member.',
  HOUSE: 'The member itself.',
});

export const MARGIN_TERM_INPUT = kind.part('MarginTermInput', 'A share of a requirement.', {
  base: kind.oneOf(MARGIN_BASE, 'The requirement.'),
  ratio: kind.ratio('The share, above zero.'),
});
export type TermInput = AskedOf<typeof MARGIN_TERM_INPUT>;

/** The ladder that holds where a policy says nothing else.  Ruling 2 */
const CLASSIC = {
  warning: { base: 'INITIAL', ratio: '1' },
  call: { base: 'MAINTENANCE', ratio: '1' },
  closeOut: { base: 'MAINTENANCE', ratio: '2/3' },
} as const;

export const REFERENCE_COMMANDS = commands({
  DefineCurrency: {
    does: 'Defines a currency.',
    by: ['ADMIN'],
    takes: 'The currency.',
    about: 'A currency to define.',
    fields: {
      currency: kind.currency('The code, such as `USDT`.'),
      scale: kind.count('Digits after the point of its smallest unit, 0 to 12.'),
    },
    secondPerson: 'NEVER',
    refusals: ['ID_INVALID', 'ALREADY_EXISTS', 'VALUE_OUT_OF_RANGE'],
  },
  SetCollateralTerms: {
    does:
      'Sets the terms on which a currency is collateral. Easier terms need a second person, and so do terms ' +
      'that would call many.',
    by: OFFICERS,
    takes: 'The terms.',
    about: 'The terms on which a currency is collateral.',
    fields: {
      ...COLLATERAL_TERMS_INPUT,
      ...EFFECTIVE,
    },
    secondPerson: 'IN_CASES',
    refusals: ['CURRENCY_NOT_FOUND', 'TOO_MANY_DIGITS', 'VALUE_OUT_OF_RANGE'],
  },
  SetRetention: {
    does:
      'Sets how long keys and ids of trades are remembered. A shorter period needs a second person ' +
      'once the house is open.',
    by: OFFICERS,
    takes: 'The periods.',
    about: 'Sets how long the house remembers commands and trades.',
    fields: {
      keys: kind.span('How long idempotency keys are remembered: 24 hours to 31 days, 24 hours unless it was set.'),
      trades: kind.span(
        'How long ids of trades are remembered: 7 to 366 days, seven days unless it was set. A trade with an ' +
          'earlier execution time is refused.',
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'IN_CASES',
    refusals: ['VALUE_OUT_OF_RANGE'],
  },
  DefineIndex: {
    does: 'Defines a price index.',
    by: ['ADMIN'],
    takes: 'The index.',
    about: 'A price index to define.',
    fields: {
      base: kind.currency('The currency that is priced.'),
      quote: kind.currency('The currency of the price.'),
      tick: kind.decimal('The tick: the price step, in the quote currency.'),
      sources: kind.list(kind.text(), 'The sources that may publish prices of it.'),
      weights: kind.optional(
        kind.nullable(
          kind.list(
            SOURCE_WEIGHT_INPUT,
            'The weights. A source that is not named has weight 1, and is not an own venue. Null means no names.',
          ),
        ),
      ),
      minimumSources: kind.count('The least number of live sources. With fewer the index is stale.'),
      maximumDeviation: kind.rate('A source further than this share from the median is left out.'),
      heartbeat: kind.span('A source that is silent for longer is not live.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'ALREADY_EXISTS',
      'VALUE_OUT_OF_RANGE',
      'ID_INVALID',
      'TOO_MANY_DIGITS',
    ],
  },
  DefineInstrument: {
    does: 'Defines a contract.',
    by: ['ADMIN'],
    takes: 'The contract.',
    about: 'A contract to define. Its terms never change afterwards.',
    fields: {
      instrument: kind.instrument('The code, such as `BTC-PERP`.'),
      kind: kind.oneOf(INSTRUMENT_KIND, 'The kind of contract.'),
      contract: kind.optional(
        kind.or(kind.oneOf(CONTRACT_KIND, 'How the gain of the contract follows from its price.'), 'LINEAR'),
      ),
      base: kind.currency('The currency that is bought and sold.'),
      quote: kind.currency('The currency of the price.'),
      settlement: kind.currency('The currency in which gains and losses are paid.'),
      tick: kind.decimal('The tick: the price step, in the quote currency.'),
      lot: kind.size('instrument', 'The lot: the quantity step, in contracts.'),
      multiplier: kind.decimal(
        'Units of base per contract. For an inverse contract: units of the quote currency. For a quanto: units of the ' +
          'settlement currency for one of the price.',
      ),
      index: kind.nullable(kind.index('The index that bounds its mark.')),
      markMethod: kind.oneOf(MARK_METHOD, 'The source of its mark.'),
      markBand: kind.nullable(kind.rate("The band around the index, as a share. A venue's mark is limited to it.")),
      basis: kind.optional(
        kind.nullable(
          kind.said(BASIS_TERMS_INPUT, 'How its basis is damped. Stated if its mark is made of it, and only then.'),
        ),
      ),
      priceBand: kind.nullable(kind.rate('The share of the mark beyond which a price or a trade is refused.')),
      heartbeat: kind.span('The price is stale when no mark arrived for longer than this.'),
      allowsNonPositivePrice: kind.or(kind.flag('Whether prices of zero and below are possible.'), false),
      expiry: kind.nullable(kind.instant('Expiry of a future.')),
      settlementWindow: kind.optional(
        kind.nullable(
          kind.span(
            'The time before its end over which its index is averaged to its last price, 1s to 1d. Null settles at ' +
              'the mark.',
          ),
        ),
      ),
      variationInterval: kind.nullable(
        kind.span('The time between two settlements of variation margin. Null settles at every mark.'),
      ),
      makerFee: kind.or(kind.rate('The fee of the maker as a share of notional. Below zero it is a rebate.'), '0'),
      takerFee: kind.or(kind.rate('The fee of the taker as a share of notional.'), '0'),
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
    does: 'Halts an instrument, allows only reducing trades, or opens it again. A looser status needs a second person.',
    by: OFFICERS,
    takes: 'The status.',
    about: 'What an instrument allows from now on.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      status: kind.oneOf(SET_STATUS, 'The status. A looser one needs a second person.'),
      reason: kind.text('The reason.'),
      lasting: kind.optional(
        kind.nullable(
          kind.flag(
            'Whether a halt lasts until it is lifted. A lasting halt needs a second person. Another halt lifts by ' +
              'itself after a time.',
          ),
        ),
      ),
    },
    secondPerson: 'IN_CASES',
    refusals: ['INSTRUMENT_NOT_FOUND', 'INSTRUMENT_NOT_TRADING'],
  },
  SetTierSchedule: {
    does:
      'Sets a version of the margin tiers of an instrument. A lower requirement needs a second person, and so ' +
      'does one that would call many.',
    by: OFFICERS,
    takes: 'The tiers.',
    about: 'A version of margin tiers.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      tiers: kind.list(TIER_INPUT, 'The brackets, the lowest first, 1 to 64.'),
      initialPerContract: kind.optional(
        kind.nullable(
          kind.cash(
            'currency',
            'The least initial margin of a contract, in the settlement currency, whatever its price. Null means ' +
              'none. It is never ' +
              'below maintenancePerContract.',
          ),
        ),
      ),
      maintenancePerContract: kind.optional(
        kind.nullable(
          kind.cash(
            'currency',
            'The least maintenance margin of a contract, in the settlement currency, whatever its price. Null ' +
              'means none.',
          ),
        ),
      ),
      growth: kind.optional(
        kind.nullable(kind.said(RATE_GROWTH_INPUT, 'Rates that grow with size. The table has one bracket then.')),
      ),
      short: kind.optional(
        kind.nullable(
          kind.said(SHORT_RATES_INPUT, 'Rates of what is short. Null means as long. The table has one bracket then.'),
        ),
      ),
      initialAt: kind.optional(kind.or(kind.oneOf(VALUED_AT, 'The price at which initial margin is taken.'), 'MARK')),
      maintenanceAt: kind.optional(
        kind.or(kind.oneOf(VALUED_AT, 'The price at which maintenance margin is taken.'), 'MARK'),
      ),
      initialPerMaintenance: kind.optional(
        kind.nullable(kind.ratio('Initial rates that are left out are so many times the maintenance rate.')),
      ),
      maintenancePerInitial: kind.optional(
        kind.nullable(kind.ratio('Maintenance rates that are left out are this share of the initial rate.')),
      ),
      mostRate: kind.optional(
        kind.nullable(
          kind.ratio('The highest rate that the table may state, 1 to 100. Null means 1, the whole notional.'),
        ),
      ),
      effectiveAt: EFFECTIVE_AT,
    },
    secondPerson: 'IN_CASES',
    ownVersions: true,
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'VALUE_OUT_OF_RANGE',
      'TOO_MANY_DIGITS',
      'TIERS_RATE_INVALID',
      'TIERS_NOT_CONTIGUOUS',
      'TIERS_NOT_RISING',
      'TIERS_NOT_CONTINUOUS',
      'FEE_ABOVE_MAINTENANCE',
    ],
  },
  SetMarginPolicy: {
    does:
      'Sets a version of a margin policy. A version that lets accounts go further needs a second person, and ' +
      'so does one that would call many.',
    by: OFFICERS,
    takes: 'The policy.',
    about:
      'A version of a margin policy. Its levels are ordered: warnings, call, close-out. A policy ' +
      'that lets accounts go further needs a second person.',
    fields: {
      policy: kind.id<PolicyId>('The policy.'),
      currency: kind.currency('Currency of its amounts and of the accounts under it.'),
      warnings: kind.or(
        kind.list(
          kind.list(MARGIN_TERM_INPUT),
          'The levels that warn, from the earliest to the last. Each is the highest of its terms.',
        ),
        [[CLASSIC.warning]],
      ),
      call: kind.or(
        kind.list(MARGIN_TERM_INPUT, 'The call level is the highest of these: equity below it is called.'),
        [CLASSIC.call],
      ),
      closeOut: kind.or(
        kind.list(
          MARGIN_TERM_INPUT,
          'The close-out level is the highest of these: equity below it cuts the window, and ' +
            'liquidation starts at once.',
        ),
        [CLASSIC.closeOut],
      ),
      cure: kind.list(MARGIN_TERM_INPUT, 'The cure level is the highest of these: equity at or above it cures a call.'),
      target: kind.list(
        MARGIN_TERM_INPUT,
        'The target level is the highest of these: a liquidation restores this equity.',
      ),
      hysteresis: kind.or(kind.ratio('A warning is withdrawn when equity reaches its level x (1 + this share).'), '0'),
      cureWindow: kind.span('The time from the issue of a call to its deadline.'),
      finalNotice: kind.nullable(kind.span('How long before the deadline the final notice goes out.')),
      amendStep: kind.or(kind.ratio('A call is amended when its amount has grown by more than this share.'), '0'),
      aggregation: kind.or(kind.oneOf(TIER_AGGREGATION, 'Whose positions are added up to find the tier.'), 'OWNER'),
      liquidation: kind.said(LIQUIDATION_TERMS_INPUT, 'The costs and the course of a liquidation.'),
      frozenShare: kind.optional(
        kind.nullable(
          kind.rate(
            'The share of maintenance margin for which the clock of a call stands: halted and stale holdings ' +
              'carry at least it. ' +
              'Null means a half.',
          ),
        ),
      ),
      effectiveAt: EFFECTIVE_AT,
    },
    secondPerson: 'IN_CASES',
    ownVersions: true,
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
  AdmitMember: {
    does: 'Admits a member.',
    by: ['ADMIN'],
    takes: 'The member.',
    about: 'A member to admit.',
    fields: {
      member: kind.made(
        'mem',
        kind.id<MemberId>('The id: 1 to 64 letters, digits or `. _ : / -`. The house makes one if it is left out.'),
      ),
      name: kind.text('The name.'),
    },
    secondPerson: 'NEVER',
    refusals: ['ID_INVALID', 'ALREADY_EXISTS'],
  },
  OpenAccount: {
    does: 'Opens a margin account. A broker opens accounts of its own member.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The account.',
    about: 'An account to open.',
    fields: {
      account: kind.made(
        'acc',
        kind.account(
          'The id: 1 to 64 letters, digits or `. _ : / -`. The house makes one if it is left out. A ' +
            "broker's ids begin with its member: `<member>/…`.",
        ),
      ),
      member: kind.id<MemberId>('The member of the account.'),
      owner: kind.id<OwnerId>(
        'The beneficial owner. All accounts of one person have the same. A broker names an owner it ' +
          'has already, or one within its member: `<member>/…`.',
      ),
      kind: kind.or(kind.oneOf(OPENED_KIND, 'The kind of an account.'), 'CLIENT'),
      currency: kind.currency('The currency of its margin and settlement.'),
      policy: kind.id<PolicyId>('The margin policy of the account.'),
      mode: kind.or(kind.oneOf(MARGIN_MODE, 'How far its collateral reaches.'), 'CROSS'),
      instrument: kind.nullable(kind.instrument('For an isolated account: its one instrument.')),
      leverage: kind.optional(
        kind.nullable(
          kind.ratio('The highest leverage that its holder wants, at least 1. Null means what the tiers allow.'),
        ),
      ),
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
