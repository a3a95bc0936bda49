/** What holds where an input says nothing: the classic ladder, and nothing charged beyond the fee. */

import { openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await server.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
});
afterAll(() => server.close());

test('a margin policy that says only what has no standard gets the classic ladder', async () => {
  const liquidation = {
    feeRate: '0.01',
    feeShares: { liquidator: '0', fund: '1', house: '0' },
    slippage: '0.001',
    venueWindow: '30s',
  };
  const terms = [{ base: 'MAINTENANCE', ratio: '1.1' }];
  const input = {
    policy: 'short',
    currency: 'USD',
    cure: terms,
    target: terms,
    cureWindow: '1h',
    liquidation,
    idempotencyKey: 'short',
  };
  const mutation =
    'mutation ($input: SetMarginPolicyInput!) { setMarginPolicy(input: $input) { outcome rejections { code } } }';
  expect(await server.get('admin', mutation, { input })).toMatchObject({ setMarginPolicy: { outcome: 'DONE' } });
  const { marginPolicies } = await server.get<{ marginPolicies: { nodes: object[] } }>(
    'admin',
    `{ marginPolicies(first: 2, policy: "short") { nodes { warnings { terms { base ratio } } call { terms { base ratio
      } } closeOut { terms { base ratio } } hysteresis amendStep aggregation
      liquidation { penaltyTiers { floor } repeatSurcharge repeatMaximum repeatWindow minimumRemainder } } } }`,
  );
  expect(marginPolicies.nodes[0]).toEqual({
    warnings: [{ terms: [{ base: 'INITIAL', ratio: '1' }] }],
    call: { terms: [{ base: 'MAINTENANCE', ratio: '1' }] },
    closeOut: { terms: [{ base: 'MAINTENANCE', ratio: '2/3' }] },
    hysteresis: '0',
    amendStep: '0',
    aggregation: 'OWNER',
    liquidation: {
      penaltyTiers: [],
      repeatSurcharge: '0',
      repeatMaximum: 0,
      repeatWindow: '1d',
      minimumRemainder: '0.00',
    },
  });
});
