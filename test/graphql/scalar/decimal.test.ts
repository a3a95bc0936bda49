/** Decimals go in and come out as strings, exact to the last digit, however many there are.  Rule: X-2 */

import fc from 'fast-check';
import { formatScaled } from '../../../src/units/decimal';
import { actOnAll, carryOut, documentOf, nextKey, payment, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
});
afterAll(() => server.close());

const RUNS = { numRuns: 5, seed: 20251010 };

/** Amounts of the smallest unit: many small ones, some with more digits than a float holds. */
const units = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 10n ** 9n), fc.bigInt(10n ** 17n, 10n ** 24n));

/** The same amount in another way of writing it: with zeros left off or added. */
const written = (text: string, short: boolean): string =>
  short && text.includes('.') ? text.replace(/\.?0+$/, '') : text;

test('X-2 amounts sum to the last digit, and each comes back as it was sent', async () => {
  await carryOut(server, 'setCollateralTerms', {
    currency: 'BTC',
    haircut: '0',
    conversionDiscount: '0',
    eligible: true,
  });
  await server.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '0.05',
    heartbeat: 60_000,
  });
  const held = { USD: 0n, BTC: 0n };
  const scales = { USD: 2, BTC: 8 } as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('USD', 'BTC'),
      fc.array(fc.tuple(units, fc.boolean()), { minLength: 1, maxLength: 90 }),
      async (currency, amounts) => {
        const texts = amounts.map(([amount]) => formatScaled(amount, scales[currency]));
        const deposits = texts.map((text, i) => payment('alice', written(text, amounts[i]?.[1] ?? false), currency));
        expect((await actOnAll(server, 'broker', 'depositCollateralBatch', { deposits })).outcome).toBe('DONE');
        held[currency] += amounts.reduce((sum, [amount]) => sum + amount, 0n);
        const { account } = await server.get<{
          account: { balances: { currency: string; amount: string }[]; transfers: { nodes: { amount: string }[] } };
        }>(
          'broker',
          `{ account(id: "alice") { balances { currency amount } transfers(first: ${texts.length}) { nodes { ` +
            `amount } } } }`,
        );
        expect(account.balances.find((balance) => balance.currency === currency)?.amount).toBe(
          formatScaled(held[currency], scales[currency]),
        );
        expect(account.transfers.nodes.map(({ amount }) => amount).reverse()).toEqual(texts);
      },
    ),
    RUNS,
  );
});

test('X-2 prices and sizes come back as they were sent, and what they make is their product', async () => {
  for (const account of ['alice', 'bob']) await pay(server, account, '1000000000000000');
  let size = 0n;
  let cost = 0n;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.bigInt(1n, 10n ** 7n), fc.bigInt(1n, 10n ** 5n)), { minLength: 1, maxLength: 60 }),
      async (fills) => {
        const trades = fills.map(([price, lots]) =>
          sale(nextKey(), 'alice', 'bob', formatScaled(lots, 1), formatScaled(price, 1)),
        );
        expect(
          (await actOnAll(server, 'feed', 'submitTrades', { trades })).items.map(({ rejections }) => rejections),
        ).toEqual(trades.map(() => []));
        for (const [price, lots] of fills) {
          size += lots;
          cost += price * lots;
        }
        const { account } = await server.get<{ account: { positions: object; trades: { nodes: object[] } } }>(
          'broker',
          `{ account(id: "alice") { positions(first: 1) { nodes { size cost } } trades(first: ${trades.length}) { ` +
            `nodes { id price size } } } }`,
        );
        // Ticks and lots of a tenth each: their product is whole cents.
        expect(account.positions).toEqual({ nodes: [{ size: formatScaled(size, 1), cost: formatScaled(cost, 2) }] });
        expect(account.trades.nodes.reverse()).toEqual(
          trades.map(({ trade, price, size: traded }) => ({ id: trade, price, size: traded })),
        );
      },
    ),
    RUNS,
  );
});

test('X-2 rates and ratios come back as they were sent, to 12 digits or as fractions', async () => {
  await carryOut(server, 'setTierSchedule', {
    instrument: 'BTC-PERP',
    tiers: [
      { floor: '0', cap: '9007199254740993.01', initialRate: '1/15', maintenanceRate: '1/30' },
      { floor: '9007199254740993.01', cap: null, initialRate: '0.123456789012', maintenanceRate: '0.100000000001' },
    ],
  });
  const { instrument } = await server.get<{ instrument: object }>(
    'broker',
    '{ instrument(id: "BTC-PERP") { tiers { tiers { floor cap initialRate maintenanceRate } } } }',
  );
  expect(instrument).toEqual({
    tiers: {
      tiers: [
        { floor: '0.00', cap: '9007199254740993.01', initialRate: '1/15', maintenanceRate: '1/30' },
        { floor: '9007199254740993.01', cap: null, initialRate: '0.123456789012', maintenanceRate: '0.100000000001' },
      ],
    },
  });
});

test('X-2 no amount in the answer is a JSON number: those there are count things', async () => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer nvk_secret-of-auditor-for-tests' },
    body: JSON.stringify({
      query: `{ account(id: "alice") { levied balances { amount } health { equity initial maintenance leverage
        healthRatio positions { size mark value } }
        explain { equity equityLines { amount price } initialLines { base rate amount } } } insuranceFund(currency:
        "USD") { balance }
        conservation { currencies { accounts house difference } } }`,
    }),
  });
  const { data } = JSON.parse(await response.text()) as { data: unknown };
  const numbers: unknown[] = [];
  JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === 'number') numbers.push(value);
    return value;
  });
  expect(data).not.toBeNull();
  expect(numbers).toEqual([]);
});

test('X-2 a number in JSON is refused even where it would be exact', async () => {
  const { errors } = await server.ask('broker', documentOf('depositCollateral', 'outcome'), {
    input: { ...payment('alice', '1'), amount: 1, idempotencyKey: 'n' },
  });
  expect(errors[0]?.message).toContain('never a number: numbers lose digits');
});
