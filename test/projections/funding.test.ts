/** What the rows say of funding that the house computes, and what the core says of it on rows.  PS-5, PS-6, X-4 */

import type { View } from '../../src/core/model/state';
import { predictedRate } from '../../src/core/position/fundingWindow';
import { hydrate } from '../../src/projections/reading/hydrate';
import { queriesOf } from '../../src/store/client';
import { known } from '../../src/units/failure';
import { fundedLife } from '../support/funding';
import { ofType } from '../support/house';
import { expectLedgerAgrees, expectMarketsAgree } from './agreement';
import { describeStores, followed, projected } from './support';

const LIFE = fundedLife();
const listingOf = (view: View) => known(view.listings.get('BTC-PERP'), 'Instrument', '');

describeStores('funding that the house computes', (store) => {
  test('PS-5 every rate is a row with what it rests on, and an interval that runs is as the engine has it', async () => {
    await (await projected(store(), followed(LIFE.entries), { batchLimit: 3 })).close();
    await expectMarketsAgree(store(), LIFE);
    await expectLedgerAgrees(store(), LIFE);
    const rows = await store().prisma.fundingRate.findMany({ orderBy: { seq: 'asc' } });
    const fixed = ofType(
      LIFE.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
      'FundingRateFixed',
    );
    expect(
      rows.map((row) => [row.samples, row.missed, row.policyVersion, row.from.getTime(), row.to.getTime()]),
    ).toEqual(fixed.map((event) => [event.samples, event.missed, event.policyVersion, event.from, event.to]));
    expect(rows.map(({ rate }) => rate.times('1e12').toFixed())).toEqual(fixed.map(({ rate }) => String(rate)));
    expect(fixed.length).toBeGreaterThan(1);
    const running = await store().prisma.fundingPolicy.findMany({ orderBy: { version: 'asc' } });
    expect(running.map(({ due }) => due?.getTime() ?? null)).toEqual([null, listingOf(LIFE.state).funding?.due]);
  });

  test('PS-5 X-4 the core says on rows what it says on its own state', async () => {
    await (await projected(store(), followed(LIFE.entries), { batchLimit: 40 })).close();
    const asOf = { seq: LIFE.state.seq, at: LIFE.state.now };
    const view = await hydrate(queriesOf(store().prisma), asOf, [], ['BTC-PERP']);
    const [read, own] = [listingOf(view), listingOf(LIFE.state)];
    expect(read.funding).toEqual(own.funding);
    expect(read.impact).toEqual(own.impact);
    expect(predictedRate(read)).toEqual(predictedRate(own));
  });
});
