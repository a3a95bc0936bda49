/** The policy by which collateral is auctioned, every version, and the mutations that set it.  Rules: CA-1, CA-4 */

import { Ctx, ObjectType } from 'type-graphql';
import { written } from '../../../core/kind/write';
import { AUCTION_CURVE_SHAPE, AUCTION_POLICY } from '../../../core/model/auction';
import type { AuctionPolicy as Row } from '../../../store/generated/client';
import { Reached, ROLES } from '../../access/policy';
import type { Directory } from '../../live/directory';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, list, resolversOf } from '../../reading/list';
import { versionsBy } from '../../reading/page';
import { shownAs } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, Whole } from '../../schema/fields';
import { AuctionForm } from './auction';

export const AuctionCurveShape = shownAs(AUCTION_CURVE_SHAPE);

@Reached()
@ObjectType({ description: 'How the price of a Dutch auction falls. Fields that its shape does not have are null.' })
export class AuctionCurve {
  @Of(() => AuctionCurveShape, 'The shape.')
  shape!: string;

  @Span('LINEAR: from the top to nothing.', OPTIONAL)
  duration!: number | null;

  @Rate('STAIRSTEP: factor per step. EXPONENTIAL: factor per millisecond.', OPTIONAL)
  stepFactor!: string | null;

  @Span('STAIRSTEP: length of a step.', OPTIONAL)
  step!: number | null;

  @Rate('TWO_SPEED: share of the top asked at first.', OPTIONAL)
  start!: string | null;

  @Rate('TWO_SPEED: share at which it slows down.', OPTIONAL)
  cutoff!: string | null;

  @Span('TWO_SPEED: from the start to the cutoff.', OPTIONAL)
  fast!: number | null;

  @Span('TWO_SPEED: from the cutoff to nothing.', OPTIONAL)
  slow!: number | null;
}

@Reached()
@ObjectType({ description: 'A version of the policy by which collateral is auctioned for money of a currency.' })
export class AuctionPolicy {
  @Id('Currency of the bids.')
  currency!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @Whole('0 all works, 1 nothing new, 2 nothing new and no resets, 3 nothing at all.')
  breaker!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => AuctionForm, 'How auctions that start by themselves find their price.')
  form!: string;

  @Of(() => AuctionCurveShape, 'How the price of a Dutch auction falls.')
  curveShape!: string;

  @Of(() => AuctionCurve, 'The curve whole.')
  curve!: AuctionCurve;

  @Rate('Top of a Dutch auction over the index price.')
  startMultiplier!: string;

  @Span('A round is over when it has lasted longer than this.')
  roundDuration!: number;

  @Rate('A Dutch round is over when the price has fallen below this share of its top.')
  priceFloorShare!: string;

  @Whole('Rounds before what is left goes to the fallback.')
  rounds!: number;

  @Amount('Flat reward for resetting an auction, in the currency.')
  resetReward!: string;

  @Rate('Reward for resetting an auction as a share of its target.')
  resetRewardRate!: string;

  @Rate('Target over the debt.')
  penaltyMultiplier!: string;

  @Amount('No target smaller than this is left behind, in the currency.')
  minimumDebt!: string;

  @Amount('Value at the reserve that may be in auction at once, in the currency.')
  valueCap!: string;

  @Amount('The same for lots of one currency.')
  lotCap!: string;

  @Rate('Reserve as a share of the index price.')
  reserveShare!: string;

  @Whole('Bidders a round of sealed bids needs.')
  minimumBidders!: number;

  @Span('No round ends before.')
  minimumTime!: number;

  @Rate('Least improvement of a bid of an English auction.')
  increment!: string;

  @Span('A bid this close to the end of an English auction moves the end so far behind it.')
  extension!: number;

  @Rate('A sealed bid below this share of the best counts as none.')
  badBidShare!: string;

  @Amount('Value at the reserve the insurance fund may hold of what it bought, in the currency.')
  fundCap!: string;
}

const NO_CURVE = { duration: null, stepFactor: null, step: null, start: null, cutoff: null, fast: null, slow: null };

export function auctionPolicyOf({ currency, version, breaker, setSeq, terms: json }: Row, directory: Directory): AuctionPolicy {
  const { curve, ...terms } = written(AUCTION_POLICY, json, directory.scaleOf(currency));
  return { ...terms, currency, version, breaker, setSeq, curveShape: curve.shape, curve: { ...NO_CURVE, ...curve } };
}

export const AuctionPolicyQueries = resolversOf(
  list({
    name: 'auctionPolicies',
    description: 'Auction policies, every version, by currency.',
    of: connectionOf('AuctionPolicy', AuctionPolicy, 'auction policies'),
    access: ROLES,
    table: 'AuctionPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Of this currency only.') },
    node: (row, { services }) => auctionPolicyOf(row, services.directory),
  }),
);

@PayloadType('What came of setting an auction policy or its breaker.')
export class AuctionPolicyPayload extends Payload {
  @Of(() => AuctionPolicy, 'The version that was set.', OPTIONAL)
  async policy(@Ctx() context: Context): Promise<AuctionPolicy | null> {
    const set = eventIn(this.made, 'AuctionPolicySet');
    if (!set) return null;
    const { currency, version } = set.terms;
    const row = await (await context.read()).db.auctionPolicy.findUnique({ where: { currency_version: { currency, version } } });
    return row && auctionPolicyOf(row, context.services.directory);
  }
}

export const AuctionPolicyMutations = mutations({
  SetAuctionPolicy: AuctionPolicyPayload,
  SetAuctionBreaker: AuctionPolicyPayload,
});
