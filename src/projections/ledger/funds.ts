/**
 * Insurance funds: what each holds, what moved it, and by what sums it came to be what it is.  Rules: B3-1, B3-3, RB-2
 */

import type { LedgerName, Transfer, TransferReason } from '../../core/message/ledger';
import type { Queries } from '../../store/client';
import { known } from '../../units/failure';
import { type Cash, negate, plus } from '../../units/quantity';
import { type Batch, changed, type Moment } from '../rows/batch';
import { cashOf, cashText, timeText } from '../rows/decimals';
import type { Fund, Memory } from '../rows/memory';
import { type Row, select } from '../rows/rows';

const FUND: LedgerName = 'insurance-fund';

type Sum = Exclude<keyof Fund, 'balance' | 'target'>;

const SUMS = [
  'contributed',
  'fees',
  'penalties',
  'surplus',
  'paid',
  'withdrawn',
  'reversed',
] as const satisfies readonly Sum[];

/** Which sum a movement counts in, by its reason; any other by its direction. */
const SUM_OF: Partial<Record<TransferReason, Sum>> = {
  LIQUIDATION_FEE: 'fees',
  LIQUIDATION_PENALTY: 'penalties',
  CLAIM_PENALTY: 'penalties',
  SURPLUS: 'surplus',
  SHORTFALL: 'paid',
  PORTFOLIO_PREMIUM: 'paid',
  AUCTION_PROCEEDS: 'paid',
  AUCTION_REWARD: 'paid',
  REVERSAL: 'reversed',
};

export async function loadFunds(sql: Queries, { funds, state }: Memory): Promise<void> {
  const columns = ['balance', 'target', ...SUMS].map((column) => `"${column}"::text`).join(', ');
  const rows = await select<Record<keyof Fund | 'currency', string>>(
    sql,
    `SELECT "currency", ${columns} FROM "InsuranceFund"`,
  );
  for (const { currency, ...texts } of rows) {
    const amounts = Object.entries(texts).map(([name, text]) => [name, cashOf(state, currency, text)]);
    funds.set(currency, Object.fromEntries(amounts) as Fund);
  }
}

/** Counts a movement into or out of a fund, and tells it with what the fund held afterwards. */
export function moveFund({ memory, rows, state }: Batch, transfer: Transfer, { seq, at }: Moment, place: number): void {
  const { from, to, currency, reason } = transfer;
  if (from !== FUND && to !== FUND) return;
  const received = to === FUND ? transfer.amount : negate(transfer.amount);
  const fund = known(memory.funds.get(currency), 'Insurance fund', currency);
  const sum = SUM_OF[reason] ?? (received > 0n ? 'contributed' : 'withdrawn');
  // What is paid and withdrawn counts upwards; the other sums are signed as the fund is.
  const counted: Cash = sum === 'paid' || sum === 'withdrawn' ? negate(received) : received;
  const after: Fund = { ...fund, balance: plus(fund.balance, received), [sum]: plus(fund[sum], counted) };
  memory.funds.set(currency, after);
  rows.insert('InsuranceFundEntry', {
    seq,
    place,
    currency,
    at: timeText(at),
    amount: cashText(state, currency, received),
    balance: cashText(state, currency, after.balance),
    reason,
    counter: to === FUND ? from : to,
  });
}

export function writeFunds({ rows, state, memory, fundsBefore }: Batch): void {
  for (const [currency, fund] of changed(fundsBefore, memory.funds)) {
    const text = (amount: Cash): string => cashText(state, currency, amount);
    const row: Row<'InsuranceFund'> = {
      currency,
      balance: text(fund.balance),
      target: text(fund.target),
      contributed: text(fund.contributed),
      fees: text(fund.fees),
      penalties: text(fund.penalties),
      surplus: text(fund.surplus),
      paid: text(fund.paid),
      withdrawn: text(fund.withdrawn),
      reversed: text(fund.reversed),
    };
    rows.upsert('InsuranceFund', row);
  }
}
