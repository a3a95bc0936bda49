/**
 * What commands may be refused for: what their definitions list, held against the source of their checks and against
 * what is answered.
 */

import { type AnyHandler, HANDLERS } from '../../../src/core/engine/commands';
import { COMMANDS, type CommandType } from '../../../src/core/message/command';
import { type RejectionCode, refused } from '../../../src/core/message/rejection';
import { SYSTEM } from '../../../src/core/model/actor';
import { instant } from '../../../src/units/quantity';
import { held } from '../../support/heldCommands';
import { reachableRefusals } from '../../support/reachable';

const listed = (type: string): readonly string[] => COMMANDS[type as CommandType].refusals;

test('every refusal that a check can reach is listed by the definition of its command, in order, and no other is', () => {
  const reached = reachableRefusals();
  expect([...reached.keys()].sort()).toEqual(Object.keys(HANDLERS).sort());
  expect([...reached].map(([type, codes]) => [type, codes])).toEqual(
    [...reached].map(([type]) => [type, listed(type)]),
  );
});

test('a check that answers with what its definition does not list is found out', () => {
  const answering = (code: RejectionCode): AnyHandler =>
    held('CancelOrder', {
      check: () => refused(code),
      run: () => undefined,
      cause: 'POLICY',
      secondPerson: () => false,
    });
  const ask = (code: RejectionCode) => answering(code).check({} as never, {}, SYSTEM, instant(0)).rejection?.code;
  expect(ask('ORDER_NOT_FOUND')).toBe('ORDER_NOT_FOUND');
  expect(() => ask('SAME_ACCOUNT')).toThrow(
    'CancelOrder is refused with SAME_ACCOUNT, which its definition does not list',
  );
});
