/** Hedging, closing, splitting and settling what a default took, every unit of it accounted for. */

import { audit } from '../../../../src/core/engine/audit';
import { declare, openDefault, sumsOf, takenBy, threeMembers } from '../../../support/defaults';
import { mark, pay } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { byTwo, officer } from '../../../support/ladder';
import { fill, sizeOf, statusOf } from '../../../support/liquidation';
import { expectReplays } from '../../../support/twin';

const idOf = (house: TestHouse): string => openDefault(house, 'm').id;
const order =
  (
    type: 'HedgeDefault' | 'CloseDefaultPosition',
    size: string,
    side: 'BUY' | 'SELL' = 'SELL',
    limit: string | null = null,
  ) =>
  (house: TestHouse) =>
    ({ type, default: idOf(house), instrument: 'BTC-PERP', side, size, limit }) as const;

/** Closes so much of the portfolio at a price. */
function close(house: TestHouse, size: string, price: string): void {
  byTwo(house, order('CloseDefaultPosition', size)(house));
  fill(house, price, size, takenBy(openDefault(house, 'm')));
}
const settle = (house: TestHouse) => byTwo(house, { type: 'SettleDefault', default: idOf(house), currency: 'USD' });

describe('the portfolio of a default', () => {
  test('S20 a surplus after costs is returned to the unit', () => {
    const house = threeMembers();
    declare(house, 'm');
    close(house, '10', '49500');
    byTwo(house, {
      type: 'ChargeDefaultCost',
      default: idOf(house),
      currency: 'USD',
      amount: '1234.56',
      reason: 'counsel',
    });
    const events = settle(house);
    // 100,000 seized, 5,000 lost by closing, 1,234.56 of costs.
    expect(ofType(events, 'DefaultSettled')).toMatchObject([
      { result: -623_456n, seized: 10_000_000n, borne: 0n, returned: 9_376_544n },
    ]);
    expect(house.balance('m-own')).toBe('93765.44');
    expect(sumsOf(house, 'm')).toEqual([
      ...['SEIZED 10000000 USD', 'CLOSING -500000 USD', 'COST -123456 USD', 'RETURNED -9376544 USD'],
    ]);
    expect(ofType(events, 'LossAllocated')).toEqual([]);
  });

  test('B3-1 a loss beyond the margin goes down the layers, and the lines of the ledger sum to zero', () => {
    const house = threeMembers();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '15000', source: 'EXTERNAL' });
    house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '50000' });
    declare(house, 'm');
    close(house, '10', '38000');
    const events = settle(house);
    expect(ofType(events, 'LossAllocated')).toMatchObject([{ cases: [{ account: 'm-own', loss: 2_000_000n }] }]);
    expect(ofType(events, 'DefaultSettled')).toMatchObject([
      { result: -12_000_000n, seized: 10_000_000n, borne: 2_000_000n, returned: 0n },
    ]);
    expect(sumsOf(house, 'm')).toEqual(['SEIZED 10000000 USD', 'CLOSING -12000000 USD', 'LAYER 2000000 USD']);
  });

  test('B3-2 what comes to the defaulter after the declaration is used before anybody else pays', () => {
    const house = threeMembers();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '15000', source: 'EXTERNAL' });
    declare(house, 'm');
    close(house, '10', '39000'); // 110,000 lost, 100,000 there
    pay(house, 'm-own', '4000');
    const events = settle(house);
    expect(ofType(events, 'LossAllocated')).toMatchObject([{ cases: [{ account: 'm-own', loss: 600_000n }] }]);
    expect(ofType(events, 'DefaultSettled')).toMatchObject([
      { result: -11_000_000n, seized: 10_400_000n, borne: 600_000n, returned: 0n },
    ]);
    expect(house.balance('m-own')).toBe('0.00');
    expect(sumsOf(house, 'm')).toEqual(['SEIZED 10400000 USD', 'CLOSING -11000000 USD', 'LAYER 600000 USD']);
    expectReplays(house.state, house.entries);
  });

  test('B3-2 control: of what is more than what is missing the rest stays, and nobody else pays', () => {
    const house = threeMembers();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '15000', source: 'EXTERNAL' });
    declare(house, 'm');
    close(house, '10', '39000');
    pay(house, 'm-own', '12000');
    const events = settle(house);
    expect(ofType(events, 'LossAllocated')).toEqual([]);
    expect(ofType(events, 'DefaultSettled')).toMatchObject([
      { result: -11_000_000n, seized: 11_000_000n, borne: 0n, returned: 0n },
    ]);
    expect(house.balance('m-own')).toBe('2000.00');
  });

  test('is hedged alone up to a stated notional and by two above it; the hedge is closed with the rest', () => {
    const house = threeMembers();
    expect(house.refusal({ ...order('HedgeDefault', '1')(withDefault(threeMembers())), default: 'mdef_none' })).toBe(
      'DEFAULT_NOT_FOUND',
    );
    byTwo(house, {
      type: 'SetDefaultPolicy',
      currency: 'USD',
      portingWindow: 3_600_000,
      acceptWindow: 60_000,
      orderWindow: 30_000,
      aloneUpTo: '100000',
      minimumLots: 4,
    });
    declare(house, 'm');
    const account = takenBy(openDefault(house, 'm'));
    const [alone] = ofType(
      house.send(order('HedgeDefault', '2', 'SELL', '49000')(house), officer('first')),
      'LiquidationOrderIssued',
    );
    expect(alone?.issued).toMatchObject({ account, size: -2n, limit: 49_000n, reason: 'HEDGE', liquidation: null });
    expect(ofType(house.send(order('HedgeDefault', '3')(house), officer('first')), 'ProposalCreated')).toHaveLength(1);
    fill(house, '49500', '2', account);
    expect([sizeOf(house, account), sumsOf(house, 'm')]).toEqual([8n, ['SEIZED 10000000 USD', 'HEDGE -100000 USD']]);
    // Nobody fills the next one: it expires, and nothing is taken over.
    house.send(order('HedgeDefault', '1')(house), officer('first'));
    expect(ofType(house.pass('30s'), 'LiquidationOrderClosed')).toMatchObject([{ account, outcome: 'EXPIRED' }]);
    expect(sizeOf(house, account)).toBe(8n);
  });

  test('a hedge in an instrument it does not hold opens a position there', () => {
    const house = threeMembers();
    house.send({
      type: 'DefineInstrument',
      instrument: 'BTC-2',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '1',
      lot: '1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: 604_800_000,
      allowsNonPositivePrice: false,
      ...{ expiry: null, variationInterval: null, makerFee: '0', takerFee: '0' },
    });
    const tiers = [{ floor: '0', cap: null, initialRate: '0.05', maintenanceRate: '0.025', deduction: null }];
    house.send({ type: 'SetTierSchedule', instrument: 'BTC-2', tiers, effectiveAt: null });
    mark(house, '50000', 'BTC-2');
    declare(house, 'm');
    const account = takenBy(openDefault(house, 'm'));
    byTwo(house, { ...order('HedgeDefault', '10')(house), instrument: 'BTC-2' });
    fill(house, '50000', '10', account);
    mark(house, '40000', 'BTC-2');
    // Settled at every mark, the hedge has brought what the position lost.
    expect(sumsOf(house, 'm')).toEqual(['SEIZED 10000000 USD', 'VARIATION 10000000 USD']);
    mark(house, '40000');
    expect(house.state.book.position(account, 'BTC-PERP')?.size).toBe(10n);
    audit(house.state);
  });

  test('its close-out account stands below nothing until it is settled, whatever prices do', () => {
    const house = threeMembers();
    declare(house, 'm');
    const events = mark(house, '20000');
    expect(ofType(events, 'LossAllocated').flatMap(({ cases }) => cases.map(({ account }) => account))).toEqual(['c1']);
    expect(sizeOf(house, takenBy(openDefault(house, 'm')))).toBe(10n);
  });
});

const withDefault = (house: TestHouse): TestHouse => {
  declare(house, 'm');
  return house;
};

describe('lots', () => {
  const split = (house: TestHouse, lots: { share?: string; positions?: { instrument: string; size: string }[] }[]) => ({
    type: 'SplitDefault' as const,
    default: idOf(house),
    currency: 'USD',
    lots: lots.map(({ share = null, positions = null }) => ({ share, positions })),
  });
  const lotsOf = (house: TestHouse) =>
    openDefault(house, 'm').books[0]?.lots.map(({ positions }) => positions.map(({ size }) => size));

  test('by shares every position is split whole, by lists all of it is named', () => {
    const house = withDefault(threeMembers());
    house.send(split(house, [{ share: '0.25' }, { share: '0.25' }, { share: '0.25' }, { share: '0.25' }]));
    expect(lotsOf(house)).toEqual([[3n], [3n], [2n], [2n]]);
    house.send(
      split(house, [
        { positions: [{ instrument: 'BTC-PERP', size: '7' }] },
        { positions: [{ instrument: 'BTC-PERP', size: '3' }] },
      ]),
    );
    expect(lotsOf(house)).toEqual([[7n], [3n]]);
  });

  test.each([
    ['no lots', [], 'LOTS_INVALID'],
    ['shares beside lists', [{ share: '0.5' }, { positions: [{ instrument: 'BTC-PERP', size: '5' }] }], 'LOTS_INVALID'],
    ['shares of less than all', [{ share: '0.5' }, { share: '0.4' }], 'SHARES_NOT_ONE'],
    ['a share of nothing', [{ share: '0' }, { share: '1' }], 'VALUE_OUT_OF_RANGE'],
    ['a list of less than all', [{ positions: [{ instrument: 'BTC-PERP', size: '9' }] }], 'LOTS_INVALID'],
    ['a list of more than all', [{ positions: [{ instrument: 'BTC-PERP', size: '11' }] }], 'LOTS_INVALID'],
    ['the other side', [{ positions: [{ instrument: 'BTC-PERP', size: '-10' }] }], 'LOTS_INVALID'],
    ['what is not held', [{ positions: [{ instrument: 'ETH-PERP', size: '10' }] }], 'LOTS_INVALID'],
    ['parts of a lot', [{ positions: [{ instrument: 'BTC-PERP', size: '9.5' }] }], 'SIZE_OFF_LOT'],
    ['an empty list', [{ positions: [] }], 'LOTS_INVALID'],
  ])('are refused: %s', (_what, lots, code) => {
    const house = withDefault(threeMembers());
    expect(house.refusal(split(house, lots))).toBe(code);
  });
});

describe('what is refused', () => {
  test('hedging, reducing, splitting and charging where nothing is open', () => {
    const house = withDefault(threeMembers());
    expect(house.refusal(order('CloseDefaultPosition', '1', 'BUY')(house))).toBe('NOTHING_TO_CLOSE');
    expect(house.refusal(order('CloseDefaultPosition', '11')(house))).toBe('NOTHING_TO_CLOSE');
    expect(house.refusal({ ...order('HedgeDefault', '1')(house), instrument: 'NONE' })).toBe('INSTRUMENT_NOT_FOUND');
    close(house, '10', '50000');
    expect(house.refusal(order('HedgeDefault', '1')(house))).toBe('NOTHING_TO_CLOSE');
    expect(house.refusal(order('CloseDefaultPosition', '1')(house))).toBe('NOTHING_TO_CLOSE');
    expect(
      house.refusal({
        type: 'SplitDefault',
        default: idOf(house),
        currency: 'USD',
        lots: [{ share: '1', positions: null }],
      }),
    ).toBe('NOTHING_TO_CLOSE');
    settle(house);
    expect(house.refusal(order('HedgeDefault', '1')(house))).toBe('DEFAULT_SETTLED');
    expect(house.refusal({ type: 'SettleDefault', default: idOf(house), currency: 'USD' })).toBe('DEFAULT_SETTLED');
    const cost = {
      type: 'ChargeDefaultCost',
      default: idOf(house),
      currency: 'USD',
      amount: '1',
      reason: 'x',
    } as const;
    expect(house.refusal(cost)).toBe('DEFAULT_SETTLED');
    expect(house.refusal({ ...cost, currency: 'BTC' })).toBe('DEFAULT_NOT_FOUND');
  });

  test('orders on one position together reach no further than it', () => {
    const house = withDefault(threeMembers());
    byTwo(house, order('CloseDefaultPosition', '6')(house));
    expect(house.refusal(order('CloseDefaultPosition', '5')(house))).toBe('NOTHING_TO_CLOSE');
    byTwo(house, order('CloseDefaultPosition', '4')(house));
  });

  test('settling and closing while something is open, each thing by its name', () => {
    const house = withDefault(threeMembers());
    const closing = { type: 'CloseDefault', default: idOf(house), outcome: 'TERMINATED', reason: 'done' } as const;
    expect(house.refusal({ type: 'SettleDefault', default: idOf(house), currency: 'USD' })).toBe('DEFAULT_STILL_OPEN');
    expect(house.refusal(closing)).toBe('DEFAULT_STILL_OPEN');
    close(house, '10', '50000');
    expect(house.refusal(closing)).toBe('DEFAULT_STILL_OPEN');
    settle(house);
    // The clients are still there.
    expect(house.refusal(closing)).toBe('DEFAULT_STILL_OPEN');
    house.send({ type: 'PortClients', default: idOf(house), accounts: null, toMember: 'n' });
    expect(house.refusal(closing)).toBe('DEFAULT_STILL_OPEN');
    house.send(
      { type: 'AcceptPort', port: [...house.state.portOffers.keys()][0] ?? '' },
      { id: 'k', role: 'BROKER', member: 'n' },
    );
    byTwo(house, closing);
    expect([house.state.memberDefaults.size, house.state.memberStatuses.get('m')]).toEqual([0, 'TERMINATED']);
    // What was returned to it may leave; risk it takes no more.
    expect(statusOf(house, 'm-own')).toBe('HEALTHY');
    house.send({ type: 'WithdrawCollateral', account: 'm-own', currency: 'USD', amount: '100000' });
    expect(house.refusal({ ...closing, default: closing.default })).toBe('DEFAULT_NOT_FOUND');
    expect(house.refusal({ type: 'DeclareDefault', member: 'm', reason: 'again' })).toBe('MEMBER_STATUS_MISMATCH');
  });

  test('a member whose default ended before its clients had to move is reinstated with them', () => {
    const house = withDefault(threeMembers());
    close(house, '10', '50000');
    settle(house);
    byTwo(house, { type: 'CloseDefault', default: idOf(house), outcome: 'REINSTATED', reason: 'paid' });
    expect([house.state.memberStatuses.get('m'), sizeOf(house, 'c1')]).toEqual([undefined, 2n]);
    expect(ofType(house.pass('49h'), 'LiquidationStarted')).toEqual([]);
  });
});
