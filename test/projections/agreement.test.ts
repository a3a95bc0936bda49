/** What the rows say is what the house is, whatever has happened to it. */

import { MOST_AN_ENTRY } from '../../src/core/margincall/backlog';
import { EVENTS, type EventType, transfersOf } from '../../src/core/message/event';
import { NOTHING } from '../../src/projections/commit/checkpoint';
import { commitEntries, loadMemory } from '../../src/projections/commit/commit';
import { conservationOf, isNothing } from '../../src/projections/ledger/conservation';
import type { Store } from '../../src/store/client';
import { endedLife } from '../support/ended';
import { fundedLife } from '../support/funding';
import type { TestHouse } from '../support/house';
import { ladderLife } from '../support/ladderLife';
import { Exact } from '../support/oracle';
import { pricedLife } from '../support/prices';
import { ladderStoryOf } from '../support/walkLadder';
import { weightsLife } from '../support/weights';
import {
  expectAccountsAgree,
  expectAgreement,
  expectCasesAgree,
  expectLedgerAgrees,
  expectMarketsAgree,
} from './agreement';
import { expectPersonsAgree, figure, happened, money, sorted } from './agreementOfDefaults';
import { auctionLives, countedLife, coveredLife, haltedLife, portfolioLife, waterfallLife } from './settlementLives';
import { crowdedLife, deleveragedLife, lifeOf, SEEDS } from './stories';
import { describeStores, followed, projected } from './support';

const HOUSES = SEEDS.map((seed) => lifeOf(seed));
const CROWD = crowdedLife();
const DELEVERAGED = deleveragedLife();
const LADDERED = [25, 27].map((seed) => ladderStoryOf(seed));
const SETTLED = [
  waterfallLife(),
  portfolioLife(),
  ...auctionLives(),
  haltedLife(),
  countedLife(),
  endedLife(),
  fundedLife(),
  pricedLife(),
  weightsLife(),
];

test('the stories know every type of event, and end with calls, liquidations and orders that are open', () => {
  const seen = new Set<EventType>(
    [...HOUSES, CROWD, DELEVERAGED, ladderLife(), coveredLife(), ...SETTLED]
      .flatMap(happened)
      .map(({ event }) => event.type),
  );
  expect(Object.keys(EVENTS).filter((type) => !seen.has(type as EventType))).toEqual([]);
  const open = HOUSES.map(({ state }) => [
    state.calls,
    state.liquidations,
    state.liquidationOrders,
    state.orders,
    state.proposals,
  ]);
  for (const i of [0, 1, 2, 3, 4]) expect(open.some((maps) => (maps[i]?.size ?? 0) > 0)).toBe(true);
});

/** What liquidations say that they charged is what the ledger says, whichever rung it was on. */
async function expectChargesBooked({ prisma }: Store, house: TestHouse): Promise<void> {
  const { _sum } = await prisma.liquidation.aggregate({ _sum: { fee: true, penalty: true } });
  const transfers = happened(house).flatMap(({ event }) => transfersOf(event));
  const booked = (reason: string): bigint =>
    transfers.filter((transfer) => transfer.reason === reason).reduce((sum, { amount }) => sum + amount, 0n);
  expect([figure(_sum.fee), figure(_sum.penalty)]).toEqual(
    [booked('LIQUIDATION_FEE'), booked('LIQUIDATION_PENALTY')].map((amount) => money(house.state, 'USD', amount)),
  );
}

describeStores('rows and house', (store) => {
  test.each(SEEDS.map((seed, i) => [seed, i]))(
    'X-1 X-3 X-6 story %i: accounts, balances, positions, orders, calls, liquidations, funds, prices, terms, keys',
    async (_seed, i) => {
      const house = HOUSES[i] as (typeof HOUSES)[number];
      await (await projected(store(), followed(house.entries), { batchLimit: 40 })).close();
      await expectAgreement(store(), house);
    },
  );

  test.each(LADDERED.map((house, i) => [i, house] as const))(
    'X-1 LE-4 LI-5 SL-5 CA-5 a random life on a ladder, number %i',
    async (_, house) => {
      for (const type of [
        'LiquidationTaken',
        'PortfolioTaken',
        'BackstopAssigned',
        'ReductionMoved',
        'LossAllocated',
      ] as const)
        expect([type, happened(house).some(({ event }) => event.type === type)]).toEqual([type, true]);
      // Both of positions with something behind them, and of what the house took with nothing.
      const causes = happened(house).flatMap(({ event }) =>
        event.type === 'DeleveragingDecided' ? [event.decided] : [],
      );
      const onRung = causes
        .filter(({ cause }) => cause === 'LADDER')
        .map(({ account }) => account.startsWith('close-out:'));
      expect([onRung.includes(true), onRung.includes(false)]).toEqual([true, true]);
      await (await projected(store(), followed(house.entries), { batchLimit: 40 })).close();
      await expectAgreement(store(), house);
      await expectChargesBooked(store(), house);
      // LE-4 every slice with its slippage, those that were deleveraged too.
      const fills = await store().prisma.liquidationFill.findMany({ where: { kind: 'DELEVERAGING' } });
      const carried = happened(house).flatMap(({ event }) =>
        event.type === 'DeleveragingDecided' && event.carried ? [event.carried] : [],
      );
      const usd = (amount: bigint): string => money(house.state, 'USD', amount);
      expect(
        sorted(
          fills.map((row) => [
            figure(row.value),
            figure(row.slippageMark),
            figure(row.slippageTrigger),
            figure(row.slippageBankruptcy),
          ]),
        ),
      ).toEqual(
        sorted(
          carried.map(({ value, slippage: { mark, trigger, bankruptcy } }) =>
            [value, mark, trigger, bankruptcy].map(usd),
          ),
        ),
      );
    },
  );

  test('LE-3 a crowd that is called by one price, entry by entry', async () => {
    await (await projected(store(), followed(CROWD.entries))).close();
    expect(await store().prisma.marginCall.count({ where: { status: 'OPEN' } })).toBeGreaterThan(MOST_AN_ENTRY);
    await expectAgreement(store(), CROWD);
  });

  test.each([
    ['B3-1 LCS-4 losses down a waterfall, with a default fund, pools, claims', 0],
    ['CA-3 collateral at a Dutch auction', 1],
    ['CA-2 collateral at an English auction', 2],
    ['ruling 13 a call whose clock stands', 4],
    ['ruling 12 changes of terms that are counted', 5],
    ['EX-1 EX-2 contracts that end, and one in the window of its last price', 6],
    ['PS-2 PS-5 funding that the house computes', 7],
    ['ruling 14 losses that are shared by what was there when the debt began', 8],
  ])('%s', async (_, i) => {
    const house = SETTLED[i] as TestHouse;
    await (await projected(store(), followed(house.entries), { batchLimit: 3 })).close();
    await expectAgreement(store(), house);
  });

  test.each([1, 7, 1000])(
    'SL-5 S07 positions that are deleveraged, caps, limits, %i entries a commit',
    async (batchLimit) => {
      await (await projected(store(), followed(DELEVERAGED.entries), { batchLimit })).close();
      await expectAgreement(store(), DELEVERAGED);
      const pairs = await store().prisma.deleveragedPosition.findMany();
      expect(pairs.length).toBeGreaterThan(3);
      expect(new Set((await store().prisma.deleveraging.findMany()).map(({ cause }) => cause))).toEqual(
        new Set(['LOSS_LAYER', 'INVENTORY_CAP', 'TEAR_UP']),
      );
    },
  );

  test('a row that says anything else is found', async () => {
    const [, house] = HOUSES as [unknown, (typeof HOUSES)[number]];
    await (await projected(store(), followed(house.entries))).close();
    const unnoticed: string[] = [];
    for (const [change, check] of CHANGES) {
      const found = await changed(store(), change, () => check(store(), house));
      if (!found) unnoticed.push(change);
    }
    expect(unnoticed).toEqual([]);
    await expectAgreement(store(), house);
  });

  test('X-1 B3-3 after every entry, what accounts and house hold in each currency is what was paid in', async () => {
    const house = lifeOf(30, 60);
    let memory = await store().transaction(loadMemory);
    let checkpoint = NOTHING;
    let paidIn = '0';
    for (const one of followed(house.entries)) {
      ({ checkpoint, memory } = await store().transaction((sql) => commitEntries(sql, memory, checkpoint, [one])));
      const sums = await conservationOf(store().prisma);
      expect(sums.filter(({ difference }) => !isNothing(difference))).toEqual([]);
      paidIn = sums.find(({ currency }) => currency === 'USD')?.paidIn.toFixed() ?? paidIn;
    }
    const moves = happened(house).flatMap(({ event }) => ('transfers' in event ? event.transfers : []));
    const outside = moves
      .filter(({ currency }) => currency === 'USD')
      .reduce(
        (sum, { from, to, amount }) => sum + (from === 'external' ? amount : to === 'external' ? -amount : 0n),
        0n,
      );
    expect(new Exact(paidIn).times(100).toFixed()).toBe(String(outside));
  });

  test('X-1 a cent that nobody paid shows as a difference', async () => {
    await (await projected(store(), followed((HOUSES[0] as (typeof HOUSES)[number]).entries))).close();
    await store().prisma
      .$executeRaw`UPDATE "Balance" SET "amount" = "amount" + 0.01 WHERE "accountId" = 'maker' AND "currency" = 'USD'`;
    const sums = await conservationOf(store().prisma);
    expect(
      sums
        .filter(({ difference }) => !isNothing(difference))
        .map(({ currency, difference }) => [currency, difference.toFixed()]),
    ).toEqual([['USD', '0.01']]);
  });
});

type Check = (store: Store, house: (typeof HOUSES)[number]) => Promise<void>;

const one = (table: string, key: string): string => `"${key}" = (SELECT min("${key}") FROM "${table}")`;

/** Rows made to say something else, and who has to notice. */
const CHANGES: readonly (readonly [string, Check])[] = [
  [`UPDATE "Account" SET "warned" = "warned" + 1 WHERE ${one('Account', 'id')}`, expectAccountsAgree],
  [`UPDATE "Account" SET "levied" = "levied" + 0.01 WHERE ${one('Account', 'id')}`, expectAccountsAgree],
  [`UPDATE "Balance" SET "amount" = "amount" + 0.00000001 WHERE "currency" = 'BTC'`, expectAccountsAgree],
  [`DELETE FROM "Position" WHERE ${one('Position', 'accountId')}`, expectAccountsAgree],
  [`UPDATE "Position" SET "gain" = "gain" - 0.01 WHERE ${one('Position', 'accountId')}`, expectAccountsAgree],
  [
    `UPDATE "Position" SET "settled" = "settled" - 0.01, "realised" = "realised" + 0.01 WHERE ${one('Position', 'accountId')}`,
    expectAccountsAgree,
  ],
  [
    `UPDATE "Position" SET "recent" = replace("recent", '"gained":"', '"gained":"1') WHERE "recent" IS NOT NULL`,
    expectAccountsAgree,
  ],
  [`UPDATE "MarginCall" SET "paid" = "paid" + 0.01 WHERE "status" = 'OPEN'`, expectCasesAgree],
  [`UPDATE "Liquidation" SET "steps" = "steps" + 1 WHERE "endedAt" IS NULL`, expectCasesAgree],
  [`UPDATE "LiquidationOrder" SET "limit" = NULL WHERE "status" = 'OPEN'`, expectCasesAgree],
  [
    `UPDATE "LedgerAccount" SET "balance" = "balance" - 0.01 WHERE "name" = 'house-fees' AND "currency" = 'USD'`,
    expectLedgerAgrees,
  ],
  [`UPDATE "InsuranceFund" SET "balance" = "balance" + 1, "contributed" = "contributed" + 1`, expectLedgerAgrees],
  [`UPDATE "Instrument" SET "markStale" = NOT "markStale" WHERE "id" = 'BTC-PERP'`, expectMarketsAgree],
  [`UPDATE "Instrument" SET "stable" = "stable" + 0.000000000001 WHERE "id" = 'BTC-PERP'`, expectMarketsAgree],
  [
    `UPDATE "IndexQuote" SET "quarantined" = NOT "quarantined" WHERE ${one('IndexQuote', 'source')}`,
    expectMarketsAgree,
  ],
  [`UPDATE "ApiKey" SET "revokedAt" = NULL WHERE "id" = 'key-1'`, expectPersonsAgree],
];

/** Runs a check against rows that were changed, then puts them back. */
async function changed(store: Store, change: string, check: () => Promise<void>): Promise<boolean> {
  const table = /"(\w+)"/.exec(change)?.[1] ?? '';
  const kept = await store.prisma.$queryRawUnsafe<{ rows: string }[]>(
    `SELECT json_agg(t)::text AS rows FROM "${table}" t`,
  );
  expect([change, await store.prisma.$executeRawUnsafe(change)]).not.toEqual([change, 0]);
  const found = await check().then(
    () => false,
    () => true,
  );
  await store.transaction(async ({ query }) => {
    await query(`SET LOCAL session_replication_role = replica`);
    await query(`DELETE FROM "${table}"`);
    await query(`INSERT INTO "${table}" SELECT * FROM json_populate_recordset(NULL::"${table}", $1::json)`, [
      kept[0]?.rows,
    ]);
  });
  return found;
}
