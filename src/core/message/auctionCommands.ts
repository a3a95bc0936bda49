/** Commands of auctions.  Rules: CA-1 to CA-5. */

import { kind } from '../kind/kind';
import { AUCTION_CAP_BASE, AUCTION_CURVE_SHAPE, AUCTION_FORM, type AuctionId } from '../model/auction';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const AUCTION_CURVE_INPUT = kind.part(
  'AuctionCurveInput',
  'How the price of a Dutch auction falls. The shape decides which fields are needed.',
  {
    shape: kind.oneOf(AUCTION_CURVE_SHAPE, 'The shape.'),
    duration: kind.optional(kind.nullable(kind.span('LINEAR: the time from the top to zero.'))),
    stepFactor: kind.optional(
      kind.nullable(
        kind.rate(
          'STAIRSTEP: the factor of one step. EXPONENTIAL: the factor of one millisecond. It is above 0 and below 1.',
        ),
      ),
    ),
    step: kind.optional(kind.nullable(kind.span('STAIRSTEP: the length of a step.'))),
    start: kind.optional(kind.nullable(kind.rate('TWO_SPEED: the share of the top that is asked at first.'))),
    cutoff: kind.optional(kind.nullable(kind.rate('TWO_SPEED: the share at which the price slows down.'))),
    fast: kind.optional(kind.nullable(kind.span('TWO_SPEED: the time from the start to the cutoff.'))),
    slow: kind.optional(kind.nullable(kind.span('TWO_SPEED: the time from the cutoff to zero.'))),
  },
);
export type CurveInput = AskedOf<typeof AUCTION_CURVE_INPUT>;

const AUCTION_REASON = {
  about: 'An auction, with a reason.',
  input: 'AuctionReasonInput',
  fields: {
    auction: kind.id<AuctionId>('The auction.'),
    reason: kind.text('The reason.'),
  },
};

export const AUCTION_COMMANDS = commands({
  SetAuctionPolicy: {
    does: 'Sets a version of the auction policy. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of an auction policy. Needs a second person once the house is open.',
    fields: {
      currency: kind.currency('The currency of the bids. It is that of the accounts whose other collateral is sold.'),
      form: kind.oneOf(AUCTION_FORM, 'How auctions that the house starts find their price.'),
      curve: kind.said(AUCTION_CURVE_INPUT, 'How the price of a Dutch auction falls.'),
      startMultiplier: kind.rate('The top of a Dutch auction over the index price.'),
      discountShare: kind.optional(
        kind.or(
          kind.rate('The share of the conversion discount of the lot by which the index price is lowered for that.'),
          '0',
        ),
      ),
      roundDuration: kind.span('The longest time of a round.'),
      priceFloorShare: kind.rate(
        'The price floor: a Dutch round is over when the price is below this share of its top.',
      ),
      rounds: kind.count('The number of rounds, 1 to 100, before what is left goes the next way.'),
      resetReward: kind.cash('currency', 'The flat reward for resetting an auction, in the currency.'),
      resetRewardRate: kind.rate('The reward for resetting an auction, as a share of its target.'),
      penaltyMultiplier: kind.rate('The target over the debt, at least 1. What is above 1 is the penalty.'),
      minimumDebt: kind.cash('currency', 'The minimum debt, in the currency: a take may not leave a smaller target.'),
      capBase: kind.optional(kind.or(kind.oneOf(AUCTION_CAP_BASE, 'What the two caps count.'), 'RESERVE_VALUE')),
      valueCap: kind.cash('currency', 'The highest amount that may be in auction at once, in the currency.'),
      lotCap: kind.cash(
        'currency',
        'The highest amount in auction for lots of one currency, in the currency of the bids.',
      ),
      reserveShare: kind.rate('The reserve as a share of the index price, above zero.'),
      minimumTime: kind.span('The shortest time of a round.'),
      minimumBidders: kind.count('The number of bidders that a round of sealed bids needs, 1 to 100.'),
      increment: kind.rate('The least improvement of a bid in an English auction.'),
      extension: kind.span(
        'A bid this close to the end of an English auction moves the end to this long after the bid.',
      ),
      badBidShare: kind.rate('A sealed bid below this share of the best bid does not count.'),
      fundCap: kind.cash(
        'currency',
        'The highest value at the reserve that the insurance fund may hold of what it bought, in the currency.',
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'CURVE_INVALID', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  SetAuctionBreaker: {
    does:
      'Sets the breaker of the auctions of a currency. Feeds and officers tighten it at once. Only ' +
      'officers loosen it, with a second person.',
    by: [...OFFICERS, 'FEED'],
    takes: 'The breaker.',
    about: 'The breaker of the auctions of a currency.',
    fields: {
      currency: kind.currency('Currency of the bids.'),
      level: kind.count('The level: 0 allows all, 1 nothing new, 2 nothing new and no resets, 3 nothing at all.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['AUCTION_POLICY_NOT_FOUND', 'VALUE_OUT_OF_RANGE', 'OFFICER_NEEDED'],
  },
  StartAuction: {
    does: 'Starts auctions of collateral. Needs a second person.',
    by: OFFICERS,
    takes: 'The collateral to sell.',
    about: 'A sale of collateral of an account that is being closed out.',
    fields: {
      account: kind.account('An account in liquidation, or a close-out account of the house.'),
      lotCurrency: kind.currency('The currency to sell.'),
      quantity: kind.nullable(kind.decimal('The quantity to sell. All of it if left out.')),
      lots: kind.count('The number of auctions to split it into, 1 to 1,000.'),
      form: kind.nullable(kind.oneOf(AUCTION_FORM, "How the auctions find their price. The policy's way if left out.")),
      invited: kind.nullable(
        kind.list(
          kind.text(),
          'The members that are invited: the first round is for them only. Everybody if left out.',
        ),
      ),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_NOT_IN_LIQUIDATION',
      'AUCTION_POLICY_NOT_FOUND',
      'AUCTIONS_STOPPED',
      'CURRENCY_NOT_FOUND',
      'INDEX_NOT_FOUND',
      'PRICE_STALE',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'INSUFFICIENT_FUNDS',
      'MEMBER_NOT_FOUND',
    ],
  },
  TakeAuction: {
    does: 'Takes a part of a lot at the price of the instant.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The take.',
    about: 'A take from a Dutch auction.',
    fields: {
      auction: kind.id<AuctionId>('The auction.'),
      account: kind.account('The account that pays and receives.'),
      quantity: kind.decimal('The largest quantity to take, in the currency that is sold.'),
      limit: kind.rate('The highest price per whole unit, in the currency of the bids.'),
      version: kind.count('The version of the auction that the caller saw.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'AUCTION_NOT_FOUND',
      'AUCTION_FORM_MISMATCH',
      'AUCTION_NOT_OPEN',
      'AUCTION_CHANGED',
      'BIDDER_RELATED',
      'COLLATERAL_NOT_ELIGIBLE',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'BID_BELOW_RESERVE',
      'PRICE_ABOVE_LIMIT',
      'TAKE_LEAVES_DUST',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'MARGIN_CALL_OPEN',
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
      'BID_NOT_FUNDED',
    ],
  },
  PlaceBid: {
    does: 'Makes a bid. Whoever is outbid gets the money back at once.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The bid.',
    about: 'A bid in an English or a sealed auction. Its money moves to escrow when the bid counts.',
    fields: {
      auction: kind.id<AuctionId>('The auction.'),
      account: kind.account('The account that pays and receives.'),
      amount: kind.decimal('The amount offered, in the currency of the bids.'),
      quantity: kind.nullable(
        kind.decimal(
          'The quantity of the lot to ask for. All of it if left out. Less is possible only at the ' +
            'target of an English auction.',
        ),
      ),
      version: kind.count('The version of the auction that the caller saw.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'AUCTION_NOT_FOUND',
      'AUCTION_FORM_MISMATCH',
      'AUCTION_NOT_OPEN',
      'AUCTION_CHANGED',
      'BIDDER_RELATED',
      'COLLATERAL_NOT_ELIGIBLE',
      'NOT_INVITED',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'BID_BELOW_RESERVE',
      'INSUFFICIENT_FUNDS',
      'BID_TOO_LOW',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'MARGIN_CALL_OPEN',
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
      'BID_NOT_FUNDED',
    ],
  },
  ResetAuction: {
    does: 'Resets an auction whose round is over, for a reward.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The auction.',
    about: 'Resets a Dutch auction whose round is over.',
    fields: {
      auction: kind.id<AuctionId>('The auction.'),
      account: kind.account('The account that receives the reward.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'AUCTION_NOT_FOUND',
      'AUCTION_FORM_MISMATCH',
      'AUCTION_NOT_OPEN',
      'AUCTIONS_STOPPED',
      'PRICE_STALE',
      'BIDDER_RELATED',
      'RESET_NOT_DUE',
    ],
  },
  CancelAuction: {
    does: 'Ends an auction. What was for sale is converted instead. Needs a second person.',
    by: OFFICERS,
    takes: 'The auction.',
    ...AUCTION_REASON,
    secondPerson: 'ONCE_OPEN',
    refusals: ['AUCTION_NOT_FOUND'],
  },
  PauseAuction: {
    does: 'Stops the clock of an auction.',
    by: OFFICERS,
    takes: 'The auction.',
    ...AUCTION_REASON,
    secondPerson: 'NEVER',
    refusals: ['AUCTION_NOT_FOUND', 'AUCTION_NOT_OPEN'],
  },
  ResumeAuction: {
    does: 'Starts the clock of a paused auction again, with the time that was left.',
    by: OFFICERS,
    takes: 'The auction.',
    about: 'An auction.',
    fields: {
      auction: kind.id<AuctionId>('The auction.'),
    },
    secondPerson: 'NEVER',
    refusals: ['AUCTION_NOT_FOUND', 'AUCTION_NOT_OPEN'],
  },
});
export type AuctionCommand = CommandsOf<typeof AUCTION_COMMANDS>;
