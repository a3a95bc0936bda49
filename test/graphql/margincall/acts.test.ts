/**
 * What people do about calls: officers issue, extend and waive them, holders pay in part and dispute; all of it with
 * actor and reason.
 */

import { FRAME, listen } from '../subscription/listen';
import { givenPerpetual, openServer, type TestServer } from '../support';
import {
  type Answer,
  act,
  approved,
  type Call,
  callsOf,
  deposit,
  enter,
  openCallOf,
  refusal,
  setMark,
  statusOf,
} from './api';

const CALLS =
  `subscription { marginCalls(snapshot: true) { ${FRAME} type callId accountId amount paid deadline ` +
  `by reason clockStopped } }`;

let server: TestServer;

beforeEach(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server);
  await enter(server);
});
afterEach(async () => {
  await server.close();
});

/** Alice is called at 50,000: 14,000 asked for, 1,500 short of maintenance margin, until 13:00. */
async function called(): Promise<string> {
  await setMark(server, '50000');
  return (await openCallOf(server)).id;
}

interface Recorded {
  readonly ordinal: number;
  readonly seq: string;
  readonly type: string;
  readonly actor: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The last thing that is recorded of the newest call. */
async function lastRecord(): Promise<Recorded> {
  const [call] = await callsOf(server, 'alice', 'events { ordinal seq type actor details }');
  const events = call?.['events'] as Recorded[];
  expect(events.map(({ ordinal }) => ordinal)).toEqual(events.map((_, i) => i + 1));
  return events.at(-1) as Recorded;
}

/** Who sent the entry of an answer, by the journal. */
async function sentBy({ seq }: Answer): Promise<{ actor: string; commandType: string }> {
  const query = `query ($seq: Seq!) { journal(from: $seq, to: $seq, first: 1) { nodes { actor commandType } } }`;
  const { journal } = await server.get<{ journal: { nodes: { actor: string; commandType: string }[] } }>(
    'auditor',
    query,
    { seq },
  );
  return journal.nodes[0] as { actor: string; commandType: string };
}

describe('B1-5 an officer', () => {
  test('issues a call to an account that no ladder called, with a window and a reason', async () => {
    const stream = await listen(server.socket('broker'), CALLS).opened();
    const input = { account: 'alice', amount: '5000', window: '30m', reason: 'Concentrated ahead of an announcement' };
    const answer = await act(server, 'officer', 'issueMarginCall', input);
    expect(answer).toMatchObject({ outcome: 'DONE', proposal: null });
    const call = await openCallOf(server, 'alice', 'manual reason');
    const expected = { manual: true, reason: input.reason, amount: '5000.00', deadline: '2025-10-10T12:30:00.000Z' };
    expect(call).toMatchObject(expected);
    expect(await statusOf(server)).toBe('CALL');
    expect((await stream.have(1))[0]).toMatchObject({
      type: 'MARGIN_CALL_ISSUED',
      seq: answer.seq,
      callId: call.id,
      reason: input.reason,
    });
    expect(await sentBy(answer)).toEqual({ actor: 'officer', commandType: 'IssueMarginCall' });
    // One open call an account.
    expect(await refusal(server, 'officer', 'issueMarginCall', input)).toBe('CALL_ALREADY_OPEN');
    await server.pass('30m');
    expect((await callsOf(server))[0]?.status).toBe('EXPIRED');
  });

  test.each([
    ['no such account', { account: 'nobody' }, 'ACCOUNT_NOT_FOUND'],
    ['no amount', { amount: '0' }, 'AMOUNT_NOT_POSITIVE'],
    ['an amount below zero', { amount: '-1' }, 'AMOUNT_NOT_POSITIVE'],
    ['more digits than the currency has', { amount: '0.001' }, 'TOO_MANY_DIGITS'],
    ['a window beyond all measure', { window: '1000d' }, 'VALUE_OUT_OF_RANGE'],
  ])('is refused a call with %s', async (_name, fields, code) => {
    const input = { account: 'alice', amount: '5000', window: '30m', reason: 'A test', ...fields };
    expect(await refusal(server, 'officer', 'issueMarginCall', input)).toBe(code);
    expect(await callsOf(server)).toEqual([]);
  });

  test('extends a call with a second person: proposed it changes nothing, approved it moves the deadline', async () => {
    const call = await called();
    const stream = await listen(server.socket('broker'), CALLS).opened();
    const input = { call, deadline: '2025-10-10T15:00:00.000Z', reason: 'The bank is closed' };
    const proposed = await act(server, 'officer', 'extendMarginCall', input);
    expect(proposed).toMatchObject({
      outcome: 'PROPOSED',
      events: ['PROPOSAL_CREATED'],
      proposal: { proposedBy: 'officer', reason: input.reason },
    });
    expect((await openCallOf(server)).deadline).toBe('2025-10-10T13:00:00.000Z');

    const { id, hash } = proposed.proposal ?? {};
    expect(await refusal(server, 'officer', 'approveProposal', { proposal: id, hash })).toBe('PROPOSER_CANNOT_APPROVE');
    expect(await refusal(server, 'admin', 'approveProposal', { proposal: id, hash: '0'.repeat(64) })).toBe(
      'PROPOSAL_HASH_MISMATCH',
    );
    const approval = await approved(server, proposed);
    expect(approval.events).toEqual(['PROPOSAL_APPROVED', 'MARGIN_CALL_EXTENDED']);
    expect((await openCallOf(server)).deadline).toBe(input.deadline);
    expect((await stream.have(1))[0]).toMatchObject({
      type: 'MARGIN_CALL_EXTENDED',
      deadline: input.deadline,
      by: 'admin2',
      reason: input.reason,
    });
    expect(await lastRecord()).toMatchObject({
      type: 'MARGIN_CALL_EXTENDED',
      seq: approval.seq,
      actor: 'admin2',
      details: { reason: input.reason },
    });
    expect([await sentBy(proposed), await sentBy(approval)].map(({ actor }) => actor)).toEqual(['officer', 'admin2']);

    await server.pass('2h59m59s999ms');
    expect(await statusOf(server)).toBe('CALL');
    await server.pass('1ms');
    expect(await statusOf(server)).toBe('LIQUIDATING');
  });

  test('does not bring a deadline forward', async () => {
    const input = { call: await called(), deadline: '2025-10-10T13:00:00.000Z', reason: 'Sooner' };
    expect(await refusal(server, 'officer', 'extendMarginCall', input)).toBe('DEADLINE_NOT_LATER');
  });

  test(
    'waives a call with a second person; none follows before the account has recovered, unless the close-out ' +
      'level is reached',
    async () => {
      const call = await called();
      const proposed = await act(server, 'officer', 'waiveMarginCall', { call, reason: 'A known error of the feed' });
      expect((await openCallOf(server)).id).toBe(call);
      const approval = await approved(server, proposed);
      expect(approval.events).toContain('MARGIN_CALL_WAIVED');
      expect((await callsOf(server))[0]).toMatchObject({ id: call, status: 'WAIVED' });
      expect(await lastRecord()).toMatchObject({
        type: 'MARGIN_CALL_WAIVED',
        actor: 'admin2',
        details: { reason: 'A known error of the feed' },
      });
      await setMark(server, '49900');
      expect(await callsOf(server)).toHaveLength(1);
      await server.pass('2h');
      expect(await statusOf(server)).toBe('WARNING');
      expect((await setMark(server, '49700')).events).toContain('LIQUIDATION_STARTED');
    },
  );

  test('waived by approval after it has ended, a call is refused: what was proposed is checked again when it runs', async () => {
    const call = await called();
    const proposed = await act(server, 'officer', 'waiveMarginCall', { call, reason: 'A known error of the feed' });
    await deposit(server, 'alice', '1500');
    const { outcome, rejections } = await approved(server, proposed);
    expect({ outcome, code: rejections[0]?.code }).toEqual({ outcome: 'REJECTED', code: 'CALL_NOT_FOUND' });
    expect((await callsOf(server))[0]).toMatchObject({ id: call, status: 'CURED' });
  });
});

test('X-5 acts on calls are for those they are for; of a foreign call nobody learns that it is there', async () => {
  const call = await called();
  const reason = 'A test';
  const acts: [string, object][] = [
    ['issueMarginCall', { account: 'alice', amount: '1', reason }],
    ['extendMarginCall', { call, deadline: '2025-10-10T15:00:00.000Z', reason }],
    ['waiveMarginCall', { call, reason }],
    ['ruleOnDispute', { call, stopClock: true, reason }],
  ];
  const codeOf = async (key: 'broker' | 'reader' | 'auditor' | 'feed' | 'officer', mutation: string, input: object) => {
    const query =
      `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ` +
      `${mutation}(input: $input) { outcome } }`;
    const { errors } = await server.ask(key, query, { input: { ...input, idempotencyKey: `${key}/${mutation}` } });
    return errors[0]?.extensions['code'];
  };
  for (const [mutation, input] of acts)
    for (const key of ['broker', 'reader', 'auditor', 'feed'] as const)
      expect(await codeOf(key, mutation, input)).toBe('FORBIDDEN');
  for (const key of ['reader', 'auditor', 'officer', 'feed'] as const) {
    expect(await codeOf(key, 'acknowledgeMarginCall', { call })).toBe('FORBIDDEN');
    expect(await codeOf(key, 'disputeMarginCall', { call, reason })).toBe('FORBIDDEN');
  }
  for (const mutation of ['acknowledgeMarginCall', 'disputeMarginCall']) {
    const foreign = await act(
      server,
      'rival',
      mutation,
      { call, ...(mutation === 'disputeMarginCall' ? { reason } : {}) },
      'call { id }',
    );
    const missing = await act(
      server,
      'rival',
      mutation,
      { call: 'call_none', ...(mutation === 'disputeMarginCall' ? { reason } : {}) },
      'call { id }',
    );
    expect(foreign.rejections[0]).toEqual({ code: 'CALL_NOT_FOUND', details: [{ name: 'call', value: call }] });
    expect(missing.rejections[0]).toEqual({ code: 'CALL_NOT_FOUND', details: [{ name: 'call', value: 'call_none' }] });
    expect([foreign, missing]).toMatchObject([{ call: null }, { call: null }]);
  }
  expect(await openCallOf(server, 'alice', 'acknowledgedAt disputed')).toMatchObject({
    acknowledgedAt: null,
    disputed: false,
  });
});

test('B1-2 a call is acknowledged once, and the same request again has the same answer', async () => {
  const call = await called();
  const input = { call, idempotencyKey: 'seen' };
  const first = await act(server, 'broker', 'acknowledgeMarginCall', input);
  expect(await act(server, 'broker', 'acknowledgeMarginCall', input)).toEqual({ ...first, replayed: true });
  expect(await refusal(server, 'broker', 'acknowledgeMarginCall', { call })).toBe('CALL_ALREADY_ACKNOWLEDGED');
  expect(await openCallOf(server, 'alice', 'acknowledgedAt acknowledgedBy')).toMatchObject({
    acknowledgedAt: '2025-10-10T12:00:00.000Z',
    acknowledgedBy: 'broker',
  });
});

test('MCM-4 partial payments reduce what is left to pay and are shown, one by one and in all', async () => {
  const call = await called();
  const stream = await listen(server.socket('broker'), CALLS).opened();
  for (const amount of ['400', '600.5']) await deposit(server, 'alice', amount);
  expect(await openCallOf(server, 'alice', 'paid equity')).toMatchObject({
    id: call,
    amount: '14000.00',
    paid: '1000.50',
  });
  const payments = await stream.have(2);
  expect(payments.map(({ type, amount, paid, by }) => [type, amount, paid, by])).toEqual([
    ['MARGIN_CALL_PAID', '400.00', '400.00', 'broker'],
    ['MARGIN_CALL_PAID', '600.50', '1000.50', 'broker'],
  ]);
  // Who paid stays in the life of the call, whoever it was.
  await server.send(
    { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' },
    { id: 'admin', role: 'ADMIN', member: null },
  );
  const { events } = await openCallOf(server, 'alice', 'events { type actor }');
  expect(events).toEqual([
    { type: 'MARGIN_CALL_ISSUED', actor: null },
    ...['broker', 'broker', 'admin'].map((actor) => ({ type: 'MARGIN_CALL_PAID', actor })),
  ]);
  expect((await deposit(server, 'alice', '498.5')).events).toContain('MARGIN_CALL_CURED');
  expect((await callsOf(server, 'alice', 'paid'))[0]).toMatchObject({ status: 'CURED', paid: '1500.00' });
});

describe('MCM-4 a dispute', () => {
  test('is recorded and shown, and does not stop the clock', async () => {
    const call = await called();
    const stream = await listen(server.socket('broker'), CALLS).opened();
    await act(server, 'broker', 'disputeMarginCall', { call, reason: 'The mark is off the market' });
    expect((await stream.have(1))[0]).toMatchObject({
      type: 'MARGIN_CALL_DISPUTED',
      by: 'broker',
      reason: 'The mark is off the market',
    });
    const fields = 'disputed clockStopped';
    expect(await openCallOf(server, 'alice', fields)).toMatchObject({
      disputed: true,
      clockStopped: false,
      deadline: '2025-10-10T13:00:00.000Z',
    });
    await server.pass('1h');
    expect((await callsOf(server))[0]?.status).toBe('EXPIRED');
  });

  test('stops it where an officer rules so and a second person agrees; ruled against, the deadline holds as it was', async () => {
    const call = await called();
    const rule = (stopClock: boolean, reason: string) =>
      act(server, 'officer', 'ruleOnDispute', { call, stopClock, reason });
    expect(await refusal(server, 'officer', 'ruleOnDispute', { call, stopClock: true, reason: 'None' })).toBe(
      'CALL_NOT_DISPUTED',
    );
    await act(server, 'broker', 'disputeMarginCall', { call, reason: 'The mark is off the market' });
    const proposed = await rule(true, 'To be looked into');
    expect(proposed.events).toEqual(['PROPOSAL_CREATED']);
    expect((await approved(server, proposed)).events).toContain('MARGIN_CALL_DISPUTE_RULED');
    expect(await openCallOf(server, 'alice', 'clockStopped timeLeft')).toMatchObject({
      clockStopped: true,
      timeLeft: null,
    });
    await server.pass('3h');
    expect(await statusOf(server)).toBe('CALL');

    // To let it run again lowers risk: one person is enough, and the deadline has passed.
    const ruled = await rule(false, 'The mark was right');
    expect(ruled.events).toEqual(
      expect.arrayContaining(['MARGIN_CALL_DISPUTE_RULED', 'MARGIN_CALL_EXPIRED', 'LIQUIDATION_STARTED']),
    );
    const [ended] = await callsOf(server, 'alice', 'events { type actor details }');
    const rulings = ((ended as Call)['events'] as Recorded[]).filter(
      ({ type }) => type === 'MARGIN_CALL_DISPUTE_RULED',
    );
    expect(rulings.map(({ actor, details }) => [actor, details['clockStopped'], details['reason']])).toEqual([
      ['admin2', true, 'To be looked into'],
      ['officer', false, 'The mark was right'],
    ]);
  });
});
