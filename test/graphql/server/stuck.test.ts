/** A row that the database refuses stops the read models, and nothing else: what goes on, and what says so. */

import { describePostgres } from '../../support/postgres';
import { documentOf } from '../acts';
import { listen } from '../subscription/listen';

import { givenPerpetual, linesOf, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

interface Ready {
  readonly status: string;
  readonly house: { readonly running: boolean; readonly seq: number };
  readonly readModels: {
    readonly seq: number;
    readonly behind: number;
    readonly following: boolean;
    readonly reason: string | null;
    readonly stuck: {
      readonly seq: number;
      readonly command: string;
      readonly table: string;
      readonly constraint: string;
    } | null;
  };
}

const HOUSE =
  '{ house { state asOf { seq fresh } readModels { seq behind following reason stuck { seq command table ' +
  'constraint } } } }';
const DEPOSIT = `mutation ($key: ID!, $amount: Decimal!) {
  depositCollateral(input: { account: "alice", currency: "USD", amount: $amount, idempotencyKey: $key }) { outcome seq
  asOf { seq fresh } account { id } }
}`;
const REFUSED = 'LedgerTransfer_refused';

interface Deposit {
  readonly depositCollateral: {
    readonly outcome: string;
    readonly seq: string;
    readonly asOf: { readonly fresh: boolean };
  };
}

describePostgres('a row that is refused', (database) => {
  let server: TestServer;
  afterEach(() => server.close());

  const readiness = async (): Promise<{ code: number; body: Ready }> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/readyz`);
    return { code: response.status, body: (await response.json()) as Ready };
  };
  async function until(holds: (ready: Ready) => boolean): Promise<Ready> {
    for (let tries = 0; tries < 2_000; tries++) {
      const { body } = await readiness();
      if (holds(body)) return body;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('That does not come');
  }

  test('RLM-1 X-3 commands, calls, liquidations and streams go on, reads say how old they are, a start starts, ' +
    'and mended it follows', async () => {
    server = await openServer({ databaseUrl: database.url });
    await givenPerpetual(server);
    for (const account of ['alice', 'bob', 'eve']) await pay(server, account, '30000');
    await trade(server, 'alice', 'eve', '10');
    await until(({ readModels }) => readModels.behind === 0);
    expect(await readiness()).toMatchObject({
      code: 200,
      body: { status: 'ready', readModels: { following: true, reason: null, stuck: null } },
    });
    const calls = listen<{ type: string }>(
      server.socket('broker'),
      'subscription { marginCalls { kind cursor seq streamSeq at emittedAt type call { id status } } }',
    );
    await calls.opened();

    const last = server.house.status().seq;
    await database.query(
      `ALTER TABLE "LedgerTransfer" ADD CONSTRAINT "${REFUSED}" CHECK ("seq" <> ${last + 1}) NOT VALID`,
    );
    const first = await server.get<Deposit>('broker', DEPOSIT, { key: 'd1', amount: '1' });
    expect(first.depositCollateral).toMatchObject({ outcome: 'DONE', seq: String(last + 1) });
    const stuck = { seq: last + 1, command: 'DepositCollateral', table: 'LedgerTransfer', constraint: REFUSED };
    await until(({ readModels }) => readModels.stuck !== null);
    expect(await readiness()).toMatchObject({
      code: 503,
      body: {
        status: 'not ready',
        house: { running: true },
        readModels: { seq: last, behind: 1, following: false, reason: 'STUCK', stuck },
      },
    });
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);

    await goesOn(server, calls, last);

    // Started again, it is there, and says the same.
    const lines = await linesOf(server.house);
    await server.close();
    server = await openServer({ databaseUrl: database.url, journal: lines });
    expect((await readiness()).body.readModels).toMatchObject({ seq: last, reason: 'STUCK', stuck });
    const again = await server.get<Deposit>('broker', DEPOSIT, { key: 'd3', amount: '3' });
    expect(again.depositCollateral).toMatchObject({ outcome: 'DONE', asOf: { seq: String(last), fresh: false } });

    await database.query(`ALTER TABLE "LedgerTransfer" DROP CONSTRAINT "${REFUSED}"`);
    await until(({ status }) => status === 'ready');
    const { conservation } = await server.get<{ conservation: { holds: boolean } }>(
      'auditor',
      '{ conservation { holds } }',
    );
    expect([conservation.holds, (await readiness()).code]).toEqual([true, 200]);
  }, 60_000);
});

/** What does not need the rows goes on; what is read from them says of which entry it is. */
async function goesOn(
  server: TestServer,
  calls: ReturnType<typeof listen<{ type: string }>>,
  last: number,
): Promise<void> {
  const { data } = await server.ask<Deposit>('broker', DEPOSIT, { key: 'd2', amount: '2' });
  expect(data.depositCollateral).toMatchObject({
    outcome: 'DONE',
    asOf: { seq: String(last), fresh: false },
    account: { id: 'alice' },
  });
  await mark(server, '47600');
  await calls.until(({ events }) => events.some(({ type }) => type === 'MARGIN_CALL_ISSUED'));
  await server.pass('2h');
  await calls.until(({ events }) =>
    events.some(({ type }) => type === 'MARGIN_CALL_EXPIRED' || type === 'MARGIN_CALL_SUPERSEDED'),
  );
  expect((await server.house.health(['alice'])).health[0]?.status).not.toBe('CALL');
  const officer = await server.get<{ house: object }>('officer', HOUSE);
  expect(officer.house).toMatchObject({
    state: 'DEGRADED',
    asOf: { seq: String(last), fresh: false },
    readModels: { seq: String(last), following: false, stuck: { constraint: REFUSED } },
  });
  // Whose an account is, is known before the rows have it: its broker may open another of the same owner.
  await openAccount(server, 'later', 'broker', 'jane');
  const terms = { kind: 'CLIENT', currency: 'USD', policy: 'classic', mode: 'CROSS' };
  const opened = await server.ask<{ openAccount: object }>('broker', documentOf('openAccount', 'outcome'), {
    input: { ...terms, member: 'broker', account: 'broker/second', owner: 'jane', idempotencyKey: 'second' },
  });
  expect(opened).toMatchObject({ data: { openAccount: { outcome: 'DONE' } }, errors: [] });
  const rival = await server.ask('rival', documentOf('openAccount', 'outcome'), {
    input: { ...terms, member: 'rival', account: 'rival/second', owner: 'jane', idempotencyKey: 'second' },
  });
  expect(rival.errors.map(({ extensions }) => extensions['path'])).toEqual(['input.owner']);
  const broker = await server.ask<{ house: { readModels: object } }>('broker', HOUSE);
  expect(broker.data.house.readModels).toMatchObject({ reason: 'STUCK', stuck: null });
}
