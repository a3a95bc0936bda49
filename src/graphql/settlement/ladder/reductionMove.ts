/** How reductions of a liquidation went down the disposal ladder.  Rule: LE-4 */

import { Args, Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { ReductionMove as Row } from '../../../store/generated/client';
import { Reached } from '../../access/policy';
import { type Connection, connectionOf, PageArgs } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { type KeyColumn, pageOf } from '../../reading/page';
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

export const ReductionMoveConnection = connectionOf('ReductionMove', ReductionMove, 'moves down the ladder');

const IN_ORDER: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint' },
  { field: 'place', type: 'int' },
];

@Resolver(() => Liquidation)
export class LiquidationMoves {
  @FieldResolver(() => ReductionMoveConnection, { description: 'How its reductions went down the ladder, in order.' })
  async moves(
    @Root() { id }: Liquidation,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<ReductionMove>> {
    const reading = await context.read();
    const node = (row: Row): ReductionMove => ({ ...row, size: context.services.amounts.size(row.size, row.instrumentId) });
    return pageOf(reading, args, { table: reading.db.reductionMove, order: IN_ORDER, where: { liquidationId: id }, node });
  }
}
