/** A mark of zero, as of oil in April 2020: nothing is required and nothing levered, and deleveraging goes on. */

import type { Holding } from '../../../../src/core/margin/model/holding';
import { standingOfAccount } from '../../../../src/core/margin/standing';
import { scoreOf } from '../../../../src/core/risk/deleveragingScore';
import { compareRatios, type Ratio } from '../../../../src/units/ratio';
import { deleveragingHouse } from '../../../support/deleveraging';
import { flatTiers, mark, openAccount, trade } from '../../../support/given';
import { amended, ofType } from '../../../support/house';
import { ladderOf, rungOf } from '../../../support/rungs';

const maySinkBelowZero = <T>(make: () => T): T =>
  amended(
    (command) => (command.type === 'DefineInstrument' ? { ...command, allowsNonPositivePrice: true } : command),
    make,
  );

test.each([
  ['at zero', '0', 'PROFIT_LEVERAGE'],
  ['below zero', '-10', 'PROFIT_LEVERAGE'],
  ['at zero, by the other score', '0', 'PRICE_RATIO'],
] as const)('SL-5 LF-3 what a bankrupt long held is closed against shorts with the mark %s', (_what, price, score) => {
  const house = maySinkBelowZero(() =>
    deleveragingHouse({ price: '100', tiers: flatTiers('0.02', '0.01'), deleveraging: { score } }),
  );
  house.send(ladderOf([rungOf('DELEVERAGING')]));
  openAccount(house, 'long', '50');
  for (const id of ['won', 'more', 'lost', 'other']) openAccount(house, id, '1000');
  trade(house, 'long', 'won', '1', '100');
  trade(house, 'long', 'more', '0.5', '110');
  // In loss whatever the mark: sold for less than it is bought back for.
  trade(house, 'other', 'lost', '0.1', '-20');
  const events = mark(house, price);
  // The whole of the long, against those in profit first.
  const closed = ofType(events, 'PositionDeleveraged').map(({ account, size }) => `${account} ${size}`);
  expect(closed.sort()).toEqual(['more 5', 'won 10']);
  expect(house.state.book.position('long', 'BTC-PERP')?.size ?? 0n).toBe(0n);
});

test('SL-5 a short without any leverage scores nothing in profit, and comes last in loss', () => {
  const house = maySinkBelowZero(() => deleveragingHouse({ price: '100', tiers: flatTiers('0.02', '0.01') }));
  for (const id of ['won', 'lost', 'long']) openAccount(house, id, '1000');
  trade(house, 'long', 'won', '1', '100');
  trade(house, 'long', 'lost', '1', '-20');
  mark(house, '0');
  const scores = ['won', 'lost'].map((id) => {
    const standing = standingOfAccount(house.state, id);
    return scoreOf(standing, standing.picture.holdings[0] as Holding, 'PROFIT_LEVERAGE', 'UNREALISED');
  });
  expect(scores[0]).toEqual({ numerator: 0n, denominator: 1n });
  expect(compareRatios(scores[1] as Ratio, { numerator: -1_000_000n, denominator: 1n })).toBe(-1);
});
