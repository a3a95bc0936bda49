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
import { Node } from '../../reading/node';
import { versionsBy } from '../../reading/page';
import { shownAs } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, Whole } from '../../schema/fields';
import { AuctionForm } from './auction';

export const AuctionCurveShape = shownAs(AUCTION_CURVE_SHAPE);

@Reached()
@ObjectType({ description: 'How the price of a Dutch auction falls. Fields that the shape does not have are null.' })
export class AuctionCurve {
  @Of(() => AuctionCurveShape, 'The shape.')
  shape!: string;

  @Span('LINEAR: the time from the top to zero.', OPTIONAL)
  duration!: number | null;

  @Rate('STAIRSTEP: the factor of one step. EXPONENTIAL: the factor of one millisecond.', OPTIONAL)
  stepFactor!: string | null;

  @Span('STAIRSTEP: the length of a step.', OPTIONAL)
  step!: number | null;

  @Rate('TWO_SPEED: the share of the top that is asked at first.', OPTIONAL)
  start!: string | null;

  @Rate('TWO_SPEED: the share at which the price slows down.', OPTIONAL)
  cutoff!: string | null;

  @Span('TWO_SPEED: the time from the start to the cutoff.', OPTIONAL)
  fast!: number | null;

  @Span('TWO_SPEED: the time from the cutoff to zero.', OPTIONAL)
  slow!: number | null;
}

@Reached()
@ObjectType({ description: 'A version of the policy for auctions of collateral. The bids are in its currency.', implements: Node })
export class AuctionPolicy {
  @Id('Currency of the bids.')
  currency!: string;

  @Whole('The version: 1, 2, 3 in the order they were set. The highest is in force.')
  version!: number;

  @Whole('The level: 0 allows all, 1 nothing new, 2 nothing new and no resets, 3 nothing at all.')
  breaker!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Of(() => AuctionForm, 'How auctions that the house starts find their price.')
  form!: string;

  @Of(() => AuctionCurveShape, 'How the price of a Dutch auction falls.')
  curveShape!: string;

  @Of(() => AuctionCurve, 'The whole curve.')
  curve!: AuctionCurve;

  @Rate('The top of a Dutch auction over the index price.')
  startMultiplier!: string;

  @Span('The longest time of a round.')
  roundDuration!: number;

  @Rate('The price floor: a Dutch round is over when the price is below this share of its top.')
  priceFloorShare!: string;

  @Whole('The number of rounds before what is left goes the next way.')
  rounds!: number;

  @Amount('The flat reward for resetting an auction, in the currency.')
  resetReward!: string;

  @Rate('The reward for resetting an auction, as a share of its target.')
  resetRewardRate!: string;

  @Rate('The target over the debt.')
  penaltyMultiplier!: string;

  @Amount('The minimum debt, in the currency: a take may not leave a smaller target.')
  minimumDebt!: string;

  @Amount('The highest value at the reserve that may be in auction at once, in the currency.')
  valueCap!: string;

  @Amount('The highest value at the reserve for lots of one currency, in the currency of the bids.')
  lotCap!: string;

  @Rate('The reserve as a share of the index price.')
  reserveShare!: string;

  @Whole('The number of bidders that a round of sealed bids needs.')
  minimumBidders!: number;

  @Span('The shortest time of a round.')
  minimumTime!: number;

  @Rate('The least improvement of a bid in an English auction.')
  increment!: string;

  @Span('A bid this close to the end of an English auction moves the end to this long after the bid.')
  extension!: number;

  @Rate('A sealed bid below this share of the best bid does not count.')
  badBidShare!: string;

  @Amount('The highest value at the reserve that the insurance fund may hold of what it bought, in the currency.')
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
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Every version of the auction policies, by currency.',
    of: connectionOf('AuctionPolicy', AuctionPolicy, 'auction policies'),
    access: ROLES,
    table: 'AuctionPolicy',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: (row, { services }) => auctionPolicyOf(row, services.directory),
  }),
);

@PayloadType('The result of setting an auction policy or its breaker.')
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
