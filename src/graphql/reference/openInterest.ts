/** How initial margin for new risk rises with open interest, every version.  Rules: S05, X-6, ruling 25 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { raisedBy, riseAt } from '../../core/margin/model/scaled';
import type { OpenInterestScaling as ScalingRow } from '../../store/generated/client';
import { toScaled } from '../../units/decimal';
import { known } from '../../units/failure';
import { type Cash, cash, duration } from '../../units/quantity';
import { formatRatio, parseRatio, ratio } from '../../units/ratio';
import { Reached, ROLES } from '../access/policy';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Numeric } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { versionsBy } from '../reading/page';
import { Amount, Id, Of, OPTIONAL, SeqNo, Share, Span, When, Whole } from '../schema/fields';
import { Instrument } from './instrument';

@Reached()
@ObjectType({
  description: 'Between which open notionals initial margin for new risk rises, and how often that is reviewed.',
})
export class OpenInterestRamp {
  @Amount('Up to this open notional rates are those of the tiers, in the settlement currency.')
  lowerCap!: string;

  @Amount('From this open notional on the whole notional is asked for, in the settlement currency.')
  upperCap!: string;

  @Span('Between two reviews. Rates stand in between.')
  interval!: number;
}

@Reached()
@ObjectType({ description: 'The open interest that was found at a review.' })
export class OpenInterestReview {
  @Amount('Contracts open on one side.')
  openInterest!: string;

  @Amount('Their notional at the mark, in the settlement currency.')
  notional!: string;

  @Amount('That mark, in the quote currency.')
  price!: string;

  @When('When it was counted.')
  at!: Date;

  @Share('How far the notional is from the lower cap to the upper one, 0 to 1: a rate r becomes r + (1 - r) x this.')
  rise!: string;
}

@Reached()
@ObjectType({
  description:
    'A version of how initial margin for new risk and withdrawals rises with the open interest of an instrument. ' +
    'Calls and close-out go by the tiers alone.',
  implements: Node,
})
export class OpenInterestScaling {
  @Id('The instrument.')
  instrument!: string;

  @Whole('1, 2, 3 in the order they were set. The highest is in force.')
  version!: number;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Id('Currency of its amounts: the settlement currency of the instrument.')
  currency!: string;

  @Of(() => OpenInterestRamp, 'The terms. Null if rates do not depend on open interest.', OPTIONAL)
  ramp!: OpenInterestRamp | null;

  @Of(() => OpenInterestReview, 'The last review under this version. Null if no live price has come yet.', OPTIONAL)
  review!: OpenInterestReview | null;

  @When('When it is reviewed next. Null if it is not.', OPTIONAL)
  reviewDue!: Date | null;
}

@Reached()
@ObjectType({ description: 'What initial margin a tier asks for of new risk.' })
export class OpeningRate {
  @Whole('The tier, 1 is the lowest.')
  ordinal!: number;

  @Share('Initial margin for new risk and withdrawals, as a share of notional: a whole millionth where it has risen.')
  rate!: string;
}

export function openInterestScalingOf(
  row: ScalingRow,
  { services: { amounts, directory } }: Context,
): OpenInterestScaling {
  const { instrumentId: instrument, version, setSeq, reviewDue, lowerCap, upperCap, intervalMs } = row;
  const currency = directory.instrument(instrument).settlement;
  const { openInterest, openNotional, reviewPrice, reviewedAt } = row;
  const whole = (value: Numeric): Cash =>
    cash(known(toScaled(value.toFixed(), directory.scaleOf(currency)), 'Whole units', currency));
  const ramp =
    lowerCap && upperCap && intervalMs !== null
      ? { lowerCap: whole(lowerCap), upperCap: whole(upperCap), interval: duration(intervalMs) }
      : null;
  return {
    ...{ instrument, version, setSeq, currency, reviewDue },
    ramp: ramp && {
      lowerCap: amounts.cash(ramp.lowerCap, currency),
      upperCap: amounts.cash(ramp.upperCap, currency),
      interval: ramp.interval,
    },
    review:
      openInterest && openNotional && reviewPrice && reviewedAt
        ? {
            openInterest: amounts.size(openInterest, instrument),
            notional: amounts.money(openNotional, currency),
            price: amounts.price(reviewPrice, instrument),
            at: reviewedAt,
            rise: formatRatio(ramp ? riseAt(ramp, whole(openNotional)) : ratio(0n, 1n)),
          }
        : null,
  };
}

resolversOf(
  list({
    name: 'openInterestScalings',
    key: { instrumentId: ({ instrument }) => instrument, version: ({ version }) => version },
    description: 'How initial margin for new risk rises with open interest, every version, by instrument.',
    of: connectionOf('OpenInterestScaling', OpenInterestScaling, 'versions of scaling by open interest'),
    access: ROLES,
    table: 'OpenInterestScaling',
    order: versionsBy('instrumentId'),
    filters: { instrument: byId('Of this instrument only.', 'instrumentId') },
    node: openInterestScalingOf,
  }),
);

@Resolver(() => OpenInterestScaling)
export class OpenInterestScalingFields {
  @FieldResolver(() => [OpeningRate], {
    complexity: 5,
    description: 'What the tiers in force ask of new risk, as of the review. Empty before any tiers were set.',
  })
  async rates(@Root() { instrument, review }: OpenInterestScaling, @Ctx() context: Context): Promise<OpeningRate[]> {
    const { db } = await context.read();
    const tiers = await db.marginTier.findMany({
      where: { instrumentId: instrument, schedule: { active: true } },
      orderBy: { ordinal: 'asc' },
    });
    const rise = parseRatio(review?.rise ?? '0');
    return tiers.map(({ ordinal, initialRate }) => ({
      ordinal,
      rate: formatRatio(raisedBy(rise, parseRatio(initialRate))),
    }));
  }
}

@Resolver(() => Instrument)
export class InstrumentOpenInterestField {
  @FieldResolver(() => OpenInterestScaling, {
    nullable: true,
    complexity: 5,
    description: 'How its initial margin for new risk rises with open interest. Null if that was never set.',
  })
  async openInterestScaling(@Root() { id }: Instrument, @Ctx() context: Context): Promise<OpenInterestScaling | null> {
    const { db } = await context.read();
    const row = await db.openInterestScaling.findFirst({ where: { instrumentId: id }, orderBy: { version: 'desc' } });
    return row && openInterestScalingOf(row, context);
  }
}

@PayloadType('The result of setting how rates rise with open interest.')
export class OpenInterestScalingPayload extends Payload {
  @Made('OpenInterestScaling', 'The version that was set.', 'OpenInterestScalingSet', ({ terms }) => [
    terms.instrument,
    terms.version,
  ])
  scaling!: OpenInterestScaling | null;
}

mutations({ SetOpenInterestScaling: OpenInterestScalingPayload });
