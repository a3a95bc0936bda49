/**
 * A house whose rows are made from nothing: everything but queries is served at once, and queries say how far they are.
 */

import { givenPerpetual, linesOf, mark, openAccount, openServer, pay, type TestServer } from '../support';

let server: TestServer;
let entries = 0;

beforeAll(async () => {
  const before = await openServer();
  await givenPerpetual(before);
  await openAccount(before, 'carol', 'broker');
  await pay(before, 'carol', '500');
  const journal = await linesOf(before.house);
  entries = journal.length;
  await before.close();
  server = await openServer({ journal, rowsLater: true });
});
afterAll(() => server.close());

const DEPOSIT = 'mutation ($input: DepositCollateralInput!) { depositCollateral(input: $input) { outcome seq } }';

test('keys, commands, live figures and streams do not wait', async () => {
  const input = { account: 'carol', currency: 'USD', amount: '20', idempotencyKey: 'late/1' };
  const { data, errors } = await server.ask<{ depositCollateral: { outcome: string; seq: string } }>(
    'broker',
    DEPOSIT,
    { input },
  );
  expect([errors, data.depositCollateral]).toEqual([[], { outcome: 'DONE', seq: String(entries + 1) }]);
  // Another member's broker is still kept out: whose an account is comes from the engine.
  const refused = await server.ask<typeof data>('rival', DEPOSIT, { input: { ...input, idempotencyKey: 'late/2' } });
  expect(refused.data?.depositCollateral.outcome).not.toBe('DONE');
  await mark(server, '50100');
  expect(await server.get('officer', '{ houseRisk { map { __typename } } }')).toMatchObject({
    houseRisk: { map: expect.anything() },
  });
  const health = server
    .socket('broker')
    .iterate({ query: 'subscription { accountHealth(accounts: ["carol"]) { __typename } }' });
  expect(await health.next()).toMatchObject({ value: { data: { accountHealth: expect.anything() } } });
  await health.return?.();
});

test('queries say how far the rows are, and are answered when they are there', async () => {
  const query = '{ account(id: "carol") { id } }';
  const { errors } = await server.ask('broker', query);
  const committed = server.house.status().seq;
  const facts = { code: 'UNAVAILABLE', reason: 'READ_MODELS_REBUILDING', seq: 0, committed, retryAfterMs: 1_000 };
  expect(errors.map(({ extensions }) => extensions)).toMatchObject([facts]);
  server.followRows();
  expect(await server.get('broker', query)).toEqual({ account: { id: 'carol' } });
  expect(server.reader.following()).toMatchObject({ caughtUp: true, anew: false, seq: committed });
});
