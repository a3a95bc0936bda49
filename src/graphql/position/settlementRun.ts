/**
 * Settlement runs: everybody who held an instrument, paid or charged at one price, with the proof of it.  Rule: DS-2
 */

import { ObjectType } from 'type-graphql';
import type { SettlementRun as RunRow, SettlementSample as SampleRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Reached, ROLES } from '../access/policy';
import { shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byId, byOneOf, fieldsOf, list, listField, resolversOf } from '../reading/list';
import { ascending, NEWEST_FIRST } from '../reading/page';
import { inSight } from '../reading/scoped';
import { enumOf } from '../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Span, Text, When, Whole } from '../schema/fields';

export const SettlementKind = enumOf<'VARIATION' | 'FUNDING' | 'EXPIRY'>(
  'SettlementKind',
  'The kind of a settlement run.',
  {
    VARIATION: 'Gains and losses since the previous run.',
    FUNDING: 'Funding of a perpetual.',
    EXPIRY: 'The end of a contract.',
  },
);

export const PricedBy = enumOf<'WINDOW' | 'OFFICER'>('PricedBy', 'Where a last price comes from, if it is no mark.', {
  WINDOW: 'The average of its index over a window.',
  OFFICER: 'Two persons, where no price could be had.',
});

@Reached()
@ObjectType({
  description: 'A settlement run. Its hash covers inputs, outputs, rule and the previous run, so anybody can check it.',
})
export class SettlementRun {
  @SeqNo('Journal entry that made it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => SettlementKind, 'The kind of the run.')
  kind!: string;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('Currency of the payments.')
  currency!: string;

  @Amount(
    'The price of the run, in the quote currency: the mark, the last price of the contract, or what the funding ' +
      'policy says.',
  )
  price!: string;

  @Rate('For a funding run: the funding rate. Above zero longs pay shorts.', OPTIONAL)
  rate!: string | null;

  @Of(() => PricedBy, 'For the end of a contract: where its last price comes from. Null if it is the mark.', OPTIONAL)
  pricedBy!: string | null;

  @When('Start of the window over which the index was averaged.', OPTIONAL)
  windowFrom!: Date | null;

  @When('When the average was complete, or another price was set.', OPTIONAL)
  windowUntil!: Date | null;

  @Span('How long the index had a live price in the window.', OPTIONAL)
  windowLive!: number | null;

  @Text('SHA-256 of price and positions.')
  inputs!: string;

  @Text('SHA-256 of the lines.')
  outputs!: string;

  @Text('Hash of the previous run of this instrument.', OPTIONAL)
  previous!: string | null;

  @Text('Hash of this run.')
  hash!: string;

  @Text('Name and version of the rule.')
  rule!: string;
}

@Reached()
@ObjectType({ description: 'The payment of one account in a settlement run.' })
export class SettlementLine {
  @Ref('Account', 'The account.')
  accountId!: string;

  @Amount('The amount, in the currency of the run: above zero if the account received it, below zero if it paid.')
  amount!: string;
}

@Reached()
@ObjectType({
  description:
    'A price of the index that counts towards the last price of a contract: from its time until that of the next one, ' +
    'or until the average is complete.',
})
export class SettlementSample {
  @SeqNo('Journal entry that took it.')
  seq!: bigint;

  @Whole('Its place among the events of that entry.')
  place!: number;

  @When('From when it counts.')
  at!: Date;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Ref('PriceIndex', 'Its index.')
  indexId!: string;

  @Amount('The price of the index, in the quote currency. Null if it had none that was live.', OPTIONAL)
  price!: string | null;
}

const runOf = (row: RunRow, { services }: Context): SettlementRun => ({
  ...row,
  price: services.amounts.price(row.price, row.instrumentId),
  rate: row.rate && shortest(row.rate),
  windowLive: row.windowLiveMs === null ? null : Number(row.windowLiveMs),
});

const sampleOf = (row: SampleRow, { services }: Context): SettlementSample => ({
  ...row,
  price: row.price && services.amounts.indexPrice(row.price, row.indexId),
});

resolversOf(
  list({
    name: 'settlementRuns',
    description: 'Settlement runs, the newest first.',
    of: connectionOf('SettlementRun', SettlementRun, 'settlement runs'),
    access: ACCOUNT_READERS,
    table: 'SettlementRun',
    order: NEWEST_FIRST,
    filters: {
      instrument: byId('Only runs of this instrument.', 'instrumentId'),
      kind: byOneOf(SettlementKind, 'Only runs of these kinds.'),
    },
    node: runOf,
  }),
  list({
    name: 'settlementSamples',
    description: 'Prices of indices that count towards last prices, the newest first.',
    of: connectionOf('SettlementSample', SettlementSample, 'prices that count'),
    access: ROLES,
    table: 'SettlementSample',
    order: NEWEST_FIRST,
    filters: { instrument: byId('Only of this instrument.', 'instrumentId') },
    node: sampleOf,
  }),
);

export const SettlementRunFields = fieldsOf(
  SettlementRun,
  listField({
    name: 'lines',
    description: 'The payments of accounts that the caller may see, by account.',
    of: connectionOf('SettlementLine', SettlementLine, 'lines of a settlement run'),
    table: 'SettlementLine',
    order: ascending({ accountId: 'text' }),
    filters: { account: byId('Only events of this account.', 'accountId') },
    within: ({ seq, place }: SettlementRun) => ({ seq, place }),
    scope: ({ sight }) => [inSight(sight, 'accountId')],
    node: ({ accountId, amount }, { services }, { currency }) => ({
      accountId,
      amount: services.amounts.money(amount, currency),
    }),
  }),
);
