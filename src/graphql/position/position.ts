/** Positions, open orders and balances, as they stand in the books. What they are worth is in the health of the account. */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Side as SideModel } from '../../core/model/account';
import type { OpenOrder as OrderRow, Position as PositionRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { accountsInSight } from '../access/sight';
import type { Amounts } from '../reading/amounts';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { pageOf } from '../reading/page';
import { Account, readAccount } from '../reference/account';
import { Instrument, readInstrument } from '../reference/instrument';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, When } from '../schema/fields';

export const Side = enumOf<SideModel>('Side', 'Direction of an order or a trade.', {
  BUY: 'Buys contracts.',
  SELL: 'Sells contracts.',
});

@Reached()
@ObjectType({ description: 'What an account holds in one currency.' })
export class Balance {
  @Id('The currency.')
  currency!: string;

  @Amount("What it holds, signed: the account's own currency may fall below zero while gains are unsettled.")
  amount!: string;
}

@Reached()
@ObjectType({ description: "An account's net position in an instrument, against the clearinghouse." })
export class Position {
  @Id('The account.')
  accountId!: string;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('Currency of its amounts: the settlement currency of the instrument.')
  currency!: string;

  @Amount('Contracts, long above zero.')
  size!: string;

  @Amount('What it was entered or last settled at, size x price, signed.')
  cost!: string;

  @Amount('Contracts in open buy orders.')
  bids!: string;

  @Amount('Contracts in open sell orders.')
  asks!: string;

  @Amount('Realised since the loss period began, less what was unrealised then.')
  gain!: string;
}

@Reached()
@ObjectType({ description: 'An order at a venue that margin is held for.' })
export class Order {
  @Id("The venue's id.")
  id!: string;

  @Id('Whose it is.')
  accountId!: string;

  @Id('In what.')
  instrumentId!: string;

  @Of(() => Side, 'Its direction.')
  side!: string;

  @Amount('Contracts still open.')
  size!: string;

  @Amount('Limit price, in the quote currency.')
  price!: string;

  @When('When it was placed.')
  at!: Date;
}

export const PositionConnection = connectionOf('Position', Position, 'positions');
export const OrderConnection = connectionOf('Order', Order, 'open orders');

export const positionOf = (row: PositionRow, amounts: Amounts, currency: string): Position => ({
  ...row,
  currency,
  size: amounts.size(row.size, row.instrumentId),
  cost: amounts.money(row.cost, currency),
  bids: amounts.size(row.bids, row.instrumentId),
  asks: amounts.size(row.asks, row.instrumentId),
  gain: amounts.money(row.gain, currency),
});

export const orderOf = (row: OrderRow, amounts: Amounts): Order => ({
  ...row,
  size: amounts.size(row.size, row.instrumentId),
  price: amounts.price(row.price, row.instrumentId),
});

const BY_ACCOUNT = [
  { field: 'accountId', type: 'text' },
  { field: 'instrumentId', type: 'text' },
] as const;
const BY_ID = [{ field: 'id', type: 'text' }] as const;

interface Filter {
  readonly account?: string | null;
  readonly instrument: string | null;
}

const conditions = (context: Context, { account = null, instrument }: Filter): object => ({
  AND: [
    { account: accountsInSight(context.sight) },
    account === null ? {} : { accountId: account },
    instrument === null ? {} : { instrumentId: instrument },
  ],
});

export async function readPositions(context: Context, args: PageArgs, of: Filter): Promise<Connection<Position>> {
  const reading = await context.read();
  const { amounts, directory } = context.services;
  return pageOf(reading, args, {
    table: reading.db.position,
    order: BY_ACCOUNT,
    where: conditions(context, of),
    node: (row: PositionRow) => positionOf(row, amounts, directory.instrument(row.instrumentId).settlement),
  });
}

export async function readOrders(context: Context, args: PageArgs, of: Filter): Promise<Connection<Order>> {
  const reading = await context.read();
  const node = (row: OrderRow): Order => orderOf(row, context.services.amounts);
  return pageOf(reading, args, { table: reading.db.openOrder, order: BY_ID, where: conditions(context, of), node });
}

@Resolver()
export class PositionQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => PositionConnection, { description: 'Positions by account and instrument, as far as the caller may see them.' })
  positions(
    @MayTake('account', () => ID, 'Of this account only.') account: string | null,
    @MayTake('instrument', () => ID, 'In this instrument only.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Position>> {
    return readPositions(context, args, { account, instrument });
  }

  @Access(...ACCOUNT_READERS)
  @Query(() => OrderConnection, { description: 'Open orders by id, as far as the caller may see them.' })
  orders(
    @MayTake('account', () => ID, 'Of this account only.') account: string | null,
    @MayTake('instrument', () => ID, 'In this instrument only.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Order>> {
    return readOrders(context, args, { account, instrument });
  }
}

@Resolver(() => Account)
export class AccountPositionFields {
  @FieldResolver(() => [Balance], { complexity: 5, description: 'What it holds, by currency: one line for each it has anything of.' })
  async balances(@Root() { id }: Account, @Ctx() context: Context): Promise<Balance[]> {
    const rows = await (await context.read()).db.balance.findMany({ where: { accountId: id }, orderBy: { currency: 'asc' } });
    return rows.map(({ currency, amount }) => ({ currency, amount: context.services.amounts.money(amount, currency) }));
  }

  @FieldResolver(() => PositionConnection, { description: 'Its positions, by instrument.' })
  positions(
    @Root() { id }: Account,
    @MayTake('instrument', () => ID, 'In this instrument only.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Position>> {
    return readPositions(context, args, { account: id, instrument });
  }

  @FieldResolver(() => OrderConnection, { description: 'Its open orders, by id.' })
  orders(
    @Root() { id }: Account,
    @MayTake('instrument', () => ID, 'In this instrument only.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Order>> {
    return readOrders(context, args, { account: id, instrument });
  }
}

@Resolver(() => Position)
export class PositionFields {
  @FieldResolver(() => Account, { nullable: true, complexity: 2, description: 'The account.' })
  account(@Root() { accountId }: Position, @Ctx() context: Context): Promise<Account | null> {
    return readAccount(context, accountId);
  }

  @FieldResolver(() => Instrument, { nullable: true, complexity: 2, description: 'The instrument.' })
  instrument(@Root() { instrumentId }: Position, @Ctx() context: Context): Promise<Instrument | null> {
    return readInstrument(context, instrumentId);
  }
}
