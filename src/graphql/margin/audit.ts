/** Auditing the watch over prices on demand.  Rules: RLM-2, RMR-1 */

import { Arg, Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import { Access, Reached, STAFF } from '../access/policy';
import type { Context } from '../reading/context';
import { SeqNo, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'The result of an audit. It proves that the watch overlooked no account.' })
export class WatchAudit {
  @SeqNo('The journal entry at which the audit ended.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Whole('Number of accounts that were revalued.')
  accounts!: number;

  @Whole('Number of these that were decided in integers: all, or those that floats leave in doubt.')
  doubtful!: number;

  @Whole('Duration of the audit in milliseconds. The house went on meanwhile.')
  tookMs!: number;
}

@Resolver()
export class AuditQueries {
  @Access(...STAFF)
  @Query(() => WatchAudit, {
    complexity: 1000,
    description:
      'Revalues every account between commands and compares the result with the watch over prices. ' +
      'The house does this by itself all the time. If the watch missed an account, the house stops ' +
      'with a report.',
  })
  async auditWatch(
    @Arg('exact', () => Boolean, {
      description: 'Whether to decide every account in integers and to trust no float. This is slow in a large house.',
      defaultValue: false,
    })
    exact: boolean,
    @Ctx() { services }: Context,
  ): Promise<WatchAudit> {
    const { seq, at, accounts, doubtful, tookMs } = await services.house.audit({ exact });
    return { seq, at, accounts, doubtful, tookMs: Math.ceil(tookMs) };
  }
}
