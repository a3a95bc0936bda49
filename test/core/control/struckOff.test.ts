/**
 * A coin that was struck off: what it backs no more, where more of it is not taken in, and what it goes on counting
 * for.  Ruling 11
 */

import { healthOf } from '../../../src/core/margin/health';
import type { Command } from '../../../src/core/message/command';
import type { WhatIf } from '../../../src/core/trial/question';
import { formatScaled } from '../../../src/units/decimal';
import { auctionIn, inDebt, takeOf } from '../../support/auction';
import { mark, onePerpetual, openAccount, pay, trade, tradeOf } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';
import { offered, portfolioIn, shareOf } from '../../support/portfolio';
import { defineIndex, quote } from '../../support/prices';
import { provider, rungOf } from '../../support/rungs';
import { whatIf } from '../../support/whatIf';

const termsOf = (currency: string, eligible: boolean) =>
  ({ type: 'SetCollateralTerms', currency, haircut: '0.3', conversionDiscount: '0.3', eligible }) as const;
const strikeOff = (house: TestHouse, currency = 'BTC') => house.send(termsOf(currency, false));

/** BTC at 50,000 of which 35,000 count. */
function acceptCoin(house: TestHouse): void {
  defineIndex(house, { sources: ['a'], minimumSources: 1, heartbeat: 7 * 86_400_000 });
  byTwo(house, termsOf('BTC', true));
  quote(house, 'a', '50000');
}

/** Alice has 1,000 and a coin, against 2,500 for each contract. */
function holder(): TestHouse {
  const house = onePerpetual();
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '1000');
  openAccount(house, 'sister', undefined, { owner: 'alice' });
  acceptCoin(house);
  pay(house, 'alice', '1', 'BTC');
  return house;
}

function withPosition(): TestHouse {
  const house = holder();
  trade(house, 'alice', 'maker', '1', '50000');
  return house;
}

/** Taken while the coin is eligible, refused once it is struck off. */
function expectBacked(
  make: () => TestHouse,
  commandOf: (house: TestHouse) => Command,
  code: string,
  currency = 'BTC',
): void {
  const [accepted, struck] = [make(), make()];
  strikeOff(struck, currency);
  expect([accepted, struck].map((house) => rejectionOf(house.try(commandOf(house)))?.code)).toEqual([undefined, code]);
}

describe('ruling 11 what is struck off backs no new risk', () => {
  test('ruling 11 no trade', () => {
    expectBacked(holder, () => tradeOf('alice', 'maker', '1', '50000'), 'INSUFFICIENT_INITIAL_MARGIN');
  });

  test('ruling 11 no order', () => {
    const order = {
      type: 'PlaceOrder',
      order: 'o',
      account: 'alice',
      instrument: 'BTC-PERP',
      side: 'BUY',
      size: '1',
      price: '50000',
    } as const;
    expectBacked(holder, () => order, 'INSUFFICIENT_INITIAL_MARGIN');
  });

  test('ruling 11 no bid for positions', () => {
    const bidding = (): TestHouse => {
      const house = offered();
      openAccount(house, 'bidder', '2000', { member: 'm1' });
      acceptCoin(house);
      pay(house, 'bidder', '1', 'BTC');
      return house;
    };
    expectBacked(
      bidding,
      (house) => shareOf(portfolioIn(house), null, '11000', 'bidder'),
      'INSUFFICIENT_INITIAL_MARGIN',
    );
  });

  test('ruling 11 no provision of liquidity', () => {
    const assignedOf = (struck: boolean): number => {
      const house = offered({ rungs: [rungOf('AUCTION'), rungOf('BACKSTOP'), rungOf('HOUSE')] });
      provider(house, 'pat', '10000000', '0', '10');
      acceptCoin(house);
      pay(house, 'pat', '1', 'BTC');
      if (struck) strikeOff(house);
      return ofType(house.pass('1h'), 'BackstopAssigned').length;
    };
    expect([assignedOf(false), assignedOf(true)]).toEqual([1, 0]);
  });

  test.each<[string, () => TestHouse, Partial<WhatIf>]>([
    ['a trade', holder, { trades: [{ instrument: 'BTC-PERP', side: 'BUY', size: '1', price: null }] }],
    ['another price', withPosition, { prices: [{ instrument: 'BTC-PERP', price: '49900' }] }],
  ])('ruling 11 nor where it is asked what would be: %s', (_, make, question) => {
    const [accepted, struck] = [make(), make()];
    strikeOff(struck);
    expect(
      [accepted, struck].map(({ state }) => whatIf(state, { account: 'alice', ...question }).meetsInitialMargin),
    ).toEqual([true, false]);
  });
});

test('ruling 11 it backs no withdrawal', () => {
  expectBacked(
    withPosition,
    () => ({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '0.01' }),
    'COLLATERAL_ENCUMBERED',
  );
});

describe('ruling 11 no more of it is taken in', () => {
  test('ruling 11 no deposit', () => {
    expectBacked(
      holder,
      () => ({ type: 'DepositCollateral', account: 'alice', currency: 'BTC', amount: '1' }),
      'COLLATERAL_NOT_ELIGIBLE',
    );
  });

  test('ruling 11 no transfer from another account', () => {
    const moved = { type: 'TransferCollateral', from: 'alice', to: 'sister', currency: 'BTC', amount: '1' } as const;
    expectBacked(holder, () => moved, 'COLLATERAL_NOT_ELIGIBLE');
  });

  test('ruling 11 no purchase at an auction', () => {
    expectBacked(inDebt, (house) => takeOf(auctionIn(house), '1', '132'), 'COLLATERAL_NOT_ELIGIBLE', 'ETH');
  });
});

test('ruling 11 what was held when it was struck off counts at its haircut for what is open', () => {
  const house = withPosition();
  strikeOff(house);
  // 1,000 and 35,000, less 30,000 lost at 20,000: far above what is required. In cash alone there would be a debt.
  expect(mark(house, '20000').map(({ type }) => type)).not.toContain('MarginCallIssued');
  const { status, equity } = healthOf(house.state, 'alice');
  expect([status, formatScaled(equity, 2)]).toEqual(['HEALTHY', '6000.00']);
});
