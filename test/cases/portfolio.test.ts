/** Worked cases of auctions of whole portfolios. Source: derivexyz/v2-core@7736900, test/auction/unit-tests. */

import { healthOf } from '../../src/core/margin/health';
import { amountOfLevel } from '../../src/core/margin/level';
import { standingOfAccount } from '../../src/core/margin/standing';
import { priceOf, shareForSale, worthOf } from '../../src/core/settlement/portfolio/terms';
import { MARGIN_PER_CASH } from '../../src/units/quantity';
import { byTwo } from '../support/ladder';
import { portfolioIn, portfolioPolicy, shareOf } from '../support/portfolio';
import { rungOf, setLadder } from '../support/rungs';
import { caseHouse, deal, markAt, tier } from './house';

const usd = (amount: number): bigint => BigInt(amount) * 10n ** 8n;

/** 300 behind a portfolio that needs 400; the account is to have so much more than it needs. */
function solvent(buffer: string, lot = '1') {
  const house = caseHouse({
    scale: 8,
    instruments: { ETH: { price: '1.2', tick: '0.1', lot, tiers: [tier('0', null, '1/11', '1/11')] } },
    policy: { target: [{ base: 'MAINTENANCE', ratio: buffer }] },
    deposits: { a: '1180', b: '900000' },
  });
  byTwo(house, portfolioPolicy({ start: '1', cutoff: '0.8', fast: 600_000, slow: 7_200_000, reserveShare: '0.1' }));
  setLadder(house, [rungOf('AUCTION'), rungOf('HOUSE')]);
  deal(house, 'ETH', 'a', 'b', '4400', '1.2');
  markAt(house, 'ETH', '1');
  house.pass('1h');
  return house;
}

test.each([
  ['1', 4400n],
  ['0.000001', 4_400_000_000n],
])(
  'A47 300 against 400 and a buffer of 10 %%: 140 short, all asked for at first, 7/22 for sale, in lots of %s',
  (lot, lots) => {
    const house = solvent('1.1', lot);
    const standing = standingOfAccount(house.state, 'a');
    expect([standing.equity, standing.maintenance]).toEqual([usd(300) * MARGIN_PER_CASH, usd(400) * MARGIN_PER_CASH]);
    const level = amountOfLevel(standing.picture.policy?.target ?? [], standing);
    expect(standing.equity - level).toBe(-usd(140) * MARGIN_PER_CASH);
    const auction = portfolioIn(house, 'a');
    const at = auction.startedAt;
    expect(priceOf(auction, worthOf(standing, auction), at)).toBe(usd(300));
    // What is left needs 272.72..., rounded up: so one lot more than theirs.
    const share = shareForSale(house.state, auction, at);
    expect(share - 318_181_818_181_818_181n).toBeGreaterThanOrEqual(0n);
    expect(share - 318_181_818_181_818_181n).toBeLessThanOrEqual(10n ** 18n / lots + 1n);
    house.send(shareOf(auction, null, '300', 'b'));
    const { equity, maintenance } = healthOf(house.state, 'a');
    expect([equity, maintenance]).toEqual([usd(300), lot === '1' ? 27_263_636_364n : 27_272_727_264n]);
    expect(house.state.portfolios.size).toBe(0);
  },
);

test('A47 control: without the buffer a quarter is for sale, and later more, for it is cheaper', () => {
  const house = solvent('1');
  const auction = portfolioIn(house, 'a');
  expect(shareForSale(house.state, auction, auction.startedAt)).toBe(250_000_000_000_000_000n);
  house.pass('5m');
  // at nine tenths: 300 - 30 f >= 400 (1 - f)
  const share = shareForSale(house.state, auction, house.now);
  expect(share).toBeGreaterThanOrEqual(270_270_270_270_270_270n);
  expect(share).toBeLessThan(270_500_000_000_000_000n); // in whole lots
});
