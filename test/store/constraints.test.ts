/**
 * What must hold of a row whoever writes it: every CHECK of the migrations is in the catalogue, and bites. Rows of a
 * house that has seen everything are changed so that each of them breaks one rule, and one only. , B3-1
 */

import { readMigrations } from '../../src/store/migrate';
import { lifeOf } from '../projections/stories';
import { describeFollowed } from '../projections/support';
import { BROKEN } from './brokenRules';

const HOUSE = lifeOf(40);

/** CHECKs as the migrations leave them: one may take back what an earlier one wrote. */
async function written(): Promise<string[]> {
  const scripts = (await readMigrations()).map(({ script }) => script).join('\n');
  const names = new Set<string>();
  const written = /DROP CONSTRAINT "(\w+)"|ADD CONSTRAINT "(\w+)" CHECK|RENAME CONSTRAINT "(\w+)" TO "(\w+)"/g;
  for (const [, dropped, added, before, after] of scripts.matchAll(written)) {
    if (dropped) names.delete(dropped);
    if (added || names.delete(before ?? '')) names.add(added ?? after ?? '');
  }
  return [...names].sort();
}

const SAME = {
  instrumentId: 'BTC-PERP',
  currency: 'USD',
  size: 1,
  holders: 1,
  score: '1',
  profit: 1,
  seq: 1,
  at: new Date(),
};
const DECISION = {
  ...SAME,
  id: 'delev',
  cause: 'TEAR_UP',
  accountId: 'close-out:USD',
  method: 'OPEN_INTEREST',
  bound: 'PROFIT',
  policyVersion: 0,
  ...{ budget: 1, available: 1, used: 1, overshoot: 0, affected: 1, concentration: '1', reason: '' },
};
const NOTICE = { ...SAME, place: 0, accountId: 'maker', rank: 1, value: 1, mark: 1, forgone: 1 };

const PORTFOLIO = {
  id: 'pfa',
  accountId: 'maker',
  liquidationId: 'liq',
  currency: 'USD',
  mode: 'SOLVENT',
  status: 'OPEN',
  sold: 0,
  takes: 0,
  proceeds: 0,
  fairValue: 0,
  fund: 0,
  version: 1,
  policyVersion: 1,
  startedAt: new Date(),
  deadline: new Date(),
  openedSeq: 1,
};
const SHARE = {
  seq: 1,
  place: 0,
  auctionId: 'pfa',
  takerId: 'maker',
  share: 1,
  value: 1,
  price: 1,
  premium: 0,
  at: new Date(),
};

const SCALED = {
  ...{ instrumentId: 'BTC-PERP', version: 1, lowerCap: 1, upperCap: 2, intervalMs: 60_000, setSeq: 1 },
  ...{ openInterest: 1, openNotional: 1, reviewPrice: 1, reviewedAt: new Date() },
};

const FIXED = {
  ...{ seq: 1, place: 0, instrumentId: 'BTC-PERP', policyVersion: 1, from: new Date(0), to: new Date(1) },
  ...{ samples: 1, missed: 0, rate: 0, exact: '0' },
};

class Undone extends Error {}

describeFollowed('CHECK constraints', HOUSE.entries, (store) => {
  beforeAll(async () => {
    const { prisma } = store();
    await prisma.journalBlock.create({ data: { firstSeq: 1, lastSeq: 2, lines: '', previous: '0', hash: '1' } });
    await prisma.openOrder.create({
      data: { id: 'o', accountId: 'maker', instrumentId: 'BTC-PERP', side: 'BUY', size: 1, price: 1, at: new Date() },
    });
    await prisma.deleveragingPolicy.create({ data: { id: 'USD', version: 1, currency: 'USD', terms: {}, setSeq: 1 } });
    await prisma.marketLimits.create({
      data: { instrumentId: 'BTC-PERP', version: 1, float: 1, openInterest: 0, setSeq: 1 },
    });
    await prisma.openInterestScaling.create({ data: SCALED });
    await prisma.fundingPolicy.create({ data: { instrumentId: 'BTC-PERP', version: 1, terms: {}, setSeq: 1 } });
    await prisma.fundingRate.create({ data: FIXED });
    await prisma.venue.create({ data: { id: 'nasdaq', name: 'A venue', highest: 1 } });
    await prisma.priceGuards.create({ data: { indexId: 'BTC/USD', version: 1, terms: {}, setSeq: 1 } });
    await prisma.inventoryDraw.create({ data: { accountId: 'close-out:USD', drawn: 1, reached: false } });
    await prisma.deleveraging.create({ data: { ...DECISION, positions: { create: [NOTICE] } } });
    await prisma.portfolioAuction.create({ data: PORTFOLIO });
    await prisma.portfolioTake.create({ data: SHARE });
    await prisma.snapshot.create({ data: { seq: 2, digest: '', bytes: Buffer.from('') } });
  });

  test('the catalogue has every one that the migrations write, and no other', async () => {
    const rows = await store().prisma.$queryRaw<{ name: string }[]>`
      SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND convalidated AND connamespace =
      'public'::regnamespace`;
    expect(rows.map(({ name }) => name).sort()).toEqual(await written());
    expect(rows.length).toBeGreaterThan(80);
  });

  test('each is broken by one of the changes below', async () => {
    expect(BROKEN.map(([name]) => name).sort()).toEqual(await written());
  });

  test.each(BROKEN)('%s', async (name, set) => {
    const table = name.slice(0, name.indexOf('_'));
    const change = store().transaction(async ({ query }) => {
      const changed = await query(`UPDATE "${table}" SET ${set} RETURNING 1`);
      throw new Undone(`${changed.length} rows of ${table} were changed`);
    });
    await expect(change).rejects.toMatchObject({ code: '23514', constraint: name });
  });

  test('a change that breaks no rule goes through', async () => {
    const change = store().transaction(async ({ query }) => {
      const changed = await query(`UPDATE "MarginCall" SET "amount" = "amount" + 1 RETURNING 1`);
      throw new Undone(`${changed.length > 0}`);
    });
    await expect(change).rejects.toThrow(new Undone('true'));
  });
});
