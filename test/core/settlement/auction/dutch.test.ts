import fc from 'fast-check';
import { digestOf, linesOf } from '../../../../src/core/engine/digest';
import { applyEntry } from '../../../../src/core/engine/execute';
import { createPlainState } from '../../../../src/core/engine/genesis';
import { restoreState, saveState } from '../../../../src/core/engine/snapshot';
import { firstDeadline } from '../../../../src/core/engine/time';
import { decodeEvent, encodeEvent } from '../../../../src/core/message/codec';
import { RAY } from '../../../../src/core/settlement/auction/curve';
import { auctionPriceOf } from '../../../../src/core/settlement/auction/terms';
import { auctionIn, inDebt, quoteEth, takeOf } from '../../../support/auction';
import { openAccount, pay } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { linesOf as linesOfTransfers, onlyOf, statusOf } from '../../../support/liquidation';

const ledgerOf = (house: TestHouse, name: string, currency = 'USD'): bigint =>
  house.state.ledger.get(`${name} ${currency}`) ?? 0n;

describe('CA-1 collateral of an account with a debt goes to auction', () => {
  test('CA-1 the target is the debt with the penalty, the top the index with its multiplier; the lot is in escrow', () => {
    const house = inDebt();
    const auction = auctionIn(house);
    expect(auction).toMatchObject({
      status: 'OPEN',
      debt: 400_000n,
      target: 440_000n,
      quantity: 4_000_000_000n,
      round: 1,
    });
    expect([auction.top, auction.reserve]).toEqual([132n * RAY, 88n * RAY]);
    expect([house.balance('alice', 'ETH'), ledgerOf(house, `auction/${auction.id}`, 'ETH')]).toEqual([
      '0.00000000',
      4_000_000_000n,
    ]);
    expect(statusOf(house)).toBe('LIQUIDATING');
    house.pass('10m');
    expect(auctionPriceOf(auctionIn(house), house.now)).toBe(132n * powered(10));
  });

  test('CA-1 without a policy all stays as it was: the house takes the collateral over', () => {
    const house = inDebt({ policy: null });
    expect(house.state.auctions.size).toBe(0);
    expect(house.balance('alice', 'ETH')).toBe('0.00000000');
  });
});

/** 0.99 to a power, exact to 27 digits for small ones. */
function powered(n: number): bigint {
  return (RAY * 99n ** BigInt(n)) / 100n ** BigInt(n);
}

describe('CA-3 takes', () => {
  test(
    'CA-3 the sale stops at debt plus penalty; the rest of the lot goes back in the same entry; the account is ' +
      'restored',
    () => {
      const house = inDebt();
      const events = house.send(takeOf(auctionIn(house), '40', '140'));
      const [taken, ended] = [onlyOf(events, 'AuctionTaken'), onlyOf(events, 'AuctionEnded')];
      // 4,400 / 132 = 33.33333333 ETH.
      expect(taken).toMatchObject({ paid: 440_000n, quantity: 3_333_333_333n });
      expect(linesOfTransfers(taken.transfers)).toEqual([
        'AUCTION_PROCEEDS account/b1 > account/alice 440000',
        'LIQUIDATION_PENALTY account/alice > insurance-fund 40000',
        `AUCTION_LOT auction/${taken.auction} > account/b1 3333333333`,
      ]);
      expect(ended).toMatchObject({ outcome: 'SETTLED', unsold: 'RETURNED', proceeds: 440_000n });
      expect(linesOfTransfers(ended.transfers)).toEqual([
        `AUCTION_RETURN auction/${taken.auction} > account/alice 666666667`,
      ]);
      expect([house.balance('alice'), house.balance('alice', 'ETH'), house.balance('b1', 'ETH')]).toEqual([
        '0.00',
        '6.66666667',
        '33.33333333',
      ]);
      expect([statusOf(house), house.state.auctions.size]).toEqual(['HEALTHY', 0]);
      // Recovery: 4,400 over 3,666.6667 of fair value.
      expect(ended.recovery).toBe((440_000n * 10n ** 12n) / 366_667n);
    },
  );

  test('CA-3 partial takes: the debt first, then the penalty; no less than the minimum debt is left behind', () => {
    const house = inDebt();
    const first = onlyOf(house.send(takeOf(auctionIn(house), '10', '132')), 'AuctionTaken');
    expect(first).toMatchObject({ paid: 132_000n, quantity: 1_000_000_000n });
    expect(auctionIn(house)).toMatchObject({
      status: 'OPEN',
      debt: 268_000n,
      target: 308_000n,
      quantity: 3_000_000_000n,
    });
    // 23.2 ETH would raise 3,062.40 and leave 17.60: it is cut to leave the minimum debt of 22.
    const second = onlyOf(house.send(takeOf(auctionIn(house), '23.2', '132', 'b2')), 'AuctionTaken');
    expect(linesOfTransfers(second.transfers)[1]).toBe('LIQUIDATION_PENALTY account/alice > insurance-fund 37800');
    expect(second).toMatchObject({ paid: 305_800n });
    expect(auctionIn(house)).toMatchObject({ debt: 0n, target: 2200n });
  });

  test('CA-3 all of the lot for less than the debt: the rest is a loss, and the fund bears it', () => {
    const house = inDebt({ fund: '5000', policy: { startMultiplier: '0.85' } });
    const events = house.send(takeOf(auctionIn(house), '40', '100'));
    expect(onlyOf(events, 'AuctionEnded')).toMatchObject({
      outcome: 'SOLD_OUT',
      unsold: 'NOTHING',
      proceeds: 374_000n,
    });
    expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ account: 'alice', loss: 26_000n }]);
    expect(statusOf(house)).toBe('CLOSED');
  });

  test('CA-3 after every closing take the account is at its target within one lot, whatever was taken before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 30 }),
        (parts, minutes) => {
          const house = inDebt({ fund: '5000' });
          house.pass(`${minutes}m`);
          for (const part of [...parts, 4000]) {
            const [auction] = [...house.state.auctions.values()];
            if (!auction) break;
            house.try(takeOf(auction, `${part / 100}`, '200'));
          }
          expect(house.state.auctions.size).toBe(0);
          const [ended] = house.entries.flatMap(({ outcome }) =>
            'events' in outcome ? ofType(outcome.events, 'AuctionEnded') : [],
          );
          expect(
            ended?.outcome === 'SETTLED'
              ? house.state.book.balance('alice', 'USD') >= 0n
              : ended?.outcome === 'SOLD_OUT',
          ).toBe(true);
          expect(house.state.book.balance('alice', 'USD')).toBe(0n);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('CA-4 failure paths', () => {
  test('CA-4 nobody takes: a second round at a fresh price, then the next step of the liquidation, recorded', () => {
    const house = inDebt({ fund: '5000' });
    quoteEth(house, '100');
    const reset = onlyOf(house.pass('61m'), 'AuctionChanged');
    expect(reset).toMatchObject({
      change: 'RESET',
      by: null,
      auctioned: { round: 2, top: 120n * RAY, reserve: 80n * RAY },
    });
    const events = house.pass('61m');
    expect(onlyOf(events, 'AuctionEnded')).toMatchObject({ outcome: 'FAILED', unsold: 'CONVERSION', proceeds: 0n });
    // The house takes 40 ETH at 70: 2,800 of the 4,000, and the fund bears the rest.
    expect(onlyOf(events, 'CollateralConverted')).toMatchObject({ proceeds: 280_000n });
    expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ loss: 120_000n }]);
    expect(statusOf(house)).toBe('CLOSED');
  });

  test('CA-4 the fund buys at the reserve what the debt needs, within its cap', () => {
    const house = inDebt({ fund: '5000', policy: { fundCap: '4000', rounds: 1 } });
    const ended = onlyOf(house.pass('61m'), 'AuctionEnded');
    expect(ended).toMatchObject({ outcome: 'FAILED', unsold: 'FUND', paid: 352_000n, quantity: 4_000_000_000n });
    expect([ledgerOf(house, 'fund-inventory', 'ETH'), statusOf(house)]).toEqual([4_000_000_000n, 'CLOSED']);
    const capped = inDebt({ fund: '5000', policy: { fundCap: '3519.99', rounds: 1 } });
    expect(onlyOf(capped.pass('61m'), 'AuctionEnded')).toMatchObject({ unsold: 'CONVERSION' });
  });

  test('CA-4 A18 a price that fell below its floor may be reset by anyone entitled, for the reset reward', () => {
    const house = inDebt({ fund: '5000', policy: { priceFloorShare: '0.9' } });
    const command = { type: 'ResetAuction' as const, auction: auctionIn(house).id, account: 'b1' };
    house.pass('10m');
    expect(house.refusal(command)).toBe('RESET_NOT_DUE');
    house.pass('1m');
    const before = house.state.book.balance('b1', 'USD');
    expect(house.refusal({ ...command, account: 'alice' })).toBe('BIDDER_RELATED');
    const reset = onlyOf(house.send(command), 'AuctionChanged');
    expect(reset).toMatchObject({ change: 'RESET', by: 'b1' });
    expect(house.state.book.balance('b1', 'USD') - before).toBe(1000n + 4400n);
  });

  test('CA-4 RLM-4 feed stale: the auction pauses, nobody takes, and it goes on with the time left', () => {
    const house = inDebt({ heartbeat: 600_000 });
    const paused = onlyOf(house.pass('10m'), 'AuctionChanged');
    expect(paused).toMatchObject({ change: 'PAUSED', auctioned: { status: 'PAUSED' } });
    const left = auctionIn(house).timeLeft ?? 0;
    const price = auctionPriceOf(auctionIn(house), house.now);
    expect(house.refusal(takeOf(auctionIn(house), '1', '200'))).toBe('AUCTION_NOT_OPEN');
    house.pass('5h');
    expect(auctionPriceOf(auctionIn(house), house.now)).toBe(price);
    quoteEth(house, '111');
    expect(auctionIn(house)).toMatchObject({ status: 'OPEN', deadline: house.now + left });
    expect(auctionPriceOf(auctionIn(house), house.now)).toBe(price);
  });

  test('CA-4 many at once: the caps hold, the rest waits in order of deadline and opens as there is room', () => {
    const house = inDebt({ policy: { valueCap: '1000', lotCap: '1000' } });
    const lots = [...house.state.auctions.values()];
    expect([lots.length, lots.filter(({ status }) => status === 'OPEN').length]).toEqual([4, 1]);
    expect(lots.reduce((sum, { target }) => sum + target, 0n)).toBe(440_000n);
    const open = lots.find(({ status }) => status === 'OPEN') as (typeof lots)[number];
    house.send(takeOf(open, '40', '200'));
    expect([...house.state.auctions.values()].map(({ status }) => status).sort()).toEqual(['OPEN', 'QUEUED', 'QUEUED']);
  });

  test('CA-4 a deposit that pays the debt ends the auction and brings the lot back', () => {
    const house = inDebt();
    const events = pay(house, 'alice', '4000');
    expect(onlyOf(events, 'AuctionEnded')).toMatchObject({ outcome: 'CANCELLED', reason: 'RESTORED' });
    expect([statusOf(house), house.balance('alice', 'ETH')]).toEqual(['HEALTHY', '40.00000000']);
  });

  test('CA-4 a deposit of a part lowers what has to be sold', () => {
    const house = inDebt();
    pay(house, 'alice', '3000');
    expect(onlyOf(house.send(takeOf(auctionIn(house), '40', '132')), 'AuctionTaken').paid).toBe(110_000n);
  });

  test('CA-4 the breaker: 1 nothing new, 2 no resets, 3 no takes; anybody tightens, officers loosen', () => {
    const house = inDebt();
    const set = (level: number) => ({ type: 'SetAuctionBreaker' as const, currency: 'USD', level, reason: 'test' });
    const feed = { id: 'f', role: 'FEED' as const, member: null };
    house.send(set(3), feed);
    expect(auctionIn(house).status).toBe('PAUSED');
    expect(house.refusal(takeOf(auctionIn(house), '1', '200'))).toBe('AUCTION_NOT_OPEN');
    expect(house.refusal(set(0), feed)).toBe('OFFICER_NEEDED');
    expect(ofType(house.send(set(1)), 'ProposalCreated')).toHaveLength(1);
    expect(house.state.auctionPolicies.get('USD')?.breaker).toBe(3);
  });
});

describe('bad bids are refused with a reason, and nothing is half done', () => {
  const related = (house: TestHouse): void => openAccount(house, 'sister', '90000', { owner: 'alice' });
  test.each([
    ['on no auction', { auction: 'auc_none' }, 'AUCTION_NOT_FOUND'],
    ['on a changed one', { version: 1 }, 'AUCTION_CHANGED'],
    ['by nobody', { account: 'nobody' }, 'ACCOUNT_NOT_FOUND'],
    ['by the debtor', { account: 'alice' }, 'BIDDER_RELATED'],
    ['by an account of the debtor', { account: 'sister' }, 'BIDDER_RELATED'],
    ['of nothing', { quantity: '0' }, 'AMOUNT_NOT_POSITIVE'],
    ['for nothing', { limit: '0' }, 'BID_BELOW_RESERVE'],
    ['below the reserve', { limit: '87.99' }, 'BID_BELOW_RESERVE'],
    ['below the price', { limit: '131.99' }, 'PRICE_ABOVE_LIMIT'],
    ['unfunded', { account: 'poor' }, 'BID_NOT_FUNDED'],
  ])('a take %s', (_, wrong, code) => {
    const house = inDebt({}, (given) => {
      related(given);
      openAccount(given, 'poor', '5');
    });
    const before = [...linesOf(house.state)].filter((line) => !line.startsWith('house'));
    expect(house.refusal({ ...takeOf(auctionIn(house), '10', '140'), ...wrong })).toBe(code);
    expect([...linesOf(house.state)].filter((line) => !line.startsWith('house'))).toEqual(before);
  });

  test('a take of an auction that has ended, a bid on a Dutch one, a take by another member', () => {
    const house = inDebt();
    const auction = auctionIn(house);
    expect(
      house.refusal({
        type: 'PlaceBid',
        auction: auction.id,
        account: 'b1',
        amount: '5000',
        quantity: null,
        version: 2,
      }),
    ).toBe('AUCTION_FORM_MISMATCH');
    expect(house.refusal(takeOf(auction, '1', '140'), { id: 'x', role: 'BROKER', member: 'm2' })).toBe(
      'ACCOUNT_NOT_FOUND',
    );
    house.send(takeOf(auction, '40', '140'));
    expect(house.refusal(takeOf(auction, '1', '140'))).toBe('AUCTION_NOT_FOUND');
  });
});

test('DS-1 events alone rebuild auctions, and a snapshot keeps them with their deadlines', () => {
  const house = inDebt({ fund: '5000', policy: { valueCap: '1000', lotCap: '1000' } });
  house.send(takeOf([...house.state.auctions.values()].find(({ status }) => status === 'OPEN') as never, '3', '200'));
  house.pass('61m');
  const replayed = createPlainState();
  for (const entry of house.entries) {
    const outcome =
      'events' in entry.outcome
        ? { events: entry.outcome.events.map((event) => decodeEvent(JSON.parse(encodeEvent(event)))) }
        : entry.outcome;
    applyEntry(replayed, { ...entry, outcome });
  }
  expect(digestOf(replayed)).toBe(digestOf(house.state));
  expect(replayed.auctions.size).toBeGreaterThan(1);
  const restored = restoreState(saveState(house.state));
  expect(digestOf(restored)).toBe(digestOf(house.state));
  expect(firstDeadline(restored)).toBe(firstDeadline(house.state));
  expect(restored.auctionsOf.get('alice')?.size).toBe(house.state.auctionsOf.get('alice')?.size);
});
