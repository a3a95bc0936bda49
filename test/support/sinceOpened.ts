/** What was posted to every open position since it was opened, added up from the events of a journal and nothing else. */

import { type Entry, eventsOf } from '../../src/core/message/envelope';
import { type Event, transfersOf } from '../../src/core/message/event';
import type { Transfer } from '../../src/core/message/ledger';
import type { PositionChange } from '../../src/core/message/position';

export interface Posted {
  readonly account: string;
  readonly instrument: string;
  readonly size: bigint;
  readonly posted: bigint; // at settlements and by closing lots, fees and funding apart
}

interface Line {
  readonly key: string;
  readonly amount: bigint;
}

/** What a transfer posts to the position of an account; nothing where it is of something else. */
function lineOf({ from, to, amount, reason }: Transfer): Line[] {
  if (reason === 'FUNDING') return [];
  const line = (account: string, control: string, signed: bigint): Line[] =>
    account.startsWith('account/') && control.startsWith('variation/')
      ? [{ key: `${account.slice(8)}\n${control.slice(10)}`, amount: signed }]
      : [];
  return [...line(to, from, amount), ...line(from, to, -amount)];
}

const changesOf = (event: Event): readonly PositionChange[] => {
  if (!('positions' in event)) return [];
  const changes = event.positions as readonly object[];
  return changes.filter((change): change is PositionChange => 'gain' in change && 'cost' in change);
};

export function postedSinceOpened(entries: readonly Entry[]): Posted[] {
  const sizes = new Map<string, bigint>();
  const posted = new Map<string, bigint>();
  for (const event of entries.flatMap(({ outcome }) => eventsOf(outcome))) {
    for (const { key, amount } of transfersOf(event).flatMap(lineOf)) posted.set(key, (posted.get(key) ?? 0n) + amount);
    for (const { account, instrument, size } of changesOf(event)) {
      const key = `${account}\n${instrument}`;
      const before = sizes.get(key) ?? 0n;
      // What was gained by closing the old one is not of the new one.
      if (size === 0n || before === 0n || before > 0n !== size > 0n) posted.delete(key);
      sizes.set(key, size);
    }
    if (event.type === 'InstrumentExpired')
      for (const { account } of event.lines) sizes.set(`${account}\n${event.instrument}`, 0n);
  }
  return [...sizes]
    .filter(([, size]) => size !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, size]) => {
      const [account = '', instrument = ''] = key.split('\n');
      return { account, instrument, size, posted: posted.get(key) ?? 0n };
    });
}
