/** How reductions of a liquidation went down the disposal ladder.  Rule: LE-4 */

import { ObjectType } from 'type-graphql';
import { Reached } from '../../access/policy';
import { connectionOf } from '../../reading/connection';
import { fieldsOf, listField } from '../../reading/list';
import { IN_ORDER } from '../../reading/page';
import { LadderMethod, RungCause } from '../../reference/ladderMethod';
import { Amount, Id, Of, SeqNo, When, Whole } from '../../schema/fields';
import { Liquidation } from '../liquidation';

@Reached()
@ObjectType({ description: 'A reduction, or a part of it, that went to another rung of its ladder.' })
export class ReductionMove {
  @SeqNo('Journal entry that moved it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Id('The instrument.')
  instrumentId!: string;

  @Id('The reduction: the id of its first order.')
  origin!: string;

  @Id('The ladder.')
  ladder!: string;

  @Whole('Version of the ladder.')
  version!: number;

  @Whole('Rung it left, 1 the first.')
  fromRung!: number;

  @Of(() => LadderMethod, 'Method it left.')
  fromMethod!: string;

  @Whole('Rung it went to.')
  toRung!: number;

  @Of(() => LadderMethod, 'Method it went to.')
  toMethod!: string;

  @Amount('Contracts that moved, buy above zero.')
  size!: string;

  @Of(() => RungCause, 'Why.')
  cause!: string;
}

export const LiquidationMoves = fieldsOf(
  Liquidation,
  listField({
    name: 'moves',
    description: 'How its reductions went down the ladder, in order.',
    of: connectionOf('ReductionMove', ReductionMove, 'moves down the ladder'),
    table: 'ReductionMove',
    order: IN_ORDER,
    within: ({ id }: Liquidation) => ({ liquidationId: id }),
    node: (row, { services }): ReductionMove => ({ ...row, size: services.amounts.size(row.size, row.instrumentId) }),
  }),
);
