/** The examples do what their page says, against a running house: questions, a payment, a stream. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ROOT } from '../../support/source';
import { enter, openCallOf, setMark } from '../margincall/api';
import { givenPerpetual, openServer, secretOf, type TestServer } from '../support';

const run = promisify(execFile);
const example = (name: string): string => join(ROOT, 'examples', name);

let server: TestServer;

beforeEach(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server);
  await enter(server);
});
afterEach(async () => {
  await server.close();
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NOVATE_URL: server.url,
  NOVATE_KEY: secretOf('broker'),
});

async function ask(name: string, variables: object = {}): Promise<Record<string, Record<string, unknown>>> {
  const { stdout } = await run(process.execPath, [example('ask.mjs'), example(name), JSON.stringify(variables)], {
    env: environment(),
  });
  return JSON.parse(stdout);
}

test('questions are answered, a payment is recorded once, a call is acknowledged', async () => {
  await setMark(server, '50000');
  const { id } = await openCallOf(server);
  expect(await ask('open-calls.graphql')).toMatchObject({
    marginCalls: { nodes: [{ id, accountId: 'alice', currency: 'USD' }] },
  });
  expect(await ask('account.graphql', { id: 'alice' })).toMatchObject({
    account: { status: 'CALL', openCall: { id } },
  });
  const payment = { currency: 'USD', amount: '20000' };
  const supposed = await ask('what-if.graphql', { input: { account: 'alice', payments: [payment] } });
  expect(supposed).toMatchObject({ whatIf: { meetsInitialMargin: true } });
  expect(await ask('acknowledge.graphql', { input: { call: id, idempotencyKey: 'seen' } })).toMatchObject({
    acknowledgeMarginCall: { outcome: 'DONE', call: { id, status: 'OPEN' } },
  });
  const input = { ...payment, account: 'alice', idempotencyKey: 'payment-4711' };
  const first = await ask('deposit.graphql', { input });
  expect(first).toMatchObject({ depositCollateral: { outcome: 'DONE', replayed: false, rejections: [] } });
  expect(await ask('deposit.graphql', { input })).toMatchObject({
    depositCollateral: { outcome: 'DONE', replayed: true },
  });
});

test('a stream is followed with the key in its first message', async () => {
  const follower: ChildProcess = spawn(process.execPath, [example('follow.mjs'), example('follow-calls.graphql')], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: follower.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string);
  try {
    await setMark(server, '50000');
    expect(await next()).toMatchObject({ accountId: 'alice', call: { status: 'OPEN', currency: 'USD' } });
    await ask('deposit.graphql', {
      input: { account: 'alice', currency: 'USD', amount: '20000', idempotencyKey: 'paid' },
    });
    const kinds: unknown[] = [];
    while (!kinds.includes('MARGIN_CALL_CURED')) kinds.push(((await next()) as { type: string }).type);
    expect(kinds).toEqual(expect.arrayContaining(['MARGIN_CALL_PAID', 'MARGIN_CALL_CURED']));
  } finally {
    follower.kill();
  }
});

test('a key that is not known ends it at once', async () => {
  const env = { ...environment(), NOVATE_KEY: 'nobody' };
  await expect(
    run(process.execPath, [example('follow.mjs'), example('follow-calls.graphql')], { env }),
  ).rejects.toMatchObject({ code: 1 });
});
