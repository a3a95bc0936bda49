/** Settlement runs: everybody who held an instrument, paid or charged at one price, with the proof of it.  Rule: DS-2 */

import { ObjectType } from 'type-graphql';
import type { SettlementRun as RunRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import { shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byId, byOneOf, fieldsOf, list, listField, resolversOf } from '../reading/list';
import { ascending, NEWEST_FIRST } from '../reading/page';
import { inSight } from '../reading/scoped';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Text, When, Whole } from '../schema/fields';

export const SettlementKind = enumOf<'VARIATION' | 'FUNDING' | 'EXPIRY'>('SettlementKind', 'What a run settles.', {
  VARIATION: 'Gains and losses since the run before.',
  FUNDING: 'Funding of a perpetual.',
  EXPIRY: 'A future at its end.',
});

@Reached()
@ObjectType({ description: 'A settlement run. Its hash is over inputs, outputs, rule and the run before, so anybody can check it.' })
export class SettlementRun {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('When.')
  at!: Date;

  @Of(() => SettlementKind, 'What it settles.')
  kind!: string;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('Currency of the payments.')
  currency!: string;

  @Amount('The mark it was done at, in the quote currency.')
  price!: string;

  @Rate('Funding rate, of funding: longs pay shorts above zero.', OPTIONAL)
  rate!: string | null;

  @Text('SHA-256 of price and positions.')
  inputs!: string;

  @Text('SHA-256 of the lines.')
  outputs!: string;

  @Text('Hash of the run before of this instrument.', OPTIONAL)
  previous!: string | null;

  @Text('Hash of the run.')
  hash!: string;

  @Text('Name and version of the rule.')
  rule!: string;
}

@Reached()
@ObjectType({ description: 'What one account received or paid in a settlement run.' })
export class SettlementLine {
  @Id('The account.')
  accountId!: string;

  @Amount('Received above zero, paid below, in the currency of the run.')
  amount!: string;
}

const runOf = (row: RunRow, { services }: Context): SettlementRun => ({
  ...row,
  price: services.amounts.price(row.price, row.instrumentId),
  rate: row.rate && shortest(row.rate),
});

export const SettlementRunQueries = resolversOf(
  list({
    name: 'settlementRuns',
    description: 'Settlement runs, the newest first.',
    of: connectionOf('SettlementRun', SettlementRun, 'settlement runs'),
    access: ACCOUNT_READERS,
    table: 'SettlementRun',
    order: NEWEST_FIRST,
    filters: {
      instrument: byId('Of this instrument only.', 'instrumentId'),
      kind: byOneOf(SettlementKind, 'Of one of these kinds only.'),
    },
    node: runOf,
  }),
);

export const SettlementRunFields = fieldsOf(
  SettlementRun,
  listField({
    name: 'lines',
    description: 'Who received or paid what, by account, as far as the caller may see them.',
    of: connectionOf('SettlementLine', SettlementLine, 'lines of a settlement run'),
    table: 'SettlementLine',
    order: ascending({ accountId: 'text' }),
    filters: { account: byId('Of this account only.', 'accountId') },
    within: ({ seq, place }: SettlementRun) => ({ seq, place }),
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: ({ accountId, amount }, { services }, { currency }) => ({ accountId, amount: services.amounts.money(amount, currency) }),
  }),
);
