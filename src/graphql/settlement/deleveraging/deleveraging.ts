/** Deleveraging: decisions with the figures by which they can be judged, and the notice to each holder.  Rules: SL-5, S09 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { DeleveragingCause as Cause } from '../../../core/model/deleveraging';
import type { DeleveragedPosition as PositionRow, Deleveraging as Row } from '../../../store/generated/client';
import { approximate, parseRatio } from '../../../units/ratio';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, fieldsOf, list, listField, one, resolversOf } from '../../reading/list';
import { descending, NEWEST_FIRST } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { Account } from '../../reference/account';
import { DeleveragingBound, DeleveragingMethod, DeleveragingScore } from '../../reference/deleveragingPolicy';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Share, Text, When, Whole } from '../../schema/fields';

export const DeleveragingCause = enumOf<Cause>('DeleveragingCause', 'Why positions were closed against holders on the other side.', {
  LOSS_LAYER: 'A loss that the layers before could not bear.',
  LADDER: 'The last rung of the disposal ladder: nobody else took the position.',
  INVENTORY_CAP: 'The loss of what the house took over reached its cap.',
  TEAR_UP_LAYER: 'A loss that was left to the tear-up of what the house took over.',
  TEAR_UP: 'An officer, with a second person.',
});

@Reached()
@ObjectType({ description: 'A decision to close a position against holders on the other side. Amounts are in its currency.' })
export class Deleveraging {
  @Id('The decision.')
  id!: string;

  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Of(() => DeleveragingCause, 'Why.')
  cause!: string;

  @Id('Whose position was closed; null where the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Id('The liquidation, of an account on the last rung; null where the caller may not see it.', OPTIONAL)
  liquidationId!: string | null;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('Currency of its amounts.')
  currency!: string;

  @Of(() => DeleveragingMethod, 'Against whom.')
  method!: string;

  @Of(() => DeleveragingScore, 'By which formula holders were ranked.')
  score!: string;

  @Of(() => DeleveragingBound, 'The most a holder could be asked.')
  bound!: string;

  @Whole('Version of the deleveraging policy; 0 is the standard that nobody set.')
  policyVersion!: number;

  @Amount('Contracts traded by the account, buy above zero.')
  size!: string;

  @Amount('What was missing.')
  budget!: string;

  @Amount('What the holders could have given up together.')
  available!: string;

  @Amount('What they gave up against the mark: never more than what was missing.')
  used!: string;

  @Amount('What they gave up beyond what was missing: zero.')
  overshoot!: string;

  @Whole('Holders on the other side.')
  holders!: number;

  @Whole('Of them, those whose position was closed or who gave up something.')
  affected!: number;

  @Amount('Profit that holders on the other side had in the instrument, by the basis of the policy.')
  profit!: string;

  @Rate('Share of that profit which was given up, to 12 digits; null where there was none.', OPTIONAL)
  profitShare!: string | null;

  @Share('Herfindahl index of what was given up: the sum of squared shares, 1 where one holder bore all, 0 where nothing was.')
  concentration!: string;

  @Amount('Fee charged to the account, on the last rung.', OPTIONAL)
  fee!: string | null;

  @Amount('Penalty charged to the account, on the last rung.', OPTIONAL)
  penalty!: string | null;

  @Text('Reason of an officer; empty of all others.')
  reason!: string;
}

@Reached()
@ObjectType({
  description: 'A position that was closed against one that nobody wanted: the notice to its holder. Amounts are in its currency.',
})
export class DeleveragedPosition {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('When.')
  at!: Date;

  @Id('The decision.')
  deleveragingId!: string;

  @Id('The holder.')
  accountId!: string;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('Currency of its amounts.')
  currency!: string;

  @Whole('Its rank among the holders on its side, 1 is the first.')
  rank!: number;

  @Whole('Holders that were ranked.')
  holders!: number;

  @Share('The score it was ranked by.')
  score!: string;

  @Amount('Contracts traded by the holder, buy above zero; zero where its share was less than a lot.')
  size!: string;

  @Amount('What the holder paid (above zero) or received for them.')
  value!: string;

  @Rate('Price of the closing, to 12 digits; null where no lot was closed.', OPTIONAL)
  price!: string | null;

  @Amount('Mark then, in the quote currency.')
  mark!: string;

  @Amount('Profit of the holder in the position before, signed, by the basis of the policy.')
  profit!: string;

  @Amount('What it gave up against the mark.')
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
      profit.numerator === 0n ? null : approximate(share.numerator * profit.denominator, share.denominator * profit.numerator, DIGITS),
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

export const DeleveragingQueries = resolversOf(
  one({
    name: 'deleveraging',
    description: 'A decision to deleverage; null where there is none.',
    of: Deleveraging,
    id: 'The decision.',
    access: ACCOUNT_READERS,
    read: readDeleveraging,
  }),
  list({
    name: 'deleveragings',
    description:
      'Decisions to deleverage, the newest first. Their figures are for everybody; accounts are named as far as the caller may see them.',
    of: connectionOf('Deleveraging', Deleveraging, 'decisions to deleverage'),
    access: ACCOUNT_READERS,
    table: 'Deleveraging',
    order: descending({ seq: 'bigint', id: 'text' }),
    filters: { instrument: byId('In this instrument only.', 'instrumentId') },
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
    description: 'The positions it closed, the last in rank first, as far as the caller may see them.',
    within: ({ id }: Deleveraging) => ({ deleveragingId: id }),
    scope: ({ sight }) => [inSight(sight, 'accountId')],
  }),
);

@Resolver(() => DeleveragedPosition)
export class DeleveragedPositionFields {
  @FieldResolver(() => Deleveraging, {
    nullable: true,
    complexity: 2,
    description: 'The decision: why, by which policy and with which figures.',
  })
  deleveraging(@Root() { deleveragingId }: DeleveragedPosition, @Ctx() context: Context): Promise<Deleveraging | null> {
    return readDeleveraging(context, deleveragingId);
  }
}

export const AccountDeleveragingFields = fieldsOf(
  Account,
  listField({
    ...POSITIONS,
    name: 'deleveragedPositions',
    description: 'Its positions that were deleveraged, the newest first.',
    within: ({ id }: Account) => ({ accountId: id }),
  }),
);
