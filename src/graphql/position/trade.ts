/** Novated trades: both legs are against the clearinghouse, and a broker sees its own leg alone.  Rule: LCS-1 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Trade as TradeRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Access, BROKERS, Reached, STAFF } from '../access/policy';
import { seesAccount } from '../access/sight';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { identify, isInt } from '../reading/identity';
import { Ref } from '../reading/link';
import { one } from '../reading/list';
import { Node } from '../reading/node';
import { NEWEST_FIRST } from '../reading/page';
import { equals, inSight, scopedPageOf } from '../reading/scoped';
import { Account } from '../reference/account';
import { Amount, Flag, Id, MayTake, Of, OPTIONAL, SeqNo, When } from '../schema/fields';
import { Side } from './position';

@Reached()
@ObjectType({
  description: 'A novated trade: the house sold to the buyer and bought from the seller.',
  implements: Node,
})
export class Trade {
  @Id("The venue's id of the trade.")
  id!: string;

  @SeqNo('The journal entry that cleared it.')
  seq!: bigint;

  @When('When it was cleared.')
  at!: Date;

  @When('When the venue executed it. Null if the venue did not say.', OPTIONAL)
  executedAt!: Date | null;

  @Id('The venue, if it numbers its trades.', OPTIONAL)
  venue!: string | null;

  @Amount('The number that the venue gave it, if it numbers its trades.', OPTIONAL)
  number!: string | null;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Ref('Account', 'The buyer. Null if the caller may not see the account.', OPTIONAL)
  buyerId!: string | null;

  @Ref('Account', 'The seller. Null if the caller may not see the account.', OPTIONAL)
  sellerId!: string | null;

  @Amount('Price, in the quote currency.')
  price!: string;

  @Amount('Contracts.')
  size!: string;

  @Of(() => Side, 'The side that took liquidity. Null if the venue did not say.', OPTIONAL)
  taker!: string | null;

  @Flag('Whether it filled a liquidation order.')
  liquidation!: boolean;
}

export const TradeConnection = connectionOf('Trade', Trade, 'trades');

/** An id of an account, if the caller may see the account. */
export const shownAccount = ({ sight, services }: Context, id: string): string | null =>
  seesAccount(sight, services.directory, id) ? id : null;

export function tradeOf(row: TradeRow, context: Context): Trade {
  const { amounts } = context.services;
  return {
    ...row,
    buyerId: shownAccount(context, row.buyerId),
    sellerId: shownAccount(context, row.sellerId),
    venue: row.venueId,
    number: row.number === null ? null : String(row.number),
    price: amounts.price(row.price, row.instrumentId),
    size: amounts.size(row.size, row.instrumentId),
  };
}

async function readTrades(
  context: Context,
  args: PageArgs,
  { account, instrument }: { account: string | null; instrument: string | null },
): Promise<Connection<Trade>> {
  const reading = await context.read();
  // An account that is out of sight is one that has no trades.
  const own =
    account !== null && shownAccount(context, account) === null ? { accounts: 'NONE' as const } : context.sight;
  const sides = ['buyerId', 'sellerId'] as const;
  const seesAll = own.accounts === 'ALL' && account === null;
  return scopedPageOf(reading, args, {
    table: 'Trade',
    order: NEWEST_FIRST,
    where: [equals('instrumentId', instrument), ...(own.accounts === 'NONE' ? [inSight(own, 'buyerId')] : [])],
    either: seesAll ? [] : sides.map((side) => (account === null ? inSight(own, side) : equals(side, account))),
    node: (row: TradeRow) => tradeOf(row, context),
  });
}

/** A trade as far as the caller may know of it. */
export async function readTrade(context: Context, id: string): Promise<Trade | null> {
  return tradeInSight(
    context,
    await (await context.read()).db.trade.findFirst({ where: { id }, orderBy: { seq: 'desc' } }),
  );
}

// A venue's id may come again once it is forgotten; the place in the journal does not.
identify('Trade', {
  key: ({ seq, place }: TradeRow) => [Number(seq), place],
  access: ACCOUNT_READERS,
  async read(context, [seq, place, ...more]) {
    if (typeof seq !== 'number' || !isInt(place) || more.length > 0) return null;
    return tradeInSight(
      context,
      await (await context.read()).db.trade.findUnique({ where: { seq_place: { seq, place } } }),
    );
  },
});

function tradeInSight(context: Context, row: TradeRow | null): Trade | null {
  const trade = row && tradeOf(row, context);
  return trade && (trade.buyerId !== null || trade.sellerId !== null || context.sight.accounts === 'ALL')
    ? trade
    : null;
}

@Resolver()
@one({
  name: 'trade',
  description: "The last trade with a venue's id. Null if it does not exist or the caller may not see it.",
  of: Trade,
  id: "The venue's id of the trade.",
  access: ACCOUNT_READERS,
  read: readTrade,
})
export class TradeQueries {
  @Access(...STAFF, ...BROKERS)
  @Query(() => TradeConnection, { description: 'The trades that the caller may see, the newest first.' })
  trades(
    @MayTake('account', () => ID, 'Only trades with this account on one side.') account: string | null,
    @MayTake('instrument', () => ID, 'Only in this instrument.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Trade>> {
    return readTrades(context, args, { account, instrument });
  }
}

@Resolver(() => Account)
export class AccountTradeFields {
  @FieldResolver(() => TradeConnection, { description: 'Its trades, the newest first.' })
  trades(
    @Root() { id }: Account,
    @MayTake('instrument', () => ID, 'Only in this instrument.') instrument: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Trade>> {
    return readTrades(context, args, { account: id, instrument });
  }
}
