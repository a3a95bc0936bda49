/** Currencies, and the terms on which one counts as collateral for accounts margined in another. */

import { ObjectType } from 'type-graphql';
import type { CollateralTerms as TermsRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import { shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID, versionsBy } from '../reading/page';
import { Flag, Id, OPTIONAL, Rate, SeqNo, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'A currency in which the house keeps books.', implements: Node })
export class Currency {
  @Id('The code, such as `USDT`.')
  id!: string;

  @Whole('Digits after the point of its smallest unit. Amounts have no more digits.')
  scale!: number;
}

@Reached()
@ObjectType({
  description: 'A version of the terms on which a currency is collateral. Every version is kept.',
  implements: Node,
})
export class CollateralTerms {
  @Id('The currency.')
  currency!: string;

  @Whole('The version: 1, 2, 3 in the order they were set. The highest is in force.')
  version!: number;

  @Rate('The haircut: the share taken off its index value when it counts as collateral, 0 to 1.')
  haircut!: string;

  @Rate('The share below the index at which the house takes it over to cover a debt, 0 to 1.')
  conversionDiscount!: string;

  @Flag('Whether it may be deposited and backs new risk and withdrawals.')
  eligible!: boolean;

  @When('The instant from which what is still held counts for nothing. Null if it has no end.', OPTIONAL)
  runOffDate!: Date | null;

  @Flag('Whether that instant has come.')
  ranOff!: boolean;

  @When('When they were set.')
  setAt!: Date;

  @SeqNo('Journal entry that set them.')
  setSeq!: bigint;
}

export const collateralTermsOf = (row: TermsRow): CollateralTerms => ({
  ...row,
  haircut: shortest(row.haircut),
  conversionDiscount: shortest(row.conversionDiscount),
});

async function readCurrency(context: Context, id: string): Promise<Currency | null> {
  return (await context.read()).db.currency.findUnique({ where: { id } });
}

resolversOf(
  one({
    name: 'currency',
    key: ({ id }) => id,
    description: 'A currency by its code. Null if it does not exist.',
    of: Currency,
    id: 'The code.',
    access: ROLES,
    read: readCurrency,
  }),
  list({
    name: 'currencies',
    description: 'Currencies by code.',
    of: connectionOf('Currency', Currency, 'currencies'),
    access: ROLES,
    table: 'Currency',
    order: BY_ID,
    node: (row): Currency => row,
  }),
  list({
    name: 'collateralTerms',
    key: { currency: ({ currency }) => currency, version: ({ version }) => version },
    description: 'Terms of collateral, every version, by currency.',
    of: connectionOf('CollateralTerms', CollateralTerms, 'terms of collateral'),
    access: ROLES,
    table: 'CollateralTerms',
    order: versionsBy('currency'),
    filters: { currency: byId('Only versions for this currency.') },
    node: collateralTermsOf,
  }),
);
