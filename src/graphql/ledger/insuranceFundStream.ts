/** Movements of the insurance funds as they happen. */

import { Args, Ctx, FieldResolver, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { type Event, transfersOf } from '../../core/message/event';
import type { Transfer } from '../../core/message/ledger';
import { type Cash, NO_CASH, plus } from '../../units/quantity';
import { Access, Reached, ROLES } from '../access/policy';
import type { Context } from '../reading/context';
import { Amount, Id, MayTake, Of, OPTIONAL } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { InsuranceFund, readInsuranceFund } from './insuranceFund';
import { TransferReason } from './ledger';

@Reached()
@ObjectType({ description: 'Money that moved into or out of an insurance fund.' })
export class FundMovement {
  @Amount('The amount in the currency of the fund: above zero if the fund received it, below zero if it paid.')
  amount!: string;

  @Of(() => TransferReason, 'The reason.')
  reason!: string;
}

@Reached()
@ObjectType({ description: 'The movements of an insurance fund by one event.', implements: StreamMessage })
export class InsuranceFundMessage extends StreamMessage {
  @Id('The currency of the fund.', OPTIONAL)
  currency!: string | null;

  @Amount('Sum of the movements, in the currency of the fund. Null in messages that are not events.', OPTIONAL)
  amount!: string | null;

  @Of(() => [FundMovement], 'The movements. Null in messages that are not events.', OPTIONAL)
  movements!: FundMovement[] | null;
}

interface Item {
  readonly currency: string;
  readonly amount: string | null;
  readonly movements: readonly FundMovement[] | null;
}

const FUND = 'insurance-fund';

const signed = ({ from, to, amount }: Transfer): Cash =>
  to === FUND ? amount : from === FUND ? (-amount as unknown as Cash) : NO_CASH;

const movesOf = (event: Event): Transfer[] =>
  transfersOf(event).filter((transfer) => transfer.from === FUND || transfer.to === FUND);

function itemOf(moves: readonly Transfer[], currency: string, { services }: Context): Item {
  const { cash } = services.amounts;
  const movements = moves.map((transfer) => ({ amount: cash(signed(transfer), currency), reason: transfer.reason }));
  return { currency, amount: cash(moves.map(signed).reduce(plus<Cash>, NO_CASH), currency), movements };
}

function streamFunds(
  context: Context,
  args: StreamArgs & { currency: string | null },
): Promise<AsyncIterable<Delivery>> {
  const { currency } = args;
  return openStream<Item>(context, args, {
    name: 'insuranceFund',
    filter: { currency },
    pick(event) {
      const moves = movesOf(event);
      const moved = moves[0]?.currency;
      return moved === undefined || (currency !== null && moved !== currency)
        ? undefined
        : () => itemOf(moves, moved, context);
    },
    async state({ db }) {
      const funds = await db.insuranceFund.findMany({
        where: currency === null ? {} : { currency },
        orderBy: { currency: 'asc' },
      });
      return funds.map((fund) => ({ currency: fund.currency, amount: null, movements: null }));
    },
  });
}

@Resolver(() => InsuranceFundMessage)
export class InsuranceFundStream {
  @Access(...ROLES)
  @Subscription(() => InsuranceFundMessage, {
    subscribe: ({ args, context }) => streamFunds(context, args),
    description: 'Movements of the insurance funds.',
  })
  insuranceFund(
    @MayTake('currency', () => ID, 'Only funds in this currency.') _currency: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: InsuranceFundMessage,
  ): InsuranceFundMessage {
    return message;
  }

  @FieldResolver(() => InsuranceFund, {
    nullable: true,
    complexity: 3,
    description: 'The fund, read from the read models as of this entry or a later one.',
  })
  fund(@Root() { currency }: InsuranceFundMessage, @Ctx() context: Context): Promise<InsuranceFund | null> | null {
    return currency ? readInsuranceFund(context, currency) : null;
  }
}
