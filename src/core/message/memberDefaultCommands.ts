/**
 * Commands of members in trouble: suspension, default, porting, hedging, closing, settlement.  Rules: LCS-2, NE-5,
 * B3-1.
 */

import { choice, kind } from '../kind/kind';
import { type MemberId, SIDE } from '../model/account';
import type { DefaultId, PortId } from '../model/memberDefault';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const DEFAULT_OUTCOME = choice('DefaultOutcome', 'What happens to the member.', {
  TERMINATED: 'The member has left. It takes no more risk, and what it owns may leave.',
  REINSTATED: 'The member goes on.',
});

const MEMBER_STANDING = {
  about: 'A member, with a reason.',
  input: 'MemberStandingInput',
  fields: {
    member: kind.id<MemberId>('The member.'),
    reason: kind.text('The reason.'),
  },
};

const DEFAULT_ORDER = {
  about: 'An order of the house for a default.',
  input: 'DefaultOrderInput',
  fields: {
    default: kind.id<DefaultId>('The default.'),
    instrument: kind.instrument('The instrument.'),
    side: kind.oneOf(SIDE, 'The side: buy or sell.'),
    size: kind.size('instrument', 'Contracts, above zero.'),
    limit: kind.nullable(kind.price('instrument', 'The worst price, in the quote currency. Any price if left out.')),
  },
};

export const LOT_POSITION_INPUT = kind.part('LotPositionInput', 'Contracts of one instrument in a lot.', {
  instrument: kind.instrument('The instrument.'),
  size: kind.size('instrument', 'Contracts as the default holds them, signed: above zero is long, below zero short.'),
});

export const DEFAULT_LOT_INPUT = kind.part(
  'DefaultLotInput',
  'A lot: a share of every position, or a list of positions.',
  {
    share: kind.nullable(kind.rate('The share of every position. The shares of all lots sum to one.')),
    positions: kind.nullable(
      kind.list(LOT_POSITION_INPUT, 'The positions. Those of all lots add up to what the default holds.'),
    ),
  },
);
export type LotInput = AskedOf<typeof DEFAULT_LOT_INPUT>;

export const MEMBER_DEFAULT_COMMANDS = commands({
  SuspendMember: {
    does:
      'Suspends a member at once. Its accounts take no new risk, and nothing leaves them. Reducing ' +
      'positions and paying in go on.',
    by: OFFICERS,
    takes: 'The member.',
    ...MEMBER_STANDING,
    secondPerson: 'NEVER',
    refusals: ['MEMBER_NOT_FOUND', 'MEMBER_STATUS_MISMATCH'],
  },
  ReinstateMember: {
    does: 'Ends a suspension. Needs a second person.',
    by: OFFICERS,
    takes: 'The member.',
    ...MEMBER_STANDING,
    secondPerson: 'ONCE_OPEN',
    refusals: ['MEMBER_NOT_FOUND', 'MEMBER_STATUS_MISMATCH'],
  },
  SetDefaultPolicy: {
    does: 'Sets a version of the default policy. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A default policy.',
    fields: {
      currency: kind.currency('Currency of the accounts.'),
      portingWindow: kind.span(
        "The time from the declaration until clients who did not move are closed out. The longest of a member's " +
          'currencies counts.',
      ),
      acceptWindow: kind.span('How long an offer of clients waits.'),
      orderWindow: kind.span('How long a venue has for a hedging or closing order.'),
      aloneUpTo: kind.cash('currency', 'The notional that one officer may hedge or close alone, in the currency.'),
      minimumLots: kind.count('The least number of lots of a portfolio whose first auction failed, 1 to 100.'),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  DeclareDefault: {
    does:
      'Declares a member in default. Orders of its accounts are cancelled, its own holdings are ' +
      'netted into the ledger of the default, and its clients may move. Needs a second person.',
    by: OFFICERS,
    takes: 'The member.',
    ...MEMBER_STANDING,
    secondPerson: 'ONCE_OPEN',
    refusals: ['MEMBER_NOT_FOUND', 'DEFAULT_ALREADY_OPEN', 'MEMBER_STATUS_MISMATCH'],
  },
  PortClients: {
    does: 'Offers clients of a defaulter to another member: all that have not moved, or some.',
    by: OFFICERS,
    takes: 'The offer.',
    about: 'Clients of a default, offered to a member.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      accounts: kind.nullable(kind.list(kind.account(), 'The accounts. Every client that has not moved if left out.')),
      toMember: kind.id<MemberId>('The member that is asked to take them.'),
    },
    secondPerson: 'NEVER',
    refusals: ['DEFAULT_NOT_FOUND', 'MEMBER_NOT_FOUND', 'SAME_MEMBER', 'MEMBER_SUSPENDED', 'ACCOUNT_NOT_PORTABLE'],
  },
  AcceptPort: {
    does:
      'Takes the clients of an offer. They move whole, with positions, collateral and open calls. ' +
      'Their old broker no longer sees them.',
    by: ['BROKER'],
    takes: 'The offer.',
    about: 'An offer to accept.',
    fields: {
      port: kind.id<PortId>('The offer.'),
    },
    secondPerson: 'NEVER',
    refusals: ['PORT_NOT_FOUND', 'MEMBER_SUSPENDED', 'ACCOUNT_NOT_PORTABLE'],
  },
  DeclinePort: {
    does: 'Declines an offer of clients.',
    by: ['BROKER'],
    takes: 'The offer.',
    about: 'An offer to decline.',
    fields: {
      port: kind.id<PortId>('The offer.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'NEVER',
    refusals: ['PORT_NOT_FOUND'],
  },
  HedgeDefault: {
    does:
      'Sends an order to the venue that hedges the portfolio of a default. Above a stated notional ' +
      'it needs a second person.',
    by: OFFICERS,
    takes: 'The order.',
    ...DEFAULT_ORDER,
    secondPerson: 'IN_CASES',
    refusals: [
      'DEFAULT_NOT_FOUND',
      'INSTRUMENT_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'DEFAULT_SETTLED',
      'DEFAULT_STILL_OPEN',
      'INSTRUMENT_NOT_TRADING',
      'INSTRUMENT_NOT_CONFIGURED',
      'PRICE_MISSING',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'VALUE_OUT_OF_RANGE',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'NOTHING_TO_CLOSE',
    ],
  },
  CloseDefaultPosition: {
    does:
      'Sends an order to the venue that reduces what a default holds. Above a stated notional it needs a ' +
      'second person.',
    by: OFFICERS,
    takes: 'The order.',
    ...DEFAULT_ORDER,
    secondPerson: 'IN_CASES',
    refusals: [
      'DEFAULT_NOT_FOUND',
      'INSTRUMENT_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'DEFAULT_SETTLED',
      'DEFAULT_STILL_OPEN',
      'INSTRUMENT_NOT_TRADING',
      'INSTRUMENT_NOT_CONFIGURED',
      'PRICE_MISSING',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'VALUE_OUT_OF_RANGE',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'NOTHING_TO_CLOSE',
    ],
  },
  SplitDefault: {
    does: 'Splits the portfolio of a default into lots, by shares or by lists of positions.',
    by: OFFICERS,
    takes: 'The lots.',
    about: 'How the portfolio of a default is split.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      currency: kind.currency('The currency.'),
      lots: kind.list(DEFAULT_LOT_INPUT, 'The lots, 1 to 100. All by share, or all by list.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'DEFAULT_NOT_FOUND',
      'DEFAULT_SETTLED',
      'DEFAULT_STILL_OPEN',
      'NOTHING_TO_CLOSE',
      'LOTS_INVALID',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'SHARES_NOT_ONE',
      'SIZE_OFF_LOT',
    ],
  },
  AuctionDefault: {
    does:
      'Offers the lots of a default to members by sealed bids. If a lot is left, a round for ' +
      'everybody follows at once. Needs a second person.',
    by: OFFICERS,
    takes: 'The round.',
    about: 'The lots of a default, offered to members by sealed bids.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      currency: kind.currency('The currency.'),
      invited: kind.nullable(
        kind.list(kind.id<MemberId>(), 'The members that may bid in the first round. Everybody if left out.'),
      ),
      minimumBidders: kind.count('The number of members that have to bid for the round to count, at least 1.'),
      reserve: kind.rate('The highest share of the notional that the house pays for a lot to be taken.'),
      window: kind.span('How long the round is open.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'DEFAULT_NOT_FOUND',
      'DEFAULT_SETTLED',
      'NOTHING_TO_CLOSE',
      'DEFAULT_STILL_OPEN',
      'LOTS_INVALID',
      'PRICE_MISSING',
      'PRICE_STALE',
      'MEMBER_NOT_FOUND',
      'VALUE_OUT_OF_RANGE',
      'TOO_MANY_DIGITS',
    ],
  },
  BidForLot: {
    does: 'Makes a sealed bid for a lot of a default.',
    by: ['BROKER'],
    takes: 'The bid.',
    about: 'A sealed bid for a lot. Another bid replaces it.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      currency: kind.currency('The currency.'),
      lot: kind.count('Number of the lot.'),
      account: kind.account('The account that takes the lot.'),
      amount: kind.cash(
        'currency',
        'The amount paid beside the mark, into escrow at once. Below zero the account is paid.',
      ),
    },
    secondPerson: 'NEVER',
    refusals: [
      'DEFAULT_NOT_FOUND',
      'LOT_NOT_OFFERED',
      'ACCOUNT_NOT_FOUND',
      'BIDDER_EXCLUDED',
      'CURRENCY_MISMATCH',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'LOT_BID_BELOW_RESERVE',
      'INSUFFICIENT_FUNDS',
      'MEMBER_SUSPENDED',
      'ACCOUNT_NOT_OPEN',
      'ACCOUNT_ISOLATED',
      'INSTRUMENT_NOT_CONFIGURED',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
      'INSUFFICIENT_INITIAL_MARGIN',
    ],
  },
  ChargeDefaultCost: {
    does: 'Charges the default a cost of managing it. Needs a second person.',
    by: OFFICERS,
    takes: 'The cost.',
    about: 'A cost of managing a default.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The cost, above zero, in the currency.'),
      reason: kind.text('What the cost was for.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'DEFAULT_NOT_FOUND',
      'DEFAULT_SETTLED',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
    ],
  },
  SettleDefault: {
    does:
      'Settles a currency of a default: a loss goes down the waterfall, a surplus back to the ' +
      'defaulter. Needs a second person.',
    by: OFFICERS,
    takes: 'The currency.',
    about: 'A currency of a default whose portfolio is closed.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      currency: kind.currency('The currency.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['DEFAULT_NOT_FOUND', 'DEFAULT_SETTLED', 'DEFAULT_STILL_OPEN', 'PRICE_STALE'],
  },
  CloseDefault: {
    does: 'Closes a default that has nothing open any more. Needs a second person.',
    by: OFFICERS,
    takes: 'The default, and what happens to the member.',
    about: 'The end of a default.',
    fields: {
      default: kind.id<DefaultId>('The default.'),
      outcome: kind.oneOf(DEFAULT_OUTCOME, 'What happens to the member.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['DEFAULT_NOT_FOUND', 'DEFAULT_STILL_OPEN'],
  },
});
export type MemberDefaultCommand = CommandsOf<typeof MEMBER_DEFAULT_COMMANDS>;
