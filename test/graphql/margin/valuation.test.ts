/** Accounts in a reporting currency through the API, with the prices that the figures stand on.  QC-3, PV-4 */

import { defineBitcoin, quoteBitcoin } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await defineBitcoin(server);
  await quoteBitcoin(server, '50000.0');
  for (const account of ['alice', 'bob']) await pay(server, account, '25000');
});
afterAll(() => server.close());

interface Valued {
  readonly value: string;
  readonly rates: readonly { readonly price: string; readonly priceSeq: string }[];
}

const VALUED = '{ value counted rates { price priceSeq index { id } } }';

test('QC-3 PV-4 an account and two together are valued in bitcoin at one price, which its entry set', async () => {
  const { valuation, account } = await server.get<{ valuation: Valued; account: { valuation: Valued } }>(
    'reader',
    `{ valuation(accounts: ["alice", "bob"], currency: "BTC") ${VALUED}
       account(id: "alice") { valuation(currency: "BTC") ${VALUED} } }`,
  );
  const { priceIndex } = await server.get<{ priceIndex: { seq: string } }>(
    'reader',
    '{ priceIndex(id: "BTC/USD") { seq } }',
  );
  const rates = [{ price: '50000.0', priceSeq: priceIndex.seq, index: { id: 'BTC/USD' } }];
  expect(account.valuation).toEqual({ value: '0.5', counted: '0.5', rates });
  expect(valuation).toEqual({ value: '1', counted: '1', rates });
});

test('QC-3 no accounts, too many, and a currency that is none', async () => {
  const ask = (accounts: readonly string[], currency = 'USD') =>
    server.ask<{ valuation: Valued | null }>(
      'reader',
      `query ($accounts: [ID!]!, $currency: ID!) { valuation(accounts: $accounts, currency: $currency) { value } }`,
      { accounts, currency },
    );
  for (const accounts of [[], Array.from({ length: 101 }, () => 'alice')])
    expect((await ask(accounts)).errors.map(({ extensions }) => extensions['code'])).toEqual(['LIMIT_EXCEEDED']);
  expect((await ask(['alice'], 'XXX')).data).toEqual({ valuation: null });
  expect((await ask(['alice', 'eve'])).data).toEqual({ valuation: null });
});
