/** Taking over collateral against cash, when an account's debt in its own currency can be met no other way. */

import { parseDecimal } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, compare, least, NO_CASH, type Price, RATE_ONE, type Rate } from '../../../units/quantity';
import { cashDown, divUp } from '../../../units/rounding';
import { accountName } from '../../ledger/transfers';
import { type Collateral, convertDown, pictureOf } from '../../margin/picture';
import type { Desk } from '../../message/desk';
import type { Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import { indexIdOf } from '../../reference/indices';

/**
 * Other collateral in the order that costs its holder least: the smaller discount first, of equals by id.  Ruling 19
 */
export function cheapestFirst(view: View, collateral: readonly Collateral[]): Collateral[] {
  const discountOf = ({ currency }: Collateral): Rate =>
    view.collateral.get(currency)?.conversionDiscount ?? (RATE_ONE as Rate);
  return [...collateral].sort((a, b) => compare(discountOf(a), discountOf(b)) || compare(a.currency, b.currency));
}

/**
 * Converts other currencies, the cheapest for their holder first, until `needed` is raised or nothing convertible is
 * left. The house takes each at its index less the conversion discount; what has no live price is left where it is.
 */
export function convertCollateral(desk: Desk, account: AccountId, needed: Cash): void {
  let missing = needed;
  for (const { currency, amount, stale } of cheapestFirst(desk.view, pictureOf(desk.view, account).collateral)) {
    if (missing <= 0n) return;
    if (stale || amount <= 0n) continue;
    missing = cash(missing - convertOne(desk, account, currency, amount, missing));
  }
}

/**
 * Before others bear what an account owes, the house takes what raised nothing at its discount, for nothing: nobody
 * keeps collateral while others pay for it. What has no live price is left: that waits for one.  B3-2
 */
export function seizeCollateral(desk: Desk, account: AccountId): void {
  for (const { currency, amount, stale, price } of pictureOf(desk.view, account).collateral)
    if (!stale && price !== null && amount > 0n)
      emitConverted(desk, account, currency, { taken: amount, proceeds: NO_CASH, price });
}

/** Converts as little of one currency as raises what is missing. Returns the proceeds. */
function convertOne(desk: Desk, account: AccountId, currency: CurrencyId, amount: Cash, missing: Cash): Cash {
  const own = known(desk.view.book.account(account), 'Account', account).currency;
  const { index, state } = known(desk.view.indices.get(indexIdOf(currency, own)), 'Index', currency);
  const price = known(state.price ?? undefined, 'Index price', index.id);
  const [from, to] = [
    known(desk.view.currencies.get(currency), 'Currency', currency),
    known(desk.view.currencies.get(own), 'Currency', own),
  ];
  const discount = known(desk.view.collateral.get(currency), 'Collateral terms', currency).conversionDiscount;
  const proceedsOf = (part: Cash): Cash => cashDown(convertDown(from, to, part, price, index.tick, discount));

  const step = parseDecimal(index.tick);
  const perUnit = price * step.mantissa * 10n ** BigInt(to.scale) * (RATE_ONE - discount);
  if (perUnit <= 0n) return cash(0n);
  const enough = cash(divUp(missing * 10n ** BigInt(from.scale + step.scale) * RATE_ONE, perUnit));
  const taken = least(amount, enough);
  const proceeds = proceedsOf(taken);
  if (proceeds === 0n) return cash(0n);
  emitConverted(desk, account, currency, { taken, proceeds, price });
  return proceeds;
}

interface Conversion {
  readonly taken: Cash;
  readonly proceeds: Cash;
  readonly price: Price;
}

function emitConverted(
  desk: Desk,
  account: AccountId,
  currency: CurrencyId,
  { taken, proceeds, price }: Conversion,
): void {
  const name = accountName(account);
  const own = known(desk.view.book.account(account), 'Account', account).currency;
  const transfers: Transfer[] = [{ from: name, to: 'conversion', currency, amount: taken, reason: 'CONVERSION' }];
  if (proceeds > 0n)
    transfers.push({ from: 'conversion', to: name, currency: own, amount: proceeds, reason: 'CONVERSION' });
  desk.emit({ type: 'CollateralConverted', account, currency, amount: taken, proceeds, price, transfers });
}
