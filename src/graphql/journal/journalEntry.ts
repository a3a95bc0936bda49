/**
 * The journal itself: what was asked, by whom, what came of it, and the hash that binds each entry to the one before.
 * Rules: DS-1, DS-2
 */

import { Args, Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import { type Entry, eventsOf, rejectionsOf } from '../../core/message/envelope';
import type { Committed, House } from '../../sequencer/house';
import { Access, Reached, STAFF } from '../access/policy';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { connect, type KeyColumn, sliceOf } from '../reading/page';
import { Seq } from '../scalar/place';
import { EventType } from '../schema/eventType';
import { Flag, Id, MayTake, Of, OPTIONAL, SeqNo, Text, When } from '../schema/fields';
import { RejectionCode } from '../schema/rejection';
import { openSealedRounds, type SealedRounds, withoutSealedBids } from './sealed';

@Reached()
@ObjectType({ description: 'An entry of the journal.' })
export class JournalEntry {
  @SeqNo('Number of the entry: 1, 2, 3 without gaps.')
  seq!: number;

  @When('House time of the entry. It is never before that of the entry before.')
  at!: number;

  @Id('The key that sent the command. `system` is the house itself.')
  actor!: string;

  @Id('The person whose key that is.')
  person!: string;

  @Text('The idempotency key of the command.', OPTIONAL)
  key!: string | null;

  @Text('Type of the command.')
  commandType!: string;

  @Of(() => [EventType], 'The events it caused, in order.')
  events!: string[];

  @Of(() => [RejectionCode], 'Why it was refused, or items of its list were. Empty where nothing was refused.')
  rejections!: string[];

  @Text(
    'The whole entry as it is stored: one line of JSON. Amounts count the smallest unit. The ' +
      'amounts of sealed bids are null until their round has ended.',
  )
  text!: string;

  @Flag('Whether the amounts of sealed bids are left out of the text for now. The hash is of the text with them.')
  sealed!: boolean;

  @Text('SHA-256 of the previous hash, a line feed and the text.')
  hash!: string;
}

export const JournalEntryConnection = connectionOf('JournalEntry', JournalEntry, 'entries of the journal');

const entryShown = ({ entry, text: stored, hash }: Committed, rounds: SealedRounds): JournalEntry => {
  const text = withoutSealedBids(stored, eventsOf(entry.outcome), entry.command, rounds);
  return { ...shownOf(entry), text, sealed: text !== stored, hash };
};

const shownOf = (entry: Entry): Omit<JournalEntry, 'text' | 'sealed' | 'hash'> => ({
  seq: entry.seq,
  at: entry.at,
  actor: entry.actor.id,
  person: entry.actor.person ?? entry.actor.id,
  key: entry.key,
  commandType: entry.command.type,
  events: eventsOf(entry.outcome).map((event) => event.type),
  rejections: rejectionsOf(entry.outcome).map(({ code }) => code),
});

const BY_SEQ: readonly KeyColumn[] = [{ field: 'seq', type: 'int' }];

async function readEntries(house: House, rounds: SealedRounds, from: number, to: number): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  if (from > to) return entries;
  for await (const committed of house.read(from - 1)) {
    entries.push(entryShown(committed, rounds));
    if (committed.seq >= to) break;
  }
  return entries;
}

@Resolver()
export class JournalQueries {
  @Access(...STAFF)
  @Query(() => JournalEntryConnection, {
    complexity: 20,
    description: 'Entries of the journal, by number, up to the entry that the answer is as of.',
  })
  async journal(
    @MayTake('from', () => Seq, 'The first entry to list.') from: number | null,
    @MayTake('to', () => Seq, 'The last entry to list.') to: number | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<JournalEntry>> {
    const reading = await context.read();
    const slice = sliceOf(args, 'JournalEntry', BY_SEQ);
    const [first, last] = [Math.max(1, from ?? 1), Math.min(reading.seq, to ?? reading.seq)];
    const low = Math.max(first, Number(slice.after?.[0] ?? 0) + 1);
    const high = Math.min(last, Number(slice.before?.[0] ?? Number.MAX_SAFE_INTEGER) - 1);
    // One more than asked for, on the far side, says whether there is more.
    const [start, end] = slice.backwards
      ? [Math.max(low, high - slice.take), high]
      : [low, Math.min(high, low + slice.take)];
    const entries = await readEntries(context.services.house, await openSealedRounds(reading), start, end);
    if (slice.backwards) entries.reverse();
    return connect(
      reading,
      slice,
      BY_SEQ,
      entries,
      (entry) => entry,
      async () => Math.max(0, last - first + 1),
    );
  }
}
