/**
 * Margin tiers through the API: what they ask of a position, what they refuse, and the leverage and size they allow.
 * Rules: MT-1, MT-2, MT-5
 */

import { act, carryOut, type Payload, payment, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const account of ['alice', 'bob']) await pay(server, account, '100000000');
});
afterAll(() => server.close());

/** The ladder of Origin for BTC-PERP, with a limit to what one owner may hold. */
const ORIGIN = [
  { floor: '0', cap: '5000000', initialRate: '0.05', maintenanceRate: '0.025' },
  { floor: '5000000', cap: '20000000', initialRate: '1/15', maintenanceRate: '1/30' },
  { floor: '20000000', cap: '50000000', initialRate: '0.1', maintenanceRate: '0.05' },
  { floor: '50000000', cap: '100000000', initialRate: '0.2', maintenanceRate: '0.1' },
];

const setTiers = (tiers: object[]): Promise<Payload> =>
  act(server, 'officer', 'setTierSchedule', { instrument: 'BTC-PERP', tiers });

describe('what a table asks', () => {
  const VECTORS = [
    ['5000000', '250000.00', '125000.00'],
    ['20000000', '1250000.00', '625000.00'],
    ['30000000', '2250000.00', '1125000.00'],
    ['60000000', '6250000.00', '3125000.00'],
    ['5005000', '250333.34', '125166.67'],
  ] as const;

  beforeAll(async () => {
    await carryOut(server, 'setTierSchedule', { instrument: 'BTC-PERP', tiers: ORIGIN });
  });

  test.each(VECTORS)(
    'MT-1 a position of %s needs initial margin of %s and maintenance margin of %s',
    async (notional, initial, maintenance) => {
      const size = `${Number(notional) / 50_000}`;
      const { whatIf } = await server.get<{ whatIf: { after: object } }>(
        'broker',
        'query ($size: Decimal!) { whatIf(input: { account: "alice", trades: [{ instrument: "BTC-PERP", side: ' +
          'BUY, size: $size }] }) { after { grossNotional initial maintenance } } }',
        { size },
      );
      expect(whatIf.after).toEqual({ grossNotional: `${notional}.00`, initial, maintenance });
    },
  );

  test('MT-1 the lines of a position in several tiers sum to its requirement: notional x rate - deduction', async () => {
    expect((await act(server, 'feed', 'submitTrade', sale('m1', 'alice', 'bob', '600'))).outcome).toBe('DONE');
    const { account, instrument } = await server.get<{
      account: {
        explain: {
          maintenance: string;
          maintenanceLines: { kind: string; tier: number; base: string; rate: string; amount: string }[];
        };
      };
      instrument: { tiers: { tiers: { ordinal: number; maintenanceDeduction: string }[] } };
    }>(
      'broker',
      '{ account(id: "alice") { explain { maintenance maintenanceLines { kind tier base rate amount } } } ' +
        'instrument(id: "BTC-PERP") { tiers { tiers { ordinal maintenanceDeduction } } } }',
    );
    expect(account.explain.maintenanceLines).toEqual([
      { kind: 'TRANCHE', tier: 1, base: '5000000.00', rate: '0.025', amount: '125000' },
      { kind: 'TRANCHE', tier: 2, base: '15000000.00', rate: '1/30', amount: '500000' },
      { kind: 'TRANCHE', tier: 3, base: '10000000.00', rate: '0.05', amount: '500000' },
    ]);
    expect(account.explain.maintenance).toBe('1125000');
    // 30,000,000 x 0.05 - 375,000
    expect(instrument.tiers.tiers[2]).toEqual({ ordinal: 3, maintenanceDeduction: '375000' });
    expect((await act(server, 'feed', 'submitTrade', sale('m2', 'bob', 'alice', '600'))).outcome).toBe('DONE');
  });

  test('MT-5 no more than the cap of the last tier may be held, to the lot', async () => {
    expect(
      (await act(server, 'feed', 'submitTrade', sale('c1', 'alice', 'bob', '2000.1'))).rejections[0],
    ).toMatchObject({
      code: 'POSITION_LIMIT_EXCEEDED',
      details: { instrument: 'BTC-PERP' },
    });
    expect((await act(server, 'feed', 'submitTrade', sale('c2', 'alice', 'bob', '2000'))).outcome).toBe('DONE');
    const order = { account: 'alice', instrument: 'BTC-PERP', side: 'BUY', size: '0.1', price: '50000' };
    expect((await act(server, 'broker', 'placeOrder', order)).rejections[0]?.code).toBe('POSITION_LIMIT_EXCEEDED');
    expect((await act(server, 'feed', 'submitTrade', sale('c3', 'bob', 'alice', '2000'))).outcome).toBe('DONE');
  });

  test('MT-5 the leverage of each tier is enforced at entry, to the smallest unit', async () => {
    const broke = {
      account: 'broker/broke',
      member: 'broker',
      owner: 'broker/broke',
      currency: 'USD',
      policy: 'classic',
    };
    expect((await act(server, 'broker', 'openAccount', broke)).outcome).toBe('DONE');
    // Twenty times in the lowest tier.
    await act(server, 'broker', 'depositCollateral', payment('broker/broke', '249999.99'));
    expect(
      (await act(server, 'feed', 'submitTrade', sale('l1', 'broker/broke', 'bob', '100'))).rejections[0]?.code,
    ).toBe('INSUFFICIENT_INITIAL_MARGIN');
    await act(server, 'broker', 'depositCollateral', payment('broker/broke', '0.01'));
    expect((await act(server, 'feed', 'submitTrade', sale('l2', 'broker/broke', 'bob', '100'))).outcome).toBe('DONE');
    const { account } = await server.get<{ account: object }>(
      'broker',
      '{ account(id: "broker/broke") { health { leverage freeMargin } } }',
    );
    expect(account).toEqual({ health: { leverage: '20', freeMargin: '0.00' } });
  });
});

describe('what no table may be', () => {
  const [first, second] = ORIGIN as [object, object];

  test.each([
    ['a gap', [first, { ...second, floor: '5000000.01' }], 'TIERS_NOT_CONTIGUOUS'],
    ['an overlap', [first, { ...second, floor: '4999999.99' }], 'TIERS_NOT_CONTIGUOUS'],
    ['a beginning above zero', [{ ...first, floor: '0.01' }], 'TIERS_NOT_CONTIGUOUS'],
    ['an end before its beginning', [{ ...first, cap: '-1' }], 'TIERS_NOT_CONTIGUOUS'],
    ['something behind the last', [{ ...first, cap: null }, second], 'TIERS_NOT_CONTIGUOUS'],
    ['no tier', [], 'TIERS_NOT_CONTIGUOUS'],
    ['a falling initial rate', [first, { ...second, initialRate: '0.049' }], 'TIERS_NOT_RISING'],
    ['a falling maintenance rate', [first, { ...second, maintenanceRate: '0.024' }], 'TIERS_NOT_RISING'],
    ['initial below maintenance', [{ ...first, initialRate: '0.02' }], 'TIERS_RATE_INVALID'],
    ['a rate of zero', [{ ...first, maintenanceRate: '0' }], 'TIERS_RATE_INVALID'],
    ['a rate above one', [{ ...first, initialRate: '1.01' }], 'TIERS_RATE_INVALID'],
    ['a negative rate', [{ ...first, initialRate: '-0.05', maintenanceRate: '-0.05' }], 'TIERS_RATE_INVALID'],
    ['a deduction that leaves a step', [first, { ...second, deduction: '41666.66' }], 'TIERS_NOT_CONTINUOUS'],
    ['a border with too many digits', [{ ...first, cap: '5000000.001' }], 'TOO_MANY_DIGITS'],
  ] as const)('MT-2 %s is refused, and the tiers in force stay', async (_, tiers, code) => {
    const inForce =
      '{ tierSchedules(first: 100, instrument: "BTC-PERP") { totalCount } instrument(id: "BTC-PERP") { tiers { ' +
      'version } } }';
    const before = await server.get('feed', inForce);
    expect((await setTiers([...tiers])).rejections[0]?.code).toBe(code);
    expect(await server.get('feed', inForce)).toEqual(before);
  });

  test('MT-2 a deduction that is stated and right is taken', async () => {
    const stated = ORIGIN.map((tier, i) => (i === 2 ? { ...tier, deduction: '375000.00' } : tier));
    expect((await setTiers(stated)).rejections).toEqual([]);
  });

  test('MT-2 64 tiers are a table, 65 are too many', async () => {
    const table = (count: number): object[] =>
      Array.from({ length: count }, (_, i) => ({
        ...{ floor: String(i * 1_000), cap: i === count - 1 ? null : String((i + 1) * 1_000) },
        ...{ initialRate: `0.${String(100 + i)}`, maintenanceRate: `0.0${String(500 + i)}` },
      }));
    expect((await setTiers(table(65))).rejections[0]?.code).toBe('VALUE_OUT_OF_RANGE');
    expect((await setTiers(table(64))).rejections).toEqual([]);
  });
});
