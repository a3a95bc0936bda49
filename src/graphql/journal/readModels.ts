/** How the read models follow the journal, as everybody may see it. What an error says in full is for the log. */

import { ObjectType } from 'type-graphql';
import type { Following } from '../../projections/follow/projector';
import { RowsStuck } from '../../projections/follow/stuck';
import { Access, Reached, STAFF } from '../access/policy';
import { enumOf } from '../schema/enums';
import { Flag, Of, OPTIONAL, SeqNo, Text } from '../schema/fields';

export type Lag = 'CATCHING_UP' | 'STUCK' | 'FAILING';

export const ReadModelsLag = enumOf<Lag>('ReadModelsLag', 'Why the read models are behind the journal.', {
  CATCHING_UP: 'The read models catch up with the journal after a start.',
  STUCK: 'An entry cannot be written as rows. The read models stay as they were before it until the fault is mended.',
  FAILING: 'The database fails. The house tries again and again.',
});

@Reached()
@ObjectType({ description: 'The entry that cannot be written as rows.' })
export class StuckEntry {
  @SeqNo('Number of the entry.')
  seq!: number;

  @Text('Type of its command.')
  command!: string;

  @Text('The table that refuses the row, if the database names it.', OPTIONAL)
  table!: string | null;

  @Text('The constraint that refuses the row, if the database names it.', OPTIONAL)
  constraint!: string | null;
}

@Reached()
@ObjectType({ description: 'The read models, from which queries are answered.' })
export class ReadModels {
  @SeqNo('The last journal entry in the read models.')
  seq!: number;

  @SeqNo('Number of entries that are not in the read models yet.')
  behind!: number;

  @Flag('Whether the read models keep up. If they do not, answers are as of an entry that gets older.')
  following!: boolean;

  @Of(() => ReadModelsLag, 'Why the read models are behind. Null if they are not.', OPTIONAL)
  reason!: Lag | null;

  @Access(...STAFF)
  @Of(() => StuckEntry, 'The entry that holds the read models up. Only staff may ask.', OPTIONAL)
  stuck!: StuckEntry | null;
}

/** The read models of a house whose last durable entry is `committed`. */
export function readModelsOf({ seq, problem, caughtUp }: Following, committed: number): ReadModels {
  const stuck = problem instanceof RowsStuck ? problem.entry : null;
  const reason = stuck ? 'STUCK' : problem !== undefined ? 'FAILING' : caughtUp ? null : 'CATCHING_UP';
  return {
    ...{ seq, behind: Math.max(0, committed - seq), following: reason === null, reason },
    stuck: stuck && { seq: stuck.seq, command: stuck.command, table: stuck.table, constraint: stuck.constraint },
  };
}
