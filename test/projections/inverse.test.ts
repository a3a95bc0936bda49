/**
 * What the rows say of an inverse contract, to the last part of a unit, and what the core says of it on rows.  QC-2,
 * X-4, SL-2
 */

import { createPlainState } from '../../src/core/engine/genesis';
import { explainAccount } from '../../src/core/margin/explain';
import { healthOf } from '../../src/core/margin/health';
import { hydrate } from '../../src/projections/reading/hydrate';
import { queriesOf } from '../../src/store/client';
import { mark, trade } from '../support/given';
import type { TestHouse } from '../support/house';
import { INVERSE, inverseHouse, openCoins } from '../support/inverse';
import { applyText } from '../support/twin';
import { expectAccountsAgree, expectLedgerAgrees } from './agreement';
import { describeStores, followed, projected } from './support';

const DAY = 86_400_000;
const HOLDERS = ['a', 'b', 'c', 'd'];

/** Positions that were settled, made smaller, turned and closed, before and after a loss period began. */
function inverseLife(): TestHouse {
  const house = inverseHouse({ interval: 3_600_000 });
  const layers = ['INSURANCE_FUND', 'SOCIALIZED_LOSS'] as const;
  house.send({ type: 'SetLossPolicy', currency: 'BTC', layers, base: 'GAINS', period: DAY, fundTarget: '0' });
  for (const id of HOLDERS) openCoins(house, id, '50');
  for (const [i, id] of HOLDERS.slice(1).entries())
    trade(house, id, 'a', String(70_001 * (i + 1)), `${10_000 + 7 * i}.5`, INVERSE);
  mark(house, '10311.5', INVERSE);
  house.pass('1h');
  trade(house, 'a', 'b', '33333', '10307', INVERSE);
  trade(house, 'a', 'c', '200000', '10299.5', INVERSE);
  mark(house, '9987', INVERSE);
  house.pass('26h');
  mark(house, '10013', INVERSE);
  trade(house, 'a', 'd', '11', '10013', INVERSE);
  return house;
}

const LIFE = inverseLife();

test('a position of the life has a part of a unit, before and after the period began', () => {
  const fractions = LIFE.entries.flatMap(({ outcome }) =>
    'events' in outcome ? outcome.events.flatMap((event) => ('positions' in event ? event.positions : [])) : [],
  );
  expect(fractions.filter(({ fraction }) => fraction !== undefined).length).toBeGreaterThan(5);
  expect(
    LIFE.entries.some(
      ({ outcome }) => 'events' in outcome && outcome.events.some(({ type }) => type === 'LossPeriodStarted'),
    ),
  ).toBe(true);
});

describeStores('an inverse contract', (store) => {
  test('QC-2 X-1 SL-2 rows say what accounts hold, what it cost and what they gained since the period began', async () => {
    await (await projected(store(), followed(LIFE.entries), { batchLimit: 7 })).close();
    await expectAccountsAgree(store(), LIFE);
    await expectLedgerAgrees(store(), LIFE);
  });

  test('X-4 QC-2 health and explanation on rows are those of the house', async () => {
    await (await projected(store(), followed(LIFE.entries), { batchLimit: 40 })).close();
    const live = createPlainState();
    for (const { entry } of followed(LIFE.entries)) applyText(live, entry);
    const rows = await hydrate(queriesOf(store().prisma), { seq: live.seq, at: live.now }, HOLDERS);
    for (const id of HOLDERS) {
      expect(healthOf(rows, id)).toEqual(healthOf(live, id));
      expect(explainAccount(rows, id)).toEqual(explainAccount(live, id));
    }
  });
});
