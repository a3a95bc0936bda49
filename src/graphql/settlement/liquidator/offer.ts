/** What an order on the rung of liquidators offers to who takes it now.  Rules: LI-1, LI-2 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { readerOf } from '../../../core/kind/json';
import { OFFER_TERMS } from '../../../core/model/ladder';
import { notionalOf } from '../../../core/position/value';
import { rampedRate, rewardDue } from '../../../core/settlement/liquidator/reward';
import { parseExact } from '../../../units/decimal';
import { abs, size } from '../../../units/quantity';
import { Reached } from '../../access/policy';
import { rateText } from '../../reading/amounts';
import type { Context } from '../../reading/context';
import { OfferTerms, offerTermsOf } from '../../reference/disposalLadder';
import { DateTime } from '../../scalar/time';
import { Amount, Id, Of, OPTIONAL, Rate } from '../../schema/fields';
import { LiquidationOrder } from '../liquidation';

@Reached()
@ObjectType({ description: 'What liquidators are offered for an order, as of this answer.' })
export class LiquidationOffer {
  @Of(() => OfferTerms, 'The terms, in the settlement currency of the instrument.')
  terms!: OfferTerms;

  @Id('Currency of the amounts.')
  currency!: string;

  @Amount('The contracts that are left to take, above zero. Fewer may restore the account by now.')
  size!: string;

  @Rate('The share of the notional that is offered now.')
  rate!: string;

  @Amount(
    'The reward for all that is left, if it is taken now at the mark. It is limited to what the ' +
      'restored account can spare. Null without a mark.',
    OPTIONAL,
  )
  reward!: string | null;
}

/** Contracts in lots; both are exact. */
function lotsOf(contracts: { toFixed(): string }, lot: string): bigint {
  const [amount, step] = [parseExact(contracts.toFixed()), parseExact(lot)];
  return (amount.mantissa * 10n ** BigInt(step.scale)) / (step.mantissa * 10n ** BigInt(amount.scale));
}

const readOffer = readerOf(OFFER_TERMS);

@Resolver(() => LiquidationOrder)
export class LiquidationOrderOfferFields {
  @FieldResolver(() => LiquidationOffer, {
    nullable: true,
    complexity: 20,
    description: 'The terms for a liquidator that takes it now. Null unless it is open on the rung of liquidators.',
  })
  async offer(@Root() { row }: LiquidationOrder, @Ctx() context: Context): Promise<LiquidationOffer | null> {
    if (row.status !== 'OPEN' || row.offer === null) return null;
    const { amounts, directory } = context.services;
    const { settlement, lot } = directory.instrument(row.instrumentId);
    const offer = readOffer(structuredClone(row.offer));
    const reading = await context.read();
    const listing = (await reading.viewWith(row.accountId, [row.instrumentId]))?.listings.get(row.instrumentId);
    const whole = abs(size(lotsOf(row.size, lot)));
    const left = size(whole - abs(size(lotsOf(row.filled, lot))));
    const waited = reading.at - row.issuedAt.getTime();
    const due = listing?.mark
      ? rewardDue(offer, notionalOf(listing.instrument, left, listing.mark.price), left, whole, waited)
      : null;
    return {
      terms: offerTermsOf(row.offer, directory.scaleOf(settlement)),
      currency: settlement,
      size: amounts.lots(left, row.instrumentId),
      rate: rateText(rampedRate(offer, waited)),
      reward: due === null ? null : amounts.cash(due, settlement),
    };
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    complexity: 2,
    description: 'When the claim of a liquidator on it expires. Null if there is none.',
  })
  async claimedUntil(@Root() { id }: LiquidationOrder, @Ctx() context: Context): Promise<Date | null> {
    const { db } = await context.read();
    return (await db.liquidationClaim.findFirst({ where: { orderId: id, status: 'OPEN' } }))?.expiresAt ?? null;
  }
}
