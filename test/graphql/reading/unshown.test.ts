/** A row that cannot be shown is null in its own place, with an error there; one that is merely large is shown. */

import { describePostgres } from '../../support/postgres';
import { givenPerpetual, openServer, pay, type TestServer, trade } from '../support';

describePostgres('rows that say what no row should', (database) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({ databaseUrl: database.url });
    await givenPerpetual(server);
    for (const account of ['alice', 'bob']) await pay(server, account, '1000000');
    await trade(server, 'alice', 'bob', '1');
    await trade(server, 'alice', 'bob', '2');
    await server.get('admin', '{ trades(first: 1) { nodes { id } } }');
  });
  afterAll(() => server?.close());

  const TRADES =
    '{ trades(first: 10) { nodes { id price } edges { node { id price } } } conservation { currencies { currency ' +
    'difference } } }';

  test('X-2 an amount of more digits than can enter is shown, in its own row and in every sum', async () => {
    const large = `${'9'.repeat(75)}.25`;
    await database.query(`UPDATE "Balance" SET "amount" = ${large} WHERE "accountId" = 'alice'`);
    const { accounts, account } = await server.get<Record<string, object>>(
      'broker',
      '{ accounts(first: 10) { nodes { id balances { amount } } } account(id: "alice") { health { equity } } }',
    );
    expect(accounts).toMatchObject({ nodes: [{ id: 'alice', balances: [{ amount: large }] }, { id: 'bob' }] });
    expect(account).toEqual({ health: { equity: large } });
  });

  test(
    'a price that is no number nulls its trade, with an error at its place, and neither the others nor the ' +
      'other questions',
    async () => {
      await database.query(`UPDATE "Trade" SET "price" = 'NaN' WHERE "size" = 1`);
      const { data, errors } = await server.ask<Record<'trades', { nodes: unknown[]; edges: unknown[] }>>(
        'admin',
        TRADES,
      );
      const whole = { id: expect.any(String), price: '50000.0' };
      expect(data.trades).toEqual({
        nodes: expect.arrayContaining([null, whole]),
        edges: expect.arrayContaining([{ node: null }, { node: whole }]),
      });
      expect(data).toMatchObject({ conservation: { currencies: expect.any(Array) } });
      expect(errors.map(({ path, extensions }) => [path?.slice(0, 2).join('.'), extensions['code']])).toEqual([
        ['trades.nodes', 'INTERNAL_SERVER_ERROR'],
        ['trades.edges', 'INTERNAL_SERVER_ERROR'],
      ]);
      expect(server.faults.length).toBeGreaterThan(0);
    },
  );
});
