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
@ObjectType({ description: 'Money that came into a fund or left it.' })
export class FundMovement {
  @Amount('Received above zero, paid below, in the currency of the fund.')
  amount!: string;

  @Of(() => TransferReason, 'Why.')
  reason!: string;
}

@Reached()
@ObjectType({ description: 'What one event moved in an insurance fund.' })
export class InsuranceFundMessage extends StreamMessage {
  @Id('The currency, which is the fund.', OPTIONAL)
  currency!: string | null;

  @Amount('Sum of the movements, in the currency of the fund; null of messages that are no event.', OPTIONAL)
  amount!: string | null;

  @Of(() => [FundMovement], 'The movements; null of messages that are no event.', OPTIONAL)
  movements!: FundMovement[] | null;
}

interface Item {
  readonly currency: string;
  readonly amount: string | null;
  readonly movements: readonly FundMovement[] | null;
}

const FUND = 'insurance-fund';

const signed = ({ from, to, amount }: Transfer): Cash => (to === FUND ? amount : from === FUND ? (-amount as unknown as Cash) : NO_CASH);

const movesOf = (event: Event): Transfer[] => transfersOf(event).filter((transfer) => transfer.from === FUND || transfer.to === FUND);

function itemOf(moves: readonly Transfer[], currency: string, { services }: Context): Item {
  const { cash } = services.amounts;
  const movements = moves.map((transfer) => ({ amount: cash(signed(transfer), currency), reason: transfer.reason }));
  return { currency, amount: cash(moves.map(signed).reduce(plus<Cash>, NO_CASH), currency), movements };
}

function streamFunds(context: Context, args: StreamArgs & { currency: string | null }): Promise<AsyncIterable<Delivery>> {
  const { currency } = args;
  return openStream<Item>(context, args, {
    name: 'insuranceFund',
    filter: { currency },
    pick(event) {
      const moves = movesOf(event);
      const moved = moves[0]?.currency;
      return moved === undefined || (currency !== null && moved !== currency) ? undefined : () => itemOf(moves, moved, context);
    },
    async state({ db }) {
      const funds = await db.insuranceFund.findMany({ where: currency === null ? {} : { currency }, orderBy: { currency: 'asc' } });
      return funds.map((fund) => ({ currency: fund.currency, amount: null, movements: null }));
    },
  });
}

@Resolver(() => InsuranceFundMessage)
export class InsuranceFundStream {
  @Access(...ROLES)
  @Subscription(() => InsuranceFundMessage, {
    subscribe: ({ args, context }) => streamFunds(context, args),
    description: 'What moves in the insurance funds.',
  })
  insuranceFund(
    @MayTake('currency', () => ID, 'In this currency only.') _currency: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: InsuranceFundMessage,
  ): InsuranceFundMessage {
    return message;
  }

  @FieldResolver(() => InsuranceFund, {
    nullable: true,
    complexity: 3,
    description: 'The fund as the read models have it, at this entry or later.',
  })
  fund(@Root() { currency }: InsuranceFundMessage, @Ctx() context: Context): Promise<InsuranceFund | null> | null {
    return currency ? readInsuranceFund(context, currency) : null;
  }
}
