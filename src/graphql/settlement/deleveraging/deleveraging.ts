/**
 * Deleveraging: decisions with the figures by which they can be judged, and the notice to each holder.  Rules: SL-5,
 * S09
 */

import { ObjectType } from 'type-graphql';
import type { DeleveragingCause as Cause } from '../../../core/model/deleveraging';
import type { DeleveragedPosition as PositionRow, Deleveraging as Row } from '../../../store/generated/client';
import { approximate, parseRatio } from '../../../units/ratio';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byId, fieldsOf, list, listField, one, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { descending, NEWEST_FIRST } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { Account } from '../../reference/account';
import { DeleveragingBound, DeleveragingMethod, DeleveragingScore } from '../../reference/deleveragingPolicy';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Share, Text, When, Whole } from '../../schema/fields';

export const DeleveragingCause = enumOf<Cause>(
  'DeleveragingCause',
  'Why positions were closed against holders on the other side.',
  {
    LOSS_LAYER: 'A loss that the layers before it could not bear.',
    LADDER: 'The last rung of the disposal ladder: nobody else took the position.',
    INVENTORY_CAP: "The loss of the house's inventory reached its cap.",
    OWNER_POSITIONS:
      'The owner of a bankrupt account holds the other side in another one. Both are closed at the mark before ' +
      'anybody else bears.',
    TEAR_UP_LAYER: "A loss that the tear-up of the house's inventory had to bear.",
    TEAR_UP: 'An officer decided it, with a second person.',
  },
);

@Reached()
@ObjectType({
  description: 'A decision to close a position against holders on the other side. Amounts are in its currency.',
  implements: Node,
})
export class Deleveraging {
  @Id('The decision.')
  id!: string;

  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => DeleveragingCause, 'The reason.')
  cause!: string;

  @Ref('Account', 'The account whose position was closed. Null if the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Ref('Liquidation', 'The liquidation, for an account on the last rung. Null if the caller may not see it.', OPTIONAL)
  liquidationId!: string | null;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Of(() => DeleveragingMethod, 'How holders are chosen.')
  method!: string;

  @Of(() => DeleveragingScore, 'The formula that ranked the holders.')
  score!: string;

  @Of(() => DeleveragingBound, 'The most that a holder could be asked to give up.')
  bound!: string;

  @Whole('The version of the deleveraging policy. 0 is the standard policy.')
  policyVersion!: number;

  @Amount('Contracts that the account traded, signed: above zero is a buy.')
  size!: string;

  @Amount('The budget: the amount that was missing.')
  budget!: string;

  @Amount('The amount that all holders together could have given up.')
  available!: string;

  @Amount('The amount that they gave up against the mark. It is never more than the budget.')
  used!: string;

  @Amount('The amount that they gave up beyond the budget. It is zero.')
  overshoot!: string;

  @Whole('Number of holders on the other side.')
  holders!: number;

  @Whole('Number of these that were closed or gave something up.')
  affected!: number;

  @Amount('The profit of the holders on the other side in the instrument, by the basis of the policy.')
  profit!: string;

  @Rate('The share of that profit that was given up, to 12 digits. Null if there was no profit.', OPTIONAL)
  profitShare!: string | null;

  @Share(
    'The Herfindahl index of what was given up: the sum of squared shares. 1 if one holder bore ' +
      'all, 0 if nothing was given up.',
  )
  concentration!: string;

  @Amount('The fee charged to the account, on the last rung.', OPTIONAL)
  fee!: string | null;

  @Amount('The penalty charged to the account, on the last rung.', OPTIONAL)
  penalty!: string | null;

  @Text('The reason of an officer. Empty for other causes.')
  reason!: string;
}

@Reached()
@ObjectType({
  description: 'A position that was deleveraged: the notice to its holder. Amounts are in its currency.',
})
export class DeleveragedPosition {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('House time at which it happened.')
  at!: Date;

  @Ref('Deleveraging', 'The decision.')
  deleveragingId!: string;

  @Ref('Account', 'The holder.')
  accountId!: string;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('Currency of the amounts.')
  currency!: string;

  @Whole('The rank among the holders on its side: 1 is the first.')
  rank!: number;

  @Whole('Number of holders that were ranked.')
  holders!: number;

  @Share('The score of its rank.')
  score!: string;

  @Amount('Contracts that the holder traded, signed: above zero is a buy. Zero if its share was less than a lot.')
  size!: string;

  @Amount('The amount that the holder paid, above zero, or received.')
  value!: string;

  @Rate('The price of the closing, to 12 digits. Null if no lot was closed.', OPTIONAL)
  price!: string | null;

  @Amount('The mark at that time, in the quote currency.')
  mark!: string;

  @Amount('The profit of the holder in the position before, signed, by the basis of the policy.')
  profit!: string;

  @Amount('The amount that the holder gave up against the mark.')
  forgone!: string;
}

const DIGITS = 12;

function deleveragingOf(row: Row, context: Context): Deleveraging {
  const { amounts } = context.services;
  const { currency, instrumentId } = row;
  const money = (value: Row['used']): string => amounts.money(value, currency);
  const accountId = shownAccount(context, row.accountId);
  const share = parseRatio(row.used.toFixed());
  const profit = parseRatio(row.profit.toFixed());
  return {
    ...row,
    accountId,
    liquidationId: accountId && row.liquidationId,
    size: amounts.size(row.size, instrumentId),
    budget: money(row.budget),
    available: money(row.available),
    used: money(row.used),
    overshoot: money(row.overshoot),
    profit: money(row.profit),
    profitShare:
      profit.numerator === 0n
        ? null
        : approximate(share.numerator * profit.denominator, share.denominator * profit.numerator, DIGITS),
    fee: row.fee && money(row.fee),
    penalty: row.penalty && money(row.penalty),
  };
}

function positionOf(row: PositionRow, { services }: Context): DeleveragedPosition {
  const { amounts, directory } = services;
  const { currency, instrumentId } = row;
  const [value, size] = [parseRatio(row.value.toFixed()), parseRatio(row.size.toFixed())];
  const multiplier = parseRatio(directory.instrument(instrumentId).multiplier);
  const above = value.numerator * size.denominator * multiplier.denominator;
  const below = value.denominator * size.numerator * multiplier.numerator;
  return {
    ...row,
    size: amounts.size(row.size, instrumentId),
    value: amounts.money(row.value, currency),
    price: below === 0n ? null : approximate(above, below, DIGITS),
    mark: amounts.price(row.mark, instrumentId),
    profit: amounts.money(row.profit, currency),
    forgone: amounts.money(row.forgone, currency),
  };
}

export async function readDeleveraging(context: Context, id: string): Promise<Deleveraging | null> {
  const row = await (await context.read()).db.deleveraging.findUnique({ where: { id } });
  return row && deleveragingOf(row, context);
}

resolversOf(
  one({
    name: 'deleveraging',
    key: ({ id }) => id,
    description: 'A decision to deleverage. Null if it does not exist.',
    of: Deleveraging,
    id: 'The decision.',
    access: ACCOUNT_READERS,
    read: readDeleveraging,
  }),
  list({
    name: 'deleveragings',
    description:
      'Decisions to deleverage, the newest first. Everybody may see their figures. Accounts that ' +
      'the caller may not see are not named.',
    of: connectionOf('Deleveraging', Deleveraging, 'decisions to deleverage'),
    access: ACCOUNT_READERS,
    table: 'Deleveraging',
    order: descending({ seq: 'bigint', id: 'text' }),
    filters: { instrument: byId('Only in this instrument.', 'instrumentId') },
    node: deleveragingOf,
  }),
);

const POSITIONS = {
  of: connectionOf('DeleveragedPosition', DeleveragedPosition, 'deleveraged positions'),
  table: 'DeleveragedPosition',
  order: NEWEST_FIRST,
  node: positionOf,
} as const;

export const DeleveragingFields = fieldsOf(
  Deleveraging,
  listField({
    ...POSITIONS,
    name: 'positions',
    description: 'The positions that the decision closed and that the caller may see, the last in rank first.',
    within: ({ id }: Deleveraging) => ({ deleveragingId: id }),
    scope: ({ sight }) => [inSight(sight, 'accountId')],
  }),
);

export const AccountDeleveragingFields = fieldsOf(
  Account,
  listField({
    ...POSITIONS,
    name: 'deleveragedPositions',
    description: 'The positions of the account that were deleveraged, the newest first.',
    within: ({ id }: Account) => ({ accountId: id }),
  }),
);
