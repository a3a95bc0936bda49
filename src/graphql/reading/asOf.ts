/** How old an answer is: the journal entry it is as of. */

import { ObjectType } from 'type-graphql';
import { Reached } from '../access/policy';
import { Flag, SeqNo, When } from '../schema/fields';
import type { Reading } from './reading';

@Reached()
@ObjectType({
  description: 'The journal entry that an answer is as of. Everything in one answer is as of the same entry.',
})
export class AsOf {
  @SeqNo('Number of the entry.')
  seq!: number;

  @When('House time of the entry.')
  at!: number;

  @Flag('Whether the answer is as new as was asked for. False if the read models could not catch up in time.')
  fresh!: boolean;
}

export const asOf = ({ seq, at, fresh }: Reading): AsOf => ({ seq, at, fresh });
