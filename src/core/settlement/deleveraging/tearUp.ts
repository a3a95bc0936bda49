/**
 * Partial tear-up: an officer closes what the house took over against the other side, pro rata to what each holds, at
 * the mark: nobody gives up what they have gained so far. Exact in lots, largest remainder.
 */

import { formatCount } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { abs, cash, RATE_ONE, type Size, size } from '../../../units/quantity';
import { divUp } from '../../../units/rounding';
import type { CommandOf } from '../../message/command';

import type { Desk } from '../../message/desk';
import { type Checked, ok, refused } from '../../message/rejection';
import type { AccountId } from '../../model/account';
import type { Instrument } from '../../model/reference';
import type { View } from '../../model/state';
import { priceProblem } from '../../price/freshness';
import { closeOutAccountFor } from '../../reference/accounts';
import { deleveragingPolicyOf } from '../../reference/deleveragingPolicies';
import { readRate, readSize } from '../../reference/reading';
import { deleverage, opposite } from './deleverage';

export interface CheckedTearUp {
  readonly instrument: Instrument;
  readonly account: AccountId;
  readonly lots: Size; // without sign
  readonly reason: string;
}

/**
 * Errors, in order: INSTRUMENT_NOT_FOUND, VALUE_OUT_OF_RANGE, SIZE_NOT_POSITIVE, SIZE_OFF_LOT, TOO_MANY_DIGITS,
 * PRICE_MISSING, PRICE_STALE, INVENTORY_TOO_SMALL.
 */
export function checkTearUpPositions(view: View, command: CommandOf<'TearUpPositions'>): Checked<CheckedTearUp> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { instrument } = listing;
  // One of the two says how much; both could say different things.
  if ((command.size === null) === (command.share === null)) return refused('VALUE_OUT_OF_RANGE', { field: 'size' });
  const account = closeOutAccountFor(view, instrument);
  const held = abs(view.book.position(account, instrument.id)?.size ?? size(0n));
  const lots = readLots(instrument, command, held);
  if (lots.rejection) return lots;
  const problem = priceProblem(view, instrument.id);
  if (problem) return { rejection: problem };
  if (held === 0n || lots.ok > held)
    return refused('INVENTORY_TOO_SMALL', { instrument: instrument.id, held: formatCount(held, instrument.lot) });
  return ok({ instrument, account, lots: lots.ok, reason: command.reason });
}

function readLots(instrument: Instrument, command: CommandOf<'TearUpPositions'>, held: Size): Checked<Size> {
  if (command.size !== null) return readSize(instrument, command.size);
  const share = readRate('share', known(command.share ?? undefined, 'Share', ''), 1n);
  return share.rejection ? share : ok(size(divUp(held * share.ok, RATE_ONE)));
}

export function tearUpPositions(desk: Desk, { instrument, account, lots, reason }: CheckedTearUp): void {
  const policy = deleveragingPolicyOf(desk.view, instrument.id);
  const closing = { account, instrument: instrument.id, policy, without: new Set<string>() };
  deleverage(
    desk,
    { ...closing, lots, budget: cash(0n), cause: 'TEAR_UP', method: 'OPEN_INTEREST', reason },
    opposite(desk, closing),
  );
}
