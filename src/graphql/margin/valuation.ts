/**
 * Accounts valued in one reporting currency, with the prices that the figures stand on. Of several accounts all is as
 * of one journal entry, so the total is the sum at the same prices.  Rules: QC-3, PV-4
 */

import { Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { marginText } from '../../core/margin/health';
import { type Valuation as Figures, type ValuedLine as LineFigures, valuationOf } from '../../core/margin/valuation';
import type { AccountId } from '../../core/model/account';
import type { Margin } from '../../units/quantity';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { seesAccount } from '../access/sight';
import type { Context, Services } from '../reading/context';
import { Ref } from '../reading/link';
import type { Reading } from '../reading/reading';
import { Account } from '../reference/account';
import { enumOf } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Takes } from '../schema/fields';
import { checkListSize } from '../schema/lists';

export const ValuedKind = enumOf<LineFigures['kind']>('ValuedKind', 'What is valued.', {
  CASH: 'Cash in the currency of the account.',
  UNREALISED: 'Unrealised gain of a position.',
  COLLATERAL: 'Another currency.',
});

@Reached()
@ObjectType({ description: 'A price that a valuation stands on. No other price of its index is used.' })
export class RateUsed {
  @Ref('PriceIndex', 'The index, such as `EUR/USD`. A valuation may go through it against its direction.')
  indexId!: string;

  @Amount('The price, in the quote currency of the index.')
  price!: string;

  @SeqNo('The journal entry that made it. It is the id of the price.')
  priceSeq!: number;

  @Flag('Whether the index is stale.')
  stale!: boolean;
}

@Reached()
@ObjectType({ description: 'One part of a valuation.' })
export class ValuedLine {
  @Ref('Account', 'The account.')
  accountId!: string;

  @Of(() => ValuedKind, 'What is valued.')
  kind!: string;

  @Ref('Instrument', 'The instrument of an unrealised gain.', OPTIONAL)
  instrumentId!: string | null;

  @Id('Currency of the amount.')
  currency!: string;

  @Rate('The amount, exact to 12 digits past its smallest unit.')
  amount!: string;

  @Rate('Its value in the reporting currency, rounded down at 12 digits past the smallest unit.')
  value!: string;

  @Rate('The same as equity counts it: of other currencies after haircut.')
  counted!: string;
}

@Reached()
@ObjectType({ description: 'Accounts valued in a reporting currency. Totals are the sums of the lines.' })
export class Valuation {
  @SeqNo('Journal entry it is as of.')
  seq!: number;

  @Id('The reporting currency.')
  currency!: string;

  @Rate('The value of everything, before haircuts, signed.')
  value!: string;

  @Rate('The same as equity counts it, after haircuts.')
  counted!: string;

  @Amount('Gross notional of the positions, rounded up.')
  grossNotional!: string;

  @Rate('Gross notional over what counts. Null if that is not above zero.', OPTIONAL)
  leverage!: string | null;

  @Of(() => [RateUsed], 'The prices it stands on, by index, one of each.')
  rates!: RateUsed[];

  @Of(() => [ValuedLine], 'What it is made of, account by account.')
  lines!: ValuedLine[];

  @Of(() => [ID], 'Currencies that no priced index leads from to the reporting currency. They are left out.')
  unpriced!: string[];
}

function valuationShown(figures: Figures, seq: number, { amounts, directory }: Services): Valuation {
  const { currency, rates, lines, value, counted, grossNotional, leverage, unpriced } = figures;
  const exact = (amount: Margin, of = currency): string => marginText(amount, directory.scaleOf(of));
  return {
    ...{ seq, currency, leverage },
    value: exact(value),
    counted: exact(counted),
    grossNotional: amounts.cash(grossNotional, currency),
    rates: rates.map(({ index, price, seq: priceSeq, stale }) => ({
      ...{ indexId: index, priceSeq, stale },
      price: amounts.indexTicks(price, index),
    })),
    lines: lines.map(({ account, instrument, ...line }) => ({
      ...line,
      ...{ accountId: account, instrumentId: instrument },
      amount: exact(line.amount, line.currency),
      value: exact(line.value),
      counted: exact(line.counted),
    })),
    unpriced: [...unpriced],
  };
}

async function valued(
  reading: Reading,
  ids: readonly AccountId[],
  currency: string,
  services: Services,
): Promise<Valuation | null> {
  const views = await Promise.all(ids.map((id) => reading.viewOf(id)));
  const [view] = views;
  // The rows may be behind an account that was opened just now.
  if (!view?.currencies.has(currency) || views.includes(undefined)) return null;
  return valuationShown(valuationOf(view, ids, currency), reading.seq, services);
}

@Resolver(() => Account)
export class AccountValuationField {
  @FieldResolver(() => Valuation, {
    nullable: true,
    complexity: 30,
    description: 'The account valued in a currency. Null if there is no such currency.',
  })
  async valuation(
    @Root() { id }: Account,
    @Takes('currency', () => ID, 'The reporting currency.') currency: string,
    @Ctx() context: Context,
  ): Promise<Valuation | null> {
    return valued(await context.read(), [id], currency, context.services);
  }
}

/** What is asked for together is read and held at once. */
const MOST_ACCOUNTS = 100;

@Resolver()
export class ValuationQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => Valuation, {
    nullable: true,
    complexity: 300,
    description:
      'Accounts valued together in a currency, at one price of each index. Null if the caller does not see one of the ' +
      'accounts, or there is no such currency.',
  })
  async valuation(
    @Takes('accounts', () => [ID], 'The accounts, 1 to 100.') accounts: string[],
    @Takes('currency', () => ID, 'The reporting currency.') currency: string,
    @Ctx() context: Context,
  ): Promise<Valuation | null> {
    const ids = [...new Set(accounts)];
    checkListSize('accounts', accounts, MOST_ACCOUNTS);
    const { services, sight } = context;
    if (!ids.every((id) => seesAccount(sight, services.directory, id))) return null;
    return valued(await context.read(), ids, currency, services);
  }
}
