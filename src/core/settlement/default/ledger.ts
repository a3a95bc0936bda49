/**
 * The ledger of a default: every movement of money into or out of its close-out accounts is a line, whatever caused it.
 * The lines sum to what those accounts hold, to the unit, after every entry.  Rule: B3-1
 */

import { assert } from '../../../units/failure';
import { type Cash, greatest, NO_CASH, negate, plus, total } from '../../../units/quantity';
import { accountBehind, accountName, balanceOf } from '../../ledger/transfers';
import { type Event, transfersOf } from '../../message/event';
import type { Transfer } from '../../message/ledger';
import type { DefaultBook, DefaultLineKind, DefaultSum } from '../../model/memberDefault';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { defaultBehind } from '../../reference/memberDefaults';
import { amendBook } from './books';

/** A line: received above zero, paid below. */
export interface DefaultLine {
  readonly kind: DefaultLineKind;
  readonly currency: CurrencyId;
  readonly amount: Cash;
  readonly about: string | null; // the order, case, instrument or reason it is about
}

/** What a transfer of an event is in the ledger of a default. */
function kindOf(view: View, event: Event, { reason }: Transfer): Pick<DefaultLine, 'kind' | 'about'> {
  switch (event.type) {
    case 'DefaultNetted':
      return { kind: reason === 'SEIZURE' ? 'SEIZED' : 'PORTFOLIO', about: null };
    case 'VariationSettled':
    case 'FundingSettled':
    case 'InstrumentExpired':
      return { kind: 'VARIATION', about: event.instrument };
    case 'LiquidationOrderFilled':
      return {
        kind: view.liquidationOrders.get(event.order)?.reason === 'HEDGE' ? 'HEDGE' : 'CLOSING',
        about: event.order,
      };
    case 'CollateralTransferred':
      return { kind: 'SEIZED', about: null };
    case 'CollateralConverted':
      return { kind: 'CONVERSION', about: event.currency };
    case 'DefaultCostCharged':
      return { kind: 'COST', about: event.reason };
    case 'LossAllocated':
      return { kind: 'LAYER', about: event.cases[0]?.id ?? null };
    case 'DefaultAuctionEnded':
      return { kind: 'AUCTION', about: reason };
    case 'DefaultSettled':
      return { kind: 'RETURNED', about: null };
    case 'TransferReversed':
      return { kind: 'REVERSAL', about: event.reason };
    default:
      return { kind: 'OTHER', about: null };
  }
}

/** The lines an event makes, each with the close-out account it is of. The state is as the event left it. */
export function defaultLinesOf(view: View, event: Event): { readonly account: string; readonly line: DefaultLine }[] {
  if (view.memberDefaults.size === 0) return [];
  return transfersOf(event).flatMap((transfer) =>
    [
      { name: transfer.to, amount: transfer.amount },
      { name: transfer.from, amount: negate(transfer.amount) },
    ].flatMap(({ name, amount }) => {
      const account = accountBehind(name);
      if (account === undefined || !defaultBehind(view, account)) return [];
      return [{ account, line: { ...kindOf(view, event, transfer), currency: transfer.currency, amount } }];
    }),
  );
}

/** Adds what an event moved to the sums of the defaults it moved it in. */
export function noteDefaultLines(state: State, event: Event): void {
  for (const { account, line } of defaultLinesOf(state, event)) {
    const found = defaultBehind(state, account);
    const book = found?.books.find((each) => each.account === account);
    if (found && book) amendBook(state, found.id, book.currency, { sums: withLine(book.sums, line) });
  }
}

function withLine(sums: readonly DefaultSum[], { kind, currency, amount }: DefaultLine): readonly DefaultSum[] {
  const fits = (sum: DefaultSum): boolean => sum.kind === kind && sum.currency === currency;
  if (!sums.some(fits)) return [...sums, { kind, currency, amount }];
  return sums.map((sum) => (fits(sum) ? { ...sum, amount: plus(sum.amount, amount) } : sum));
}

/** Sum of the lines of some kinds in the currency of the book. */
export const sumOf = ({ sums, currency }: DefaultBook, ...kinds: readonly DefaultLineKind[]): Cash =>
  total(sums.filter((sum) => sum.currency === currency && kinds.includes(sum.kind)).map(({ amount }) => amount));

/** What of the defaulter's own was there to lose: its cash, and what its other collateral was turned into. */
export const marginOf = (book: DefaultBook): Cash => greatest(sumOf(book, 'SEIZED', 'CONVERSION'), NO_CASH);

/** Throws InvariantViolation where the lines do not sum to what is held. */
export function auditDefaults(view: View): void {
  for (const { id, books } of view.memberDefaults.values()) {
    for (const book of books) {
      const currencies = new Set([
        ...book.sums.map(({ currency }) => currency),
        ...[...view.book.balances(book.account)].map(([held]) => held),
      ]);
      for (const currency of currencies) {
        const lines = total(book.sums.filter((sum) => sum.currency === currency).map(({ amount }) => amount));
        const held = balanceOf(view, accountName(book.account), currency);
        assert(lines === held, 'The lines of a default sum to what it holds', { default: id, currency, lines, held });
      }
    }
  }
}
