/**
 * Positions, open orders and balances, as they stand in the books. What they are worth is in the health of the account.
 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { SIDE } from '../../core/model/account';
import type { OpenOrder as OrderRow, Position as PositionRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import { accountsInSight } from '../access/sight';
import type { Amounts } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byId, list, listField, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { ascending, BY_ID } from '../reading/page';
import { Account } from '../reference/account';
import { shownAs } from '../schema/enums';
import { Amount, Id, Of, When } from '../schema/fields';

export const Side = shownAs(SIDE);

@Reached()
@ObjectType({ description: 'The balance of an account in one currency.' })
export class Balance {
  @Id('The currency.')
  currency!: string;

  @Amount("The balance, signed. In the account's own currency it may fall below zero while gains are unsettled.")
  amount!: string;
}

@Reached()
@ObjectType({ description: "An account's net position in an instrument, against the clearinghouse.", implements: Node })
export class Position {
  @Ref('Account', 'The account.')
  accountId!: string;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('Currency of its amounts: the settlement currency of the instrument.')
  currency!: string;

  @Amount('Contracts, signed: above zero is long.')
  size!: string;

  @Amount('The value at entry or at the last settlement: size x price, signed.')
  cost!: string;

  @Amount('What settlements have posted of the open lots since they were entered. It is in `cost`. Signed.')
  settled!: string;

  @Amount('What closing lots has gained since the position was opened, against the average entry price. Signed.')
  realised!: string;

  @Amount('Contracts in open buy orders.')
  bids!: string;

  @Amount('Contracts in open sell orders.')
  asks!: string;

  @Amount('Gains realised since the loss period began, less the unrealised gains at its start.')
  gain!: string;
}

@Reached()
@ObjectType({ description: 'An order at a venue, for which the house holds margin.', implements: Node })
export class Order {
  @Id("The venue's id of the trade.")
  id!: string;

  @Ref('Account', 'The account of the order.')
  accountId!: string;

  @Ref('Instrument', 'The instrument of the order.')
  instrumentId!: string;

  @Of(() => Side, 'Its direction.')
  side!: string;

  @Amount('Contracts that are still open.')
  size!: string;

  @Amount('Limit price, in the quote currency.')
  price!: string;

  @When('When it was placed.')
  at!: Date;
}

export const positionOf = (row: PositionRow, amounts: Amounts, currency: string): Position => ({
  ...row,
  currency,
  size: amounts.size(row.size, row.instrumentId),
  cost: amounts.money(row.cost, currency),
  settled: amounts.money(row.settled, currency),
  realised: amounts.money(row.realised, currency),
  bids: amounts.size(row.bids, row.instrumentId),
  asks: amounts.size(row.asks, row.instrumentId),
  gain: amounts.money(row.gain, currency),
});

export const orderOf = (row: OrderRow, amounts: Amounts): Order => ({
  ...row,
  size: amounts.size(row.size, row.instrumentId),
  price: amounts.price(row.price, row.instrumentId),
});

const POSITIONS = {
  of: connectionOf('Position', Position, 'positions'),
  table: 'Position',
  order: ascending({ accountId: 'text', instrumentId: 'text' }),
  node: (row: PositionRow, { services }: Context) =>
    positionOf(row, services.amounts, services.directory.instrument(row.instrumentId).settlement),
} as const;

const ORDERS = {
  of: connectionOf('Order', Order, 'open orders'),
  table: 'OpenOrder',
  order: BY_ID,
  node: (row: OrderRow, { services }: Context) => orderOf(row, services.amounts),
} as const;

const OF_ACCOUNT = { account: byId('Only events of this account.', 'accountId') };
const IN_INSTRUMENT = { instrument: byId('Only in this instrument.', 'instrumentId') };

resolversOf(
  list({
    ...POSITIONS,
    name: 'positions',
    key: { accountId: ({ accountId }) => accountId, instrumentId: ({ instrumentId }) => instrumentId },
    description: 'Positions by account and instrument. Only those that the caller may see.',
    access: ACCOUNT_READERS,
    filters: { ...OF_ACCOUNT, ...IN_INSTRUMENT },
    sight: ({ sight }) => ({ account: accountsInSight(sight) }),
  }),
  list({
    ...ORDERS,
    name: 'orders',
    key: { id: ({ id }) => id },
    description: 'Open orders by id. Only those that the caller may see.',
    access: ACCOUNT_READERS,
    filters: { ...OF_ACCOUNT, ...IN_INSTRUMENT },
    sight: ({ sight }) => ({ account: accountsInSight(sight) }),
  }),
);

@Resolver(() => Account)
@listField({
  ...POSITIONS,
  name: 'positions',
  description: 'Its positions, by instrument.',
  filters: IN_INSTRUMENT,
  within: ({ id }: Account, { sight }) => ({ accountId: id, account: accountsInSight(sight) }),
})
@listField({
  ...ORDERS,
  name: 'orders',
  description: 'Its open orders, by id.',
  filters: IN_INSTRUMENT,
  within: ({ id }: Account, { sight }) => ({ accountId: id, account: accountsInSight(sight) }),
})
export class AccountPositionFields {
  @FieldResolver(() => [Balance], {
    complexity: 5,
    description: 'The balances of the account, one line for each currency it has.',
  })
  async balances(@Root() { id }: Account, @Ctx() context: Context): Promise<Balance[]> {
    const rows = await (await context.read()).db.balance.findMany({
      where: { accountId: id },
      orderBy: { currency: 'asc' },
    });
    return rows.map(({ currency, amount }) => ({ currency, amount: context.services.amounts.money(amount, currency) }));
  }
}
