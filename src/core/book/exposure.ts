/** What a position in storage amounts to, whichever book holds it. */

import type { Cash, Size } from '../../units/quantity';
import type { AccountId, OwnerId, Position } from '../model/account';
import type { Book } from '../model/book';
import type { InstrumentId } from '../model/reference';

/** The size a position can reach if its open orders fill on the worse side, without sign.  Rule: IM-1 */
export function exposureOf(position: Position): Size {
  const bought = position.size + position.bids;
  const sold = position.asks - position.size;
  return (bought > sold ? bought : sold) as Size;
}

/** Under what an owner's exposure in an instrument is kept. */
export const exposureKey = (owner: OwnerId, instrument: InstrumentId): string => `${owner}\n${instrument}`;

export const EMPTY_POSITION: Position = {
  size: 0n as Size,
  cost: 0n as Cash,
  bids: 0n as Size,
  asks: 0n as Size,
  gain: 0n as Cash,
};

/** Whether a position holds anything worth keeping. */
export const isEmpty = (position: Position): boolean =>
  position.size === 0n &&
  position.cost === 0n &&
  position.fraction === undefined &&
  position.bids === 0n &&
  position.asks === 0n &&
  position.gain === 0n &&
  position.recent === undefined;

export function holdsPosition({ book }: { readonly book: Pick<Book, 'positions'> }, account: AccountId): boolean {
  for (const [, position] of book.positions(account)) if (position.size !== 0n) return true;
  return false;
}
