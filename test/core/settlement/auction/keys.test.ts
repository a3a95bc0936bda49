/**
 * Whose money bids: a broker's key for its member's accounts, a liquidator's for those that name it, and no other way
 * to anybody's.  X-5, LI-5
 */

import type { Command } from '../../../../src/core/message/command';
import type { Actor } from '../../../../src/core/model/actor';
import { auctionIn, bidOf, inDebt, takeOf } from '../../../support/auction';
import type { TestHouse } from '../../../support/house';
import { broker, byTwo } from '../../../support/ladder';
import { onlyOf } from '../../../support/liquidation';

const key = (id: string): Actor => ({ id, role: 'LIQUIDATOR', member: null });

/** `b1` names the key `bot`; `b2` is on the list of liquidators and names nobody; `maker` is not on it. */
const house = (form: 'DUTCH' | 'ENGLISH' = 'DUTCH'): TestHouse =>
  inDebt({ policy: { form, roundDuration: 60_000 }, fund: '1000' }, (given) => {
    for (const id of ['bot', 'other'])
      byTwo(given, {
        type: 'IssueApiKey',
        apiKey: id,
        role: 'LIQUIDATOR',
        member: null,
        hash: (id === 'bot' ? 'a' : 'b').repeat(64),
        label: id,
      });
    given.send({ type: 'RegisterLiquidator', account: 'b1', deposit: '100', operator: 'bot' });
    given.send({ type: 'RegisterLiquidator', account: 'b2', deposit: '100', operator: null });
  });

test('X-5 a liquidator’s key takes for the account that names it, with that account’s money', () => {
  const dutch = house();
  const event = onlyOf(dutch.send(takeOf(auctionIn(dutch), '10', '132'), key('bot')), 'AuctionTaken');
  expect(event).toMatchObject({ bidder: 'b1', quantity: 1_000_000_000n, paid: 132_000n });
  expect([dutch.balance('b1'), dutch.balance('b1', 'ETH')]).toEqual(['98580.00', '10.00000000']);
});

test.each<[string, string, string]>([
  ['an account of the list that names nobody', 'bot', 'b2'],
  ['an account that is not on the list', 'bot', 'maker'],
  ['an account that names another key', 'other', 'b1'],
  ['the debtor', 'bot', 'alice'],
  ['an account that is not there', 'bot', 'nobody'],
])('X-5 %s is as good as none, and nothing of it moves', (_, actor, account) => {
  for (const form of ['DUTCH', 'ENGLISH'] as const) {
    const given = house(form);
    const auction = auctionIn(given);
    const held = [...given.state.ledger];
    const commands: Command[] = [
      takeOf(auction, '10', '132', account),
      bidOf(auction, '3600', account),
      { type: 'ResetAuction', auction: auction.id, account },
    ];
    for (const command of commands) expect(given.refusal(command, key(actor))).toBe('ACCOUNT_NOT_FOUND');
    expect([...given.state.ledger]).toEqual(held);
  }
});

test('X-5 a broker bids and resets for no account of another member', () => {
  const rising = house('ENGLISH');
  expect(rising.refusal(bidOf(auctionIn(rising), '3600', 'b2'), broker('m1'))).toBe('ACCOUNT_NOT_FOUND');
  const dutch = house();
  expect(dutch.refusal({ type: 'ResetAuction', auction: auctionIn(dutch).id, account: 'b2' }, broker('m1'))).toBe(
    'ACCOUNT_NOT_FOUND',
  );
  rising.send(bidOf(auctionIn(rising), '3600', 'b1'), broker('m1'));
  // Outbid, it has its own money back.
  rising.send(bidOf(auctionIn(rising), '3780', 'b2'), broker('m2'));
  expect(rising.balance('b1')).toBe('99900.00');
});

test('X-5 off the list, or with its key revoked from the account, it bids no more', () => {
  const given = house();
  given.send({ type: 'RegisterLiquidator', account: 'b1', deposit: '1', operator: 'other' }, broker('m1'));
  expect(given.refusal(takeOf(auctionIn(given), '1', '132'), key('bot'))).toBe('ACCOUNT_NOT_FOUND');
  given.send(takeOf(auctionIn(given), '1', '132'), key('other'));
  given.send({ type: 'DeregisterLiquidator', account: 'b1' }, broker('m1'));
  expect(given.refusal(takeOf(auctionIn(given), '1', '132'), key('other'))).toBe('ACCOUNT_NOT_FOUND');
});

test('LI-2 a reset pays its reward to the account that was named, out of the fund and of nothing else', () => {
  const given = inDebt({ policy: { roundDuration: 3_600_000, priceFloorShare: '0.99' }, fund: '1000' }, (one) => {
    byTwo(one, {
      type: 'IssueApiKey',
      apiKey: 'bot',
      role: 'LIQUIDATOR',
      member: null,
      hash: 'a'.repeat(64),
      label: 'bot',
    });
    one.send({ type: 'RegisterLiquidator', account: 'b1', deposit: '100', operator: 'bot' });
  });
  given.pass('5m');
  const before = new Map(given.state.ledger);
  const moved = given.send({ type: 'ResetAuction', auction: auctionIn(given).id, account: 'b1' }, key('bot'));
  expect(onlyOf(moved, 'AuctionChanged')).toMatchObject({ change: 'RESET', by: 'b1' });
  // Ten and a hundredth of the target of 4,400.
  const fell = [...before]
    .filter(([name, amount]) => (given.state.ledger.get(name) ?? 0n) !== amount)
    .map(([name]) => name);
  expect(fell).toEqual(['insurance-fund USD']);
  expect(given.balance('b1')).toBe('99954.00');
});
