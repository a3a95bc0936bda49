/**
 * Liquidations, the orders they consist of, and what was carried out of each.  Rules: B2-1 to B2-5, LE-4, LF-1 to LF-4
 */

import { ObjectType, Resolver } from 'type-graphql';
import type { LiquidationCause as Cause, ReductionReason as Reason } from '../../core/model/liquidation';
import type {
  LiquidationFill as FillRow,
  Liquidation as LiquidationRow,
  LiquidationOrder as OrderRow,
} from '../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import { accountsInSight } from '../access/sight';
import { shownAccount } from '../position/trade';
import { type Amounts, shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byId, byOneOf, fieldsOf, list, listField, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { descending, IN_ORDER } from '../reading/page';
import { Account } from '../reference/account';
import { LadderMethod } from '../reference/ladderMethod';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, When, Whole } from '../schema/fields';

export const LiquidationCause = enumOf<Cause>('LiquidationCause', 'Why an account is liquidated.', {
  DEADLINE_PASSED: 'Its margin call was not met in time.',
  CLOSE_OUT_LEVEL: 'Its equity fell below the close-out level, so the window was cut.',
  BANKRUPT_AT_MARK: 'It is worth less than nothing at the mark.',
  MEMBER_DEFAULT: 'Its member is in default, and the account did not move to another member in time.',
});

export const LiquidationStatus = enumOf<'RUNNING' | 'PAUSED' | 'RESTORED' | 'BANKRUPT' | 'CLOSED_OUT' | 'SEIZED'>(
  'LiquidationStatus',
  'The status of a liquidation.',
  {
    RUNNING: 'Positions are being closed.',
    PAUSED: 'All that it could close is halted or has a stale price, or a debt waits for the price of collateral.',
    RESTORED: 'The account is back at its target.',
    BANKRUPT: 'Less than nothing was left, and the loss was allocated.',
    CLOSED_OUT: 'Everything was closed because the member is in default. What was left belongs to the account.',
    SEIZED: 'The member itself went into default. What the account held is in the ledger of that default.',
  },
);

export const LiquidationOrderStatus = enumOf<'OPEN' | 'FILLED' | 'EXPIRED' | 'CANCELLED'>(
  'LiquidationOrderStatus',
  'The status of a liquidation order.',
  {
    OPEN: 'It waits for a venue or a liquidator until it expires.',
    FILLED: 'It was filled whole.',
    EXPIRED: 'Its time was up. What was left went down the ladder, or to the house if there is no ladder.',
    CANCELLED: 'It is no longer needed.',
  },
);

export const ReductionReason = enumOf<Reason>('ReductionReason', 'Why an order has its size.', {
  RESTORES_TARGET: 'It is the smallest that brings the account back to its target.',
  STAGED: 'It is one step, because the need is larger than a step may be.',
  CANNOT_RESTORE: 'It is the whole position, because no part of it would be enough.',
  REMAINDER_TOO_SMALL: 'It is the whole position, because what was left would be too small.',
  DISPOSAL: 'The house disposes of its inventory.',
  MEMBER_DEFAULT: 'It is the whole position, because the member is in default.',
  HEDGE: 'The house hedges the portfolio of a default.',
  DEFAULT_CLOSING: 'The house closes a position of a default.',
});

export const FillKind = enumOf<'FILL' | 'TAKE_OVER' | 'BACKSTOP' | 'PORTFOLIO' | 'DELEVERAGING'>(
  'FillKind',
  'How a reduction was carried out.',
  {
    FILL: 'A venue filled it, or a liquidator took it.',
    BACKSTOP: 'A backstop provider took it over at its discount from the mark.',
    PORTFOLIO: 'It went at the mark with a share of the portfolio that was taken at auction.',
    DELEVERAGING: 'It was closed at the mark against holders of the other side.',
    TAKE_OVER: 'The house took the position over at its closing limit.',
  },
);

@Reached()
@ObjectType({
  description: 'A liquidation, running or ended. Its amounts are in the currency of the account.',
  implements: Node,
})
export class Liquidation {
  @Id('The liquidation.')
  id!: string;

  @Ref('Account', 'The account that is called.')
  accountId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Ref('MarginCall', 'The margin call that led to it.', OPTIONAL)
  callId!: string | null;

  @Of(() => LiquidationCause, 'Why it started.')
  cause!: string;

  @Of(() => LiquidationStatus, 'The status of the call.')
  status!: string;

  @Whole('Number of orders issued so far.')
  steps!: number;

  @Amount('Equity when it started, signed.')
  equityAtStart!: string;

  @Amount('Maintenance margin when it started.')
  maintenanceAtStart!: string;

  @Amount('Notional closed at the mark.')
  closed!: string;

  @Amount('Sum of the fees charged.')
  fee!: string;

  @Amount('Sum of the penalties charged.')
  penalty!: string;

  @Amount('The cost of its fills against the mark. Above zero it is a cost.')
  slippage!: string;

  @Rate('The increase of the penalty because of how far equity had fallen when it started.', OPTIONAL)
  severity!: string | null;

  @When('When it started.')
  startedAt!: Date;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  @Amount('Equity when it ended, signed.', OPTIONAL)
  equityAtEnd!: string | null;
}

@Reached()
@ObjectType({ description: "An order to reduce a liquidated account, or the house's inventory.", implements: Node })
export class LiquidationOrder {
  @Id('The order.')
  id!: string;

  @Ref('Liquidation', 'The liquidation. Null for orders of the house, for its inventory or a default.', OPTIONAL)
  liquidationId!: string | null;

  @Ref('Account', 'The account that it trades for. Null if the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Amount('The contracts to trade, signed: above zero is a buy.')
  size!: string;

  @Amount('The contracts traded so far, with the same sign.')
  filled!: string;

  @Amount('No worse than this price, in the quote currency: the closing limit.', OPTIONAL)
  limit!: string | null;

  @Amount('The mark when it was issued, in the quote currency.')
  mark!: string;

  @Of(() => ReductionReason, 'Why it has its size.')
  reason!: string;

  @Of(() => LiquidationOrderStatus, 'The status.')
  status!: string;

  @Whole('The rung of its ladder: 1 is the first. Null if no ladder was set.', OPTIONAL)
  rung!: number | null;

  @Of(() => LadderMethod, 'The method of that rung: who may fill it.', OPTIONAL)
  method!: string | null;

  @Id('The ladder.', OPTIONAL)
  ladder!: string | null;

  @Whole('The version of the ladder.', OPTIONAL)
  ladderVersion!: number | null;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('When the time of the venue or of liquidators is up.')
  expiresAt!: Date;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  /** Not shown: the order as it is stored. */
  row!: OrderRow;
}

@Reached()
@ObjectType({
  description: 'A reduction that was carried out. Its amounts are in the settlement currency of the instrument.',
})
export class LiquidationFill {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => FillKind, 'How it was carried out.')
  kind!: string;

  @Ref('LiquidationOrder', 'The order that was filled. Null for reductions without one.', OPTIONAL)
  orderId!: string | null;

  @Ref('Account', 'The account that was reduced. Null if the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Ref(
    'Account',
    'The account on the other side. Null if the caller may not see it, and for deleveraging, ' +
      'which closes against many.',
    OPTIONAL,
  )
  counterpartyId!: string | null;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Amount('Contracts that the account traded, signed: above zero is a buy.')
  size!: string;

  @Amount('The price of a fill, in the quote currency.', OPTIONAL)
  price!: string | null;

  @Amount('The amount that the account paid, above zero, or received.')
  value!: string;

  @Amount('The mark at that time, in the quote currency.')
  mark!: string;

  @Amount('The notional closed at the mark. Fee and penalty are shares of it.')
  closed!: string;

  @Amount('The fee charged.')
  fee!: string;

  @Amount('The fee due before it was limited to what the account had.')
  feeDue!: string;

  @Amount('The penalty charged.')
  penalty!: string;

  @Amount('The penalty due before it was limited to what the account had.')
  penaltyDue!: string;

  @Whole('The version of the margin policy that it was charged by.')
  policyVersion!: number;

  @Amount('The cost against the mark. Above zero it is a cost.')
  slippageMark!: string;

  @Amount('The cost against the mark when the order was issued.')
  slippageTrigger!: string;

  @Amount('Cost against the closing limit.')
  slippageBankruptcy!: string;
}

export function liquidationOf(row: LiquidationRow, { money }: Amounts): Liquidation {
  const { currency } = row;
  return {
    ...row,
    equityAtStart: money(row.equityAtStart, currency),
    maintenanceAtStart: money(row.maintenanceAtStart, currency),
    closed: money(row.closed, currency),
    fee: money(row.fee, currency),
    penalty: money(row.penalty, currency),
    slippage: money(row.slippage, currency),
    severity: row.severity && shortest(row.severity),
    equityAtEnd: row.equityAtEnd && money(row.equityAtEnd, currency),
  };
}

export function liquidationOrderOf(row: OrderRow, context: Context): LiquidationOrder {
  const { price, size } = context.services.amounts;
  return {
    ...row,
    accountId: shownAccount(context, row.accountId),
    size: size(row.size, row.instrumentId),
    filled: size(row.filled, row.instrumentId),
    limit: row.limit && price(row.limit, row.instrumentId),
    mark: price(row.mark, row.instrumentId),
    row,
  };
}

export function liquidationFillOf(row: FillRow, context: Context): LiquidationFill {
  const { amounts, directory } = context.services;
  const currency = directory.instrument(row.instrumentId).settlement;
  const money = (value: FillRow['value']): string => amounts.money(value, currency);
  return {
    ...row,
    currency,
    accountId: shownAccount(context, row.accountId),
    counterpartyId: row.counterpartyId && shownAccount(context, row.counterpartyId),
    size: amounts.size(row.size, row.instrumentId),
    price: row.price && amounts.price(row.price, row.instrumentId),
    mark: amounts.price(row.mark, row.instrumentId),
    value: money(row.value),
    closed: money(row.closed),
    fee: money(row.fee),
    feeDue: money(row.feeDue),
    penalty: money(row.penalty),
    penaltyDue: money(row.penaltyDue),
    slippageMark: money(row.slippageMark),
    slippageTrigger: money(row.slippageTrigger),
    slippageBankruptcy: money(row.slippageBankruptcy),
  };
}

async function readLiquidation(context: Context, id: string): Promise<Liquidation | null> {
  const { db } = await context.read();
  const row = await db.liquidation.findFirst({ where: { id, account: accountsInSight(context.sight) } });
  return row && liquidationOf(row, context.services.amounts);
}

const LIQUIDATIONS = {
  of: connectionOf('Liquidation', Liquidation, 'liquidations'),
  table: 'Liquidation',
  order: descending({ startedAt: 'date', id: 'text' }),
  node: (row: LiquidationRow, { services }: Context) => liquidationOf(row, services.amounts),
} as const;

resolversOf(
  one({
    name: 'liquidation',
    key: ({ id }) => id,
    description: 'A liquidation. Null if it does not exist or the caller may not see it.',
    of: Liquidation,
    id: 'The liquidation.',
    access: ACCOUNT_READERS,
    read: readLiquidation,
  }),
  list({
    ...LIQUIDATIONS,
    name: 'liquidations',
    description: 'Liquidations, the last started first. Only those that the caller may see.',
    access: ACCOUNT_READERS,
    filters: {
      account: byId('Only events of this account.', 'accountId'),
      status: byOneOf(LiquidationStatus, 'Only calls with one of these statuses.'),
    },
    sight: ({ sight }) => ({ account: accountsInSight(sight) }),
  }),
);

@Resolver(() => Liquidation)
@listField({
  name: 'fills',
  description: 'The reductions, in order.',
  of: connectionOf('LiquidationFill', LiquidationFill, 'reductions'),
  table: 'LiquidationFill',
  order: IN_ORDER,
  within: ({ id }: Liquidation) => ({ liquidationId: id }),
  node: liquidationFillOf,
})
export class LiquidationFields {}

export const AccountLiquidationFields = fieldsOf(
  Account,
  listField({
    ...LIQUIDATIONS,
    name: 'liquidations',
    description: 'The liquidations of the account, the newest first.',
    within: ({ id }: Account, { sight }) => ({ accountId: id, account: accountsInSight(sight) }),
  }),
);
