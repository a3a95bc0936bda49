/**
 * Splitting the portfolio of a default into lots, each to be offered as one: shares of everything, or lists of
 * positions.
 */

import { allocate } from '../../../units/allocate';
import { countOf } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { abs, type Count, compare, negate, RATE_ONE, type Size, size, total } from '../../../units/quantity';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { LotInput } from '../../message/memberDefaultCommands';

import { type Checked, ok, refused } from '../../message/rejection';
import type { DefaultLot, LotPosition, MemberDefault } from '../../model/memberDefault';
import type { InstrumentId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { readRate } from '../../reference/reading';
import { amendBook, bookOf } from './books';

const MOST_LOTS = 100;

export interface Split {
  readonly found: MemberDefault;
  readonly currency: string;
  readonly lots: readonly DefaultLot[];
}

/**
 * Errors, in order: DEFAULT_NOT_FOUND, DEFAULT_SETTLED, DEFAULT_STILL_OPEN, NOTHING_TO_CLOSE, LOTS_INVALID,
 * TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, SHARES_NOT_ONE, SIZE_OFF_LOT.
 */
export function checkSplitDefault(view: View, command: CommandOf<'SplitDefault'>): Checked<Split> {
  const found = view.memberDefaults.get(command.default);
  const book = found && bookOf(found, command.currency);
  if (!found || !book) return refused('DEFAULT_NOT_FOUND', { default: command.default, currency: command.currency });
  if (book.settled) return refused('DEFAULT_SETTLED', { default: found.id, currency: book.currency });
  if (book.auction !== null) return refused('DEFAULT_STILL_OPEN', { auction: String(book.auction.round) });
  const held = heldBy(view, book.account);
  if (held.length === 0) return refused('NOTHING_TO_CLOSE', { default: found.id });
  const count = command.lots.length;
  if (count === 0 || count > MOST_LOTS) return refused('LOTS_INVALID', { lots: String(count) });
  const byShare = command.lots.every(({ share, positions }) => share !== null && positions === null);
  const byList = command.lots.every(({ share, positions }) => share === null && positions !== null);
  if (!byShare && !byList) return refused('LOTS_INVALID', { lots: String(count) });
  const lots = byShare ? sharesOf(command.lots, held) : listsOf(view, command.lots, held);
  return lots.rejection ? lots : ok({ found, currency: book.currency, lots: lots.ok });
}

/** What a close-out account holds, by instrument. */
export const heldBy = (view: View, account: string): LotPosition[] =>
  [...view.book.positions(account)]
    .filter(([, position]) => position.size !== 0n)
    .map(([instrument, position]) => ({ instrument, size: position.size }))
    .sort((a, b) => compare(a.instrument, b.instrument));

/**
 * Every position in the proportion of the shares, whole lots by largest remainder: nothing is left and nothing is
 * twice.
 */
function sharesOf(inputs: readonly LotInput[], held: readonly LotPosition[]): Checked<DefaultLot[]> {
  const shares: { id: string; weight: bigint }[] = [];
  for (const [i, { share }] of inputs.entries()) {
    const rate = readRate('share', share ?? '0', 1n);
    if (rate.rejection) return rate;
    shares.push({ id: String(i).padStart(4, '0'), weight: rate.ok });
  }
  const sum = total(shares.map(({ weight }) => weight));
  if (sum !== RATE_ONE) return refused('SHARES_NOT_ONE', { lots: String(inputs.length) });
  const parts = held.map(({ instrument, size: lots }) => ({
    instrument,
    parts: allocate(abs(lots), shares),
    short: lots < 0n,
  }));
  return ok(
    shares.map(({ weight }, i) => ({
      ordinal: i + 1,
      share: weight as DefaultLot['share'],
      positions: parts.flatMap(({ instrument, parts: each, short }) => {
        const lots = each[i] ?? size(0n);
        return lots === 0n ? [] : [{ instrument, size: short ? negate(lots) : lots }];
      }),
    })),
  );
}

/** As many lots as said, each an equal part of everything; fewer where there are not so many lots of any instrument. */
export function splitEvenly(held: readonly LotPosition[], within: Count): DefaultLot[] {
  const claims = Array.from({ length: within }, (_, i) => ({ id: String(i).padStart(4, '0'), weight: 1n }));
  const splits = held.map(({ instrument, size: lots }) => ({
    instrument,
    short: lots < 0n,
    sizes: allocate(abs(lots), claims),
  }));
  return claims
    .map((_, i) =>
      splits.flatMap(({ instrument, short, sizes }) => {
        const lots = sizes[i] ?? size(0n);
        return lots === 0n ? [] : [{ instrument, size: short ? negate(lots) : lots }];
      }),
    )
    .filter((positions) => positions.length > 0)
    .map((positions, i) => ({ ordinal: i + 1, share: null, positions }));
}

/** Lists must name everything that is held, once in all. */
function listsOf(view: View, inputs: readonly LotInput[], held: readonly LotPosition[]): Checked<DefaultLot[]> {
  const left = new Map<InstrumentId, Size>(held.map(({ instrument, size: lots }) => [instrument, lots]));
  const lots: DefaultLot[] = [];
  for (const [i, { positions }] of inputs.entries()) {
    const listed: LotPosition[] = [];
    for (const { instrument, size: text } of positions ?? []) {
      const open = left.get(instrument);
      if (open === undefined) return refused('LOTS_INVALID', { instrument });
      const count = countOf(text, known(view.listings.get(instrument), 'Instrument', instrument).instrument.lot);
      if (count === undefined) return refused('SIZE_OFF_LOT', { size: text });
      // A part lies on the side of the whole, and is no larger.
      if (count === 0n || count > 0n !== open > 0n || abs(size(count)) > abs(open))
        return refused('LOTS_INVALID', { instrument });
      left.set(instrument, size(open - count));
      listed.push({ instrument, size: size(count) });
    }
    if (listed.length === 0) return refused('LOTS_INVALID', { lot: String(i + 1) });
    lots.push({ ordinal: i + 1, share: null, positions: listed });
  }
  const unlisted = [...left].find(([, open]) => open !== 0n);
  return unlisted ? refused('LOTS_INVALID', { instrument: unlisted[0] }) : ok(lots);
}

export const splitDefault = (desk: Desk, { found, currency, lots }: Split): void =>
  desk.emit({ type: 'DefaultSplit', default: found.id, member: found.member, currency, lots });

export const onDefaultSplit = (state: State, event: EventOf<'DefaultSplit'>): void =>
  amendBook(state, event.default, event.currency, { lots: event.lots });
