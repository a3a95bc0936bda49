/** What people do about a call: acknowledge, dispute, issue by hand, extend, waive, rule.  B1-5, MCM-4 */

import { eventsOf } from '../../../src/core/message/envelope';
import { instant } from '../../../src/units/quantity';
import { classicPolicy, mark, openAccount, pay } from '../../support/given';
import { ofType, START, type TestHouse, typesOf } from '../../support/house';
import { broker, byTwo, callOf, leveragedHouse, officer, statusOf, usd } from '../../support/ladder';

const HOUR = 3_600_000;
const reason = 'bank holiday';

/** Alice called at 48,600, an hour to pay. */
function called(given: Parameters<typeof leveragedHouse>[0] = {}): TestHouse {
  const house = leveragedHouse(given);
  mark(house, '48600');
  return house;
}

describe('extending', () => {
  test('B1-5 an extension moves the deadline, and tells who extended it and why', () => {
    const house = called();
    const { id, deadline } = callOf(house);
    const events = byTwo(house, { type: 'ExtendMarginCall', call: id, deadline: deadline + HOUR, reason });
    expect(ofType(events, 'MarginCallExtended')).toEqual([
      { type: 'MarginCallExtended', call: id, account: 'alice', deadline: deadline + HOUR, by: 'second', reason },
    ]);
    // The proposal keeps who asked for it.
    expect(
      ofType(
        house.entries.flatMap((entry) => eventsOf(entry.outcome)),
        'ProposalCreated',
      ),
    ).toMatchObject([{ created: { proposedBy: 'first', reason } }]);
    expect(ofType(house.pass('1h'), 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('59m59.999s'), 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('0.001s'), 'MarginCallExpired')).toHaveLength(1);
  });

  test('B1-5 one person alone extends nothing', () => {
    const house = called();
    const { id, deadline } = callOf(house);
    house.send({ type: 'ExtendMarginCall', call: id, deadline: deadline + HOUR, reason }, officer('first'));
    expect(callOf(house).deadline).toBe(deadline);
    expect(ofType(house.pass('1h'), 'MarginCallExpired')).toHaveLength(1);
  });

  test('B1-5 an extension approved after the call has ended is refused', () => {
    const house = called();
    const { id, deadline } = callOf(house);
    house.send({ type: 'ExtendMarginCall', call: id, deadline: deadline + HOUR, reason }, officer('first'));
    const [proposal] = house.state.proposals.values();
    house.pass('1h');
    expect(
      house.refusal(
        { type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' },
        officer('second'),
      ),
    ).toBe('CALL_NOT_FOUND');
  });

  test('MCM-2 an extended call gets its final notice before the new deadline', () => {
    const house = called({ policy: classicPolicy({}, { finalNotice: 600_000 }) });
    const { id, deadline } = callOf(house);
    byTwo(house, { type: 'ExtendMarginCall', call: id, deadline: deadline + HOUR, reason });
    expect(typesOf(house.pass('1h'))).toEqual([]);
    expect(ofType(house.pass('50m'), 'MarginCallFinalNotice')).toMatchObject([{ deadline: deadline + HOUR }]);
  });
});

describe('waiving', () => {
  test('B1-5 a waived call ends with who waived it and why, and none follows before the account has recovered', () => {
    const house = called();
    const { id } = callOf(house);
    expect(ofType(byTwo(house, { type: 'WaiveMarginCall', call: id, reason }), 'MarginCallWaived')).toEqual([
      { type: 'MarginCallWaived', call: id, account: 'alice', by: 'second', reason },
    ]);
    expect(statusOf(house)).toBe('WARNING');
    expect(typesOf(mark(house, '48500'))).toEqual(['MarkPriceSet']);
    // Back above the call level, but not above the warning: still waived.
    mark(house, '49000');
    expect(typesOf(mark(house, '48500'))).toEqual(['MarkPriceSet']);
    mark(house, '50000');
    expect(statusOf(house)).toBe('HEALTHY');
    expect(ofType(mark(house, '48500'), 'MarginCallIssued')).toHaveLength(1);
  });

  test('B1-5 the waiver holds where the policy has no warnings, too', () => {
    const house = called({ policy: classicPolicy({}, { warnings: [] }) });
    byTwo(house, { type: 'WaiveMarginCall', call: callOf(house).id, reason });
    expect(typesOf(mark(house, '48500'))).toEqual(['MarkPriceSet']);
    expect(typesOf(mark(house, '48600'))).toEqual(['MarkPriceSet']);
    mark(house, '48718');
    expect(statusOf(house)).toBe('HEALTHY');
    expect(ofType(mark(house, '48600'), 'MarginCallIssued')).toHaveLength(1);
  });

  test('B1-5 no waiver holds below the close-out level', () => {
    const house = called();
    byTwo(house, { type: 'WaiveMarginCall', call: callOf(house).id, reason });
    const events = mark(house, '48305');
    expect(ofType(events, 'MarginCallSuperseded')).toMatchObject([{ cause: 'CLOSE_OUT_LEVEL' }]);
    expect(statusOf(house)).toBe('LIQUIDATING');
  });

  test('B1-5 a waived account may neither add risk below initial margin nor withdraw', () => {
    const house = called();
    byTwo(house, { type: 'WaiveMarginCall', call: callOf(house).id, reason });
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '0.01' })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    expect(
      house.refusal({
        type: 'PlaceOrder',
        order: 'o',
        account: 'alice',
        instrument: 'BTC-PERP',
        side: 'BUY',
        size: '0.1',
        price: '48600',
      }),
    ).toBe('INSUFFICIENT_INITIAL_MARGIN');
  });
});

describe('issuing by hand', () => {
  const issue = (house: TestHouse, window: number | null = null, amount = '500') =>
    house.send({ type: 'IssueMarginCall', account: 'alice', amount, window, reason }, officer('first'));

  test('B1-5 an officer calls a healthy account, alone and at once, with amount, window and reason', () => {
    const house = leveragedHouse();
    const [event] = ofType(issue(house, 2 * HOUR), 'MarginCallIssued');
    expect(event).toMatchObject({
      reason,
      issued: { manual: true, amount: usd('500.00'), deadline: START + 2 * HOUR, equity: usd('25000.00') },
    });
    expect(house.entries.at(-1)?.actor.id).toBe('first');
    expect(statusOf(house)).toBe('CALL');
    const standard = leveragedHouse();
    issue(standard);
    expect(callOf(standard).deadline).toBe(START + HOUR);
  });

  test('B1-5 what an officer called is cured by payment in full, not by price', () => {
    const house = leveragedHouse();
    issue(house);
    mark(house, '60000');
    expect(statusOf(house)).toBe('CALL');
    pay(house, 'alice', '499.99');
    expect(statusOf(house)).toBe('CALL');
    expect(ofType(pay(house, 'alice', '0.01'), 'MarginCallCured')).toMatchObject([{ cause: 'DEPOSIT' }]);
    expect(statusOf(house)).toBe('HEALTHY');
  });

  test("B1-5 a fall that stops above the call level neither cures nor changes an officer's call", () => {
    const house = leveragedHouse();
    issue(house);
    expect(typesOf(mark(house, '48800'))).toEqual(['MarkPriceSet']);
    expect(callOf(house)).toMatchObject({ manual: true, revision: 1, amount: usd('500.00') });
    expect(typesOf(mark(house, '48900'))).toEqual(['MarkPriceSet']);
  });

  test("B1-1 below the call level the ladder's larger amount takes the place of an officer's", () => {
    const house = leveragedHouse();
    issue(house);
    pay(house, 'alice', '100');
    expect(typesOf(mark(house, '48600'))).toEqual(['MarkPriceSet', 'MarginCallAmended']);
    expect(callOf(house)).toMatchObject({ manual: false, revision: 2, amount: usd('13300.00'), paid: usd('100.00') });
  });

  test("B1-4 an officer's call left unpaid expires, one without a window at once", () => {
    const house = leveragedHouse();
    issue(house);
    expect(ofType(house.pass('59m59.999s'), 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('0.001s'), 'LiquidationStarted')).toMatchObject([
      { started: { cause: 'DEADLINE_PASSED' } },
    ]);
    expect(typesOf(issue(leveragedHouse(), 0))).toContain('MarginCallExpired');
  });
});

describe('disputing', () => {
  const of = (house: TestHouse) => ({ call: callOf(house).id, reason: 'the price was wrong' });

  test('MCM-4 a dispute is recorded and does not stop the clock', () => {
    const house = called();
    const events = house.send({ type: 'DisputeMarginCall', ...of(house) }, broker('broker'));
    expect(events).toEqual([{ type: 'MarginCallDisputed', account: 'alice', by: 'broker-key', ...of(house) }]);
    expect(callOf(house)).toMatchObject({ disputed: true, clockStopped: false });
    expect(ofType(house.pass('1h'), 'MarginCallExpired')).toHaveLength(1);
  });

  test('MCM-4 ruled so by two persons the clock stands still, and a deposit still cures', () => {
    const house = called();
    house.send({ type: 'DisputeMarginCall', ...of(house) });
    const ruled = byTwo(house, { type: 'RuleOnDispute', ...of(house), stopClock: true });
    expect(ofType(ruled, 'MarginCallDisputeRuled')).toMatchObject([
      { account: 'alice', clockStopped: true, by: 'second' },
    ]);
    expect(ofType(house.pass('5h'), 'MarginCallExpired')).toEqual([]);
    expect(statusOf(house)).toBe('CALL');
    expect(ofType(pay(house, 'alice', '1150'), 'MarginCallCured')).toHaveLength(1);
  });

  test('MCM-4 set going again the clock keeps the old deadline: past it the call expires in that entry', () => {
    const house = called();
    house.send({ type: 'DisputeMarginCall', ...of(house) });
    byTwo(house, { type: 'RuleOnDispute', ...of(house), stopClock: true });
    house.pass('30m');
    house.send({ type: 'RuleOnDispute', ...of(house), stopClock: false });
    expect(callOf(house)).toMatchObject({ disputed: false, clockStopped: false });
    expect(ofType(house.pass('29m59.999s'), 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('0.001s'), 'MarginCallExpired')).toHaveLength(1);

    const late = called();
    late.send({ type: 'DisputeMarginCall', ...of(late) });
    byTwo(late, { type: 'RuleOnDispute', ...of(late), stopClock: true });
    late.pass('5h');
    const ruling = late.send({ type: 'RuleOnDispute', ...of(late), stopClock: false });
    expect(typesOf(ruling).slice(0, 4)).toEqual([
      'MarginCallDisputeRuled',
      'MarginCallExpired',
      'AccountStatusChanged',
      'LiquidationStarted',
    ]);
  });

  test('MCM-4 a clock that stands still gives no final notice; set going, it gives the one still ahead', () => {
    const house = called({ policy: classicPolicy({}, { finalNotice: 600_000 }) });
    house.send({ type: 'DisputeMarginCall', ...of(house) });
    byTwo(house, { type: 'RuleOnDispute', ...of(house), stopClock: true });
    expect(ofType(house.pass('45m'), 'MarginCallFinalNotice')).toEqual([]);
    house.send({ type: 'RuleOnDispute', ...of(house), stopClock: false });
    expect(ofType(house.pass('5m'), 'MarginCallFinalNotice')).toHaveLength(1);

    const stopped = called({ policy: classicPolicy({}, { finalNotice: 600_000 }) });
    stopped.send({ type: 'DisputeMarginCall', ...of(stopped) });
    byTwo(stopped, { type: 'RuleOnDispute', ...of(stopped), stopClock: true });
    expect(ofType(stopped.pass('2h'), 'MarginCallFinalNotice')).toEqual([]);
  });

  test('B1-5 a stopped clock stops no close-out', () => {
    const house = called();
    house.send({ type: 'DisputeMarginCall', ...of(house) });
    byTwo(house, { type: 'RuleOnDispute', ...of(house), stopClock: true });
    expect(ofType(mark(house, '48305'), 'MarginCallSuperseded')).toMatchObject([{ cause: 'CLOSE_OUT_LEVEL' }]);
  });
});

test('B1-2 an acknowledgement says who and when, once, and changes nothing else', () => {
  const house = called();
  house.now = instant(START + 5);
  const before = callOf(house);
  house.send({ type: 'AcknowledgeMarginCall', call: before.id }, broker('broker'));
  expect(callOf(house)).toEqual({ ...before, acknowledgedAt: START + 5, acknowledgedBy: 'broker-key' });
  expect(house.refusal({ type: 'AcknowledgeMarginCall', call: before.id })).toBe('CALL_ALREADY_ACKNOWLEDGED');
});

describe('refusals, each row breaking every later rule too', () => {
  const house = called();
  openAccount(house, 'bob', '100');
  const { id: call, deadline } = callOf(house);
  const stranger = broker('stranger');
  const later = house.state.now + 400 * 24 * HOUR;

  test.each`
    row                                 | id        | by              | until         | code
    ${'no call'}                        | ${'none'} | ${officer('o')} | ${0}          | ${'CALL_NOT_FOUND'}
    ${'a call of another member'}       | ${call}   | ${stranger}     | ${0}          | ${'CALL_NOT_FOUND'}
    ${'not later than the present one'} | ${call}   | ${officer('o')} | ${deadline}   | ${'DEADLINE_NOT_LATER'}
    ${'not a number'}                   | ${call}   | ${officer('o')} | ${Number.NaN} | ${'VALUE_OUT_OF_RANGE'}
    ${'further than anybody plans'}     | ${call}   | ${officer('o')} | ${later}      | ${'VALUE_OUT_OF_RANGE'}
  `('B1-5 extending: $row', ({ id, by, until, code }) => {
    expect(house.refusal({ type: 'ExtendMarginCall', call: id, deadline: until, reason: '' }, by)).toBe(code);
  });

  test.each([
    ['AcknowledgeMarginCall', { type: 'AcknowledgeMarginCall' as const, call }],
    ['DisputeMarginCall', { type: 'DisputeMarginCall' as const, call, reason: '' }],
    ['WaiveMarginCall', { type: 'WaiveMarginCall' as const, call, reason: '' }],
    ['RuleOnDispute', { type: 'RuleOnDispute' as const, call, stopClock: false, reason: '' }],
  ])('B1-5 %s: a call of another member answers like one that is not there', (_, command) => {
    expect(house.refusal(command, stranger)).toBe('CALL_NOT_FOUND');
    expect(house.refusal({ ...command, call: 'none' })).toBe('CALL_NOT_FOUND');
  });

  test('MCM-4 ruling on what is not disputed', () => {
    expect(house.refusal({ type: 'RuleOnDispute', call, stopClock: true, reason: '' })).toBe('CALL_NOT_DISPUTED');
  });

  test.each`
    row                         | account            | by              | amount     | window | code
    ${'no account'}             | ${'nobody'}        | ${officer('o')} | ${'0.001'} | ${-1}  | ${'ACCOUNT_NOT_FOUND'}
    ${'an account of another'}  | ${'alice'}         | ${stranger}     | ${'0.001'} | ${-1}  | ${'ACCOUNT_NOT_FOUND'}
    ${'the house itself'}       | ${'close-out:USD'} | ${officer('o')} | ${'0.001'} | ${-1}  | ${'ACCOUNT_NOT_FOUND'}
    ${'a call is open'}         | ${'alice'}         | ${officer('o')} | ${'0.001'} | ${-1}  | ${'CALL_ALREADY_OPEN'}
    ${'more digits than cents'} | ${'bob'}           | ${officer('o')} | ${'0.001'} | ${-1}  | ${'TOO_MANY_DIGITS'}
    ${'nothing called'}         | ${'bob'}           | ${officer('o')} | ${'0.00'}  | ${-1}  | ${'AMOUNT_NOT_POSITIVE'}
    ${'a window below nothing'} | ${'bob'}           | ${officer('o')} | ${'0.01'}  | ${-1}  | ${'VALUE_OUT_OF_RANGE'}
    ${'a window of half a ms'}  | ${'bob'}           | ${officer('o')} | ${'0.01'}  | ${0.5} | ${'VALUE_OUT_OF_RANGE'}
  `('B1-5 issuing: $row', ({ account, by, amount, window, code }) => {
    expect(house.refusal({ type: 'IssueMarginCall', account, amount, window, reason: '' }, by)).toBe(code);
  });

  test('B1-5 issuing: an account in liquidation takes no call', () => {
    const other = leveragedHouse();
    mark(other, '48305');
    expect(other.refusal({ type: 'IssueMarginCall', account: 'alice', amount: '0', window: -1, reason: '' })).toBe(
      'ACCOUNT_NOT_OPEN',
    );
  });
});
