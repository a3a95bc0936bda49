/**
 * Recoveries: collateral that had no live price when others bore the loss of its holder. It is kept, and what it brings
 * one day repays the layers in reverse order; what is above that is the holder's.  Ruling 16, SL-4
 */

import { known } from '../../../units/failure';
import { type Cash, cash, least, total } from '../../../units/quantity';
import { accountName, balanceOf } from '../../ledger/transfers';
import { pictureOf } from '../../margin/picture';
import type { Desk } from '../../message/desk';
import type { LedgerName, Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import { indexIdOf } from '../../reference/indices';
import { valueAt } from '../closing/awaited';
import { outstandingOf, recordRecovery } from './claims';

const recoveryName = (account: AccountId): LedgerName => `recovery/${account}`;

/**
 * Takes what has no live price from an account whose loss others are about to bear: what it brings one day is theirs
 * first.
 */
export function keepForRecovery(desk: Desk, holder: AccountId, debtor: AccountId = holder): void {
  for (const { currency, amount, stale, price } of pictureOf(desk.view, holder).collateral) {
    if (amount <= 0n || !(stale || price === null)) continue;
    const transfers: Transfer[] = [
      { from: accountName(holder), to: recoveryName(debtor), currency, amount, reason: 'RECOVERY' },
    ];
    desk.emit({ type: 'CollateralKept', account: debtor, currency, amount, transfers });
  }
}

/**
 * What was kept and has a price again is taken over by the house at its index less the conversion discount. The
 * proceeds repay the cases of the account, the oldest first; what is above them is the holder's.
 */
export function sellKept(desk: Desk): void {
  for (const { account, currency, amount } of keptNow(desk.view)) {
    const own = known(desk.view.book.account(account), 'Account', account).currency;
    const { price, stale } = known(desk.view.indices.get(indexIdOf(currency, own)), 'Index', currency).state;
    const cases = [...desk.view.lossCases.values()]
      .filter((one) => one.account === account)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    // Who was called may pay yet: what is owed to whom is known when they have.
    if (price === null || stale || cases.some(({ status }) => status === 'AWAITING_ASSESSMENTS')) continue;
    const discount = known(desk.view.collateral.get(currency), 'Collateral terms', currency).conversionDiscount;
    const proceeds = valueAt(desk.view, own, { currency, amount, price }, discount);
    const name = recoveryName(account);
    const surplus = cash(proceeds - least(proceeds, total(cases.map(outstandingOf))));
    const transfers: Transfer[] = [{ from: name, to: 'conversion', currency, amount, reason: 'CONVERSION' }];
    if (proceeds > 0n)
      transfers.push({ from: 'conversion', to: name, currency: own, amount: proceeds, reason: 'CONVERSION' });
    if (surplus > 0n)
      transfers.push({ from: name, to: accountName(account), currency: own, amount: surplus, reason: 'SURPLUS' });
    desk.emit({ type: 'KeptCollateralSold', account, currency, amount, proceeds, price, transfers });
    for (const one of cases) {
      const part = least(balanceOf(desk.view, name, own), outstandingOf(one));
      if (part > 0n) recordRecovery(desk, { case: one, amount: part, from: name });
    }
  }
}

interface Kept {
  readonly account: AccountId;
  readonly currency: CurrencyId;
  readonly amount: Cash;
}

/**
 * All that is kept, by account and currency. Asks every control account: for what happens as seldom as a price that
 * comes back.
 */
function keptNow(view: View): Kept[] {
  const kept: Kept[] = [];
  const prefix = recoveryName('');
  for (const [key, amount] of view.ledger) {
    if (!key.startsWith(prefix)) continue;
    const space = key.lastIndexOf(' ');
    kept.push({ account: key.slice(prefix.length, space), currency: key.slice(space + 1), amount });
  }
  return kept.sort((a, b) => (`${a.account} ${a.currency}` < `${b.account} ${b.currency}` ? -1 : 1));
}
