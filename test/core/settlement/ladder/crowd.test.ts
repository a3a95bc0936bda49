/**
 * A crowd that falls at once goes down one ladder: in order of risk, within its caps, and everybody comes to an end.
 * Rules: LE-3, LE-4, LI-4
 */

import { audit } from '../../../../src/core/engine/audit';
import type { Event } from '../../../../src/core/message/event';
import type { LadderMethod } from '../../../../src/core/model/ladder';
import type { Liquidation, LiquidationOrder } from '../../../../src/core/model/liquidation';
import { expectSoundBooks } from '../../../support/agreement';
import { classicPolicy, mark, onePerpetual, openAccount, term, tradeOf } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { fillOf } from '../../../support/liquidation';
import { portfolioPolicy } from '../../../support/portfolio';
import { liquidator, offerOf, provider, rungOf, setLadder } from '../../../support/rungs';
import { expectReplays } from '../../../support/twin';

const CROWD = 4_000; // four times what one entry acts on
const VENUE_CAP = 1_500_000n; // USD
const LIQUIDATORS_CAP = 3_000_000n;
const AUCTION_CAP = 4_000_000n;
const LIQUIDATORS = ['lee', 'moe', 'ned'];

/**
 * Each long one contract at 50,000, with 2,500 to 3,999: at 47,300 every seventh is bankrupt, most of the others are
 * below maintenance.
 */
function crowd(): TestHouse {
  const house = onePerpetual({
    policy: classicPolicy({ feeRate: '0.002' }, { closeOut: term('MAINTENANCE', '1'), aggregation: 'ACCOUNT' }),
  });
  house.audited = false;
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '1000000', source: 'EXTERNAL' });
  openAccount(house, 'maker', '900000000');
  openAccount(house, 'bidder', '900000');
  for (const id of LIQUIDATORS) liquidator(house, id, '1000', '900000');
  for (const id of ['pat', 'quo']) provider(house, id, '2000000', '0.001', '500000');
  for (let i = 0; i < CROWD; i++) {
    // Not in the order of their names.
    openAccount(house, `a${i}`, String(2_500 + ((i * 617) % 1500)));
    house.send(tradeOf(`a${i}`, 'maker', '1', '50000'));
  }
  byTwo(house, portfolioPolicy({ window: 120_000, fast: 60_000, slow: 60_000 }));
  const offer = offerOf({ flat: '1', startRate: '0.0005', ratePerSecond: '0.00001', maximumRate: '0.001' });
  setLadder(house, [
    rungOf('VENUE', { globalCap: String(VENUE_CAP) }),
    rungOf('LIQUIDATORS', { offer, globalCap: String(LIQUIDATORS_CAP) }),
    rungOf('AUCTION', { globalCap: String(AUCTION_CAP) }),
    rungOf('BACKSTOP', { slippage: '0.001' }),
    rungOf('HOUSE'),
  ]);
  return house;
}

const standingOn = (house: TestHouse, method: LadderMethod): LiquidationOrder[] =>
  [...house.state.liquidationOrders.values()].filter((order) => order.stand?.method === method);

/** What a venue, three liquidators and a bidder do in ten seconds, which is little. What comes too late is refused. */
function work(house: TestHouse): void {
  for (const order of standingOn(house, 'VENUE').slice(0, 8))
    house.try(fillOf(order, '47300', String(-Number(order.size - order.filled) / 10)));
  for (const [i, order] of standingOn(house, 'LIQUIDATORS').slice(0, 12).entries())
    house.try({ type: 'TakeLiquidation', order: order.id, account: LIQUIDATORS[i % 3] as string, size: null });
  for (const { id, version } of [...house.state.portfolios.values()].slice(0, 6))
    house.try({ type: 'TakePortfolio', auction: id, account: 'bidder', share: null, limit: '900000', version });
}

const eventsFrom = (house: TestHouse, entry: number): Event[] =>
  house.entries.slice(entry).flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));

test(
  'LE-2 LE-3 LE-4 LI-4 4,000 at once on a ladder of five rungs with caps: all end, the riskiest first, nobody ' +
    'waits longer than the rungs take',
  () => {
    const house = crowd();
    const fall = house.entries.length;
    mark(house, '47300');
    while (house.state.backlog.size > 0) house.send({ type: 'AdvanceTime' });
    const started = ofType(eventsFrom(house, fall), 'LiquidationStarted');
    expect(started.length).toBeGreaterThan(3500);
    // Equity over maintenance margin never falls from one to the next, over entries too.
    const risk = started.map(({ equity, maintenance }) => Number(equity) / Number(maintenance));
    expect(risk.every((ratio, i) => i === 0 || ratio >= (risk[i - 1] as number))).toBe(true);

    const most = { VENUE: 0n, LIQUIDATORS: 0n, AUCTION: 0n };
    const look = (): void => {
      for (const method of ['VENUE', 'LIQUIDATORS', 'AUCTION'] as const) {
        const load = house.state.ladderLoad.get(`${method} in USD`) ?? 0n;
        if (load > most[method]) most[method] = load;
        // The load is what stands there, and nothing else.
        const stands = standingOn(house, method).reduce(
          (sum, { size, filled, mark: at }) => sum + (filled - size) * (at as bigint),
          0n,
        );
        expect([method, load]).toEqual([method, stands]);
      }
      // A portfolio is on offer only with an order that has its place on the rung.
      const solvent = [...house.state.portfolios.values()]
        .filter(({ mode }) => mode === 'SOLVENT')
        .map(({ account }) => account);
      expect(solvent.sort()).toEqual(
        standingOn(house, 'AUCTION')
          .map(({ account }) => account)
          .sort(),
      );
    };
    look();
    let steps = 0;
    for (; house.state.liquidations.size > 0 && steps < 200; steps++) {
      work(house);
      house.pass('10s');
      look();
    }
    // The longest that anybody stands somewhere is the time of an insolvent portfolio, ten minutes.
    expect(steps).toBeLessThanOrEqual(61);
    audit(house.state);
    expectSoundBooks(house.state);
    expect([
      house.state.liquidations.size,
      [...house.state.liquidationOrders.values()].filter(({ liquidation }) => liquidation !== null).length,
      house.state.portfolios.size,
      house.state.backlog.size,
    ]).toEqual([0, 0, 0, 0]);
    expect(most.VENUE <= VENUE_CAP * 100n && most.VENUE > VENUE_CAP * 95n).toBe(true);
    expect(most.LIQUIDATORS <= LIQUIDATORS_CAP * 100n && most.LIQUIDATORS > LIQUIDATORS_CAP * 95n).toBe(true);
    expect(most.AUCTION <= AUCTION_CAP * 100n && most.AUCTION > AUCTION_CAP * 95n).toBe(true);

    // Everybody who began has ended, once, whether on a rung or with nothing left.
    const events = eventsFrom(house, fall);
    const ended = ofType(events, 'LiquidationEnded');
    expect(ended.map(({ liquidation }) => liquidation).sort()).toEqual(
      started.map(({ started: { id } }: { started: Liquidation }) => id).sort(),
    );
    expect(new Set(ended.map(({ outcome }) => outcome))).toEqual(new Set(['RESTORED', 'BANKRUPT']));
    // Every rung did its part.
    const did = ['LiquidationTaken', 'PortfolioTaken', 'BackstopAssigned', 'PositionTakenOver'] as const;
    for (const type of did) expect([type, ofType(events, type).length > 3]).toEqual([type, true]);
    const portfolios = ofType(events, 'PortfolioAuctionStarted').filter(
      ({ portfolio }) => portfolio.mode === 'SOLVENT',
    ).length;
    expect(portfolios).toBe(
      ofType(events, 'LiquidationOrderIssued').filter(({ issued }) => issued.stand?.method === 'AUCTION').length,
    );
    expectReplays(house.state, house.entries);
  },
);
