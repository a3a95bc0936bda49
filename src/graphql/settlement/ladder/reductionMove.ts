/** How reductions of a liquidation went down the disposal ladder.  Rule: LE-4 */

import { ObjectType } from 'type-graphql';
import { Reached } from '../../access/policy';
import { connectionOf } from '../../reading/connection';
import { Ref } from '../../reading/link';
import { fieldsOf, listField } from '../../reading/list';
import { IN_ORDER } from '../../reading/page';
import { LadderMethod, RungCause } from '../../reference/ladderMethod';
import { Amount, Id, Of, SeqNo, When, Whole } from '../../schema/fields';
import { Liquidation } from '../liquidation';

@Reached()
@ObjectType({ description: 'A move of an order, or of a part of it, to another rung of its ladder.' })
export class ReductionMove {
  @SeqNo('Journal entry that moved it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Id('The reduction, by the id of its first order.')
  origin!: string;

  @Id('The ladder.')
  ladder!: string;

  @Whole('The version of the ladder.')
  version!: number;

  @Whole('The rung it left. 1 is the first.')
  fromRung!: number;

  @Of(() => LadderMethod, 'The method it left.')
  fromMethod!: string;

  @Whole('The rung it went to.')
  toRung!: number;

  @Of(() => LadderMethod, 'The method it went to.')
  toMethod!: string;

  @Amount('The contracts that moved, signed: above zero is a buy.')
  size!: string;

  @Of(() => RungCause, 'The reason.')
  cause!: string;
}

export const LiquidationMoves = fieldsOf(
  Liquidation,
  listField({
    name: 'moves',
    description: 'The moves of its reductions down the disposal ladder, in order.',
    of: connectionOf('ReductionMove', ReductionMove, 'moves down the ladder'),
    table: 'ReductionMove',
    order: IN_ORDER,
    within: ({ id }: Liquidation) => ({ liquidationId: id }),
    node: (row, { services }): ReductionMove => ({ ...row, size: services.amounts.size(row.size, row.instrumentId) }),
  }),
);
