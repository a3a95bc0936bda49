/** The double-entry ledger: accounts of the house, and every movement of money.  Rules: X-1, B3-3 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { accountBehind, accountName } from '../../core/ledger/transfers';
import type { LedgerName, TransferReason as Reason } from '../../core/message/ledger';
import {
  type LedgerAccount as LedgerRow,
  Prisma,
  type LedgerTransfer as TransferRow,
} from '../../store/generated/client';
import { Access, Reached, STAFF } from '../access/policy';
import { openSealedRounds } from '../journal/sealed';
import { shownAccount } from '../position/trade';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list } from '../reading/list';
import { Node } from '../reading/node';
import { ascending, NEWEST_FIRST } from '../reading/page';
import { among, equals, scopedPageOf } from '../reading/scoped';
import { Account } from '../reference/account';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, OPTIONAL, SeqNo, Text, When, Whole } from '../schema/fields';

export const TransferReason = enumOf<Reason>('TransferReason', 'The reason for a movement of money.', {
  DEPOSIT: 'Collateral to pay in.',
  WITHDRAWAL: 'Collateral or money of a fund was paid out.',
  TRANSFER: 'Collateral moved between accounts of one owner.',
  CONTRIBUTION: "A contribution to a fund or to the house's capital.",
  REALISED: 'Gain or loss of a position that was reduced.',
  VARIATION: 'Variation margin of a settlement at the mark.',
  ROUNDING: 'What remains when gains are rounded down to whole units.',
  FUNDING: 'Funding of a perpetual.',
  SETTLEMENT: 'Final settlement at expiry.',
  TRADING_FEE: 'Fee of a trade.',
  REBATE: 'Rebate of a trade.',
  LIQUIDATION_FEE: 'Cost fee of a liquidation.',
  LIQUIDATION_PENALTY: 'Penalty of a liquidation.',
  CONVERSION: 'The house took over collateral of another currency against cash.',
  AUCTION_LOT: 'Collateral went into an auction, or from it to the buyer.',
  AUCTION_RETURN: 'A bid or an unsold lot was given back.',
  AUCTION_BID: 'A bid was paid into escrow.',
  AUCTION_PROCEEDS: 'The proceeds of an auction.',
  AUCTION_REWARD: 'The reward for resetting an auction.',
  PORTFOLIO_PREMIUM: 'The payment to whoever takes a share of a portfolio, beside its positions at the mark.',
  SHORTFALL: 'A layer of the waterfall bore a loss.',
  SOCIALIZED_LOSS: 'An account paid its share of a socialized loss.',
  GAINS_HAIRCUT: 'The gains of the period were cut.',
  ASSESSMENT: 'A member paid an assessment for a loss.',
  RECOVERY: 'Recovered money was paid to those who bore the loss.',
  LIQUIDATOR_REWARD: 'The account that was restored paid the reward of a liquidator.',
  LIQUIDATOR_DEPOSIT: 'A liquidator paid its deposit, or got it back.',
  CLAIM_PENALTY: 'A penalty was taken from the deposit of a liquidator whose claim expired.',
  SURPLUS: 'The surplus of disposing of positions that the house took over.',
  SEIZURE: 'The collateral of a defaulter moved into the ledger of its default.',
  PORTFOLIO: "The gain or loss of a defaulter's positions when they were taken.",
  LOT_BID: 'A bid for a lot of a default moved into escrow, or back.',
  LOT_PRICE: 'The price of a lot of a default beside the mark.',
  DEFAULT_COST: 'A cost of managing a default.',
  DEFAULT_SURPLUS: 'The surplus of a default was returned to the defaulter.',
  REVERSAL: 'An earlier transfer was reversed.',
});

@Reached()
@ObjectType({ description: 'A ledger account of the house: a fund, fees, or a control account.', implements: Node })
export class LedgerAccount {
  @Id('The name, such as `insurance-fund` or `variation/BTC-PERP`.')
  name!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The balance, signed. `external` stands for the world outside: total paid out less total paid in.')
  balance!: string;
}

@Reached()
@ObjectType({ description: 'Money that moved from one ledger account to another.' })
export class LedgerTransfer {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the transfers of that entry, from 0. `reverseTransfer` names a transfer by entry and place.')
  place!: number;

  @When('House time at which it happened.')
  at!: Date;

  @Text('The ledger account it left, `account/<id>` for a margin account. Null if the caller may not see it.', OPTIONAL)
  from!: string | null;

  @Text(
    'The ledger account it reached, `account/<id>` for a margin account. Null if the caller may not see it.',
    OPTIONAL,
  )
  to!: string | null;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero.')
  amount!: string;

  @Of(() => TransferReason, 'The reason.')
  reason!: string;

  @Text('The transfer that this one reverses, as entry/place.', OPTIONAL)
  reverses!: string | null;
}

export const LedgerTransferConnection = connectionOf('LedgerTransfer', LedgerTransfer, 'transfers');

/** The name of a ledger account, if it is the house's or one of an account in sight. */
function shownName(context: Context, name: string): string | null {
  const account = accountBehind(name as LedgerName);
  return account === undefined || shownAccount(context, account) !== null ? name : null;
}

export const ledgerAccountOf = (row: LedgerRow, { services }: Context): LedgerAccount => ({
  ...row,
  balance: services.amounts.money(row.balance, row.currency),
});

export const transferOf = (row: TransferRow, context: Context): LedgerTransfer => ({
  ...row,
  from: shownName(context, row.from),
  to: shownName(context, row.to),
  amount: context.services.amounts.money(row.amount, row.currency),
});

async function readTransfers(
  context: Context,
  args: PageArgs,
  { name, reason, currency }: { name: string | null; reason: readonly string[] | null; currency: string | null },
): Promise<Connection<LedgerTransfer>> {
  const reading = await context.read();
  // Who sees every account's money does not see what it bid while a sealed round is open; who bid sees its own.
  const { escrows } = context.sight.accounts === 'ALL' ? await openSealedRounds(reading) : { escrows: [] };
  const where = [equals('currency', currency), among('reason', reason)];
  if (escrows.length > 0)
    where.push(Prisma.sql`NOT (${among('reason', BIDS)} AND (${among('from', escrows)} OR ${among('to', escrows)}))`);
  const either = name === null ? [] : [equals('from', name), equals('to', name)];
  const node = (row: TransferRow): LedgerTransfer => transferOf(row, context);
  return scopedPageOf(reading, args, { table: 'LedgerTransfer', order: NEWEST_FIRST, where, either, node });
}

/** Movements that tell of a sealed bid. */
const BIDS = ['LOT_BID', 'AUCTION_BID', 'AUCTION_RETURN'];

@Resolver()
@list({
  name: 'ledgerAccounts',
  key: { name: ({ name }) => name, currency: ({ currency }) => currency },
  description: 'Ledger accounts of the house, by name and currency.',
  of: connectionOf('LedgerAccount', LedgerAccount, 'ledger accounts'),
  access: STAFF,
  table: 'LedgerAccount',
  order: ascending({ name: 'text', currency: 'text' }),
  filters: { currency: byId('Only funds in this currency.') },
  node: ledgerAccountOf,
})
export class LedgerQueries {
  @Access(...STAFF)
  @Query(() => LedgerTransferConnection, { description: 'Every movement of money, the newest first.' })
  ledgerTransfers(
    @MayTake(
      'name',
      () => ID,
      'Only movements to or from this ledger account, such as `insurance-fund` or `account/alice`.',
    )
    name: string | null,
    @MayTake('reason', () => [TransferReason], 'Only movements for one of these reasons.') reason: string[] | null,
    @MayTake('currency', () => ID, 'Only funds in this currency.') currency: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LedgerTransfer>> {
    return readTransfers(context, args, { name, reason, currency });
  }
}

@Resolver(() => Account)
export class AccountLedgerFields {
  @FieldResolver(() => LedgerTransferConnection, {
    description: 'Every movement of money to or from the account, the newest first.',
  })
  transfers(
    @Root() { id }: Account,
    @MayTake('reason', () => [TransferReason], 'Only movements for one of these reasons.') reason: string[] | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LedgerTransfer>> {
    return readTransfers(context, args, { name: accountName(id), reason, currency: null });
  }
}
