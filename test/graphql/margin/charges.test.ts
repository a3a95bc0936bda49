/** What a liquidation will cost is told beforehand, and then it costs that.  Rules: LF-1, LF-4 */

import { act } from '../acts';
import { givenPerpetual, mark, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  // What is left would always be too small, so that a liquidation closes the whole position.
  const charges = {
    feeRate: '0.005',
    penaltyTiers: [{ floor: '0', rate: '0.0025' }],
    severityTiers: [{ below: '0.95', rate: '0.0005' }],
    ...{ repeatSurcharge: '0.001', repeatMaximum: 3, repeatWindow: 7 * 86_400_000 },
    minimumRemainder: '100000000',
    feeShares: { liquidator: '0.2', fund: '0.5', house: '0.3' },
  };
  await givenPerpetual(server, [charges]);
  await pay(server, 'alice', '25000');
  await pay(server, 'bob', '1000000');
  await trade(server, 'alice', 'bob', '10');
});
afterAll(() => server.close());

const FEE = '2430.00'; // 486,000 x 0.5 %
const PENALTY = '1458.00'; // 486,000 x (0.25 % + 0.05 %): 11,000 of equity are nine tenths of 12,150

test('LF-4 the health and the notice of a call foretell fee and penalty alike, and the liquidation charges just that', async () => {
  await mark(server, '48600');
  const asked = await server.get<{ account: { health: object; openCall: object } }>(
    'broker',
    '{ account(id: "alice") { health { feePreview penaltyPreview } openCall { feePreview penaltyPreview ' +
      'policyVersion } } }',
  );
  const preview = { feePreview: FEE, penaltyPreview: PENALTY };
  expect(asked.account).toEqual({ health: preview, openCall: { ...preview, policyVersion: 1 } });

  await server.pass('1h');
  const { liquidationOrders } = await server.get<{ liquidationOrders: { nodes: { id: string }[] } }>(
    'liquidator',
    '{ liquidationOrders(first: 1, status: [OPEN], instrument: "BTC-PERP") { nodes { id size filled limit mark ' +
      'reason accountId expiresAt instrument { id } } } }',
  );
  expect(liquidationOrders.nodes).toMatchObject([
    { size: '-10.0', filled: '0.0', mark: '48600.0', reason: 'REMAINDER_TOO_SMALL', accountId: null },
  ]);
  const order = liquidationOrders.nodes[0]?.id ?? '';
  const fill = { order, trade: 'fill-1', counterparty: 'bob', price: '48600', size: '10' };
  const filled = await act<{ order: object }>(
    server,
    'liquidator',
    'reportLiquidationFill',
    fill,
    'order { status filled }',
  );
  expect(filled).toMatchObject({ outcome: 'DONE', order: { status: 'FILLED', filled: '-10.0' } });
  expect(filled.events[0]).toBe('LIQUIDATION_ORDER_FILLED');

  const { liquidations } = await server.get<{ liquidations: { nodes: object[] } }>(
    'broker',
    `{ liquidations(account: "alice", first: 1) { nodes { status cause fee penalty closed currency equityAtEnd
       fills(first: 5) { nodes { kind orderId size price closed fee feeDue penalty penaltyDue policyVersion currency
       slippageMark } } orders(first: 5) { nodes { id status } } } } }`,
  );
  expect(liquidations.nodes).toEqual([
    {
      status: 'RESTORED',
      cause: 'DEADLINE_PASSED',
      fee: FEE,
      penalty: PENALTY,
      closed: '486000.00',
      currency: 'USD',
      equityAtEnd: '7112.00',
      fills: {
        nodes: [
          {
            kind: 'FILL',
            orderId: order,
            size: '-10.0',
            price: '48600.0',
            closed: '486000.00',
            fee: FEE,
            feeDue: FEE,
            penalty: PENALTY,
            penaltyDue: PENALTY,
            ...{ policyVersion: 1, currency: 'USD', slippageMark: '0.00' },
          },
        ],
      },
      orders: { nodes: [{ id: order, status: 'FILLED' }] },
    },
  ]);
});

test('LF-2 fee and penalty are lines of the ledger of their own, shared as the policy says', async () => {
  const { ledgerTransfers } = await server.get<{
    ledgerTransfers: { nodes: { from: string; to: string; amount: string; reason: string }[] };
  }>(
    'auditor',
    '{ ledgerTransfers(first: 10, reason: [LIQUIDATION_FEE, LIQUIDATION_PENALTY]) { nodes { from to amount reason } } }',
  );
  const lines = ledgerTransfers.nodes.map(({ from, to, amount, reason }) => [from, to, amount, reason]);
  expect(lines).toEqual(
    expect.arrayContaining([
      ['account/alice', 'insurance-fund', '1215.00', 'LIQUIDATION_FEE'],
      ['account/alice', 'insurance-fund', PENALTY, 'LIQUIDATION_PENALTY'],
    ]),
  );
  const cents = ledgerTransfers.nodes
    .map(({ amount }) => BigInt(amount.replace('.', '')))
    .reduce((sum, next) => sum + next, 0n);
  expect(cents).toBe(388_800n);
  const { insuranceFund } = await server.get<{ insuranceFund: object }>(
    'broker',
    '{ insuranceFund(currency: "USD") { fees penalties } }',
  );
  // A fifth is the liquidator's; a venue has no account with the house, so the fund has that too.
  expect(insuranceFund).toEqual({ fees: '1701.00', penalties: PENALTY });
});

test('a fill by the same venue id, of an order that is done, or of more than is left is refused', async () => {
  const { liquidationOrders } = await server.get<{ liquidationOrders: { nodes: { id: string }[] } }>(
    'feed',
    '{ liquidationOrders(first: 1, status: [FILLED]) { nodes { id } } }',
  );
  const again = {
    order: liquidationOrders.nodes[0]?.id,
    trade: 'fill-2',
    counterparty: 'bob',
    price: '48600',
    size: '0.1',
  };
  expect((await act(server, 'feed', 'reportLiquidationFill', again)).rejections[0]?.code).toBe(
    'LIQUIDATION_ORDER_NOT_FOUND',
  );
});

test('LF-4 LP-2 the second time within the window the surcharge is foretold, and charged', async () => {
  await mark(server, '50000');
  await pay(server, 'alice', '17888'); // 25,000 again
  await trade(server, 'alice', 'bob', '10');
  await mark(server, '48600');
  // 486,000 x (0.25 % + 0.05 % + 0.1 %)
  const preview = { feePreview: FEE, penaltyPreview: '1944.00' };
  const QUERY =
    '{ account(id: "alice") { health { feePreview penaltyPreview } openCall { feePreview penaltyPreview } } }';
  expect(await server.get('broker', QUERY)).toEqual({ account: { health: preview, openCall: preview } });
  await server.pass('1h');
  // Running, it is the same.
  expect(await server.get('broker', QUERY)).toEqual({ account: { health: preview, openCall: null } });
  const { liquidationOrders } = await server.get<{ liquidationOrders: { nodes: { id: string }[] } }>(
    'liquidator',
    '{ liquidationOrders(first: 1, status: [OPEN]) { nodes { id } } }',
  );
  const order = liquidationOrders.nodes[0]?.id ?? '';
  const fill = { order, trade: 'fill-3', counterparty: 'bob', price: '48600', size: '10' };
  expect(await act(server, 'liquidator', 'reportLiquidationFill', fill, 'order { status }')).toMatchObject({
    outcome: 'DONE',
  });
  const { liquidations } = await server.get<{ liquidations: { nodes: { fee: string; penalty: string }[] } }>(
    'broker',
    '{ liquidations(account: "alice", first: 2) { nodes { fee penalty } } }',
  );
  expect(liquidations.nodes.map(({ fee, penalty }) => [fee, penalty]).sort()).toEqual([
    [FEE, PENALTY],
    [FEE, preview.penaltyPreview],
  ]);
});
