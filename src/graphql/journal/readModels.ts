/** How the read models follow the journal, as everybody may see it. What an error says in full is for the log. */

import { ObjectType } from 'type-graphql';
import type { Following } from '../../projections/follow/projector';
import { RowsStuck } from '../../projections/follow/stuck';
import { Access, Reached, STAFF } from '../access/policy';
import { enumOf } from '../schema/enums';
import { Flag, Of, OPTIONAL, SeqNo, Text } from '../schema/fields';

export type Lag = 'CATCHING_UP' | 'STUCK' | 'FAILING';

export const ReadModelsLag = enumOf<Lag>('ReadModelsLag', 'Why the read models do not follow the journal.', {
  CATCHING_UP: 'They are being brought to the end of the journal after a start.',
  STUCK: 'An entry cannot be made into rows. They stay as they were before it until the fault is mended.',
  FAILING: 'The database fails. It is tried again and again.',
});

@Reached()
@ObjectType({ description: 'The entry that cannot be made into rows.' })
export class StuckEntry {
  @SeqNo('Number of the entry.')
  seq!: number;

  @Text('Type of its command.')
  command!: string;

  @Text('Table of the row that is refused, where the database says it.', OPTIONAL)
  table!: string | null;

  @Text('Constraint that refuses it, where the database says it.', OPTIONAL)
  constraint!: string | null;
}

@Reached()
@ObjectType({ description: 'The read models: what every query is answered from.' })
export class ReadModels {
  @SeqNo('Last journal entry that is in them.')
  seq!: number;

  @SeqNo('Entries that are not in them yet.')
  behind!: number;

  @Flag('Whether they follow the journal. Where they do not, answers are as of an entry that gets older.')
  following!: boolean;

  @Of(() => ReadModelsLag, 'Why they do not follow; null where they do.', OPTIONAL)
  reason!: Lag | null;

  @Access(...STAFF)
  @Of(() => StuckEntry, 'The entry they are stuck at; for staff.', OPTIONAL)
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
