/**
 * The backstop pool's arithmetic: any number of contributors lose and earn in one step. The pool keeps what is left of
 * one unit contributed at the beginning (the product) and the income per such unit (the sum); a contributor remembers
 * both as of its last act, and its present contribution follows by one division.
 *
 * The product is rounded down at 36 digits, so contributors together never have more than the ledger; what rounding
 * holds back stays in the pool's total and is used first come what may. When the product has grown small it is scaled
 * up, and when the pool is emptied a new epoch begins. Income too small to be shared is carried to the next (error
 * feedback). Source: R. Pardoe et al., "Scalable Reward Distribution with Compounding Stakes" (Liquity, 2020); own
 * integers and names.
 */

import { type Cash, cash, plus } from '../../../units/quantity';
import { balanceOf } from '../../ledger/transfers';
import type { Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import type { BackstopEntry, BackstopPool } from '../../model/waterfall';

/** One in units of the product. */
export const PRODUCT_ONE = 10n ** 36n;
/** The product is scaled up by this factor when it falls below it. */
export const POWER_STEP = 10n ** 18n;

export const emptyPool = (currency: CurrencyId): BackstopPool => ({
  currency,
  product: PRODUCT_ONE,
  epoch: 0n,
  power: 0n,
  total: cash(0n),
  recognised: cash(0n),
  carry: 0n,
  sums: [],
});

const sumAt = ({ sums }: BackstopPool, epoch: bigint, power: bigint): bigint =>
  sums.find((one) => one.epoch === epoch && one.power === power)?.sum ?? 0n;

/** Every contribution falls in one proportion. `loss` is at most the pool's total. */
export function withLoss(pool: BackstopPool, loss: Cash): BackstopPool {
  const total = cash(pool.total - loss);
  if (loss === 0n) return pool;
  if (total === 0n) return { ...pool, total, product: PRODUCT_ONE, epoch: pool.epoch + 1n, power: 0n, carry: 0n };
  let numerator = pool.product * total;
  let { power } = pool;
  while (numerator / pool.total < POWER_STEP) {
    numerator *= POWER_STEP;
    power += 1n;
  }
  return { ...pool, total, product: numerator / pool.total, power };
}

/** Income is shared by present contributions. Without any it stays with the pool. */
export function withIncome(pool: BackstopPool, income: Cash): BackstopPool {
  const recognised = plus(pool.recognised, income);
  if (income === 0n || pool.total === 0n) return { ...pool, recognised };
  const numerator = income * PRODUCT_ONE + pool.carry;
  const perUnit = numerator / pool.total;
  const sum = sumAt(pool, pool.epoch, pool.power) + perUnit * pool.product;
  const others = pool.sums.filter(({ epoch, power }) => epoch !== pool.epoch || power !== pool.power);
  return {
    ...pool,
    recognised,
    carry: numerator - perUnit * pool.total,
    sums: [...others, { epoch: pool.epoch, power: pool.power, sum }],
  };
}

const NEARLY = 10n ** 12n;

/**
 * The whole units of a share. A share that lacks less than 1e-12 of a unit to the next whole one has lost it by the
 * digits that the product does not hold: it counts as whole. Fewer than 1e12 contributors together never gain a unit by
 * that.
 */
const wholeOf = (numerator: bigint, denominator: bigint): Cash =>
  cash((numerator * NEARLY + denominator) / (denominator * NEARLY));

/** What a contribution has become. Rounded down; at least zero. */
export function contributionOf(pool: BackstopPool, entry: BackstopEntry): Cash {
  if (entry.epoch !== pool.epoch) return cash(0n);
  const steps = pool.power - entry.power;
  return wholeOf(entry.contribution * pool.product, entry.product * POWER_STEP ** steps);
}

/** Income earned and not yet taken. Rounded down. */
export function incomeOf(pool: BackstopPool, entry: BackstopEntry): Cash {
  let earned = 0n; // per unit of product, at two powers beyond the entry's
  for (let step = 0n; step <= 2n; step++) {
    const sum = sumAt(pool, entry.epoch, entry.power + step) - (step === 0n ? entry.sum : 0n);
    earned += sum * POWER_STEP ** (2n - step);
  }
  return plus(entry.accrued, wholeOf(entry.contribution * earned, entry.product * PRODUCT_ONE * POWER_STEP ** 2n));
}

/** The contributor as of now: from here on its next share counts. */
export function settledEntry(pool: BackstopPool, entry: BackstopEntry | undefined, account: AccountId): BackstopEntry {
  const fresh = {
    account,
    product: pool.product,
    epoch: pool.epoch,
    power: pool.power,
    sum: sumAt(pool, pool.epoch, pool.power),
  };
  if (!entry) return { ...fresh, contribution: cash(0n), accrued: cash(0n) };
  return { ...fresh, contribution: contributionOf(pool, entry), accrued: incomeOf(pool, entry) };
}

/** The pool with everything that has reached its income ledger since it was last looked at. */
export function poolNow(view: View, currency: CurrencyId): BackstopPool {
  const pool = view.backstops.get(currency) ?? emptyPool(currency);
  return withIncome(pool, cash(balanceOf(view, 'backstop-income', currency) - pool.recognised));
}

/** The pool as transfers of a loss leave it; nothing where it bears none. */
export function backstopAfter(view: View, currency: CurrencyId, transfers: readonly Transfer[]): BackstopPool | null {
  const loss = transfers.reduce(
    (sum, { from, amount }) => (from === 'backstop-pool' ? plus(sum, amount) : sum),
    cash(0n),
  );
  return loss === 0n ? null : withLoss(poolNow(view, currency), loss);
}

export function onBackstop(state: State, pool: BackstopPool | null | undefined): void {
  if (pool) state.backstops.set(pool.currency, pool);
}
