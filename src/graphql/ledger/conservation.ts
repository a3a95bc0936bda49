/** The proof that no money was made or lost: per currency, every balance adds up to zero.  Rules: X-1, B3-3 */

import { Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import { conservationOf, isNothing } from '../../projections/ledger/conservation';
import { Access, Reached, STAFF } from '../access/policy';
import { AsOf, asOf } from '../reading/asOf';
import type { Context } from '../reading/context';
import { Amount, Flag, Id, Of } from '../schema/fields';

@Reached()
@ObjectType({ description: 'The sums of all balances of a currency.' })
export class CurrencyConservation {
  @Id('The currency.')
  currency!: string;

  @Amount('Sum of what margin accounts hold, signed.')
  accounts!: string;

  @Amount("Sum of what the house's ledger accounts hold, signed: funds, fees, capital and control accounts.")
  house!: string;

  @Amount('All payments in less all payments out.')
  paidIn!: string;

  @Amount('accounts + house - paidIn: zero, always.')
  difference!: string;

  @Flag('Whether the difference is zero.')
  holds!: boolean;
}

@Reached()
@ObjectType({ description: 'Whether money is conserved, by currency.' })
export class Conservation {
  @Of(() => [CurrencyConservation], 'One line for each currency.')
  currencies!: CurrencyConservation[];

  @Flag('Whether every difference is zero.')
  holds!: boolean;

  @Of(() => AsOf, 'The journal entry it is as of.')
  asOf!: AsOf;
}

@Resolver()
export class ConservationQueries {
  @Access(...STAFF)
  @Query(() => Conservation, { complexity: 100, description: 'Adds up every balance of every currency.' })
  async conservation(@Ctx() context: Context): Promise<Conservation> {
    const reading = await context.read();
    const { amounts } = context.services;
    const currencies = (await conservationOf(reading.db)).map(({ currency, accounts, house, paidIn, difference }) => ({
      currency,
      accounts: amounts.money(accounts, currency),
      house: amounts.money(house, currency),
      paidIn: amounts.money(paidIn, currency),
      difference: amounts.money(difference, currency),
      holds: isNothing(difference),
    }));
    return { currencies, holds: currencies.every((line) => line.holds), asOf: asOf(reading) };
  }
}
