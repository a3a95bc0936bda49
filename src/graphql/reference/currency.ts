/** Currencies, and the terms on which one counts as collateral for accounts margined in another. */

import { Args, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { Currency as CurrencyRow, CollateralTerms as TermsRow } from '../../store/generated/client';
import { Access, Reached, ROLES } from '../access/policy';
import { shortest } from '../reading/amounts';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { pageOf } from '../reading/page';
import { Flag, Id, MayTake, Rate, SeqNo, Takes, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'A currency the house keeps books in.' })
export class Currency {
  @Id('Its code, such as `USDT`.')
  id!: string;

  @Whole('Digits after the point of its smallest unit: amounts have no more.')
  scale!: number;
}

@Reached()
@ObjectType({ description: 'One version of the terms on which a currency is accepted as collateral. Every version is kept.' })
export class CollateralTerms {
  @Id('The currency.')
  currency!: string;

  @Whole('1, 2, 3 in the order they were set; the highest is in force.')
  version!: number;

  @Rate('Share taken off its index value when it is counted as collateral, 0 to 1.')
  haircut!: string;

  @Rate('Share below the index at which the house takes it over to cover a debt, 0 to 1.')
  conversionDiscount!: string;

  @Flag('Whether it may be deposited.')
  eligible!: boolean;

  @When('When they were set.')
  setAt!: Date;

  @SeqNo('Journal entry that set them.')
  setSeq!: bigint;
}

export const CurrencyConnection = connectionOf('Currency', Currency, 'currencies');
export const CollateralTermsConnection = connectionOf('CollateralTerms', CollateralTerms, 'terms of collateral');

export const collateralTermsOf = (row: TermsRow): CollateralTerms => ({
  ...row,
  haircut: shortest(row.haircut),
  conversionDiscount: shortest(row.conversionDiscount),
});

const BY_ID = [{ field: 'id', type: 'text' }] as const;
const BY_VERSION = [
  { field: 'currency', type: 'text' },
  { field: 'version', type: 'int' },
] as const;

@Resolver()
export class CurrencyQueries {
  @Access(...ROLES)
  @Query(() => Currency, { nullable: true, description: 'A currency by its code; null where there is none.' })
  async currency(@Takes('id', () => ID, 'Its code.') id: string, @Ctx() context: Context): Promise<Currency | null> {
    return (await context.read()).db.currency.findUnique({ where: { id } });
  }

  @Access(...ROLES)
  @Query(() => CurrencyConnection, { description: 'Currencies by code.' })
  async currencies(@Args(() => PageArgs) args: PageArgs, @Ctx() context: Context): Promise<Connection<Currency>> {
    const reading = await context.read();
    const node = (row: CurrencyRow): Currency => row;
    return pageOf(reading, args, { table: reading.db.currency, order: BY_ID, where: {}, node });
  }

  @Access(...ROLES)
  @Query(() => CollateralTermsConnection, { description: 'Terms of collateral, every version, by currency.' })
  async collateralTerms(
    @MayTake('currency', () => ID, 'Of this currency only.') currency: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<CollateralTerms>> {
    const reading = await context.read();
    const where = currency === null ? {} : { currency };
    return pageOf(reading, args, { table: reading.db.collateralTerms, order: BY_VERSION, where, node: collateralTermsOf });
  }
}
