/** Losses that one price brings are shared together, and each case shows what was paid for it.  Rules: SL-1, B3-1 */

import { act, carryOut } from '../acts';
import { givenPerpetual, mark, openAccount, openServer, pay, trade } from '../support';

test('SL-1 two losses of one entry: the shares of each case sum to what its last layer bore', async () => {
  const server = await openServer();
  await givenPerpetual(server);
  const policy = {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '1000',
  };
  await carryOut(server, 'setLossPolicy', policy);
  await openAccount(server, 'carol', 'broker');
  await pay(server, 'bob', '1000000');
  for (const account of ['alice', 'carol']) await pay(server, account, '25000');
  await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '1000', source: 'EXTERNAL' });
  await trade(server, 'alice', 'bob', '10');
  await trade(server, 'carol', 'bob', '8');
  await mark(server, '46500');
  const { lossCases } = await server.get<{
    lossCases: {
      nodes: {
        accountId: string;
        seq: string;
        layers: { layer: string; used: string }[];
        shares: { nodes: { amount: string }[] };
      }[];
    };
  }>(
    'auditor',
    '{ lossCases(first: 5) { nodes { accountId seq layers { layer used } shares(first: 5) { nodes { amount } } } } }',
  );
  const cases = lossCases.nodes;
  expect(new Set(cases.map(({ seq }) => seq)).size).toBe(1);
  const figures = cases.map(({ accountId, layers, shares }) => ({
    accountId,
    borne: layers.find(({ layer }) => layer === 'SOCIALIZED_LOSS')?.used,
    paid: shares.nodes.map(({ amount }) => amount),
  }));
  expect(figures.sort((a, b) => (a.accountId < b.accountId ? -1 : 1))).toEqual([
    { accountId: 'alice', borne: '9000.00', paid: ['9000.00'] },
    { accountId: 'carol', borne: '3000.00', paid: ['3000.00'] },
  ]);
  await server.close();
}, 60_000);
