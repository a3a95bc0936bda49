/**
 * Accounts valued in one reporting currency: line by line, each at recorded prices, and never at two prices of one
 * index. Nothing is decided by it.  Rules: QC-3, PV-4
 */

import { parseDecimal } from '../../units/decimal';
import { known } from '../../units/failure';
import {
  abs,
  type Cash,
  compare,
  type Margin,
  margin,
  marginOf,
  NO_MARGIN,
  type Price,
  RATE_ONE,
  type Seq,
  total,
} from '../../units/quantity';
import { approximate, multiplyRatios, type Ratio, ratio } from '../../units/ratio';
import { cashUp, divDown } from '../../units/rounding';
import type { AccountId } from '../model/account';
import type { CurrencyId, IndexId, InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { gainAt, notionalOf } from '../position/value';
import { type Picture, pictureOf, valueOfWeight } from './picture';

/** A price of an index that a valuation stands on. */
export interface RateUsed {
  readonly index: IndexId;
  readonly price: Price;
  readonly seq: Seq; // the entry that set it: the id of the rate
  readonly stale: boolean;
}

export interface ValuedLine {
  readonly account: AccountId;
  readonly kind: 'CASH' | 'UNREALISED' | 'COLLATERAL';
  readonly instrument: InstrumentId | null; // of a gain
  readonly currency: CurrencyId; // of the amount
  readonly amount: Margin;
  readonly value: Margin; // in the reporting currency, rounded down
  readonly counted: Margin; // the same as equity counts it: of collateral after haircut
}

export interface Valuation {
  readonly currency: CurrencyId;
  readonly rates: readonly RateUsed[]; // by index
  readonly lines: readonly ValuedLine[];
  readonly value: Margin; // the sum of the lines
  readonly counted: Margin;
  readonly grossNotional: Cash; // rounded up
  readonly leverage: string | null; // gross notional / counted
  readonly unpriced: readonly CurrencyId[]; // no index leads from these to the reporting currency: left out
}

interface Conversion {
  readonly rate: Ratio; // smallest units of the one for one of the other
  readonly used: readonly RateUsed[];
}

const DIGITS = 12;

export function valuationOf(view: View, accounts: readonly AccountId[], currency: CurrencyId): Valuation {
  const rates = new Map<IndexId, RateUsed>();
  const unpriced = new Set<CurrencyId>();
  const lines: ValuedLine[] = [];
  let gross = NO_MARGIN;
  for (const id of accounts) {
    const picture = pictureOf(view, id);
    const conversion = conversionOf(view, picture.account.currency, currency);
    if (!conversion) {
      unpriced.add(picture.account.currency);
      continue;
    }
    for (const used of [...conversion.used, ...ownRates(view, picture)]) rates.set(used.index, used);
    for (const { currency: other, amount, worth } of picture.collateral)
      if (worth === null && amount !== 0n) unpriced.add(other);
    lines.push(...linesOf(picture, conversion.rate));
    gross = margin(gross + converted(grossOf(picture), conversion.rate));
  }
  const counted = total(lines.map((line) => line.counted));
  return {
    currency,
    rates: [...rates.values()].sort((a, b) => compare(a.index, b.index)),
    lines,
    value: total(lines.map((line) => line.value)),
    counted,
    grossNotional: cashUp(gross),
    leverage: counted > 0n ? approximate(gross, counted, DIGITS) : null,
    unpriced: [...unpriced].sort(),
  };
}

const converted = (amount: Margin, { numerator, denominator }: Ratio): Margin =>
  margin(divDown(amount * numerator, denominator));

const grossOf = ({ holdings }: Picture): Margin =>
  marginOf(total(holdings.map(({ instrument, position, mark }) => notionalOf(instrument, abs(position.size), mark))));

/** The prices at which the collateral of an account is valued in its own currency. */
const ownRates = (view: View, { account, collateral }: Picture): RateUsed[] =>
  collateral.flatMap(({ currency }) => rateUsed(view, `${currency}/${account.currency}`) ?? []);

function rateUsed(view: View, index: IndexId): RateUsed | undefined {
  const { price = null, seq = 0, stale = true } = view.indices.get(index)?.state ?? {};
  return price === null ? undefined : { index, price, seq, stale };
}

/** In the account's own currency first, by the indices that its equity counts by, then in the reporting currency. */
function linesOf({ account, cash: held, collateral, holdings }: Picture, rate: Ratio): ValuedLine[] {
  const own = account.currency;
  const line = (kind: ValuedLine['kind'], amount: Margin, instrument: InstrumentId | null = null): ValuedLine => {
    const value = converted(amount, rate);
    return { account: account.id, kind, instrument, currency: own, amount, value, counted: value };
  };
  return [
    line('CASH', marginOf(held)),
    ...holdings.map(({ instrument, position, mark }) =>
      line('UNREALISED', gainAt(instrument, position, mark), instrument.id),
    ),
    ...collateral.flatMap(({ currency, amount, worth, value: counts }): ValuedLine[] => {
      if (worth === null) return [];
      const value = converted(valueOfWeight(worth, amount * RATE_ONE), rate);
      const base = { account: account.id, kind: 'COLLATERAL', instrument: null, currency } as const;
      return [{ ...base, amount: marginOf(amount), value, counted: converted(counts, rate) }];
    }),
  ];
}

/**
 * From one currency to another along as few indices as possible, of equally many by their names; an index may be gone
 * through against its direction. Nothing where none leads there.
 */
function conversionOf(view: View, from: CurrencyId, to: CurrencyId): Conversion | undefined {
  const ways = new Map<CurrencyId, Conversion>([[from, { rate: ratio(1n), used: [] }]]);
  for (const currency of ways.keys()) {
    const way = known(ways.get(currency), 'Way', currency);
    if (currency === to) return way;
    for (const id of [...view.indices.keys()].sort()) {
      const { base, quote } = known(view.indices.get(id), 'Index', id).index;
      const next = base === currency ? quote : quote === currency ? base : undefined;
      const used = next === undefined || ways.has(next) ? undefined : rateUsed(view, id);
      if (next === undefined || !used || used.price <= 0n) continue;
      const rate = worthOfBase(view, used);
      ways.set(next, {
        rate: multiplyRatios(way.rate, base === currency ? rate : inverse(rate)),
        used: [...way.used, used],
      });
    }
  }
  return undefined;
}

const inverse = ({ numerator, denominator }: Ratio): Ratio => ({ numerator: denominator, denominator: numerator });

/** Smallest units of the quote currency for one of the base currency. */
function worthOfBase(view: View, { index: id, price }: RateUsed): Ratio {
  const { base, quote, tick } = known(view.indices.get(id), 'Index', id).index;
  const [from, to] = [base, quote].map((each) => known(view.currencies.get(each), 'Currency', each).scale) as [
    number,
    number,
  ];
  const step = parseDecimal(tick);
  return ratio(price * step.mantissa * 10n ** BigInt(to), 10n ** BigInt(from + step.scale));
}
