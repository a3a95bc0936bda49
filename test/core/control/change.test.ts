/** Terms that are announced before they hold: each kind of them, with its second person and its notice.  X-6 */

import { MOST_CHANGES } from '../../../src/core/control/change';
import type { Command } from '../../../src/core/message/command';
import type { ScheduledChange } from '../../../src/core/model/change';
import { instant } from '../../../src/units/quantity';
import { onePerpetual, openAccount } from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { officer } from '../../support/ladder';
import { rejectionOf } from '../../support/outcome';
import { executeAgain, expectReplays, expectTwins, restored } from '../../support/twin';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [one, two] = [officer('one'), officer('two')];

const house = (): TestHouse => {
  const made = onePerpetual({ lot: '0.1' });
  openAccount(made, 'alice', '1000');
  made.send(limits('100', null), one);
  return made;
};
const limits = (float: string, effectiveAt: number | null): Command => ({
  type: 'SetMarketLimits',
  instrument: 'BTC-PERP',
  float,
  openInterestShare: '0.5',
  positionShare: '0.1',
  effectiveAt,
});
const floatOf = ({ state }: TestHouse): bigint | undefined => state.marketLimits.get('BTC-PERP')?.float ?? undefined;

function schedule(in_: TestHouse, command: Command): ScheduledChange {
  const [event] = ofType(in_.send(command, one), 'ChangeScheduled');
  if (!event) throw new Error('Nothing was scheduled');
  return event.scheduled;
}

const refusal = (in_: TestHouse, command: Command) => rejectionOf(in_.try(command, one));

/** What a house comes to at an instant; its types of events. */
const at = (in_: TestHouse, when: number): string[] => {
  in_.now = instant(when);
  return typesOf(in_.send({ type: 'AdvanceTime' }));
};

test(
  'X-6 a change that is set for later holds from its instant and not before, and a house that was stopped ' +
    'meanwhile makes it too',
  () => {
    const in_ = house();
    const due = in_.now + HOUR;
    const before = floatOf(in_);
    schedule(in_, limits('50', due));
    expect(at(in_, due - 1)).toEqual([]);
    expect(floatOf(in_)).toBe(before);
    const again = restored(in_.state);
    expect(at(in_, due)).toEqual(['ScheduledChangeMade', 'MarketLimitsSet']);
    expect(floatOf(in_)).toBe(500n);
    for (const entry of in_.entries.filter(({ seq }) => seq > again.seq)) executeAgain(again, entry);
    expectTwins(again, in_.state);
    expectReplays(in_.state, in_.entries);
  },
);

test('X-6 a time that is past, or further away than a year, is refused, and so is one change more than may wait', () => {
  const in_ = house();
  const wrong = { code: 'VALUE_OUT_OF_RANGE', details: { field: 'effectiveAt' } };
  expect(refusal(in_, limits('50', in_.now - 1))).toMatchObject(wrong);
  expect(refusal(in_, limits('50', in_.now + 366 * DAY + 1))).toMatchObject(wrong);
  schedule(in_, limits('50', in_.now + 366 * DAY));
  for (let i = 1; i < MOST_CHANGES; i++) in_.send(limits('50', in_.now + DAY + i), one);
  expect(refusal(in_, limits('50', in_.now + DAY))).toMatchObject({ code: 'TOO_MANY_SCHEDULED_CHANGES' });
  expect(typesOf(in_.send(limits('50', in_.now), one))).toEqual(['MarketLimitsSet']); // at once it is none of them
});

test('X-6 what loosens needs its second person when it is announced, and holds at its instant without another', () => {
  const in_ = house();
  const due = in_.now + HOUR;
  const [proposed] = ofType(in_.send(limits('200', due), one), 'ProposalCreated');
  expect(in_.state.scheduledChanges.size).toBe(0);
  const { id: proposal, hash } = proposed?.created ?? { id: '', hash: '' };
  expect(typesOf(in_.send({ type: 'ApproveProposal', proposal, hash }, two))).toEqual([
    'ProposalApproved',
    'ChangeScheduled',
  ]);
  expect([...in_.state.scheduledChanges.values()]).toMatchObject([
    { scheduledBy: 'one', approvedBy: 'two', effectiveAt: due },
  ]);
  expect(at(in_, due)).toEqual(['ScheduledChangeMade', 'MarketLimitsSet']);
  expect(floatOf(in_)).toBe(2_000n);
});

test('X-6 what one person announced as no loosening, and has become one, is refused at its instant', () => {
  const in_ = house();
  const due = in_.now + HOUR;
  const { id: change } = schedule(in_, limits('50', due));
  in_.send(limits('20', null), one); // tighter than what is still to come
  const events = (() => {
    in_.now = instant(due);
    return in_.send({ type: 'AdvanceTime' });
  })();
  expect(events).toEqual([{ type: 'ScheduledChangeRefused', change, code: 'SECOND_PERSON_REQUIRED', details: [] }]);
  expect(floatOf(in_)).toBe(200n);
  expectReplays(in_.state, in_.entries);
});

test('X-6 one officer takes back what is still to come, once', () => {
  const in_ = house();
  const due = in_.now + HOUR;
  const { id: change } = schedule(in_, limits('50', due));
  expect(typesOf(in_.send({ type: 'CancelScheduledChange', change, reason: 'not needed' }, two))).toEqual([
    'ScheduledChangeCancelled',
  ]);
  expect(at(in_, due)).toEqual([]);
  expect(floatOf(in_)).toBe(1_000n);
  expect(refusal(in_, { type: 'CancelScheduledChange', change, reason: 'again' })).toMatchObject({
    code: 'SCHEDULED_CHANGE_NOT_FOUND',
  });
});

test('X-6 a change that comes sooner than its notice needs a second person, and a shorter notice does', () => {
  const in_ = house();
  const notice = (span: number): Command => ({ type: 'SetNotice', change: 'MARKET_LIMITS', notice: span });
  const sent = (command: Command): string[] => typesOf(in_.send(command, one));
  expect(sent(notice(DAY))).toEqual(['NoticeSet']);
  expect(sent(limits('50', null))).toEqual(['ProposalCreated']);
  expect(sent(limits('50', in_.now + DAY - 1))).toEqual(['ProposalCreated']);
  expect(sent(limits('50', in_.now + DAY))).toEqual(['ChangeScheduled']);
  // A kind of change that needs no notice comes at once as ever.
  expect(
    sent({ type: 'SetCollateralTerms', currency: 'BTC', haircut: '1', conversionDiscount: '1', eligible: false }),
  ).not.toContain('ProposalCreated');
  expect(sent(notice(2 * DAY))).toEqual(['NoticeSet']);
  expect(sent(notice(HOUR))).toEqual(['ProposalCreated']);
  expect(refusal(in_, notice(366 * DAY + 1))).toMatchObject({
    code: 'VALUE_OUT_OF_RANGE',
    details: { field: 'notice' },
  });
  expect(refusal(in_, { type: 'SetNotice', change: 'NOTHING', notice: 1 })).toMatchObject({
    details: { field: 'change' },
  });
});
