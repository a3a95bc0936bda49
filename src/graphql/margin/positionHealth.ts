/** What a position is worth, beside its row: the figures of its account's health, as of the same entry.  Rule: PV-1 */

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { healthOf } from '../../core/margin/health';
import { known } from '../../units/failure';
import { Position } from '../position/position';
import type { Context } from '../reading/context';
import { PositionHealth, positionShown } from './health';

@Resolver(() => Position)
export class PositionHealthField {
  @FieldResolver(() => PositionHealth, {
    complexity: 20,
    nullable: true,
    description: 'What it is worth and what it requires. Null if it has no contracts and no open orders any more.',
  })
  async health(
    @Root() { accountId, instrumentId, currency }: Position,
    @Ctx() context: Context,
  ): Promise<PositionHealth | null> {
    const view = known(await (await context.read()).viewOf(accountId), 'Account', accountId);
    const found = healthOf(view, accountId).positions.find(({ instrument }) => instrument === instrumentId);
    return found ? positionShown(found, currency, context.services) : null;
  }
}
