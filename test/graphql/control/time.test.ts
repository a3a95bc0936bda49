/**
 * Time moves by hand only where the house runs on a manual clock; what becomes due is met on the way, at its own
 * instant.
 */

import { formatInstant, parseDuration } from '../../../src/units/instant';
import { instant } from '../../../src/units/quantity';
import { givenPerpetual, mark, openServer, pay, type Reply, type TestServer, trade } from '../support';

const ADVANCE = 'mutation ($to: DateTime!) { advanceTime(input: { to: $to }) { outcome seq now nextDeadline } }';
interface Advanced {
  readonly advanceTime: {
    readonly outcome: string;
    readonly seq: string;
    readonly now: string;
    readonly nextDeadline: string | null;
  };
}

describe('on a manual clock', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await givenPerpetual(server);
  });
  afterAll(() => server.close());

  const later = (span: string): string => formatInstant(instant(server.clock.now() + parseDuration(span)));
  const advance = (to: string): Promise<Reply<Advanced>> => server.ask<Advanced>('admin', ADVANCE, { to });

  test('it is moved to an instant, and the next deadline is told', async () => {
    const to = later('1h');
    const { data } = await advance(to);
    expect(data.advanceTime).toMatchObject({ outcome: 'DONE', now: to, nextDeadline: expect.any(String) });
    expect((await server.get<{ house: object }>('feed', '{ house { manualClock } }')).house).toEqual({
      manualClock: true,
    });
  });

  test('a margin call expires at its deadline, not when the clock was moved', async () => {
    for (const [account, amount] of [
      ['alice', '25000'],
      ['bob', '1000000'],
    ] as const)
      await pay(server, account, amount);
    await trade(server, 'alice', 'bob', '10');
    await mark(server, '48600');
    const deadline = later('1h');
    expect((await advance(later('3h'))).data.advanceTime.outcome).toBe('DONE');
    const { marginCalls } = await server.get<{ marginCalls: { nodes: object[] } }>(
      'broker',
      '{ marginCalls(first: 1) { nodes { status deadline endedAt } } }',
    );
    expect(marginCalls.nodes).toEqual([{ status: 'EXPIRED', deadline, endedAt: deadline }]);
  });

  test('it does not run backwards', async () => {
    // How far the auditor has come is its own affair.
    const standing = () => ({ ...server.house.status(), watch: null });
    const before = standing();
    const { data, errors } = await advance(later('0s').replace(/\d{4}/, '2020'));
    expect([data, errors[0]?.extensions['code'], errors[0]?.message]).toEqual([
      null,
      'BAD_USER_INPUT',
      'Time does not run backwards.',
    ]);
    expect(standing()).toEqual(before);
  });
});

test('MANUAL_CLOCK_ONLY: on the wall clock nobody moves it', async () => {
  const server = await openServer({ manual: false });
  const { data, errors } = await server.ask('admin', ADVANCE, { to: '2030-01-01T00:00:00.000Z' });
  expect([data, errors[0]?.extensions['code'], errors[0]?.extensions['retriable']]).toEqual([
    null,
    'MANUAL_CLOCK_ONLY',
    false,
  ]);
  expect((await server.get<{ house: object }>('feed', '{ house { manualClock } }')).house).toEqual({
    manualClock: false,
  });
  await server.close();
});
