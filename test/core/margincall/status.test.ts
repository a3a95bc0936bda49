/** The margin state machine: only the transitions of the table, each an event with its cause.  LE-1 */

import { standingOfAccount } from '../../../src/core/margin/standing';
import { changeStatus, mayLead } from '../../../src/core/margincall/status';
import type { Desk } from '../../../src/core/message/desk';
import { eventsOf } from '../../../src/core/message/envelope';
import type { Event } from '../../../src/core/message/event';
import { type AccountStatus } from '../../../src/core/model/account';
import { SYSTEM } from '../../../src/core/model/actor';
import { InvariantViolation } from '../../../src/units/failure';
import { classicPolicy, mark, openAccount, pay, trade } from '../../support/given';
import { ofType, START, type TestHouse } from '../../support/house';
import { byTwo, callOf, leveragedHouse, statusOf } from '../../support/ladder';

const ALL: readonly AccountStatus[] = ['HEALTHY', 'WARNING', 'CALL', 'LIQUIDATING', 'RESTORED', 'BANKRUPT', 'CLOSED'];

const ALLOWED: ReadonlySet<string> = new Set([
  'HEALTHY > WARNING',
  'WARNING > HEALTHY',
  'WARNING > CALL',
  'CALL > WARNING',
  'CALL > LIQUIDATING',
  'LIQUIDATING > RESTORED',
  'LIQUIDATING > BANKRUPT',
  'RESTORED > WARNING',
  'BANKRUPT > CLOSED',
  'CLOSED > HEALTHY',
]);

const PAIRS = ALL.flatMap((from) =>
  ALL.map((to) => [from, to, ALLOWED.has(`${from} > ${to}`) ? 'possible' : 'impossible'] as const),
);

const house = leveragedHouse();

test('LE-1 the default of its member leads further than margin does, and nowhere else', () => {
  const further = PAIRS.filter(
    ([from, to, verdict]) => verdict === 'impossible' && mayLead(from, to, 'MEMBER_DEFAULT'),
  );
  expect(further.map(([from, to]) => `${from} > ${to}`)).toEqual([
    'HEALTHY > LIQUIDATING',
    'HEALTHY > CLOSED',
    'WARNING > LIQUIDATING',
    'WARNING > CLOSED',
    'CALL > CLOSED',
    'LIQUIDATING > CLOSED',
  ]);
});

test.each(PAIRS)('LE-1 %s to %s is %s', (from, to, verdict) => {
  const { state } = house;
  state.book.setState('alice', { ...state.book.stateOf('alice'), status: from });
  const events: Event[] = [];
  const desk: Desk = {
    view: state,
    at: START,
    seq: state.seq,
    actor: SYSTEM,
    approved: null,
    cause: 'PRICE',
    emit: (event) => events.push(event),
    newId: () => '',
  };
  const change = (): void => changeStatus(desk, 'alice', to, 'RECOVERED', standingOfAccount(state, 'alice'));
  if (verdict === 'impossible') expect(change).toThrow(InvariantViolation);
  else change();
  expect(events).toMatchObject(
    verdict === 'possible' ? [{ type: 'AccountStatusChanged', account: 'alice', from, to, cause: 'RECOVERED' }] : [],
  );
});

const transitionsOf = (of: TestHouse) =>
  of.entries
    .flatMap((entry) => ofType(eventsOf(entry.outcome), 'AccountStatusChanged'))
    .filter(({ account }) => account === 'alice')
    .map(({ from, to, cause }) => `${from} > ${to}: ${cause}`);

test('LE-1 every transition of a life is stored with its cause: warned, called, cured, called, liquidated, restored', () => {
  const life = leveragedHouse();
  mark(life, '48600');
  mark(life, '50000');
  mark(life, '48600');
  byTwo(life, { type: 'WaiveMarginCall', call: callOf(life).id, reason: 'agreed' });
  mark(life, '48305');
  const [order] = life.state.liquidationOrders.values();
  life.send({
    type: 'ReportLiquidationFill',
    order: order?.id ?? '',
    trade: 'f',
    counterparty: 'maker',
    price: '48305',
    size: String(Number(-(order?.size ?? 0n)) / 10),
  });
  mark(life, '60000');
  life.send({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: null, reason: 'to see' });
  expect(transitionsOf(life)).toEqual([
    'HEALTHY > WARNING: BELOW_WARNING_LEVEL',
    'WARNING > CALL: BELOW_CALL_LEVEL',
    'CALL > WARNING: CURED',
    'WARNING > HEALTHY: RECOVERED',
    'HEALTHY > WARNING: BELOW_WARNING_LEVEL',
    'WARNING > CALL: BELOW_CALL_LEVEL',
    'CALL > WARNING: WAIVED',
    'WARNING > CALL: BELOW_CALL_LEVEL',
    'CALL > LIQUIDATING: CLOSE_OUT_LEVEL',
    'LIQUIDATING > RESTORED: TARGET_REACHED',
    'RESTORED > WARNING: RECOVERED',
    'WARNING > HEALTHY: RECOVERED',
    'HEALTHY > WARNING: CALLED_BY_OFFICER',
    'WARNING > CALL: CALLED_BY_OFFICER',
  ]);
});

test('LE-1 a bankrupt account is closed in the same entry, takes nothing but money, and lives again when paid into', () => {
  const life = leveragedHouse({ policy: classicPolicy() });
  openAccount(life, 'alice-2', '100', { owner: 'alice' });
  mark(life, '47000');
  expect(transitionsOf(life).slice(-3)).toEqual([
    'CALL > LIQUIDATING: BANKRUPT_AT_MARK',
    'LIQUIDATING > BANKRUPT: NOTHING_LEFT',
    'BANKRUPT > CLOSED: LOSS_ALLOCATED',
  ]);
  expect([statusOf(life), life.balance('alice')]).toEqual(['CLOSED', '0.00']);
  expect(life.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '1' })).toBe(
    'ACCOUNT_NOT_OPEN',
  );
  expect(life.refusal({ type: 'IssueMarginCall', account: 'alice', amount: '1', window: null, reason: '' })).toBe(
    'ACCOUNT_NOT_OPEN',
  );
  expect(() => trade(life, 'alice', 'maker', '0.1', '47000')).toThrow('ACCOUNT_NOT_OPEN');
  pay(life, 'alice', '0.01');
  expect(transitionsOf(life).at(-1)).toBe('CLOSED > HEALTHY: REINSTATED');
});
