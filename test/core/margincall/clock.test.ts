/**
 * The clock of a call stands while holdings that are halted, or whose price is stale, carry the stated part of
 * maintenance margin, and the deadline moves on by as long as it stood.  B1-4; ruling 13
 */

import type { CommandOf } from '../../../src/core/message/command';
import { classicPolicy, definePerpetual, mark, onePerpetual, openAccount, pay, term, trade } from '../../support/given';
import { ofType, START, type TestHouse, typesOf } from '../../support/house';
import { byTwo, callOf, leveragedHouse, officer, statusOf } from '../../support/ladder';
import { defineOnIndex, MINUTE } from '../../support/prices';
import { expectTwins, restored } from '../../support/twin';

const HOUR = 60 * MINUTE;
const minutes = (deadline: number): number => (deadline - START) / MINUTE;

const halt = (house: TestHouse, instrument = 'BTC-PERP') =>
  house.send({ type: 'SetInstrumentStatus', instrument, status: 'HALTED', reason: 'an outage' }, officer('first'));
const resume = (house: TestHouse, instrument = 'BTC-PERP') =>
  byTwo(house, { type: 'SetInstrumentStatus', instrument, status: 'ACTIVE', reason: 'over' });

/** Alice of the ladder, called at once with an hour to pay. */
function called(policy = classicPolicy()): TestHouse {
  const house = leveragedHouse({ policy });
  mark(house, '48600');
  return house;
}

test('B1-4 ruling 13 halted for most of the window, the deadline is later by as long; then it is exact again', () => {
  const house = called();
  house.pass('10m');
  expect(ofType(halt(house), 'MarginCallPaused')).toMatchObject([{ account: 'alice', instrument: 'BTC-PERP' }]);
  expect(callOf(house)).toMatchObject({ deadline: START + HOUR, pausedAt: START + 10 * MINUTE });
  expect(typesOf(house.pass('2h50m'))).toEqual([]);
  expectTwins(restored(house.state), house.state);
  const [resumed] = ofType(resume(house), 'MarginCallResumed');
  expect(minutes(resumed?.deadline ?? 0)).toBe(230);
  expect(callOf(house).pausedAt).toBeUndefined();
  expect(typesOf(house.pass('49m59.999s'))).toEqual([]);
  expect(ofType(house.pass('1ms'), 'LiquidationStarted')).toMatchObject([{ started: { cause: 'DEADLINE_PASSED' } }]);
});

test('B1-4 ruling 13 control: not halted, the same call expires at its deadline', () => {
  const house = called();
  house.pass('10m');
  expect(ofType(house.pass('2h50m'), 'LiquidationStarted')).toMatchObject([{ started: { startedAt: START + HOUR } }]);
});

test('ruling 13 a second halt moves the deadline again; a call issued in a halt has its whole window after it', () => {
  const house = called();
  for (const _ of [1, 2]) {
    house.pass('10m');
    halt(house);
    house.pass('1h');
    resume(house);
  }
  expect(minutes(callOf(house).deadline)).toBe(180);

  const late = leveragedHouse();
  halt(late);
  expect(typesOf(mark(late, '48600')).slice(-2)).toEqual(['MarginCallIssued', 'MarginCallPaused']);
  late.pass('2h');
  resume(late);
  expect(minutes(callOf(late).deadline)).toBe(180);
});

test('ruling 13 ruling 15 where a halt by one person lifts by itself, the clock goes on in that entry', () => {
  const house = called();
  house.pass('10m');
  halt(house);
  const events = house.pass('4h');
  expect(typesOf(events)).toEqual(['InstrumentStatusSet', 'MarginCallResumed']);
  expect(minutes(callOf(house).deadline)).toBe(300);
});

test('ruling 13 halted and without a price, it stands until both are over', () => {
  const house = leveragedHouse();
  defineOnIndex(house, { index: null, markBand: null, heartbeat: 30 * MINUTE, instrument: 'SLOW' });
  mark(house, '100', 'SLOW');
  openAccount(house, 'sam', '50');
  trade(house, 'sam', 'maker', '10', '100', 'SLOW');
  expect(ofType(mark(house, '97', 'SLOW'), 'MarginCallIssued')).toHaveLength(1);
  house.pass('20m');
  halt(house, 'SLOW');
  house.pass('20m'); // stale from the thirtieth minute on
  expect(ofType(resume(house, 'SLOW'), 'MarginCallResumed')).toEqual([]);
  house.pass('10m');
  expect(ofType(mark(house, '97', 'SLOW'), 'MarginCallResumed')).toHaveLength(1);
  expect(minutes(callOf(house, 'sam').deadline)).toBe(90);
});

test('ruling 13 what has expired has expired: a halt at the deadline comes too late', () => {
  const house = called(classicPolicy({ venueWindow: HOUR }));
  house.pass('1h');
  expect(ofType(halt(house), 'MarginCallPaused')).toEqual([]);
  expect(statusOf(house)).toBe('LIQUIDATING');
});

test('ruling 13 the close-out level cuts the window in a halt as ever, and payment cures', () => {
  const cut = called();
  halt(cut);
  expect(ofType(mark(cut, '48304.9'), 'MarginCallSuperseded')).toMatchObject([{ cause: 'CLOSE_OUT_LEVEL' }]);
  expect(cut.state.liquidationOrders.size).toBe(0);

  const paid = called();
  halt(paid);
  expect(ofType(pay(paid, 'alice', '1149.99'), 'MarginCallCured')).toEqual([]);
  expect(ofType(pay(paid, 'alice', '0.01'), 'MarginCallCured')).toHaveLength(1);
  expect(typesOf(resume(paid))).toEqual(['ProposalApproved', 'InstrumentStatusSet']);
});

describe('ruling 13 only while what stands still carries the stated share', () => {
  /** `alice` is long 5 of each at 50,000, and called by an officer with an hour to pay. */
  function halves(fields: Partial<CommandOf<'SetMarginPolicy'>> = {}): TestHouse {
    const house = onePerpetual({ policy: classicPolicy({}, fields) });
    definePerpetual(house, 'OTHER');
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'alice', '30000');
    for (const instrument of ['BTC-PERP', 'OTHER']) trade(house, 'alice', 'maker', '5', '50000', instrument);
    house.send({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: null, reason: 'a test' });
    return house;
  }

  test('half of it is enough, less is not, and every price is asked', () => {
    const house = halves();
    expect(ofType(halt(house, 'OTHER'), 'MarginCallPaused')).toHaveLength(1);
    house.pass('10m');
    // One tick more on the other side, and it carries less than half.
    expect(ofType(mark(house, '50000.1'), 'MarginCallResumed')).toHaveLength(1);
    house.pass('10m');
    expect(ofType(mark(house, '50000'), 'MarginCallPaused')).toHaveLength(1);
    house.pass('10m');
    resume(house, 'OTHER');
    expect(minutes(callOf(house).deadline)).toBe(80);
  });

  test('under half the clock runs on; the policy says otherwise where it does', () => {
    const under = halves();
    mark(under, '50000.1');
    expect(ofType(halt(under, 'OTHER'), 'MarginCallPaused')).toEqual([]);
    const whole = halves({ frozenShare: '1' });
    expect(ofType(halt(whole, 'OTHER'), 'MarginCallPaused')).toEqual([]);
    expect(ofType(halt(whole), 'MarginCallPaused')).toHaveLength(1);
    const less = halves({ frozenShare: '0.4' });
    mark(less, '60000');
    expect(ofType(halt(less, 'OTHER'), 'MarginCallPaused')).toHaveLength(1);
  });

  test('two that stand still are counted together', () => {
    const house = halves({ frozenShare: '0.6' });
    expect(ofType(halt(house, 'OTHER'), 'MarginCallPaused')).toEqual([]);
    expect(ofType(halt(house), 'MarginCallPaused')).toHaveLength(1);
    expect(ofType(resume(house), 'MarginCallResumed')).toHaveLength(1);
  });

  test('a call of the ladder pauses at the very price that makes it half', () => {
    const house = onePerpetual({ policy: classicPolicy({}, { closeOut: term('MAINTENANCE', '1/10') }) });
    definePerpetual(house, 'OTHER');
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'alice', '25250');
    trade(house, 'alice', 'maker', '5', '50000');
    trade(house, 'alice', 'maker', '5.1', '50000', 'OTHER');
    mark(house, '48700');
    mark(house, '48700', 'OTHER');
    expect(statusOf(house)).toBe('CALL');
    expect(ofType(halt(house), 'MarginCallPaused')).toEqual([]);
    // 5 x 48,700 = 243,500, and 5.1 x 47,745.0 = 243,499.50.
    expect(ofType(mark(house, '47745.1', 'OTHER'), 'MarginCallPaused')).toEqual([]);
    expect(ofType(mark(house, '47745', 'OTHER'), 'MarginCallPaused')).toHaveLength(1);
    expect(ofType(mark(house, '47745.1', 'OTHER'), 'MarginCallResumed')).toHaveLength(1);
  });

  test('a policy whose clock stands for less needs a second person', () => {
    const set = (share?: string) => ({ ...classicPolicy(), ...(share === undefined ? {} : { frozenShare: share }) });
    const house = called();
    const outcome = (share: string) => typesOf(house.send(set(share), officer('first')));
    expect(outcome('0.6')).toContain('MarginPolicySet');
    expect(outcome('0.5')).toEqual(['ProposalCreated']);
    expect(house.refusal(set('1.01'))).toBe('VALUE_OUT_OF_RANGE');
  });
});

describe('ruling 13 what people do about a call whose clock stands', () => {
  test(
    'an officer’s call in a halt stands from the first, and so does one that is given more time when it had ' +
      'none left',
    () => {
      const house = leveragedHouse();
      halt(house);
      const issue = { type: 'IssueMarginCall', account: 'alice', amount: '1', window: null, reason: 'a test' } as const;
      expect(typesOf(house.send(issue))).toEqual(expect.arrayContaining(['MarginCallIssued', 'MarginCallPaused']));

      const late = called();
      const of = () => ({ call: callOf(late).id, reason: 'a test' });
      late.send({ type: 'DisputeMarginCall', ...of() });
      byTwo(late, { type: 'RuleOnDispute', ...of(), stopClock: true });
      late.pass('2h');
      expect(ofType(halt(late), 'MarginCallPaused')).toEqual([]);
      expect(
        ofType(byTwo(late, { type: 'ExtendMarginCall', ...of(), deadline: START + 3 * HOUR }), 'MarginCallPaused'),
      ).toHaveLength(1);
    },
  );

  test('a final notice waits with it, and comes as long before the new deadline', () => {
    const house = called(classicPolicy({}, { finalNotice: 10 * MINUTE }));
    house.pass('40m');
    halt(house);
    expect(ofType(house.pass('1h'), 'MarginCallFinalNotice')).toEqual([]);
    resume(house);
    expect(ofType(house.pass('9m59.999s'), 'MarginCallFinalNotice')).toEqual([]);
    expect(ofType(house.pass('1ms'), 'MarginCallFinalNotice')).toMatchObject([{ deadline: START + 2 * HOUR }]);
  });

  test('an extension is later than where the deadline has moved, and the time until it is what is left', () => {
    const house = called();
    house.pass('10m');
    halt(house);
    house.pass('1h');
    const extend = (deadline: number) => ({
      type: 'ExtendMarginCall' as const,
      call: callOf(house).id,
      deadline,
      reason: 'a test',
    });
    expect(house.refusal(extend(START + 2 * HOUR))).toBe('DEADLINE_NOT_LATER');
    byTwo(house, extend(START + 3 * HOUR));
    house.pass('30m');
    resume(house);
    expect(minutes(callOf(house).deadline)).toBe(210);
  });

  test('a ruling stops the clock beside it; each of the two is over by itself', () => {
    const house = called();
    house.pass('10m');
    house.send({ type: 'DisputeMarginCall', call: callOf(house).id, reason: 'a test' });
    byTwo(house, { type: 'RuleOnDispute', call: callOf(house).id, stopClock: true, reason: 'a test' });
    halt(house);
    house.pass('2h');
    house.send({ type: 'DisputeMarginCall', call: callOf(house).id, reason: 'a test' });
    house.send({ type: 'RuleOnDispute', call: callOf(house).id, stopClock: false, reason: 'a test' });
    expect(statusOf(house)).toBe('CALL');
    resume(house);
    expect(minutes(callOf(house).deadline)).toBe(180);
  });

  test('a step of the clock that is accepted is time in which it stood, and is given once', () => {
    const house = called();
    openAccount(house, 'bob', '25000');
    house.pass('10m');
    halt(house);
    house.send({ type: 'ReportClockStep', step: HOUR });
    const entry = house.state.clock.step?.entry ?? 0;
    expect(ofType(byTwo(house, { type: 'AcceptClockStep', entry, reason: 'a test' }), 'MarginCallExtended')).toEqual(
      [],
    );
    house.pass('1h');
    resume(house);
    expect(minutes(callOf(house).deadline)).toBe(120);
  });
});
