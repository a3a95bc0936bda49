/** 110 accounts of one owner buy a thin coin with the profit of what they hold, and it falls by 30 %.  S05 */

import { balanceOf } from '../../../src/core/ledger/transfers';
import { healthOf } from '../../../src/core/margin/health';
import { definePerpetual, flatTiers, mark, onePerpetual, openAccount, tradeOf } from '../../support/given';
import type { TestHouse } from '../../support/house';

const WALLETS = Array.from({ length: 110 }, (_, i) => `w${i}`);
const COIN = 'YFI-PERP';
const FUND = 40_000_000;

/** Open interest in whole dollars. */
const openNotional = ({ state }: TestHouse): number => {
  const listing = state.listings.get(COIN);
  return Number(
    (state.book.longLots(COIN) * (listing?.mark?.price ?? 0n) * (listing?.instrument.tickValue ?? 0n)) / 100n,
  );
};

/** In cents. */
const fundOf = ({ state }: TestHouse): number => Number(balanceOf(state, 'insurance-fund', 'USD'));

/** Wave after wave the price rises by a fifth, and everybody asks for five times its equity; then it falls by 30 %. */
function live(guarded: boolean): { readonly house: TestHouse; readonly highest: number; readonly refused: number } {
  const house = onePerpetual();
  house.audited = false;
  definePerpetual(house, COIN, { price: '5000', tick: '1', lot: '0.01', tiers: flatTiers('0.2', '0.1') });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: String(FUND), source: 'EXTERNAL' });
  if (guarded) {
    const ramp = { lowerCap: '10000000', upperCap: '50000000', interval: 60_000 };
    house.send({ type: 'SetOpenInterestScaling', instrument: COIN, ramp });
  }
  openAccount(house, 'maker', '500000000');
  for (const wallet of WALLETS) openAccount(house, wallet, '1460', { owner: 'whale' });
  let [price, refused, highest] = [5000, 0, 0];
  for (let wave = 0; wave < 7; wave++) {
    if (wave > 0) price = Math.round(price * 1.22);
    mark(house, String(price), COIN);
    for (const wallet of WALLETS) {
      const { equity, grossNotional } = healthOf(house.state, wallet);
      // a lot is worth a cent for each dollar of the price
      const lots = Math.floor(Number(equity * 5n - grossNotional) / price) - 1;
      if (lots <= 0) continue;
      const asked = tradeOf(wallet, 'maker', (lots / 100).toFixed(2), String(price), COIN);
      if ('rejection' in house.try(asked)) refused += 1;
    }
    highest = Math.max(highest, openNotional(house));
    house.pass('1m');
  }
  mark(house, String(Math.round(price * 0.7)), COIN);
  house.pass('1h');
  return { house, highest, refused };
}

test('S05 rates that rise with open interest leave the fund as it was', () => {
  const { house, highest, refused } = live(true);
  expect(refused).toBeGreaterThan(100);
  expect(highest).toBeGreaterThan(10_000_000);
  expect(highest).toBeLessThan(50_000_000);
  expect(fundOf(house)).toBe(FUND * 100);
});

test('S05 control: at a flat 20 % open interest passes 60 millions, and the fall costs the fund millions', () => {
  const { house, highest, refused } = live(false);
  expect(refused).toBe(0);
  expect(highest).toBeGreaterThan(60_000_000);
  expect(FUND * 100 - fundOf(house)).toBeGreaterThan(500_000_000);
});
