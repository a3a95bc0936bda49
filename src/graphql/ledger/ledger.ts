/** The double-entry ledger: accounts of the house, and every movement of money.  Rules: X-1, B3-3 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { accountBehind, accountName } from '../../core/ledger/transfers';
import type { LedgerName, TransferReason as Reason } from '../../core/message/ledger';
import { type LedgerAccount as LedgerRow, Prisma, type LedgerTransfer as TransferRow } from '../../store/generated/client';
import { Access, Reached, STAFF } from '../access/policy';
import { openSealedRounds } from '../journal/sealed';
import { shownAccount } from '../position/trade';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list } from '../reading/list';
import { ascending, NEWEST_FIRST } from '../reading/page';
import { among, equals, scopedPageOf } from '../reading/scoped';
import { Account } from '../reference/account';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, OPTIONAL, SeqNo, Text, When, Whole } from '../schema/fields';

export const TransferReason = enumOf<Reason>('TransferReason', 'Why money moved.', {
  DEPOSIT: 'Collateral paid in.',
  WITHDRAWAL: 'Collateral, or money of a fund, paid out.',
  TRANSFER: 'Collateral moved between accounts of one owner.',
  CONTRIBUTION: "Money put into a fund or the house's capital.",
  REALISED: 'Gain or loss of a position that was made smaller.',
  VARIATION: 'Variation margin of a settlement at the mark.',
  ROUNDING: 'What rounding gains down to whole units has left over.',
  FUNDING: 'Funding of a perpetual.',
  SETTLEMENT: 'Final settlement at expiry.',
  TRADING_FEE: 'Fee of a trade.',
  REBATE: 'Rebate of a trade.',
  LIQUIDATION_FEE: 'Cost fee of a liquidation.',
  LIQUIDATION_PENALTY: 'Penalty of a liquidation.',
  CONVERSION: 'Collateral of another currency taken over against cash.',
  AUCTION_LOT: 'Collateral into an auction, or out of it to who bought it.',
  AUCTION_RETURN: 'A bid, or what was not sold, given back.',
  AUCTION_BID: 'A bid paid into escrow.',
  AUCTION_PROCEEDS: 'What an auction raised.',
  AUCTION_REWARD: 'Reward for resetting an auction.',
  PORTFOLIO_PREMIUM: 'To who takes a share of a portfolio, beside its positions at the mark.',
  SHORTFALL: 'A loss borne by a layer of the waterfall.',
  SOCIALIZED_LOSS: 'A share of a socialized loss.',
  GAINS_HAIRCUT: 'A cut of the gains of the period.',
  ASSESSMENT: 'What a member was assessed for a loss.',
  RECOVERY: 'Money recovered for a loss, to who bore it.',
  LIQUIDATOR_REWARD: 'Reward of a liquidator, from the account it restored.',
  LIQUIDATOR_DEPOSIT: 'What a liquidator put down, or got back.',
  CLAIM_PENALTY: 'Taken from the deposit of a liquidator whose claim expired.',
  SURPLUS: 'What disposal of taken-over positions left over.',
  SEIZURE: "A defaulter's collateral, into the ledger of its default.",
  PORTFOLIO: "What a defaulter's positions had gained or lost when they were taken.",
  LOT_BID: 'A bid for a lot of a default, into escrow and back.',
  LOT_PRICE: 'What a lot of a default was sold for beside the mark.',
  DEFAULT_COST: 'A cost of managing a default.',
  DEFAULT_SURPLUS: 'What a default left over, back to the defaulter.',
  REVERSAL: 'The reversal of an earlier transfer.',
});

@Reached()
@ObjectType({ description: 'A ledger account of the house: a fund, fees, or a control account.' })
export class LedgerAccount {
  @Id('Its name, such as `insurance-fund` or `variation/BTC-PERP`.')
  name!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('What it holds, signed. `external` stands for the world outside: what was paid out less what was paid in.')
  balance!: string;
}

@Reached()
@ObjectType({ description: 'Money that moved from one ledger account to another.' })
export class LedgerTransfer {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the transfers of that entry, from 0. `reverseTransfer` names it by entry and place.')
  place!: number;

  @When('When.')
  at!: Date;

  @Text('Ledger account it left, `account/<id>` for a margin account; null where the caller may not see it.', OPTIONAL)
  from!: string | null;

  @Text('Ledger account it reached, `account/<id>` for a margin account; null where the caller may not see it.', OPTIONAL)
  to!: string | null;

  @Id('The currency.')
  currency!: string;

  @Amount('The amount, above zero.')
  amount!: string;

  @Of(() => TransferReason, 'Why.')
  reason!: string;

  @Text('The transfer this one reverses, as entry/place.', OPTIONAL)
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
  if (escrows.length > 0) where.push(Prisma.sql`NOT (${among('reason', BIDS)} AND (${among('from', escrows)} OR ${among('to', escrows)}))`);
  const either = name === null ? [] : [equals('from', name), equals('to', name)];
  const node = (row: TransferRow): LedgerTransfer => transferOf(row, context);
  return scopedPageOf(reading, args, { table: 'LedgerTransfer', order: NEWEST_FIRST, where, either, node });
}

/** Movements that tell of a sealed bid. */
const BIDS = ['LOT_BID', 'AUCTION_BID', 'AUCTION_RETURN'];

@Resolver()
@list({
  name: 'ledgerAccounts',
  description: 'Ledger accounts of the house, by name and currency.',
  of: connectionOf('LedgerAccount', LedgerAccount, 'ledger accounts'),
  access: STAFF,
  table: 'LedgerAccount',
  order: ascending({ name: 'text', currency: 'text' }),
  filters: { currency: byId('In this currency only.') },
  node: ledgerAccountOf,
})
export class LedgerQueries {
  @Access(...STAFF)
  @Query(() => LedgerTransferConnection, { description: 'Every movement of money, the newest first.' })
  ledgerTransfers(
    @MayTake('name', () => ID, 'To or from this ledger account only, such as `insurance-fund` or `account/alice`.') name: string | null,
    @MayTake('reason', () => [TransferReason], 'For one of these reasons only.') reason: string[] | null,
    @MayTake('currency', () => ID, 'In this currency only.') currency: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LedgerTransfer>> {
    return readTransfers(context, args, { name, reason, currency });
  }
}

@Resolver(() => Account)
export class AccountLedgerFields {
  @FieldResolver(() => LedgerTransferConnection, { description: 'Every movement of money to and from it, the newest first.' })
  transfers(
    @Root() { id }: Account,
    @MayTake('reason', () => [TransferReason], 'For one of these reasons only.') reason: string[] | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<LedgerTransfer>> {
    return readTransfers(context, args, { name: accountName(id), reason, currency: null });
  }
}
