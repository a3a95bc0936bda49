/**
 * House time from two clocks: steps of one of them are found and not taken, time that passes is.  B1-4, S22, ruling 23
 */

import fc from 'fast-check';
import { FIRST_RULES, RULES } from '../../src/core/engine/rules';
import type { Command } from '../../src/core/message/command';
import { type Entry, eventsOf } from '../../src/core/message/envelope';
import { createMemoryJournal } from '../../src/journal/memory';
import { startTimekeeper } from '../../src/scheduler/timekeeper';
import { createClock, manualClock, STEP_BOUND } from '../../src/sequencer/clock';
import { decodeEntry, encodeEntry } from '../../src/sequencer/entryText';
import type { Answer, House } from '../../src/sequencer/house';
import { recover, verify } from '../../src/sequencer/recover';
import { createSequencer } from '../../src/sequencer/sequencer';
import { createSteadyTime } from '../../src/sequencer/steadyTime';
import { duration, instant } from '../../src/units/quantity';
import { mark, onePerpetual, openAccount, trade } from '../support/given';
import { START } from '../support/house';
import { broker, officer } from '../support/ladder';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BOUND = duration(MINUTE);
const NONE = { step: null, ahead: duration(0) };

function handsAt(wall: number) {
  const hands = { at: wall, passed: 5_000 };
  return {
    pass: (ms: number) => {
      hands.at += ms;
      hands.passed += ms;
    },
    jump: (ms: number) => {
      hands.at += ms;
    },
    wall: () => hands.at,
    monotone: () => hands.passed,
  };
}

describe('S22 ruling 23 house time', () => {
  test('follows small corrections, and never runs backwards', () => {
    const hands = handsAt(START);
    const time = createSteadyTime(hands, BOUND);
    hands.pass(HOUR);
    hands.jump(-MINUTE / 2);
    expect([time.now(), time.step()]).toEqual([START + HOUR - MINUTE / 2, 0]);
    hands.jump(-MINUTE / 4);
    expect(time.now()).toBe(START + HOUR - MINUTE / 2);
    hands.pass(MINUTE);
    expect(time.now()).toBe(START + HOUR + MINUTE / 4);
  });

  test.each([
    ['forward', 3 * HOUR],
    ['back', -3 * HOUR],
    ['a little over the bound', MINUTE + 1],
  ])('does not take a step %s, goes on by what passes, and follows again when it is put right', (_, by) => {
    const hands = handsAt(START);
    const time = createSteadyTime(hands, BOUND);
    hands.jump(by);
    expect([time.now(), time.step()]).toEqual([START, by]);
    hands.pass(2 * HOUR);
    expect([time.now(), time.step()]).toEqual([START + 2 * HOUR, by]);
    hands.jump(-by);
    expect([time.now(), time.step()]).toEqual([START + 2 * HOUR, 0]);
    hands.pass(HOUR);
    expect(time.now()).toBe(START + 3 * HOUR);
  });

  test('a clock set again and again within an hour is stepped, however small each step is', () => {
    const hands = handsAt(START);
    const time = createSteadyTime(hands, BOUND);
    for (let i = 0; i < 100; i++) {
      hands.pass(SECOND);
      hands.jump(50 * SECOND);
      time.now();
    }
    expect(time.now()).toBeLessThanOrEqual(START + 100 * SECOND + BOUND);
    expect(time.step()).toBeGreaterThan(HOUR);
  });

  test('a clock that drifts is followed for ever', () => {
    const hands = handsAt(START);
    const time = createSteadyTime(hands, BOUND);
    for (let i = 0; i < 1000; i++) {
      hands.pass(HOUR);
      hands.jump(2 * SECOND);
      expect(time.step()).toBe(0);
    }
    expect(time.now()).toBe(hands.wall());
  });

  test('whatever is done to the wall clock, time passes within the bound of what has passed', () => {
    const acts = fc.array(
      fc.record({
        pass: fc.nat(10 * MINUTE),
        jump: fc.oneof(fc.integer({ min: -9 * HOUR, max: 9 * HOUR }), fc.constant(0)),
      }),
      {
        maxLength: 5, // within an hour
      },
    );
    fc.assert(
      fc.property(acts, (all) => {
        const hands = handsAt(START);
        const time = createSteadyTime(hands, BOUND);
        let [passed, last] = [0, time.now() as number];
        for (const { pass, jump } of all) {
          hands.pass(pass);
          hands.jump(jump);
          passed += pass;
          const now = time.now();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(Math.abs(now - START - passed)).toBeLessThanOrEqual(BOUND);
          last = now;
        }
      }),
    );
  });

  test.each([
    ['the night has passed', 10 * HOUR, NONE, 10 * HOUR, 0],
    ['the clock stands before the last entry', -3 * HOUR, NONE, 0, -3 * HOUR],
    ['a little before it', -MINUTE / 2, NONE, 0, 0],
    [
      'it was forward, and is',
      13 * HOUR,
      { step: { by: duration(3 * HOUR) }, ahead: duration(0) },
      10 * HOUR,
      3 * HOUR,
    ],
    ['it was forward, and is right', HOUR, { step: { by: duration(3 * HOUR) }, ahead: duration(0) }, HOUR, 0],
    ['it was back, and is', -HOUR, { step: { by: duration(-3 * HOUR) }, ahead: duration(0) }, 2 * HOUR, -3 * HOUR],
    ['it was back, and is right', HOUR, { step: { by: duration(-3 * HOUR) }, ahead: duration(0) }, HOUR, 0],
    ['it goes ahead, as accepted', HOUR, { step: null, ahead: duration(3 * HOUR) }, 4 * HOUR, 0],
  ])('after a restart: %s', (_, wall, known, now, step) => {
    const hands = handsAt(START + wall);
    const time = createSteadyTime(hands, BOUND);
    time.resume(START, known);
    expect([time.now() - START, time.step()]).toEqual([now, step]);
    hands.pass(HOUR);
    // A clock a little behind is waited for.
    expect(time.now() - START).toBe(now + HOUR + (wall < 0 && step === 0 ? wall : 0));
  });
});

/** Alice is called at START for an hour. */
async function called(clock = manualClock(START)) {
  const given = onePerpetual({ lot: '0.1' });
  openAccount(given, 'maker', '100000000');
  openAccount(given, 'alice', '25000');
  trade(given, 'alice', 'maker', '10', '50000');
  mark(given, '48600');
  const journal = createMemoryJournal();
  await journal.append(given.entries.map(encodeEntry));
  const { state } = await recover(journal);
  const house = createSequencer({ state, journal, clock, surveyEveryMs: 0, onFatal: () => undefined });
  return { house, state, journal, clock, deadline: [...state.calls.values()][0]?.deadline as number };
}

async function send(
  house: House,
  command: Command,
  actor = officer('o'),
): Promise<Exclude<Answer, { malformed: string }>> {
  const [answer] = await house.submit([{ actor, key: null, command }]);
  if (!answer || !('outcome' in answer)) throw new Error(`Not read: ${JSON.stringify(answer)}`);
  return answer;
}
const deposit: Command = { type: 'DepositCollateral', account: 'alice', currency: 'USD', amount: '1' };
const typesIn = (answer: Exclude<Answer, { malformed: string }>): string[] =>
  eventsOf(answer.outcome).map(({ type }) => type);

async function acceptByTwo(house: House, entry: number) {
  const proposed = await send(house, { type: 'AcceptClockStep', entry, reason: 'checked' });
  const [created] = eventsOf(proposed.outcome);
  if (created?.type !== 'ProposalCreated') return proposed;
  return send(
    house,
    { type: 'ApproveProposal', proposal: created.created.id, hash: created.created.hash },
    officer('other'),
  );
}

describe('S22 ruling 23 a house whose wall clock steps', () => {
  test('ruling 24 names the rules in what it says of that, where it is the first thing written under them', async () => {
    const { house, state, clock, journal } = await called();
    state.rules = FIRST_RULES;
    const from = state.seq + 1;
    clock.jump(instant(START + 3 * HOUR));
    await house.advance();
    const entries: Entry[] = [];
    for await (const { text } of journal.read(from)) entries.push(decodeEntry(text));
    expect(entries[0]).toMatchObject({ command: { type: 'ReportClockStep' }, rules: RULES });
  });

  test('says so in its journal once, and once when it is over; deadlines are met by the time that passes', async () => {
    const { house, state, clock, journal, deadline } = await called();
    clock.jump(instant(START + 3 * HOUR));
    const before = state.seq;
    await house.advance();
    expect(house.status().clock.step).toEqual({ entry: before + 1, by: 3 * HOUR, since: START });
    for (let i = 0; i < 5; i++) await house.advance();
    expect(state.seq).toBe(before + 2);
    expect((await send(house, deposit, broker('broker'))).at).toBe(START);
    expect(state.calls.size).toBe(1);
    clock.jump(instant(START));
    await house.advance();
    expect(house.status().clock).toEqual({ step: null, ahead: 0 });
    clock.set(instant(deadline - 1));
    await house.advance();
    expect(state.calls.size).toBe(1);
    clock.set(instant(deadline));
    await house.advance();
    expect(state.calls.size).toBe(0);
    await verify(journal);
  });

  test('jumped back, deadlines are met all the same', async () => {
    const { house, state, clock, deadline } = await called();
    clock.set(instant(START + 10 * MINUTE));
    await house.advance();
    clock.jump(instant(START - 5 * HOUR));
    await house.advance();
    expect(house.status().clock.step?.by).toBe(-5 * HOUR - 10 * MINUTE);
    clock.set(instant(deadline));
    await house.advance();
    expect(state.calls.size).toBe(0);
  });

  test('CLOCK_NOT_STEPPED, CLOCK_STEP_CHANGED: only the step that was reported can be accepted', async () => {
    const { house, clock } = await called();
    expect((await send(house, { type: 'AcceptClockStep', entry: 1, reason: 'x' })).outcome).toMatchObject({
      rejection: { code: 'CLOCK_NOT_STEPPED' },
    });
    clock.jump(instant(START + HOUR));
    await house.advance();
    const first = house.status().clock.step?.entry ?? 0;
    const proposed = await send(house, { type: 'AcceptClockStep', entry: first, reason: 'x' });
    clock.jump(instant(START + 2 * HOUR));
    await house.advance();
    const [created] = eventsOf(proposed.outcome);
    if (created?.type !== 'ProposalCreated') throw new Error('It needs a second person');
    const approval: Command = { type: 'ApproveProposal', proposal: created.created.id, hash: created.created.hash };
    expect((await send(house, approval, officer('other'))).outcome).toMatchObject({
      rejection: { code: 'CLOCK_STEP_CHANGED' },
    });
  });

  test('accepted forward: time moves on, calls keep their time left, and every replay has the same', async () => {
    const { house, state, clock, journal, deadline } = await called();
    clock.jump(instant(START + 3 * HOUR));
    await house.advance();
    const answer = await acceptByTwo(house, house.status().clock.step?.entry ?? 0);
    expect(typesIn(answer)).toEqual(['ProposalApproved', 'ClockStepAccepted', 'MarginCallExtended']);
    expect([...state.calls.values()].map((call) => call.deadline)).toEqual([deadline + 3 * HOUR]);
    expect((await send(house, deposit, broker('broker'))).at).toBe(START + 3 * HOUR);
    expect(house.status().clock).toEqual({ step: null, ahead: 0 });
    await verify(journal);
  });

  test('accepted back: time goes on ahead of the wall clock, over a restart too, until that is accepted forward again', async () => {
    const { house, state, clock, journal, deadline } = await called();
    clock.jump(instant(START - HOUR));
    await house.advance();
    expect(typesIn(await acceptByTwo(house, house.status().clock.step?.entry ?? 0))).toEqual([
      'ProposalApproved',
      'ClockStepAccepted',
    ]);
    expect(house.status().clock).toEqual({ step: null, ahead: HOUR });
    expect([...state.calls.values()].map((call) => call.deadline)).toEqual([deadline]);
    clock.set(instant(START + MINUTE));
    expect((await send(house, deposit, broker('broker'))).at).toBe(START + MINUTE);
    const again = await recover(journal);
    expect(again.state.clock).toEqual({ step: null, ahead: HOUR });
    clock.jump(instant(START + MINUTE));
    await house.advance();
    expect(house.status().clock.step?.by).toBe(HOUR);
    await acceptByTwo(house, house.status().clock.step?.entry ?? 0);
    expect(house.status().clock).toEqual({ step: null, ahead: 0 });
    expect((await send(house, deposit, broker('broker'))).at).toBe(START + MINUTE);
    await verify(journal);
  });

  test('nobody but the house reports a step', async () => {
    const { house } = await called();
    const [answer] = await house.submit([
      { actor: officer('o'), key: null, command: { type: 'ReportClockStep', step: duration(1) } },
    ]);
    expect(answer).toEqual({ malformed: expect.stringContaining('by the house itself') });
  });

  test('a step is found by the timekeeper where nobody sends anything', async () => {
    const { house, clock } = await called();
    const found = new Promise<void>((resolve) => void house.follow(() => house.status().clock.step && resolve()));
    const keeper = startTimekeeper(house, clock, (error) => expect(error).toBeUndefined());
    clock.jump(instant(START + 3 * HOUR));
    await found;
    await keeper.stop();
    expect(house.status().clock.step?.by).toBe(3 * HOUR);
  });
});

test('B1-4 a clock that is set on purpose is taken as it is set', () => {
  const clock = createClock({ stands: START });
  clock.apply({ stands: instant(START + 9 * HOUR) });
  expect([clock.now(), clock.step]).toEqual([START + 9 * HOUR, 0]);
  clock.apply({ ahead: START - Date.now() });
  expect(Math.abs(clock.now() - START)).toBeLessThan(STEP_BOUND);
  expect(clock.step).toBe(0);
});
