/** Currencies, and the terms on which one counts as collateral for accounts margined in another. */

import { ObjectType } from 'type-graphql';
import { type Written, written } from '../../core/kind/write';
import { HAIRCUT_BASIS_INPUT, HAIRCUT_BRACKET_INPUT } from '../../core/message/collateralInputs';
import { COLLATERAL_VARIANTS, type CollateralVariants } from '../../core/model/collateral';
import type { CollateralTerms as TermsRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { TermsType, termsOf } from '../mutation/terms';
import { shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID, versionsBy } from '../reading/page';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'A currency in which the house keeps books.', implements: Node })
export class Currency {
  @Id('The code, such as `USDT`.')
  id!: string;

  @Whole('Digits after the point of its smallest unit. Amounts have no more digits.')
  scale!: number;
}

@TermsType('Haircuts of what one account holds above an amount. They hold up to the amount of the next bracket.')
export class HaircutBracket extends termsOf(HAIRCUT_BRACKET_INPUT.fields, 'openingHaircut') {
  @Rate('The haircut for new risk and withdrawals. Never below the other.')
  openingHaircut!: string;
}

@TermsType(
  'By what a haircut is measured: it is never below multiple x volatility x the root of the horizon in years of 365 ' +
    'days.',
)
export class HaircutBasis extends termsOf(HAIRCUT_BASIS_INPUT.fields) {}

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

  @Rate('The haircut: the share taken off its index value for calls and close-out, 0 to 1.')
  haircut!: string;

  @Rate('The share below the index at which the house takes it over to cover a debt, 0 to 1.')
  conversionDiscount!: string;

  @Flag('Whether it may be deposited and backs new risk and withdrawals.')
  eligible!: boolean;

  @When('The instant from which what is still held counts for nothing. Null if it has no end.', OPTIONAL)
  runOffDate!: Date | null;

  @Flag('Whether that instant has come.')
  ranOff!: boolean;

  @Rate('The haircut for new risk and withdrawals. Never below the other.')
  openingHaircut!: string;

  @Of(() => [HaircutBracket], 'Higher haircuts of what one account holds above stated amounts, ascending.')
  brackets!: HaircutBracket[];

  @Amount('What one account holds above this amount counts for nothing. Null if there is no limit.', OPTIONAL)
  accountLimit!: string | null;

  @Amount(
    'What all accounts together hold above this amount counts for nothing for new risk and withdrawals: of each the ' +
      'same share. Null if there is no limit.',
    OPTIONAL,
  )
  houseLimit!: string | null;

  @Rate(
    'The least haircut, for new risk and withdrawals, of collateral up to the value of the long positions that the ' +
      'account has in contracts on the same currency. Null if there is no such rule.',
    OPTIONAL,
  )
  wrongWayHaircut!: string | null;

  @Of(() => HaircutBasis, 'By what the haircut is measured. Null if it is not.', OPTIONAL)
  basis!: HaircutBasis | null;

  @When('When they were set.')
  setAt!: Date;

  @SeqNo('Journal entry that set them.')
  setSeq!: bigint;
}

function collateralTermsOf(row: TermsRow, directory: Directory): CollateralTerms {
  const haircut = shortest(row.haircut);
  const { openingHaircut, brackets, accountLimit, houseLimit, wrongWayHaircut, basis }: Written<CollateralVariants> =
    row.variants === null ? {} : written(COLLATERAL_VARIANTS, row.variants, directory.scaleOf(row.currency));
  return {
    ...row,
    ...{ haircut, conversionDiscount: shortest(row.conversionDiscount) },
    ...{ openingHaircut: openingHaircut ?? haircut, brackets: brackets ?? [] },
    ...{ accountLimit: accountLimit ?? null, houseLimit: houseLimit ?? null },
    ...{ wrongWayHaircut: wrongWayHaircut ?? null, basis: basis ?? null },
  };
}

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
    node: (row, { services }) => collateralTermsOf(row, services.directory),
  }),
);
