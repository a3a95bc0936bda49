/** Accounts in one reporting currency: every line at a recorded price, and totals at the same.  QC-3, PV-4 */

import { standingOfAccount } from '../../../src/core/margin/standing';
import { valuationOf } from '../../../src/core/margin/valuation';
import { mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { defineIndex, quote } from '../../support/prices';

const exact = (units: bigint): bigint => units * 10n ** 12n;

/** BTC at 50,000 less 10 %, EUR at 1.25, GBP without a price. Alice is long one contract that has gained 1,000. */
function mixed(): TestHouse {
  const house = onePerpetual();
  for (const currency of ['EUR', 'GBP']) house.send({ type: 'DefineCurrency', currency, scale: 2 });
  for (const [base, haircut] of [
    ['BTC', '0.1'],
    ['EUR', '0'],
  ] as const) {
    defineIndex(house, { base, sources: ['a'], minimumSources: 1, heartbeat: 7 * 86_400_000 });
    house.send({ type: 'SetCollateralTerms', currency: base, haircut, conversionDiscount: '0', eligible: true });
  }
  quote(house, 'a', '50000');
  quote(house, 'a', '1.25', null, 'EUR/USD');
  openAccount(house, 'maker', '100000');
  openAccount(house, 'alice', '1000');
  pay(house, 'alice', '2', 'BTC');
  pay(house, 'alice', '100', 'EUR');
  trade(house, 'alice', 'maker', '1', '50000');
  mark(house, '51000');
  return house;
}

test('QC-3 an account in a currency that is not its own, line by line, each price by its entry', () => {
  const { state } = mixed();
  const seqOf = (index: string): number | undefined => state.indices.get(index)?.state.seq;
  const { lines, rates, ...figures } = valuationOf(state, ['alice'], 'EUR');
  expect(
    lines.map(({ kind, instrument, currency, value, counted }) => [kind, instrument ?? currency, value, counted]),
  ).toEqual([
    ['CASH', 'USD', exact(80_000n), exact(80_000n)],
    ['UNREALISED', 'BTC-PERP', exact(80_000n), exact(80_000n)],
    ['COLLATERAL', 'BTC', exact(8_000_000n), exact(7_200_000n)],
    ['COLLATERAL', 'EUR', exact(10_000n), exact(10_000n)],
  ]);
  expect(rates).toEqual([
    { index: 'BTC/USD', price: 5_000_000n, seq: seqOf('BTC/USD'), stale: false },
    { index: 'EUR/USD', price: 125n, seq: seqOf('EUR/USD'), stale: false },
  ]);
  expect(figures).toEqual({
    currency: 'EUR',
    value: exact(8_170_000n),
    counted: exact(7_370_000n),
    grossNotional: 4_080_000n,
    leverage: '0.553595658073',
    unpriced: [],
  });
});

test('QC-3 in its own currency it is its equity, and against the direction of an index too', () => {
  const { state } = mixed();
  expect(valuationOf(state, ['alice'], 'USD').counted).toBe(standingOfAccount(state, 'alice').equity);
  // 102,125 at 50,000; a satoshi has twelve digits.
  expect(valuationOf(state, ['alice'], 'BTC')).toMatchObject({
    value: exact(204_250_000n),
    leverage: '0.553595658073',
  });
});

test('PV-4 the total of several accounts is the sum of them at the same prices', () => {
  const { state } = mixed();
  const [alice, maker, both] = [['alice'], ['maker'], ['alice', 'maker']].map((ids) => valuationOf(state, ids, 'EUR'));
  expect(both?.value).toBe((alice?.value ?? 0n) + (maker?.value ?? 0n));
  expect(both?.counted).toBe((alice?.counted ?? 0n) + (maker?.counted ?? 0n));
  expect(both?.lines).toEqual([...(alice?.lines ?? []), ...(maker?.lines ?? [])]);
  expect(both?.rates).toEqual(alice?.rates);
  expect(both?.grossNotional).toBe(8_160_000n);
});

test('QC-3 what no index leads to is left out and named', () => {
  const { state } = mixed();
  expect(valuationOf(state, ['alice', 'maker'], 'GBP')).toMatchObject({
    ...{ lines: [], rates: [], value: 0n, leverage: null, unpriced: ['USD'] },
  });
});
