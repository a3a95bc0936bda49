/** The list of open debts, as officers see it, and what it makes of the withdrawal gate.  Rules: DY-G1; ruling 14 */

import { Ctx, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { readerOf } from '../../../core/kind/json';
import { LOSS_POLICY } from '../../../core/model/policy';
import { LOSS_STANDARDS } from '../../../core/reference/lossPolicies';
import type { GateCause as Cause } from '../../../core/settlement/waterfall/gate';
import { causeOfGate } from '../../../core/settlement/waterfall/gate';
import {
  type OpenDebt as Debt,
  type OpenDebtCause as DebtCause,
  openDebtsOf,
  sumOfDebts,
} from '../../../core/settlement/waterfall/openDebts';
import { toScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, compare } from '../../../units/quantity';
import { Access, Reached, ROLES, STAFF } from '../../access/policy';
import { badInput } from '../../error/problem';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { LARGEST_PAGE } from '../../reading/page';
import { enumOf } from '../../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Takes, When, Whole } from '../../schema/fields';

export const OpenDebtCause = enumOf<DebtCause>('OpenDebtCause', 'The reason why an open debt is not borne yet.', {
  AT_AUCTION: 'Collateral or positions of the account are at auction.',
  PRICE_AWAITED: 'Something the account holds has no live price.',
  TRADING_HALTED: 'Trading is halted in something the account holds.',
  DEFAULT_UNSETTLED: 'Its member is in default, and the default is not settled.',
  ASSESSMENTS_AWAITED: 'Members were called for a loss and have time to pay. The layers behind them bear after that.',
  LOSS_UNALLOCATED: 'No layer could bear what is left of a loss.',
});

export const GateCause = enumOf<Cause>('WithdrawalGateCause', 'The reason why withdrawals wait or are limited.', {
  UNALLOCATED_LOSS: 'A loss of the currency is not allocated yet. Each account keeps what it could be asked for.',
  OPEN_DEBT: 'Debts are open. Each account keeps what it could be asked for.',
  RECENT_LOSS: 'A loss was borne recently, and the policy makes withdrawals wait.',
});

@Reached()
@ObjectType({ description: 'A debt of an account that is not borne yet. Amounts are in the currency of the account.' })
export class OpenDebt {
  @Ref('Account', 'The account that owes, or owed.')
  accountId!: string;

  @Id('The currency of the account.')
  currency!: string;

  @Of(() => OpenDebtCause, 'The reason why it is not borne yet.')
  cause!: string;

  @Amount(
    'The amount that is missing at the current marks. Collateral and positions at auction or without a live price ' +
      'count as zero.',
  )
  amount!: string;

  @Ref(
    'Instrument',
    'The instrument whose insurance fund pool would bear it. Null if the fund of the currency would.',
    OPTIONAL,
  )
  instrumentId!: string | null;
}

@Reached()
@ObjectType({ description: 'The open debts of a currency, the largest first. Amounts are in the currency.' })
export class OpenDebts {
  @Id('The currency.')
  currency!: string;

  @Whole('The number of open debts.')
  count!: number;

  @Amount('The sum of the open debts.')
  total!: string;

  @Amount('The sum that begins to hold withdrawals back.')
  floor!: string;

  @Of(() => [OpenDebt], 'The largest open debts.')
  debts!: OpenDebt[];
}

@Reached()
@ObjectType({ description: 'Whether a currency may be withdrawn. Deposits are always possible.' })
export class WithdrawalGate {
  @Id('The currency.')
  currency!: string;

  @Flag('Whether withdrawals are open. While debts are open, each account keeps only what it could be asked for.')
  open!: boolean;

  @Of(() => GateCause, 'The reason why withdrawals wait or are limited.', OPTIONAL)
  cause!: string | null;

  @Amount('The loss that is not allocated, in the currency.')
  unallocated!: string;

  @Amount('The sum of the open debts, with the loss that is not allocated, in the currency.')
  owed!: string;

  @When('The time at which the wait after a loss ends.', OPTIONAL)
  until!: Date | null;
}

const readPolicy = readerOf(LOSS_POLICY);

/** The open debts as of the snapshot, and the sum below which they hold nothing back. */
async function debtsIn(context: Context, currency: string): Promise<{ readonly debts: Debt[]; readonly floor: Cash }> {
  const { db, debtsView } = await context.read();
  const row = await db.lossPolicy.findFirst({ where: { currency }, orderBy: { version: 'desc' } });
  const floor = row ? readPolicy(structuredClone(row.terms)).gateFloor : undefined;
  return { debts: openDebtsOf(await debtsView(currency), currency), floor: floor ?? LOSS_STANDARDS.gateFloor };
}

const isCurrency = async (context: Context, id: string): Promise<boolean> =>
  (await (await context.read()).db.currency.findUnique({ where: { id } })) !== null;

@Resolver()
export class OpenDebtQueries {
  @Access(...STAFF)
  @Query(() => OpenDebts, {
    nullable: true,
    complexity: 50,
    description: 'The open debts of a currency, the largest first. Null if the currency does not exist.',
  })
  async openDebts(
    @Takes('currency', () => ID, 'The currency.') currency: string,
    @Takes('first', () => Int, 'The number of debts to list, 1 to 100.') first: number,
    @Ctx() context: Context,
  ): Promise<OpenDebts | null> {
    if (first < 1 || first > LARGEST_PAGE) throw badInput(`A page has 1 to ${LARGEST_PAGE} items.`);
    if (!(await isCurrency(context, currency))) return null;
    const { debts, floor } = await debtsIn(context, currency);
    const text = (amount: Cash): string => context.services.amounts.cash(amount, currency);
    const largest = [...debts]
      .sort((a, b) => compare(b.amount, a.amount) || compare(a.account, b.account))
      .slice(0, first);
    return {
      ...{ currency, count: debts.length, total: text(sumOfDebts(debts)), floor: text(floor) },
      debts: largest.map(({ account, cause, amount, instrument }) => ({
        ...{ accountId: account, currency, cause, amount: text(amount), instrumentId: instrument },
      })),
    };
  }

  @Access(...ROLES)
  @Query(() => WithdrawalGate, {
    nullable: true,
    complexity: 50,
    description: 'Whether a currency may be withdrawn. Null if the currency does not exist.',
  })
  async withdrawalGate(
    @Takes('currency', () => ID, 'The currency.') currency: string,
    @Ctx() context: Context,
  ): Promise<WithdrawalGate | null> {
    if (!(await isCurrency(context, currency))) return null;
    const { db, at } = await context.read();
    const { debts, floor } = await debtsIn(context, currency);
    const row = await db.withdrawalGate.findUnique({ where: { currency } });
    const until = row && row.until.getTime() > at ? row.until : null;
    const standing = await db.ledgerAccount.findUnique({
      where: { name_currency: { name: 'unallocated-loss', currency } },
    });
    const unallocated = cash(
      -known(
        toScaled(standing?.balance.toFixed() ?? '0', context.services.directory.scaleOf(currency)),
        'Amount',
        currency,
      ),
    );
    const cause = causeOfGate(until !== null, debts, floor) ?? null;
    const text = (amount: Cash): string => context.services.amounts.cash(amount, currency);
    return {
      currency,
      open: cause === null,
      cause,
      unallocated: text(unallocated),
      owed: text(sumOfDebts(debts)),
      until,
    };
  }
}
