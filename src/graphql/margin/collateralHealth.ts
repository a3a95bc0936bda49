/** What other currencies count for in an account, for calls and for new risk.  Rules: QC-3, RB-4 */

import { ObjectType } from 'type-graphql';
import { type CollateralHealth as CollateralFigures, marginText } from '../../core/margin/health';
import { indexIdOf } from '../../core/reference/indices';
import { Reached } from '../access/policy';
import { rateText } from '../reading/amounts';
import type { Services } from '../reading/context';
import { Amount, Flag, Id, OPTIONAL, Rate, SeqNo, When } from '../schema/fields';

@Reached()
@ObjectType({ description: "Collateral in a currency other than the account's." })
export class CollateralHealth {
  @Id('The currency.')
  currency!: string;

  @Amount('The balance, in that currency.')
  amount!: string;

  @Amount('Index price, in the currency of the account. Null until there is one.', OPTIONAL)
  price!: string | null;

  @SeqNo('The journal entry that made the index price. It is the id of the price.')
  priceSeq!: number;

  @Flag('Whether the index is stale. The collateral then supports no new risk.')
  stale!: boolean;

  @Flag('Whether it backs new risk and withdrawals as long as its index is not stale.')
  eligible!: boolean;

  @When(
    'Of a currency that was struck off: the instant from which it counts for nothing. Null if it has no end.',
    OPTIONAL,
  )
  runOffDate!: number | null;

  @Rate(
    'The haircut of the whole balance for calls and close-out: the share taken off its index value, rounded up. It is ' +
      '1 once the run-off date has come.',
  )
  haircut!: string;

  @Rate(
    'Value after haircut, in the currency of the account, rounded down. It is exact to 12 digits ' +
      'past the smallest unit.',
  )
  value!: string;

  @Rate(
    'What it counts for as backing of new risk and withdrawals, in the currency of the account, rounded down likewise. ' +
      'Nothing where it is stale or not eligible.',
  )
  openingValue!: string;

  @Amount(
    "The part of the balance that counts there within the house's limit on what all accounts hold of the currency.",
  )
  withinHouseLimit!: string;

  @Amount('The part of it that matches long positions of the account in the currency, all orders filled.')
  wrongWay!: string;
}

export const collateralShown = (
  item: CollateralFigures,
  currency: string,
  { amounts, directory }: Pick<Services, 'amounts' | 'directory'>,
): CollateralHealth => ({
  ...item,
  amount: amounts.cash(item.amount, item.currency),
  price: item.price === null ? null : amounts.indexTicks(item.price, indexIdOf(item.currency, currency)),
  haircut: rateText(item.haircut),
  value: marginText(item.value, directory.scaleOf(currency)),
  openingValue: marginText(item.openingValue, directory.scaleOf(currency)),
  withinHouseLimit: amounts.cash(item.within, item.currency),
  wrongWay: amounts.cash(item.wrongWay, item.currency),
});
